"""Long lists and tables of levels recognised: one row for each level, or for each level and competency."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Layout, Role, RowMapping, SheetMapping
from app.formats.importing.recognising.matrix_columns import (
    ABOUT_PEOPLE,
    FORMULAS,
    NOT_UNDERSTOOD,
    NUMBERING,
    left_out,
)
from app.formats.importing.recognising.matrix_rows import TOTAL
from app.formats.importing.recognising.signs import LEVEL, average, is_short
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness, parse_level
from app.formats.importing.words.numbers import is_number
from app.formats.importing.words.vocabulary import KNOWN_HEADERS, meaning_of_cell, meaning_of_header, plain
from app.formats.sheets.grid import column_name

_LIST: Final[Mapping[str, Role]] = {
    "category": "category",
    "subcategory": "facet",
    "competency": "competency",
    "description": "description",
    "summary": "summary",
    "track": "track",
    "level": "level",
    "title": "level",
    "code": "code",
    "text": "text",
    "responsibility": "text",
    "step": "step",
    "example": "example",
    "kind": "kind",
    "applicability": "applicability",
}
_TRANSPOSED: Final[Mapping[str, Role]] = {
    "category": "track",
    "track": "track",
    "level": "level",
    "title": "level",
    "code": "code",
    "scope": "scope",
    "years": "years",
    "attribute": "attribute",
    "summary": "summary",
    "description": "summary",
    "applicability": "attribute",
    "kind": "attribute",
}
_PERHAPS_TRACKS: Final = frozenset(
    {"team", "function", "discipline", "family", "stream", "area", "group", "theme"}
)
"""Headers that name tracks only if their column repeats itself."""
_REPEATED: Final = 0.7
"""Share of distinct texts below which a column repeats itself."""
_SHORT: Final = 60


def list_at(table: Table, sheet: str, row: int | None, level_columns: Sequence[int]) -> SheetMapping:
    """Return the mapping of a long list whose headers are in a row."""
    meanings = _meanings(table, row)
    has_person = (
        any(table.at(row, column) and meanings[column] == "people" for column in table.columns)
        if row is not None
        else False
    )
    has_step = "step" in meanings.values()
    columns: list[ColumnMapping] = []
    for column in table.columns:
        header = "" if row is None else table.at(row, column).strip()
        meaning = meanings[column]
        if meaning == "score" and not has_person and not has_step:
            role: Role | None = "step"
        else:
            role = _LIST.get(meaning or "")
        if role == "competency" and "category" in meanings.values() and plain(header) not in KNOWN_HEADERS:
            role = None
        if column in level_columns and role not in {"code", "level"}:
            role = "level"
        columns.append(_column(table, row, column, header, role, meaning))
    columns = _complete(table, row, columns)
    return _rows_mapping(table, sheet, "list", row, columns)


def unnamed_list(table: Table, sheet: str, level: str) -> SheetMapping:
    """Return the mapping of two columns without headers about one level: competencies and texts."""
    first, second = table.columns
    columns = (
        ColumnMapping(column=column_name(first), becomes="competency"),
        ColumnMapping(column=column_name(second), becomes="text"),
    )
    return SheetMapping(sheet=sheet, layout="list", level=level, columns=columns)


def questions_at(table: Table, sheet: str, row: int) -> SheetMapping:
    """Return the mapping of a list of questions and answers."""
    columns: list[ColumnMapping] = []
    grouped = False
    for column, meaning in _meanings(table, row).items():
        role: Role | None = "question" if meaning == "question" else "answer" if meaning == "answer" else None
        if role is None and not grouped and meaning in {"category", "competency", "track", "kind"}:
            role, grouped = "group", True
        columns.append(_column(table, row, column, table.at(row, column).strip(), role, meaning))
    return _rows_mapping(table, sheet, "questions", row, columns)


def transposed_at(table: Table, sheet: str, row: int | None, level_columns: Sequence[int]) -> SheetMapping:
    """Return the mapping of a table with levels down: competencies and texts about the levels across."""
    meanings = _meanings(table, row)
    columns: list[ColumnMapping] = []
    for column in table.columns:
        header = "" if row is None else table.at(row, column).strip()
        meaning = meanings[column]
        role = _TRANSPOSED.get(meaning or "")
        if column in level_columns and role not in {"code", "level"}:
            role = "level"
        elif column not in level_columns and role == "level" and meaning == "level" and level_columns:
            role = "attribute"
        if role == "track" and plain(header) in _PERHAPS_TRACKS and not repeats(table, column, row or 0):
            role = "competency"
        if role is None and header and meaning not in {"people", "numbering", "score"}:
            role = "competency"
        columns.append(_column(table, row, column, header, role, meaning))
    category_row = _category_row(table, row, columns)
    return _rows_mapping(table, sheet, "transposed", row, _one_level(table, row, columns), category_row)


def repeats(table: Table, column: int, row: int) -> bool:
    """Return whether a column has the same texts again and again, or gaps that mean the text above."""
    cells = table.below(column, row)
    body = [one for one in table.by_row if one > row and len(table.by_row[one]) > 1]
    return len({text.strip().casefold() for _, text in cells}) < _REPEATED * max(len(body), 1)


def _meanings(table: Table, row: int | None) -> dict[int, str | None]:
    if row is None:
        return dict.fromkeys(table.columns)
    return {column: meaning_of_header(table.at(row, column)) for column in table.columns}


def _column(
    table: Table, row: int | None, column: int, header: str, role: Role | None, meaning: str | None
) -> ColumnMapping:
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


def _complete(table: Table, row: int | None, columns: list[ColumnMapping]) -> list[ColumnMapping]:
    """Give a list the roles that it lacks: a column of texts, and one of competencies."""
    roles = {one.becomes for one in columns}
    texts = {
        one.column: [text for _, text in table.below(number, -1 if row is None else row)]
        for number, one in zip(table.columns, columns, strict=True)
    }
    lengths = {letters: average(found) for letters, found in texts.items()}
    open_ones = [
        one for one in columns if one.why == NOT_UNDERSTOOD and not all(map(is_number, texts[one.column]))
    ]
    changes: dict[str, Role] = {}
    if "level" in roles and not roles & {"text", "step"}:
        described = [one for one in columns if one.becomes in {"description", "summary"}] or open_ones
        if described:
            changes[max(described, key=lambda one: lengths[one.column]).column] = "text"
    left = [one for one in open_ones if one.column not in changes]
    if "competency" not in roles and ({"text", "step"} & roles or changes):
        grouped = [one for one in columns if one.becomes in {"facet", "category"}]
        short = [one for one in left if lengths[one.column] < _SHORT and not grouped]
        for one in [*short, *reversed(grouped)][:1]:
            changes[one.column] = "competency"
    return [
        ColumnMapping(column=one.column, header=one.header, becomes=changes[one.column])
        if one.column in changes
        else one
        for one in columns
    ]


def _one_level(table: Table, row: int | None, columns: list[ColumnMapping]) -> list[ColumnMapping]:
    """Let one column name the levels, and one give their codes."""
    named = [
        (number, one)
        for number, one in zip(table.columns, columns, strict=True)
        if one.becomes in {"level", "code"}
    ]
    if len(named) < 2 or sum(one.becomes == "level" for _, one in named) == 1:  # noqa: PLR2004
        if len(named) == 1 and named[0][1].becomes == "code":
            return [
                one.model_copy(update={"becomes": "level"}) if one.becomes == "code" else one
                for one in columns
            ]
        return columns
    numbers = [number for number, _ in named]
    coded = [
        number
        for number in numbers
        if all(
            parse_level(text).code == text.strip()
            for _, text in table.below(number, -1 if row is None else row)
        )
    ]
    headed = [number for number, one in named if meaning_of_header(one.header) == "title"]
    titled = [number for number in numbers if number not in coded]
    title = next(iter([*headed, *titled, *numbers]))
    codes = [*coded, *(number for number, one in named if one.becomes == "code")]
    code = next((number for number in codes if number != title), None)
    found: list[ColumnMapping] = []
    for number, one in zip(table.columns, columns, strict=True):
        becomes: Role = one.becomes
        if becomes in {"level", "code"}:
            becomes = "level" if number == title else "code" if number == code else "attribute"
        found.append(one.model_copy(update={"becomes": becomes}))
    return found


def _category_row(table: Table, row: int | None, columns: Sequence[ColumnMapping]) -> int | None:
    """Return the row above the headers that names the categories of the competencies, if there is one."""
    if row is None or row - 1 not in table.by_row:
        return None
    above = table.by_row[row - 1]
    competencies = [n for n, one in zip(table.columns, columns, strict=True) if one.becomes == "competency"]
    fits = competencies and all(
        column >= min(competencies) and is_short(table.at(row - 1, column)) for column in above
    )
    several = len(above) > 1 or any(table.width(row - 1, column) > 1 for column in above)
    return row - 1 if fits and several else None


def _rows_mapping(
    table: Table,
    sheet: str,
    layout: Layout,
    row: int | None,
    columns: Sequence[ColumnMapping],
    category_row: int | None = None,
) -> SheetMapping:
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
