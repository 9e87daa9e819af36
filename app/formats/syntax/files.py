"""The files of a bundle and their text: paths, bytes and encodings.

A folder is searched at any depth, and links are followed. Hidden entries and `*.schema.json` are skipped. A file that
cannot be read is an error; it is never skipped silently.
"""

import codecs
import errno
import os
import re
import stat
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Final

from app.errors import BadRequest, Fault
from app.formats.syntax.nodes import MAX_DEPTH, Source

SUFFIXES: Final = (".yaml", ".yml", ".json")
MAX_FILE_BYTES: Final = 20 * 1024 * 1024
"""Most bytes of one file, YAML or JSON."""
MAX_FILES: Final = 10_000
"""Most files of one bundle."""
MAX_BYTES: Final = 200 * 1024 * 1024
"""Most bytes of all files of one bundle."""
MAX_FOLDERS: Final = 10_000
"""Most folders searched for one bundle. A folder counts once for each link to it."""
_KINDS: Final = "a bundle is made of .yaml, .yml and .json files"


def bundle_files(path: Path) -> tuple[Path, ...]:
    """Return the files of a bundle, in natural path order (`l9` before `l10`).

    Raises BadRequest if the path does not exist, holds no such file, or cannot be read completely.
    """
    faults: list[Fault] = []
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise _refusal(path, _reason(error)) from None
    if not is_folder:
        if path.suffix.lower() not in SUFFIXES:
            raise _refusal(path, f"not a bundle file: {_KINDS}; give it one of these suffixes")
        return (path,)
    found = list(islice(_below(path, (), faults, count(1)), MAX_FILES + 1))
    if faults:
        raise BadRequest(summary(faults), faults=faults)
    if not found:
        raise _refusal(path, f"no bundle file in this folder: {_KINDS}; hidden ones are skipped")
    if len(found) > MAX_FILES:
        raise _refusal(path, f"more than {MAX_FILES} bundle files; check that this is the right folder")
    size = sum(_size(file) for file in found)
    if size > MAX_BYTES:
        raise _refusal(path, f"{size:,} bytes in total; a bundle may have at most {MAX_BYTES:,}")
    return tuple(sorted(found, key=lambda file: natural(file.relative_to(path))))


def natural(path: Path) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """Return a sort key for relative paths that compares numbers as numbers and ignores case at first."""
    return tuple((_runs(part.casefold()), part) for part in path.parts)


def shown(path: Path | str) -> str:
    """Return a path as text that any terminal can print in any encoding."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of one file. Raises BadRequest if it cannot be read, is too large or is not a regular file."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(path, "not a regular file; name a file or a folder")
        if status.st_size > MAX_FILE_BYTES:
            raise _too_large(shown(path), status.st_size)
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _refusal(path, _reason(error)) from None


def decoded(data: bytes, name: str) -> Source:
    """Return the text of one file without byte order mark. Raises BadRequest if it is too large or not UTF-8."""
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(name, len(data))
    try:
        return Source(name, data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        before = Source(name, error.object[: error.start].decode("utf-8"))
        utf16 = data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
        guess = "it looks like UTF-16" if utf16 else f"byte 0x{data[error.start]:02x}"
        fault = before.fault(len(before.text), f"the file is not UTF-8 ({guess}); save it as UTF-8")
        raise BadRequest(fault.detail, faults=[fault]) from None


def summary(faults: list[Fault]) -> str:
    """Return the detail of an error with these faults: the first, and how many more there are."""
    more = len(faults) - 1
    return faults[0].detail if more == 0 else f"{faults[0].detail} (and {more} more)"


def _below(
    folder: Path, above: tuple[tuple[int, int], ...], faults: list[Fault], visits: Iterator[int]
) -> Iterator[Path]:
    """Yield the bundle files below a folder; what cannot be read becomes a fault. `visits` counts the folders."""
    if next(visits) > MAX_FOLDERS:
        raise _refusal(folder, f"more than {MAX_FOLDERS} folders; check that this is the right folder")
    try:
        status = folder.stat()
        here = (status.st_dev, status.st_ino)
        if here in above:
            faults.append(_fault(folder, "this link leads to a folder above it, a loop; remove the link"))
            return
        if len(above) > MAX_DEPTH:
            faults.append(
                _fault(folder, f"the folder is nested deeper than {MAX_DEPTH} folders; move its files up")
            )
            return
        paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
        folders = {path for path in paths if path.is_dir()}
    except OSError as error:
        faults.append(_fault(folder, _reason(error)))
        return
    for path in paths:
        if path in folders:
            yield from _below(path, (*above, here), faults, visits)
        elif path.suffix.lower() in SUFFIXES and not path.name.lower().endswith(".schema.json"):
            yield path


def _size(file: Path) -> int:
    """Return the size of a file in bytes, or 0 if it is unknown: reading the file reports why."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _runs(part: str) -> tuple[str | int, ...]:
    """Text and numbers in turn, text first, so that two keys always compare like with like."""
    runs = re.split(r"([0-9]+)", part)
    return tuple(int(run) if position % 2 else run for position, run in enumerate(runs))


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the path"
    if isinstance(error, PermissionError):
        return "permission denied; change the file's permissions, or run as another user"
    if error.errno == errno.ELOOP:
        return "a symbolic link that points to itself; remove it"
    return f"it cannot be read ({(error.strerror or 'unknown error').lower()}); check the path"


def _fault(path: Path, detail: str) -> Fault:
    return Source(shown(path), "").fault(0, detail)


def _refusal(path: Path, detail: str) -> BadRequest:
    fault = _fault(path, detail)
    return BadRequest(fault.detail, faults=[fault])


def _too_large(name: str, size: int) -> BadRequest:
    detail = f"{size:,} bytes; a bundle file may have at most {MAX_FILE_BYTES:,}; split it into several files"
    fault = Source(name, "").fault(0, detail)
    return BadRequest(fault.detail, faults=[fault])
