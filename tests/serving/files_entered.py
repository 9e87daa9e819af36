"""The files of `app/` in which a request runs code, on all threads."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import app

_FOLDER: Final = f"{app.__path__[0]}/"


class FilesEntered:
    """A profiler that records which files of `app/` are entered."""

    def __init__(self) -> None:
        self._found: set[str] | None = None

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Record the file of one call (see `sys.setprofile`)."""
        name = frame.f_code.co_filename
        if self._found is not None and event == "call" and name.startswith(_FOLDER):
            self._found.add(name.removeprefix(_FOLDER))

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Profile this thread and all threads that start inside the block."""
        before = sys.getprofile(), threading.getprofile()
        threading.setprofile(self)
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(before[0])
            threading.setprofile(before[1])

    @contextmanager
    def recording(self) -> Iterator[set[str]]:
        """Record the files that are entered inside the block."""
        found: set[str] = set()
        self._found = found
        try:
            yield found
        finally:
            self._found = None
