"""Rows of a matrix that are no competencies: categories, texts about levels, totals, repeated headers and notes."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Role, RowMapping
from app.formats.importing.recognising.columns import NUMBERING, Header
from app.formats.importing.recognising.signs import LEVEL, average, is_short
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness, read_years
from app.formats.importing.words.numbers import is_number
from app.formats.importing.words.vocabulary import meaning_of_cell, meaning_of_header
from app.formats.sheets.grid import column_name
from app.rubric.text import folded

TOTAL: Final = "adds up its columns"
_ABOUT_LEVELS: Final[Mapping[str, Role]] = {
    "scope": "scope",
    "years": "years",
    "attribute": "attribute",
    "code": "code",
    "title": "level",
    "summary": "summary",
    "description": "summary",
}
"""The role of a row about the levels, by the meaning of its label."""
_SHORT: Final = 40
_CODE: Final = 8
"""Most characters of a code."""


def matrix_rows(table: Table, header: Header, columns: Sequence[ColumnMapping]) -> list[RowMapping]:
    """Return the special rows below the headers of a matrix."""
    return _Rows(table, header, columns).special()


class _Rows:
    """The rows of one matrix."""

    def __init__(self, table: Table, header: Header, columns: Sequence[ColumnMapping]) -> None:
        self.table, self.header = table, header
        by_letters = {column_name(column): column for column in table.columns}
        roles: dict[str, list[int]] = {}
        for one in columns:
            roles.setdefault(one.becomes, []).append(by_letters[one.column])
        self.levels = roles.get("level", [])
        self.names = [*roles.get("facet", []), *roles.get("competency", [])]
        self.labels = [*self.names, *roles.get("category", [])]
        self.has_category = bool(roles.get("category"))
        self.left_out = set(roles.get("nothing", []))
        self.numbering = {by_letters[one.column] for one in columns if one.why == NUMBERING}
        self.values: set[str] = set()
        """The texts of all cells of levels: a row below them that begins with one explains it."""
        self.body = [row for row in table.by_row if row > header.last]
        self.with_levels = [
            row
            for row in self.body
            if any(table.at(row, column) for column in self.levels) and not self._is_total(row)
        ]
        self.values |= {
            folded(table.at(row, column)) for row in self.with_levels for column in self.levels
        } - {""}

    def special(self) -> list[RowMapping]:
        """Return the special rows, in order."""
        about = self._about_levels()
        found: list[RowMapping] = []
        for row in self.body:
            becomes, why = self._becomes(row, about)
            if becomes is not None:
                found.append(RowMapping(row=row + 1, header=self.label(row), becomes=becomes, why=why))
        return found

    def label(self, row: int) -> str:
        """Return the innermost text that names a row."""
        texts = [self.table.at(row, column).strip() for column in self.labels]
        return next((text for text in texts if text), "")

    def _becomes(self, row: int, about: Mapping[int, Role]) -> tuple[Role | None, str | None]:
        filled = [column for column in self.table.by_row[row] if self._counts(row, column)]
        if self._repeats_header(row):
            return "headers", None
        if self._is_total(row):
            return "nothing", TOTAL
        if row in about:
            return about[row], None
        if row in self.with_levels or not filled:
            return None, None
        return self._without_levels(row, filled), None

    def _is_total(self, row: int) -> bool:
        """Return whether a row adds up its columns: a label says so, and the levels have numbers or nothing."""
        labels = [self.table.at(row, column) for column in {*self.labels, *self.table.by_row[row][:1]}]
        numbers = all(is_number(text) or text.startswith("=") for text in self._texts(row))
        return numbers and any(meaning_of_cell(label) == "total" for label in labels)

    def _counts(self, row: int, column: int) -> bool:
        """Return whether a cell is read: a column of row numbers may also hold a note."""
        text = self.table.at(row, column).strip(" .")
        return column not in self.left_out or (column in self.numbering and not text.isdigit())

    def _without_levels(self, row: int, filled: Sequence[int]) -> Role | None:
        """Return what a row becomes that has no text of a level."""
        if not self.levels:
            return None
        if (
            len(filled) > 1
            and folded(text := self.table.at(row, filled[0])) in self.values
            and row > self.with_levels[-1]
        ):
            return "page"
        last = self.with_levels[-1] if self.with_levels else -1
        text = self.table.at(row, filled[0])
        if len(filled) > 1:
            return None
        if row > last:
            follows = row == last + 1 and filled[0] in self.names and self.has_category and is_short(text)
            return None if follows else "page"
        if filled[0] not in self.labels or not is_short(text):
            return None if filled[0] in self.labels and self.has_category else "page"
        spans = self.table.width(row, filled[0]) > len(self.labels)
        return "category" if spans or not self.has_category else None

    def _repeats_header(self, row: int) -> bool:
        texts = [self.table.at(row, column).strip().casefold() for column in self.levels]
        wanted = [self.table.at(self.header.levels, column).strip().casefold() for column in self.levels]
        same = [text for text, other in zip(texts, wanted, strict=True) if text and text == other]
        return len(same) > 1 and len(same) == sum(map(bool, texts))

    def _about_levels(self) -> dict[int, Role]:
        """Return the rows that say something about the levels: at the top, at the end, or by what they hold."""
        found: dict[int, Role] = {}
        if self.labels and any(map(self.label, self.with_levels)):
            for row in self.with_levels:
                if any(column < min(self.levels) for column in self.table.by_row[row]):
                    break
                found[row] = "summary"
        for rows in (self.with_levels, self.with_levels[::-1]):
            for row in rows:
                role = self._about(row)
                if role is None:
                    break
                found[row] = role
        for row in self.with_levels:
            role = self._about(row)
            if role in {"years", "attribute"} and self._has_no_bullets(row):
                found[row] = role
        return {} if len(found) == len(self.with_levels) else found

    def _about(self, row: int) -> Role | None:
        label = self.label(row)
        if self.has_category and self._category(row):
            return None
        role = _ABOUT_LEVELS.get(meaning_of_header(label) or "") if label else None
        texts = self._texts(row)
        if role in {"scope", "summary"} and (self._in_group(row) or any("\n" in text for text in texts)):
            return None
        if role in {"code", "level"} and not all(_is_name(text, role) for text in texts):
            return None
        if role == "years" and not all(read_years(text) or len(text) < _SHORT for text in texts):
            return None
        if role == "years" and not any(read_years(text) for text in texts):
            return "attribute" if average(texts) < _SHORT else None
        return role

    def _in_group(self, row: int) -> bool:
        """Return whether a row goes on with the category of the row right above it."""
        outer = [self.table.at(one, self.labels[-1]) for one in self.body if one < row]
        named = any(self.table.at(row, column) for column in self.names)
        return self.has_category and named and any(outer) and row - 1 in self.table.by_row

    def _category(self, row: int) -> str:
        outer = self.labels[-1]
        return self.table.at(row, outer) if self.table.at(row, outer) != self.label(row) else ""

    def _texts(self, row: int) -> list[str]:
        return [text for column in self.levels if (text := self.table.at(row, column))]

    def _has_no_bullets(self, row: int) -> bool:
        texts = self._texts(row)
        return average(texts) < _SHORT and not any("\n" in text for text in texts)


def _is_name(text: str, role: Role) -> bool:
    """Return whether a text may be the code or the title of a level."""
    if role == "code":
        return len(text) <= _CODE and any(letter.isdigit() or letter.isupper() for letter in text)
    return level_likeness(text) >= LEVEL


def rows_above(table: Table, header: Header, level_columns: Sequence[int]) -> list[RowMapping]:
    """Return what the rows above the headers become: texts about the levels, the title, or notes."""
    found: list[RowMapping] = []
    first = min(level_columns)
    for row, columns in table.by_row.items():
        if row >= header.levels or row == header.tracks:
            continue
        label = next((table.at(row, column).strip() for column in columns if column < first), "")
        role = _ABOUT_LEVELS.get(meaning_of_header(label) or "") if label else None
        beside = [column for column in columns if column in level_columns]
        if role is not None and beside:
            found.append(RowMapping(row=row + 1, header=label, becomes=role))
        else:
            found.append(RowMapping(row=row + 1, header=table.at(row, columns[0]).strip(), becomes="page"))
    return found
