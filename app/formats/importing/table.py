"""Tables: the filled cells of a sheet by place, with what merged cells mean, ready to be recognised and read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import Final

from app.formats.importing.findings import Spot
from app.formats.importing.sheets import Sheet
from app.formats.sheets.grid import Grid, Place
from app.rubric.rules.content import is_blank

_EXTENSIONS: Final = frozenset({".csv", ".tsv", ".tab", ".txt", ".md", ".markdown", ".html", ".htm", ".xlsx"})


@dataclass(frozen=True)
class Table:
    """The filled cells of a sheet, or of some of its rows."""

    file: str
    sheet: str
    cells: dict[Place, str]
    """Texts by row and column, both from 0, in order. Blank cells are left out."""
    merged: dict[Place, Place]
    """Merged ranges: the last cell of each by its first."""
    formulas: frozenset[Place]

    @classmethod
    def of(cls, sheet: Sheet, grid: Grid) -> "Table":
        """Return the table of a sheet."""
        cells = {
            (row, column): clean(text)
            for row, line in enumerate(grid.cells)
            for column, text in enumerate(line)
            if not is_blank(text)
        }
        return cls(sheet.file, sheet.name, cells, dict(grid.merged), grid.formulas)

    @cached_property
    def by_row(self) -> dict[int, list[int]]:
        """The filled columns of each row that has any, in order."""
        rows: dict[int, list[int]] = {}
        for row, column in self.cells:
            rows.setdefault(row, []).append(column)
        return {row: sorted(columns) for row, columns in sorted(rows.items())}

    @cached_property
    def columns(self) -> list[int]:
        """The columns that have a filled cell, in order."""
        return sorted({column for _, column in self.cells})

    def at(self, row: int, column: int) -> str:
        """Return the text of a cell; empty if it has none."""
        return self.cells.get((row, column), "")

    def below(self, column: int, row: int) -> list[tuple[int, str]]:
        """Return the filled cells of a column below a row."""
        return [
            (one, self.cells[one, column]) for one in self.by_row if one > row and (one, column) in self.cells
        ]

    def part(self, first: int, last: int) -> "Table":
        """Return the table of the rows from first to last."""
        cells = {place: text for place, text in self.cells.items() if first <= place[0] <= last}
        return replace(self, cells=cells)

    def width(self, row: int, column: int) -> int:
        """Return how many columns a cell takes."""
        return self.merged.get((row, column), (row, column))[1] - column + 1

    def covered(self, row: int, column: int) -> list[Place]:
        """Return the cells that a cell covers, itself included: more than one if it is merged."""
        last_row, last_column = self.merged.get((row, column), (row, column))
        if (last_row - row + 1) * (last_column - column + 1) > len(self.cells) + 1_000:
            last_row, last_column = min(last_row, row), min(last_column, max(self.columns, default=column))
        return [(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)]

    def spot(self, row: int, column: int) -> Spot:
        """Return the place of a cell."""
        return Spot(self.file, self.sheet, row, column)

    def spots(self, places: Iterable[Place]) -> tuple[Spot, ...]:
        """Return the places of cells."""
        return tuple(self.spot(*place) for place in places)

    def filled(self, columns: Iterable[int] = (), rows: Iterable[int] = ()) -> Iterator[Place]:
        """Yield the places of the filled cells of some columns and rows."""
        wanted_columns, wanted_rows = set(columns), set(rows)
        return (place for place in self.cells if place[0] in wanted_rows or place[1] in wanted_columns)


def clean(text: str) -> str:
    """Return a text without what no text of a ladder may contain: NUL characters and halves of surrogate pairs."""
    if "\0" not in text and text.isascii():
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def column_number(letters: str) -> int:
    """Return the number of a column, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def stem(name: str) -> str:
    """Return the name of a sheet, or of a file without its extension."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in _EXTENSIONS else name
