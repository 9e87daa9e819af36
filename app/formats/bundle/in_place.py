"""A ladder into the files that its author wrote: only what changed is written anew.

Comments, the order of properties, the way texts are set and the spread over files stay. Every entity is looked up in
the files and brought up to date where it stands; what is new goes beside its siblings, what is gone is taken out.
The result is read back: where it would not give the very ladder, nothing is written.
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
    """Bring the bundle in a file or folder up to date with a ladder; tells whether anything was to be changed.

    Raises:
        BadRequest: A file cannot be read.
        InvalidLadder: What the files hold has not the shape of a ladder.
        Conflict: The ladder cannot be written into these files so that they would give it back.
    """
    if canonical(read_bundle(path).ladder) == canonical(ladder):
        return False
    before = {file: file.read_bytes() for file in bundle_files(path)}
    layouts = {file: Layout.of(file, data) for file, data in before.items()}
    Update([layout.root for layout in layouts.values()], ladder).carry_out()
    after = {file: _as_before(before[file], layout.text()) for file, layout in layouts.items()}
    if not _gives(path, after, ladder):
        raise Conflict(
            f"{path}: the draft does not fit into these files; pull it into a new one with --output."
        )
    for file, data in after.items():
        if data != before[file]:
            _write(file, data)
    return True


@dataclass
class Layout:
    """One file: what it holds, and how it is set."""

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
        """The file as it is to be written."""
        if self.yaml is None:
            return json.dumps(self.root, ensure_ascii=False, indent=2) + "\n"
        out = StringIO()
        self.yaml.dump(self.root, out)
        return out.getvalue()


def _as_before(before: bytes, text: str) -> bytes:
    """The text as the file has it: with its line ends."""
    return text.replace("\n", "\r\n").encode() if b"\r\n" in before else text.encode()


def _gives(path: Path, texts: dict[Path, bytes], ladder: Ladder) -> bool:
    """Whether files of these texts would read as the ladder."""
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
    """Put the new file in the place of the old one, whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(data)
    part.chmod(file.stat().st_mode)
    part.replace(file)
