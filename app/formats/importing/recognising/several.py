"""Sheets that hold several matrices, one under another, cut into tables."""

from collections.abc import Sequence
from typing import Final

from app.formats.importing.recognising.signs import Signs
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import step_height

_FEW: Final = 2
_NAMED: Final = 0.9


def split_tables(table: Table, signs: Signs) -> list[Table]:
    """Return the tables of a sheet that has several matrices, one under another."""
    rows = list(table.by_row)
    clear = [
        row
        for row, clearness in signs.level_rows
        if all(
            level_likeness(table.at(row, column)) >= _NAMED and step_height(table.at(row, column)) is None
            for column in signs.level_like(row, table.by_row[row])
        )
    ]
    starts: list[int] = []
    for row in clear:
        before = rows[rows.index(row) - 1] if rows.index(row) else None
        gap = before is None or before < row - 1 or len(table.by_row[before]) == 1
        texts = [table.at(row, column).casefold() for column in signs.level_like(row, table.by_row[row])]
        known = [
            [table.at(one, column).casefold() for column in signs.level_like(one, table.by_row[one])]
            for one in starts
        ]
        if (gap or not starts) and texts not in known:
            starts.append(row)
    if len(starts) < _FEW:
        return [table]
    edges = [rows[0], *(_first_of(table, rows, start) for start in starts[1:])]
    ends = [edge - 1 for edge in edges[1:]] + [rows[-1]]
    return [table.part(first, last) for first, last in zip(edges, ends, strict=True)]


def _first_of(table: Table, rows: Sequence[int], start: int) -> int:
    """Return the first row of a table: its headers, with the single texts right above them."""
    at = rows.index(start)
    while at and rows[at - 1] == rows[at] - 1 and len(table.by_row[rows[at - 1]]) == 1:
        at -= 1
    return rows[at]
