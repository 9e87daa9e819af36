"""A temporary folder of one process. If that process is killed, the next one to start removes the folder.

The owner holds a lock on a file in the folder for as long as it lives; the operating system releases it however the
process ends. So a folder without a held lock has no owner, whatever process numbers have been used again since.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from typing import Final

_LOCK: Final = "owner.lock"


@contextmanager
def owned_folder(prefix: str) -> Iterator[Path]:
    """Make a folder whose name begins with `prefix`, for the time of the block; remove those without an owner.

    Raises OSError if no folder can be made.
    """
    place = Path(gettempdir())
    for found in place.glob(f"{prefix}*"):
        _remove_if_abandoned(found)
    hidden = Path(
        mkdtemp(prefix=f".{prefix}")
    )  # without the prefix until it is locked, so that nobody removes it
    with (hidden / _LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = hidden.rename(place / hidden.name.removeprefix("."))
        try:
            yield folder
        finally:
            rmtree(folder, ignore_errors=True)


def _remove_if_abandoned(folder: Path) -> None:
    with suppress(OSError):  # it has no lock file, an owner holds the lock, or it belongs to somebody else
        if folder.lstat().st_uid != os.getuid():
            return
        with (folder / _LOCK).open("rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rmtree(folder, ignore_errors=True)
