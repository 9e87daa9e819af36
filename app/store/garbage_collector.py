"""Python's garbage collector, stopped while a release is loaded.

Loading creates many objects and no cycles. The collector would visit all of them repeatedly, which doubles
the time for a large release and makes it grow faster than the data.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final


class Pause:
    """A pause of the collector, which several threads can use at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._was_on = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Stop garbage collection while this block or another one runs."""
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
"""The pause of this process, which has one collector."""
