"""Tables with levels down recognised: a long list, one row for each level, or one row for each person."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import SheetMapping
from app.formats.importing.recognising.columns import ABOUT_PEOPLE
from app.formats.importing.recognising.lists import list_at
from app.formats.importing.recognising.row_layouts import repeats
from app.formats.importing.recognising.signs import LEVEL, Signs, average, is_short
from app.formats.importing.recognising.transposed import transposed_at
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import KNOWN_HEADERS, PERSONS, meaning_of_header, plain

_FEW: Final = 2
_SHORT: Final = 60
_REPEATED: Final = 0.7
TEXTS: Final = frozenset({"text", "description", "summary", "step", "score", "example", "responsibility"})
"""Meanings of headers whose columns hold texts or steps."""


def level_columns(table: Table, signs: Signs) -> list[int]:
    """Return the columns that name levels: by what they hold, or by their header."""
    found = list(signs.level_columns)
    row = signs.header_row
    if row is None:
        return found
    for column in table.by_row[row]:
        cells = [text for _, text in table.below(column, row)]
        named = meaning_of_header(table.at(row, column)) in {"level", "title", "code"}
        exact = plain(table.at(row, column)) in KNOWN_HEADERS
        fewest = 1 if meaning_of_header(table.at(row, column)) == "level" else _FEW
        if column not in found and named and exact and len(cells) >= fewest and all(map(is_short, cells)):
            found.append(column)
    return sorted(found)


def levels_down(table: Table, signs: Signs, columns: Sequence[int], *, alone: bool) -> SheetMapping:
    """Return the mapping of a table whose rows are levels: a long list, or one row for each level."""
    row = _header_above(table, signs, columns)
    headers = {} if row is None else {column: table.at(row, column) for column in table.by_row[row]}
    meanings = {column: meaning_of_header(text) for column, text in headers.items()}
    if row is not None and _lists_people(table, row, headers):
        return SheetMapping(sheet=table.sheet, layout="ignored", headers=(row + 1,), why=ABOUT_PEOPLE)
    if _is_list(table, row, columns, headers, meanings) or _is_about_one(
        table, columns, meanings, alone=alone
    ):
        return list_at(table, table.sheet, row, columns)
    return transposed_at(table, table.sheet, row, columns)


def _lists_people(table: Table, row: int, headers: Mapping[int, str]) -> bool:
    """Return whether a column names people, and not levels or competencies."""
    named = [column for column, text in headers.items() if plain(text) in PERSONS]
    if not named or any(meaning_of_header(text) in {"competency", "text"} for text in headers.values()):
        return False
    names = [text for _, text in table.below(named[0], row)]
    return sum(level_likeness(text) >= LEVEL for text in names) * 2 <= len(names)


def _is_list(
    table: Table,
    row: int | None,
    columns: Sequence[int],
    headers: Mapping[int, str],
    meanings: Mapping[int, str | None],
) -> bool:
    """Return whether a table has one row for each level and competency."""
    if row is None:
        return True
    known = set(meanings.values())
    if "responsibility" in known and not repeats(table, columns[0], row):
        return False  # one row for each role
    named = [
        column
        for column, meaning in meanings.items()
        if meaning in {"competency", "subcategory"} and plain(headers[column]) in KNOWN_HEADERS
    ]
    short = all(average([text for _, text in table.below(column, row)]) < _SHORT for column in named)
    if named and short and len(named) <= _FEW and (repeats(table, columns[0], row) or known & TEXTS):
        return True
    return bool(known & TEXTS) and _levels_repeat(table, row, columns, meanings)


def _levels_repeat(
    table: Table, row: int, columns: Sequence[int], meanings: Mapping[int, str | None]
) -> bool:
    """Return whether a table has several rows for each level of a track."""
    if not all(repeats(table, column, row) for column in columns):
        return False
    tracks = [column for column, meaning in meanings.items() if meaning == "track"]
    if not tracks:
        return True
    seen: list[tuple[str, ...]] = []
    track = ""
    for one in (one for one in table.by_row if one > row):
        track = table.at(one, tracks[0]) or track
        seen.append((track, *(table.at(one, column) for column in columns)))
    return len(set(seen)) < _REPEATED * len(seen)


def _is_about_one(
    table: Table, columns: Sequence[int], meanings: Mapping[int, str | None], *, alone: bool
) -> bool:
    """Return whether a sheet is about one competency, which its name gives: levels and their texts."""
    others = [column for column in table.columns if column not in columns]
    texts = all(meanings.get(column) in {*TEXTS, "people", None} for column in others)
    return 0 < len(others) <= _FEW and texts and not alone and bool(set(meanings.values()) & TEXTS)


def _header_above(table: Table, signs: Signs, columns: Sequence[int]) -> int | None:
    """Return the row of headers above the first level, if there is one."""
    first = next(
        (
            row
            for row in table.by_row
            if any(level_likeness(table.at(row, column)) >= LEVEL for column in columns)
        ),
        None,
    )
    known = signs.header_row
    if known is not None and (first is None or known <= first):
        return known
    above = [row for row in table.by_row if first is None or row < first]
    rows = [
        row
        for row in above
        if len(table.by_row[row]) > 1 and all(is_short(table.at(row, c)) for c in table.by_row[row])
    ]
    return rows[-1] if rows else None
