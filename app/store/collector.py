"""Python's collector of cycles, set aside while a release is loaded.

Loading makes many objects and no cycle. The collector would walk through all of them again and again, which doubles
the time for a large release and makes it grow faster than the data.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final


class Pause:
    """Sets the collector aside while anyone needs that; several threads may."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._was_on = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """No collection while the block runs, nor while another one does."""
        with self._lock:
            if self._users == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0 and self._was_on:
                    gc.enable()


uncollected: Final = Pause()
"""The one of this process, as there is one collector."""
