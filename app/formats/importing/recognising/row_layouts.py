"""The common part of lists and tables of levels: their columns, and their special rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Layout, Role, RowMapping, SheetMapping
from app.formats.importing.recognising.columns import (
    ABOUT_PEOPLE,
    FORMULAS,
    NOT_UNDERSTOOD,
    NUMBERING,
    left_out,
)
from app.formats.importing.recognising.matrix_rows import TOTAL
from app.formats.importing.recognising.signs import LEVEL, average, is_short
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import meaning_of_cell, meaning_of_header
from app.formats.sheets.grid import column_name

_REPEATED: Final = 0.7
"""Share of distinct texts below which a column repeats itself."""
_SHORT: Final = 60


def repeats(table: Table, column: int, row: int) -> bool:
    """Return whether a column has the same texts again and again, or gaps that mean the text above."""
    cells = table.below(column, row)
    body = [one for one in table.by_row if one > row and len(table.by_row[one]) > 1]
    return len({text.strip().casefold() for _, text in cells}) < _REPEATED * max(len(body), 1)


def meanings_of(table: Table, row: int | None) -> dict[int, str | None]:
    """Return what the header of each column means."""
    if row is None:
        return dict.fromkeys(table.columns)
    return {column: meaning_of_header(table.at(row, column)) for column in table.columns}


def column_at(
    table: Table, row: int | None, column: int, header: str, role: Role | None, meaning: str | None
) -> ColumnMapping:
    """Return the mapping of a column with a role, or the reason to leave it out."""
    body = [(one, text) for one, text in table.below(column, -1 if row is None else row)]
    computed = [text for one, text in body if (one, column) in table.formulas or text.startswith("=")]
    if len(computed) * 2 > len(body) and average(computed) < _SHORT:
        return left_out(column, header, FORMULAS)
    if meaning == "numbering":
        return left_out(column, header, NUMBERING)
    if role is None and meaning in {"people", "score"}:
        return left_out(column, header, ABOUT_PEOPLE)
    if role is None:
        return left_out(column, header, NOT_UNDERSTOOD)
    return ColumnMapping(column=column_name(column), header=header, becomes=role)


def rows_mapping(
    table: Table,
    sheet: str,
    layout: Layout,
    row: int | None,
    columns: Sequence[ColumnMapping],
    category_row: int | None = None,
) -> SheetMapping:
    """Return the mapping of a sheet of rows, with its special rows."""
    by_letters = {column_name(number): number for number in table.columns}
    naming = {by_letters[one.column] for one in columns if one.becomes in {"level", "code"}}
    rows = _Rows(table, layout, row, naming)
    special = [
        one for number in table.by_row if number not in {row, category_row} for one in rows.special(number)
    ]
    return SheetMapping(
        sheet=sheet,
        layout=layout,
        headers=tuple(one + 1 for one in (category_row, row) if one is not None),
        columns=tuple(columns),
        special_rows=tuple(special),
    )


@dataclass(frozen=True)
class _Rows:
    """The rows of a list or a table of levels."""

    table: Table
    layout: Layout
    header: int | None
    naming: set[int]
    """The columns that name levels."""

    def special(self, row: int) -> Iterator[RowMapping]:
        """Yield the mapping of a row, if it is special."""
        filled = self.table.by_row[row]
        text = self.table.at(row, filled[0]).strip()
        if self.header is not None and row < self.header:
            yield RowMapping(row=row + 1, header=text, becomes="page")
        elif meaning_of_cell(text) == "total":
            yield RowMapping(row=row + 1, header=text, becomes="nothing", why=TOTAL)
        elif len(filled) > 1 and self._repeats_header(row):
            yield RowMapping(row=row + 1, header=text, becomes="headers")
        elif len(filled) == 1 and len(self.table.columns) > 1:
            becomes = self._single(row, filled[0], text)
            if becomes is not None:
                yield RowMapping(row=row + 1, header=text, becomes=becomes)

    def _repeats_header(self, row: int) -> bool:
        if self.header is None:
            return False
        texts, wanted = (
            [self.table.at(one, column) for column in self.table.columns] for one in (row, self.header)
        )
        return texts == wanted

    def _single(self, row: int, column: int, text: str) -> Role | None:
        """Return what a row becomes that has one text: a track above its levels, or a note below the last one."""
        full = [one for one, filled in self.table.by_row.items() if len(filled) > 1]
        if not full or (column in self.naming and level_likeness(text) >= LEVEL):
            return None
        if row > full[-1]:
            return "page"
        above = column == min(self.table.columns) and is_short(text) and self.layout == "transposed"
        return "track" if above else None
