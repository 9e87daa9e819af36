"""Matrix sheets: one for each track, for reading and printing. What is written there is not read back."""

import re
from collections.abc import Iterator

from app.formats.sheets.workbook.layout import MATRIX
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Level, Track
from app.rubric.steps import step_title

_LONGEST = 31
"""Most characters of a sheet's name."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")


def matrix_sheets(index: Index) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the name and the rows of the matrix of each track that has levels, the header row first."""
    taken: set[str] = set()
    for track in index.tracks.values():
        levels = index.levels_of.get(track.slug, ())
        if levels:
            name = sheet_name(track, taken)
            yield name, [["Competency", *(_heading(level) for level in levels)], *_rows(index, levels)]


def sheet_name(track: Track, taken: set[str]) -> str:
    """Return a name that Excel takes and that no other sheet has; add it to the names that are taken."""
    title = _NOT_IN_NAMES.sub(" ", f"{MATRIX} {track.title}")
    name, number = _cut(title, _LONGEST), 1
    while name.casefold() in taken:
        number += 1
        name = f"{_cut(title, _LONGEST - 5)} {number}"
    taken.add(name.casefold())
    return name


def _cut(text: str, units: int) -> str:
    """Return the start of a text that has at most so many UTF-16 code units."""
    cut = text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    return cut.rstrip(" '")


def _heading(level: Level) -> str:
    return f"{level.code} {level.title}" if level.code else level.title


def _rows(index: Index, levels: tuple[Level, ...]) -> Iterator[list[str]]:
    for competency in index.competencies.values():
        facets = index.facets_of.get(competency.slug, ())
        for facet, title in (
            (None, competency.title),
            *((one.slug, f"{competency.title}: {one.title}") for one in facets),
        ):
            cells = [index.cells.get((level.slug, competency.slug, facet)) for level in levels]
            if any(cells):
                yield [title, *("" if cell is None else _text(index, cell) for cell in cells)]


def _text(index: Index, cell: Expectation) -> str:
    """Return what one cell says: its step, its summary and its statements, a line for each."""
    lines: list[str] = []
    if cell.applicability != "required":
        lines.append({"optional": "(optional)", "not-in-use": "(not in use)"}[cell.applicability])
    if cell.step is not None:
        lines.append(f"[{step_title(index, cell.competency, cell.facet, cell.step) or cell.step}]")
    if cell.summary:
        lines.append(cell.summary)
    return "\n".join([*lines, *(f"• {one.text}" for one in cell.statements)])
