"""A workbook of ours as a ladder, with what it was made from, what changed names, and what was left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import Fault
from app.formats.sheets.grid import Grid, refusal, show_place
from app.formats.sheets.workbook.assemble import Assembled, assemble
from app.formats.sheets.workbook.identities import Recognised
from app.formats.sheets.workbook.layout import MATRIX
from app.formats.sheets.workbook.matrix import matrix_sheets
from app.formats.sheets.workbook.reader import Entry, Read, is_workbook, read_sheets
from app.formats.sheets.workbook.rows import about_rows
from app.formats.sheets.workbook.writer import split_row
from app.rubric.canonical import canonical, content_sha256
from app.rubric.editing.mentions import rewrite
from app.rubric.index import Index
from app.rubric.ladder import Ladder

RELEASE: Final = "Release"
HASH: Final = "Content SHA-256"
_INVISIBLE: Final = re.compile("_x[0-9A-F]{4}_|[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that cells cannot hold, and how programs write them."""


@dataclass(frozen=True)
class ImportedWorkbook:
    """The ladder that a workbook holds."""

    ladder: Ladder
    release: str
    """The number of the release that it was made from, or `draft`; empty if the workbook does not say."""
    base: str
    """The content hash of what it was made from; empty if the workbook does not say."""
    faults: tuple[Fault, ...]
    """The parts that were left out, each with its place."""
    entries: Mapping[str, Entry]
    """The row of each entity and part, by its JSON Pointer (RFC 6901) into the ladder."""
    known: tuple[tuple[str, str], ...] = ()
    """The places of each recognised entity in the ladder that the workbook was made from, and in this one."""


def made_from(grids: Sequence[Grid], file: str) -> tuple[str, str]:
    """Return the release and the content hash that a workbook of ours was made from. Raises BadRequest."""
    about = {label: entry.cells["Value"] for label, entry in _read(grids, file).about.items()}
    return about.get(RELEASE, ""), about.get(HASH, "").strip().lower()


def slug_in(grids: Sequence[Grid], file: str) -> str:
    """Return the slug of the ladder in a workbook of ours; `ladder` if it has none. Raises BadRequest."""
    about = _read(grids, file).about
    return about["Slug"].cells["Value"] if "Slug" in about else "ladder"


def import_workbook(grids: Sequence[Grid], file: str, base: Index | None = None) -> ImportedWorkbook:
    """Return the ladder in a workbook of ours.

    With the ladder that it was made from, rows are recognised although their slugs changed, and columns that the
    file lacks stay as they were.

    Raises:
        BadRequest: It is not a workbook of ours.
        InvalidLadder: A row belongs to nothing, or has a value that does not fit.
    """
    found = _read(grids, file)
    about = {label: entry.cells["Value"] for label, entry in found.about.items()}
    digest = about.get(HASH, "").strip().lower()
    if base is None:
        made = assemble(found.about, found.rows)
        return ImportedWorkbook(made.ladder, about.get(RELEASE, ""), digest, found.faults, made.entries)
    recognised = Recognised(base, certain=digest == content_sha256(canonical(base.ladder)))
    recognised.read(found.rows)
    made = assemble({**_about_before(base), **found.about}, found.rows)
    ladder, known = _followed(made, recognised)
    faults = (*found.faults, *_kept_columns(recognised, file), *_edited_matrices(grids, file, base))
    return ImportedWorkbook(ladder, about.get(RELEASE, ""), digest, faults, made.entries, known)


def _read(grids: Sequence[Grid], file: str) -> Read:
    if not is_workbook(grids):
        raise refusal(f"{file}: this is not a workbook that this software wrote: it has no sheet About.")
    return read_sheets(grids, file)


def _about_before(base: Index) -> dict[str, Entry]:
    return {label: Entry({"Value": value}) for label, value in about_rows(base.ladder)}


def _followed(made: Assembled, recognised: Recognised) -> tuple[Ladder, tuple[tuple[str, str], ...]]:
    """Return the ladder with mentions of recognised entities by their names now, and the places of these."""
    index = Index.of(made.ladder)
    known: list[tuple[str, str]] = []
    moved: dict[str, str] = {}
    for pointer, entry in made.entries.items():
        node = recognised.nodes.get(entry)
        if node is not None:
            now = index.at_pointer(pointer)
            if now.kind == node.kind:
                known.append((node.pointer, pointer))
                moved[node.target] = now.target
    return rewrite(made.ladder, moved), tuple(known)


def _kept_columns(recognised: Recognised, file: str) -> Iterator[Fault]:
    """Yield what is to say about columns that the file lacks."""
    for sheet, name in recognised.kept_columns:
        yield Fault(
            f'{file}, sheet "{sheet.title}": the column {name} is missing. Its values stay as they are.'
        )


def _edited_matrices(grids: Sequence[Grid], file: str, base: Index) -> Iterator[Fault]:
    """Yield the cells of matrix sheets that were edited: they are not imported."""
    written = {
        name: [line for row in rows for line in split_row(row, None)] for name, rows in matrix_sheets(base)
    }
    for grid in grids:
        rows = written.get(grid.name)
        if rows is None or not grid.name.startswith(MATRIX):
            continue
        for number, line in enumerate(grid.cells):
            before = [*map(_visible, rows[number])] if number < len(rows) else []
            changed = [
                at
                for at, cell in enumerate(map(_visible, line))
                if cell != (before[at] if at < len(before) else "")
            ]
            if changed:
                place = show_place(file, grid.name, number, changed[0])
                yield Fault(
                    f"{place}: this was edited, but sheets of this kind are for reading and are not imported. "
                    f"Edit the sheet Statements."
                )


def _visible(cell: str) -> str:
    """Return a text without what programs may write otherwise."""
    return " ".join(_INVISIBLE.sub("", cell).split())
