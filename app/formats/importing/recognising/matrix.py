"""Matrices recognised: competencies down, levels across."""

from collections.abc import Sequence
from typing import Final

from app.formats.importing.mapping import SheetMapping
from app.formats.importing.recognising.columns import PERHAPS_PEOPLE, Header, left_out
from app.formats.importing.recognising.matrix_columns import PARTS, matrix_columns
from app.formats.importing.recognising.matrix_rows import matrix_rows, rows_above
from app.formats.importing.recognising.signs import LEVEL, Signs, is_short
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import is_only_step, level_likeness
from app.formats.importing.words.vocabulary import meaning_of_header, step_height

_FEW: Final = 2
_LEVEL_WORDS: Final = frozenset({"level", "code", "title"})


def matrix_at(
    table: Table, sheet: str, row: int, unknown: Sequence[int] = (), *, trusted: bool = False
) -> SheetMapping:
    """Return the mapping of the matrix whose levels a row names.

    Args:
        table: The table.
        sheet: Name of the sheet.
        row: The row of the names.
        unknown: The columns of the levels, if their names are not known.
        trusted: Whether an author said that these columns are levels.
    """
    names = list(unknown) or Signs(table).level_like(row, table.by_row[row])
    names = names or [column for column in table.by_row[row] if table.at(row, column).strip().isdigit()]
    level_columns = list(unknown) or _run(table, row, names or table.by_row[row][1:] or table.by_row[row])
    header = _header(table, row, level_columns)
    columns = matrix_columns(table, header, level_columns)
    if unknown and not trusted:
        columns = [
            left_out(number, one.header, PERHAPS_PEOPLE)
            if one.becomes == "level" and _only_numbers(table, header, number)
            else one
            for number, one in zip(table.columns, columns, strict=True)
        ]
    rows = (header.tracks, header.levels, header.titles, header.parts)
    special = [*rows_above(table, header, level_columns), *matrix_rows(table, header, columns)]
    return SheetMapping(
        sheet=sheet,
        layout="matrix",
        headers=tuple(sorted(one + 1 for one in rows if one is not None)),
        axis="steps" if _are_steps(table, row, level_columns) else None,
        columns=tuple(columns),
        special_rows=tuple(special),
    )


def _run(table: Table, row: int, names: Sequence[int]) -> list[int]:
    """Return the columns of the levels: those with known names, and unknown names among them."""
    inside = [
        column
        for column in table.by_row[row]
        if min(names) < column < max(names)
        and column not in names
        and meaning_of_header(table.at(row, column)) is None
        and is_short(table.at(row, column))
    ]
    return sorted([*names, *inside])


def _header(table: Table, row: int, level_columns: Sequence[int]) -> Header:
    rows = list(table.by_row)
    at = rows.index(row)
    titles = parts = tracks = None
    if at + 1 < len(rows) and rows[at + 1] == row + 1:
        below = rows[at + 1]
        if _holds_parts(table, below, min(level_columns)):
            parts = below
        elif _holds_titles(table, below, level_columns):
            titles = below
    if at and rows[at - 1] == row - 1 and _holds_tracks(table, rows[at - 1], level_columns):
        tracks = rows[at - 1]
    return Header(row, titles, parts, tracks)


def _holds_parts(table: Table, row: int, first: int) -> bool:
    columns = [column for column in table.by_row[row] if column >= first]
    known = [column for column in columns if meaning_of_header(table.at(row, column)) in PARTS]
    repeated = len({table.at(row, column).casefold() for column in columns}) < len(columns)
    short = all(is_short(table.at(row, column)) for column in columns)
    return (
        len(known) >= _FEW
        and len(known) * 2 > len(columns)
        and short
        and (repeated or len(known) == len(columns))
    )


def _holds_titles(table: Table, row: int, level_columns: Sequence[int]) -> bool:
    """Return whether a row has more of the levels' names: codes below titles, or titles below codes."""
    texts = [table.at(row, column) for column in level_columns]
    label = next((table.at(row, column) for column in table.by_row[row] if column < min(level_columns)), "")
    if not all(texts) or (label and meaning_of_header(label) not in _LEVEL_WORDS):
        return False
    likely = sum(level_likeness(text) >= LEVEL and step_height(text) is None for text in texts)
    return likely * 2 > len(texts) and len(set(texts)) == len(texts)


def _holds_tracks(table: Table, row: int, level_columns: Sequence[int]) -> bool:
    """Return whether a row names the tracks of the levels below it."""
    columns = table.by_row[row]
    if any(column < min(level_columns) and not _is_label(table.at(row, column)) for column in columns):
        return False
    above = [column for column in columns if column >= min(level_columns)]
    texts = [table.at(row, column) for column in above]
    if not texts or not all(map(is_short, texts)) or len(above) == len(level_columns) > 1:
        return False
    spans = any(table.width(row, column) > 1 for column in above)
    single = len(texts) == 1 and (meaning_of_header(texts[0]) in {"level", "code", "title"} or not spans)
    return not single


def _is_label(text: str) -> bool:
    return meaning_of_header(text) is not None


def _are_steps(table: Table, row: int, level_columns: Sequence[int]) -> bool:
    """Return whether the columns are steps of a scale: all have well-known names, and one is no career level."""
    texts = [table.at(row, column) for column in level_columns]
    known = all(step_height(text) is not None for text in texts)
    return (known and any(map(is_only_step, texts))) or all(
        text.strip() == str(at) for at, text in enumerate(texts)
    )


def _only_numbers(table: Table, header: Header, column: int) -> bool:
    texts = [text.strip() for _, text in table.below(column, header.last)]
    return bool(texts) and all(len(text) <= 3 or text.replace(".", "").isdigit() for text in texts)  # noqa: PLR2004 - `3`, `2.5`, `n/a`
