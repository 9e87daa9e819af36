"""An import into files: what the sheets hold, the files with its edits, and what is to say about it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.text import Text

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.files.ladders import write_files
from app.cli.ladder_sources import open_source
from app.errors import Conflict, Fault
from app.formats.bundle.reader import read_bundle
from app.formats.file_import.contents import Content, OwnLadder, OwnTable, OwnWorkbook, read_contents
from app.formats.file_import.plan import Bases, Import, Imported
from app.formats.importing.mapping import ImportMapping
from app.formats.sheets.edits.reader import read_table
from app.formats.sheets.workbook.importing import slug_in
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder

_COLOURS: Final = {"error": "bold red", "question": "bold yellow", "note": ""}
_ADVICE: Final = (
    "Name what it was made from with --base (files, a release such as slug@1.2.0, or a URL); or take all that the "
    "file has with --replace."
)
_SUFFIX: Final = ".map.yaml"
_HEAD: Final = "# Content of the last import: "
_LAST: Final = re.compile(rf"^{_HEAD}([0-9a-f]{{64}})$", re.MULTILINE)


@dataclass(frozen=True)
class ImportOptions:
    """The options of an import."""

    files: tuple[Path, ...]
    out: Path | None
    mapping: Path | None
    base: str | None
    replace: bool


@dataclass(frozen=True)
class Done:
    """The result of an import into files."""

    imported: Imported
    path: Path
    changed: bool
    mapping: Path | None
    """The file with the mapping; None if no sheet needed one."""

    @property
    def code(self) -> ExitCode:
        """Return the exit code: of an error first, then of a conflict."""
        codes = {one.code for one in self.imported.findings}
        if any(one.severity == "error" for one in self.imported.findings):
            return ExitCode.INVALID
        return ExitCode.CONFLICT if "conflict" in codes else ExitCode.DONE

    def json(self) -> dict[str, object]:
        """Return the result as JSON."""
        return {
            "ladder": self.imported.ladder.slug,
            "path": str(self.path),
            "changed": self.changed,
            "content_sha256": content_sha256(canonical(self.imported.ladder)),
            "mapping": None if self.mapping is None else str(self.mapping),
            "understood": [asdict(sheet) for sheet in self.imported.tables],
            "findings": [finding.json() for finding in self.imported.findings],
        }

    def print(self) -> None:
        """Print what was understood, the findings, and what was written."""
        if self.mapping is not None:
            output.print_table(("Sheet", "Layout", "Column", "Became", "Count"), self._rows())
        for finding in self.imported.findings:
            label = (finding.severity, _COLOURS[finding.severity])
            rest = f": {output.one_line(finding.message)} [{finding.code}]"
            output.note(Text.assemble(label, rest))
        if self.mapping is not None:
            output.note(f"Wrote the mapping to {self.mapping}. Edit it and import again to correct it.")
        slug = self.imported.ladder.slug
        output.say(
            f"{'Wrote' if self.changed else 'Nothing new:'} {slug} {'to' if self.changed else 'is'} {self.path}."
        )

    def _rows(self) -> Sequence[Sequence[str]]:
        rows: list[list[str]] = []
        for sheet in self.imported.tables:
            counts = ", ".join(f"{count} {name}" for name, count in sheet.counts.items() if count)
            rows.append([sheet.sheet, sheet.layout, "-", counts or "-", "-"])
            rows += (
                [sheet.sheet, sheet.layout, f"{one.column} {one.header}".strip(), one.became, str(one.count)]
                for one in sheet.columns
            )
        return rows


def carry_out(options: ImportOptions, environment: Environment) -> Done:
    """Import sheets into files, and keep the mapping that was used.

    Raises:
        BadRequest: A file cannot be read, or a table has no ladder that it belongs to.
        InvalidLadder: A row belongs to nothing, or has a value that does not fit.
        Conflict: A file belongs to another ladder, or what it was made from is not known.
    """
    first = options.files[0]
    kept = options.mapping or first.with_name(f"{first.stem}{_SUFFIX}")
    written = kept.read_text(encoding="utf-8") if kept.is_file() else None
    mapping = None if written is None else ImportMapping.from_yaml(written, kept.name)
    name = first.stem if len(options.files) == 1 else first.resolve().parent.name or first.stem
    contents = read_contents([(path.name, path.read_bytes()) for path in options.files], mapping, name=name)
    base = None if options.base is None else open_source(options.base, environment, None).ladder
    path = options.out or Path(f"{_slug(contents, base)}.yaml")
    last = _LAST.search(written or "")
    imported = _imported(contents, path, base, replace=options.replace, last=last[1] if last else None)
    changed = write_files(path, imported.ladder)
    if imported.mapping is None:
        return Done(imported, path, changed, None)
    digest = content_sha256(canonical(imported.ladder))
    kept.write_text(f"{_HEAD}{digest}\n{imported.mapping.to_yaml()}", encoding="utf-8")
    return Done(imported, path, changed, kept)


def _imported(
    contents: Sequence[Content], path: Path, base: Ladder | None, *, replace: bool, last: str | None
) -> Imported:
    """Return the import into the files at a path, if there are any.

    Files that still hold what the last import of the same sheets gave (`last` is its content hash) have no edits of
    their own, so this import takes their place.
    """
    exists = path.exists() and not (path.is_dir() and not any(path.iterdir()))
    mine = Index.of(read_bundle(path).ladder) if exists else None
    known = {content_sha256(canonical(one.ladder)): one for one in (mine,) if one is not None}
    if last in known and not any(isinstance(one, OwnWorkbook | OwnTable | OwnLadder) for one in contents):
        mine = None
    bases = Bases(by_hash=known.get, chosen=None if base is None else Index.of(base))
    work = Import(mine, bases, "replace" if replace else "merge", where="the ladder", advice=_ADVICE)
    imported = work.run(contents)
    if not imported.known_bases:
        details = [one.message for one in imported.findings if one.code == "unknown-base"]
        raise Conflict(details[0], faults=[Fault(detail) for detail in details])
    return imported


def _slug(contents: Sequence[Content], base: Ladder | None) -> str:
    """Return the slug of the ladder that contents belong to."""
    for content in contents:
        if isinstance(content, OwnWorkbook):
            return slug_in(content.grids, content.file)
        if not isinstance(content, OwnTable):
            return content.ladder.slug
        slugs = {row.cells.get("ladder") for row in read_table(content.grid, content.file, content.name).rows}
        if len(slugs) == 1 and None not in slugs:
            return str(slugs.pop())
    return "ladder" if base is None else base.slug
