"""Writing a ladder into the files of its author. Only what changed is written.

Comments, the order of properties, the style of texts and the division into files stay. Each entity is updated where
it is written. A new entity goes next to its siblings, and a removed one is deleted. The result is read back first:
if it does not give exactly this ladder, nothing is written.
"""

import json
import tempfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from app.errors import BadRequest, Conflict, InvalidLadder
from app.formats.bundle.reader import read_bundle
from app.formats.bundle.updating import Members, Update
from app.formats.syntax.comments import settle
from app.formats.syntax.files import bundle_files
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder


def update_files(path: Path, ladder: Ladder) -> bool:
    """Update the bundle in a file or folder to a ladder. Return whether anything changed.

    Raises:
        BadRequest: A file cannot be read.
        InvalidLadder: The files do not have the shape of a ladder.
        Conflict: These files cannot hold the ladder exactly.
    """
    if canonical(read_bundle(path).ladder) == canonical(ladder):
        return False
    before = {file: file.read_bytes() for file in bundle_files(path)}
    layouts = {file: Layout.of(file, data) for file, data in before.items()}
    Update([layout.root for layout in layouts.values()], ladder).carry_out()
    after = {file: _as_before(before[file], layout.text()) for file, layout in layouts.items()}
    if not _gives(path, after, ladder):
        raise Conflict(
            f"{path}: these files cannot hold the draft exactly. Use --output to write it to a new file."
        )
    for file, data in after.items():
        if data != before[file]:
            _write(file, data)
    return True


@dataclass
class Layout:
    """One file: its content and its style."""

    root: Members
    yaml: YAML | None
    """None for JSON."""

    @classmethod
    def of(cls, file: Path, data: bytes) -> "Layout":
        """Read a file that is known to hold a mapping."""
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if file.suffix.lower() == ".json":
            return cls(json.loads(text), None)
        yaml = YAML()
        yaml.preserve_quotes = True
        lines = text.splitlines()
        yaml.width = max([80, *map(len, lines)])
        yaml.explicit_start = text.startswith("---")
        nested = next((line for line in lines if line.lstrip(" ").startswith("- ")), "")
        offset = len(nested) - len(nested.lstrip(" "))
        yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
        root = yaml.load(text)
        settle(root)
        return cls(root, yaml)

    def text(self) -> str:
        """Return the new text of the file."""
        if self.yaml is None:
            return json.dumps(self.root, ensure_ascii=False, indent=2) + "\n"
        out = StringIO()
        self.yaml.dump(self.root, out)
        return out.getvalue()


def _as_before(before: bytes, text: str) -> bytes:
    """Return the text as bytes, with the line ends of the file before."""
    return text.replace("\n", "\r\n").encode() if b"\r\n" in before else text.encode()


def _gives(path: Path, texts: dict[Path, bytes], ladder: Ladder) -> bool:
    """Return whether the bundle would give this ladder with these file contents."""
    with tempfile.TemporaryDirectory() as folder:
        top = path if path.is_dir() else path.parent
        for file, data in texts.items():
            name = file.relative_to(top) if path.is_dir() else f"ladder{file.suffix}"
            copy = Path(folder) / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(data)
        try:
            read = read_bundle(Path(folder)).ladder
        except (BadRequest, InvalidLadder):
            return False
    return canonical(read) == canonical(ladder)


def _write(file: Path, data: bytes) -> None:
    """Replace the file in one step, so that it is never half written."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(data)
    part.chmod(file.stat().st_mode)
    part.replace(file)
