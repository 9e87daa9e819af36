"""Ladders written to files: new files, or existing ones updated in place."""

from pathlib import Path

from app.errors import BadRequest
from app.formats.bundle.in_place import update_files
from app.formats.bundle.writer import export_json, export_yaml
from app.formats.syntax.files import SUFFIXES
from app.rubric.ladder import Ladder


def write_files(path: Path, ladder: Ladder) -> bool:
    """Update files with a ladder, or write a new file; return whether anything was written.

    A path without an extension is a folder; it is made if it is missing, and gets a file named like the ladder.

    Raises like `in_place.update_files`, and BadRequest if a new file does not have a bundle file's extension.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        return update_files(path, ladder)
    is_folder = path.is_dir() or not path.suffix
    file = path / f"{ladder.slug}.yaml" if is_folder else path
    if file.suffix.lower() not in SUFFIXES:
        raise BadRequest(f"{file} has an unknown extension. Use one of {', '.join(SUFFIXES)}.")
    if is_folder:
        path.mkdir(exist_ok=True)
    write = export_json if file.suffix.lower() == ".json" else export_yaml
    file.write_bytes(write(ladder, None).encode())
    return True
