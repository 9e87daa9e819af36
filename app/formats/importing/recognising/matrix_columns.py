"""Columns of a matrix: which of them describe competencies, and which belong to a level."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Part
from app.formats.importing.recognising.columns import (
    ABOUT_PEOPLE,
    FORMULAS,
    NOT_UNDERSTOOD,
    Header,
    header_text,
    is_computed,
    left_out,
)
from app.formats.importing.recognising.leading_columns import LEADING, leading_columns
from app.formats.importing.recognising.signs import LEVEL
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import meaning_of_header
from app.formats.sheets.grid import column_name

PARTS: Final[Mapping[str, Part]] = {
    "text": "text",
    "description": "text",
    "summary": "text",
    "competency": "text",
    "responsibility": "text",
    "step": "step",
    "score": "step",
    "level": "step",
    "example": "example",
    "people": "nothing",
    "applicability": "nothing",
}
"""The content of a column of a level, by the meaning of its own header."""
_SPLIT: Final = re.compile(r"\s*[-\u2013\u2014:|/\n(\[]\s*|\s+")
_LONG_TEXT: Final = 60
_TWICE: Final = 2


def matrix_columns(table: Table, header: Header, level_columns: Sequence[int]) -> list[ColumnMapping]:
    """Return what each column of a matrix becomes."""
    first = min(level_columns)
    leading = [column for column in table.columns if column < first]
    found = dict(zip(leading, leading_columns(table, header, leading), strict=True))
    tracks = _spans(table, header.tracks, first)
    owners = _owners(table, header, level_columns)
    for column in (column for column in table.columns if column >= first):
        found[column] = _level_column(table, header, column, owners, tracks)
    return [found[column] for column in table.columns]


def _owners(table: Table, header: Header, level_columns: Sequence[int]) -> dict[int, tuple[str, Part]]:
    """Return the level of each column and what it holds of the level."""
    named = {column: _name(table, header, column) for column in level_columns}
    cut = {column: cut_part(text) for column, text in named.items()}
    shared = Counter(level for level, part in cut.values() if part is not None)
    whole = {text for column, text in named.items() if cut[column][1] is None}
    owners: dict[int, tuple[str, Part]] = {}
    for column, text in named.items():
        level, part = cut[column]
        all_cut = part != "nothing" and len(shared) == len(named)
        several = part is not None and (shared[level] >= _TWICE or level in whole or all_cut)
        owners[column] = (level, part or "text") if several else (text, "text")
    last = max(level_columns)
    repeated = _repeated(table, header, [column for column in table.columns if column > min(level_columns)])
    for column in table.columns:
        before = [one for one in level_columns if one <= column]
        if not before:
            continue
        nearest = before[-1]
        inside = (
            column < last
            or column < nearest + table.width(header.levels, nearest)
            or repeated.get(column, False)
        )
        sub = table.at(header.parts, column) if header.parts is not None else ""
        text = sub or ("" if column in owners else table.at(header.levels, column))
        meaning = meaning_of_header(text) if text else None
        if column in owners and not sub:
            continue
        if (inside or header.parts is not None) and (part := PARTS.get(meaning or "")) is not None:
            owners[column] = (owners[nearest][0], part)
    return owners


def _name(table: Table, header: Header, column: int) -> str:
    texts = [table.at(row, column).strip() for row in (header.levels, header.titles) if row is not None]
    return "\n".join(text for text in texts if text)


def cut_part(text: str) -> tuple[str, Part | None]:
    """Return a header without the word that says what its column holds, and what that is."""
    for found in list(_SPLIT.finditer(text)):
        level, word = text[: found.start()].strip(), text[found.end() :].strip(" )]\n")
        part = PARTS.get(meaning_of_header(word) or "") if word else None
        if part is not None and level_likeness(level) >= LEVEL and level_likeness(word) < LEVEL:
            return level, part
    return text, None


def _repeated(table: Table, header: Header, columns: Sequence[int]) -> dict[int, bool]:
    texts = {column: table.at(header.levels, column).strip().casefold() for column in columns}
    counts = Counter(text for text in texts.values() if text)
    return {column: counts[text] >= _TWICE for column, text in texts.items()}


def _level_column(
    table: Table,
    header: Header,
    column: int,
    owners: Mapping[int, tuple[str, Part]],
    tracks: Mapping[int, str],
) -> ColumnMapping:
    text = header_text(table, header, column)
    letters = column_name(column)
    meaning = meaning_of_header(text.split("\n")[-1]) if text else None
    if column in owners and owners[column][1] != "nothing":
        level, part = owners[column]
        if is_computed(table, header.last, column):
            return left_out(column, text, FORMULAS)
        return ColumnMapping(
            column=letters,
            header=text,
            becomes="level",
            level=level,
            track=tracks.get(column),
            part=None if part == "text" else part,
        )
    if meaning in {"people", "score", "applicability"} or column in owners:
        return left_out(column, text, ABOUT_PEOPLE)
    if meaning is not None and meaning in {"description", "example", "summary"}:
        return ColumnMapping(column=letters, header=text, becomes=LEADING[meaning])
    return left_out(column, text, FORMULAS if is_computed(table, header.last, column) else NOT_UNDERSTOOD)


def _spans(table: Table, row: int | None, first: int) -> dict[int, str]:
    """Return the text above each column: a text goes on to the right until the next."""
    spans: dict[int, str] = {}
    if row is None:
        return spans
    last = ""
    for column in range(first, max(table.columns) + 1):
        last = table.at(row, column).strip() or last
        if last:
            spans[column] = last
    return spans
