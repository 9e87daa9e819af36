"""Our flat tables recognised by their headers, and read into rows with places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.grid import Grid
from app.formats.sheets.workbook.reader import Entry

_TELLING: Final[Mapping[str, frozenset[str]]] = {
    "statements": frozenset({"ladder", "release", "competency", "kind", "position", "text"}),
    "levels": frozenset({"ladder", "release", "slug", "track", "title", "other_titles"}),
    "competencies": frozenset({"ladder", "release", "slug", "competency_title", "proficiency_summary"}),
    "faqs": frozenset({"ladder", "release", "slug", "question", "answer"}),
    "expectations": frozenset(
        {"ladder", "release", "level", "competency", "applicability", "statement_count"}
    ),
}
"""The columns by which a table is recognised. The others may be deleted."""


@dataclass(frozen=True)
class ReadTable:
    """The rows of one of our tables."""

    name: str
    rows: Sequence[Entry]
    columns: Mapping[str, int]
    """The columns that are there, by name."""
    unknown: Mapping[str, int]
    """Columns that this software does not know, by header."""

    @property
    def release(self) -> str:
        """Return the release that the table was made from: a number or `draft`; empty if rows differ."""
        found = {row.cells.get("release", "") for row in self.rows}
        return found.pop() if len(found) == 1 else ""


def table_name(grid: Grid) -> str | None:
    """Return which of our tables a grid is; None if it is another table."""
    headers = set(_headers(grid))
    found = [name for name, telling in _TELLING.items() if telling <= headers]
    return max(found, key=lambda name: len(headers & set(COLUMNS[name])), default=None)


def read_table(grid: Grid, file: str, name: str) -> ReadTable:
    """Return the rows of one of our tables. Cells that are empty have no entry."""
    headers = _headers(grid)
    columns = {header: at for at, header in enumerate(headers) if header in COLUMNS[name]}
    unknown = {header: at for at, header in enumerate(headers) if header and header not in COLUMNS[name]}
    rows = [
        Entry(
            {header: row[at] for header, at in columns.items() if at < len(row) and row[at]},
            file,
            grid.name,
            number,
            columns,
        )
        for number, row in enumerate(grid.cells[1:], 1)
        if any(row)
    ]
    return ReadTable(name, rows, columns, unknown)


def _headers(grid: Grid) -> list[str]:
    return [cell.strip().lower() for cell in grid.cells[0]] if grid.cells else []
