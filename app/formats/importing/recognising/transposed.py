"""Tables with levels down recognised: competencies and texts about the levels across."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Role, SheetMapping
from app.formats.importing.recognising.row_layouts import column_at, meanings_of, repeats, rows_mapping
from app.formats.importing.recognising.signs import is_short
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import parse_level
from app.formats.importing.words.vocabulary import meaning_of_header, plain

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


def transposed_at(table: Table, sheet: str, row: int | None, level_columns: Sequence[int]) -> SheetMapping:
    """Return the mapping of a table with levels down: competencies and texts about the levels across."""
    meanings = meanings_of(table, row)
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
        columns.append(column_at(table, row, column, header, role, meaning))
    category_row = _category_row(table, row, columns)
    return rows_mapping(table, sheet, "transposed", row, _one_level(table, row, columns), category_row)


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
