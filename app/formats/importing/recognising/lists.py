"""Long lists recognised: one row for each level and competency, or for each question."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Role, SheetMapping
from app.formats.importing.recognising.columns import NOT_UNDERSTOOD
from app.formats.importing.recognising.row_layouts import column_at, meanings_of, rows_mapping
from app.formats.importing.recognising.signs import average
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import parse_level
from app.formats.importing.words.numbers import is_number
from app.formats.importing.words.vocabulary import KNOWN_HEADERS, plain
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
_SHORT: Final = 60


def list_at(table: Table, sheet: str, row: int | None, level_columns: Sequence[int]) -> SheetMapping:
    """Return the mapping of a long list whose headers are in a row."""
    meanings = meanings_of(table, row)
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
        columns.append(column_at(table, row, column, header, role, meaning))
    columns = _complete(table, row, _tracks(table, row, columns))
    return rows_mapping(table, sheet, "list", row, columns)


def _tracks(table: Table, row: int | None, columns: list[ColumnMapping]) -> list[ColumnMapping]:
    """Let the first of two columns of levels name tracks, if each of its texts has several levels."""
    named = [number for number, one in zip(table.columns, columns, strict=True) if one.becomes == "level"]
    if len(named) < 2 or any(one.becomes == "track" for one in columns):  # noqa: PLR2004 - two columns of levels
        return columns
    rows = dict(table.below(named[0], -1 if row is None else row))
    inner = {(text, table.at(one, named[1])) for one, text in rows.items()}
    coded = all(parse_level(text).code == text.strip() for text in rows.values())
    if coded or len(set(rows.values())) >= len(inner):
        return columns
    track = table.columns.index(named[0])
    return [
        one.model_copy(update={"becomes": "track"}) if at == track else one for at, one in enumerate(columns)
    ]


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
    for column, meaning in meanings_of(table, row).items():
        role: Role | None = "question" if meaning == "question" else "answer" if meaning == "answer" else None
        if role is None and not grouped and meaning in {"category", "competency", "track", "kind"}:
            role, grouped = "group", True
        columns.append(column_at(table, row, column, table.at(row, column).strip(), role, meaning))
    return rows_mapping(table, sheet, "questions", row, columns)


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
