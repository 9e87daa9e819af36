"""Signs by which layouts are recognised: rows of level names, columns of level names, rows of known headers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import (
    KNOWN_HEADERS,
    meaning_of_cell,
    meaning_of_header,
    plain,
    step_height,
)

LEVEL: Final = 0.5
"""From here a text counts as the name of a level."""
_SHARE: Final = 0.6
_LONG: Final = 60
"""Most characters of a header."""
_FEW: Final = 2
_NUMBERS: Final = 3
"""Fewest bare numbers in a row that count as the names of levels."""
_STEP: Final = 0.5
_NAMED: Final = 0.9


@dataclass(frozen=True)
class Signs:
    """The signs of one table."""

    table: Table

    @cached_property
    def level_columns(self) -> list[int]:
        """The columns whose cells name levels, one under another."""
        found = [column for column in self.table.columns if self._names_levels(column)]
        firsts = {column: self.table.below(column, -1)[0] for column in found}
        heads = [column for column in found if level_likeness(firsts[column][1]) >= LEVEL]
        side_by_side = len(heads) > 1 and len({firsts[column][0] for column in heads}) == 1
        return [column for column in found if not (side_by_side and column in heads)]

    @cached_property
    def level_rows(self) -> list[tuple[int, float]]:
        """The rows whose cells name levels, side by side, each with how clearly it does."""
        found = [(row, self._clearness(row)) for row in self.table.by_row]
        return [(row, clearness) for row, clearness in found if clearness]

    @cached_property
    def header_row(self) -> int | None:
        """The first row of which at least two cells are known headers, if any."""
        for row, columns in self.table.by_row.items():
            texts = [self.table.at(row, column) for column in columns]
            known = [meaning_of_header(text) for text in texts]
            if sum(one is not None for one in known) >= _FEW and all(is_short(text) for text in texts):
                return row
        return None

    def level_like(self, row: int, columns: Iterable[int]) -> list[int]:
        """Return the columns of a row whose texts name levels or steps."""
        return [
            column
            for column in columns
            if column not in self.level_columns and _level_or_step(self.table.at(row, column)) >= LEVEL
        ]

    def _clearness(self, row: int) -> float:
        """Return how clearly a row names levels side by side; 0 if it does not."""
        columns = self.table.by_row[row]
        names = self.level_like(row, columns)
        if len(names) < _FEW:
            return self._numbered(row, columns)
        texts = {self.table.at(row, column) for column in names}
        others = [
            column
            for column in columns
            if column not in names and meaning_of_header(self.table.at(row, column)) is None
        ]
        if len(texts) < _FEW or len(names) < len(others):
            return 0.0
        return sum(_level_or_step(text) for text in texts)

    def _numbered(self, row: int, columns: Sequence[int]) -> float:
        """Return how clearly a row counts its columns: `1`, `2`, `3` above texts."""
        numbers = [column for column in columns if self.table.at(row, column).strip().isdigit()]
        values = [
            int(self.table.at(row, column))
            for column in numbers
            if len(self.table.at(row, column)) < _NUMBERS
        ]
        if (
            len(values) < _NUMBERS
            or len(numbers) != len(values)
            or values != list(range(values[0], values[0] + len(values)))
        ):
            return 0.0
        if any(one < row and len(self.table.by_row[one]) > _FEW for one in self.table.by_row):
            return 0.0
        below = [text for column in numbers for _, text in self.table.below(column, row)]
        texts = [text for text in below if not text.strip().replace(".", "").isdigit()]
        return 1.0 if len(texts) * 2 > len(below) else 0.0

    def _names_levels(self, column: int) -> bool:
        cells = self.table.below(column, -1)
        likely = [(row, text) for row, text in cells if self._names_one(row, text)]
        if len({text.strip().casefold() for _, text in likely}) < _FEW:
            return False
        under = [text for row, text in cells if row >= likely[0][0]]
        return len(likely) >= _SHARE * len(under)

    def _names_one(self, row: int, text: str) -> bool:
        """Return whether a cell names a level: the name of a step does only if it is the only one in its row."""
        if level_likeness(text) < LEVEL or meaning_of_cell(text) is not None:
            return False
        others = [self.table.at(row, column) for column in self.table.by_row[row]]
        return step_height(text) is None or sum(step_height(one) is not None for one in others) == 1


def _level_or_step(text: str) -> float:
    likeness = level_likeness(text)
    if likeness < _NAMED and plain(text) in KNOWN_HEADERS and meaning_of_header(text) == "people":
        return 0.0
    if step_height(text) is not None:
        return max(_STEP, min(likeness, _NAMED))
    return likeness


def is_short(text: str) -> bool:
    """Return whether a text is short enough for a header."""
    return len(text) <= _LONG and text.count("\n") <= _FEW


def average(texts: Sequence[str]) -> float:
    """Return the average length of texts."""
    return sum(map(len, texts)) / len(texts) if texts else 0.0
