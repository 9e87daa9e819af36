"""Layouts recognised: one mapping for each table of a sheet. Nothing is read yet."""

from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import SheetMapping
from app.formats.importing.recognising.blocks import blocks_at, holds_blocks
from app.formats.importing.recognising.levels_down import TEXTS, level_columns, levels_down
from app.formats.importing.recognising.lists import list_at, questions_at, unnamed_list
from app.formats.importing.recognising.matrix import matrix_at
from app.formats.importing.recognising.several import split_tables
from app.formats.importing.recognising.signs import LEVEL, Signs, average, is_short
from app.formats.importing.table import Table, stem
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.numbers import is_number
from app.formats.importing.words.vocabulary import meaning_of_header

_FEW: Final = 2
_MANY: Final = 3
_CLEAR: Final = 1.0
_NAMED: Final = 0.9
_NEAR: Final = 0.8
"""Share of the clearest names that the first row of names needs at least."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The layout of one table."""

    table: Table
    mapping: SheetMapping
    unsure: str = ""
    """The doubt about it: a code of `findings.SEVERITIES`."""


def recognise(table: Table, *, alone: bool) -> list[Recognised]:
    """Return the layouts of the tables of a sheet.

    Args:
        table: The whole sheet.
        alone: Whether the import has no other sheet.
    """
    signs = Signs(table)
    tables = split_tables(table, signs)
    if len(tables) > 1:
        found = [_one(part, Signs(part), alone=alone) for part in tables]
        return [_with_rows(one) for one in found]
    return [_one(table, signs, alone=alone)]


def _one(table: Table, signs: Signs, *, alone: bool) -> Recognised:
    if not table.cells:
        return Recognised(table, SheetMapping(sheet=table.sheet, layout="page"))
    if row := matrix_row(table, signs):
        mapping = matrix_at(table, table.sheet, row - 1)
        return Recognised(table, mapping, "levels-or-steps" if mapping.axis == "steps" else "")
    columns = level_columns(table, signs)
    if columns:
        return Recognised(table, levels_down(table, signs, columns, alone=alone))
    return _without_levels(table, signs, alone=alone)


def _without_levels(table: Table, signs: Signs, *, alone: bool) -> Recognised:
    """Return the layout of a table whose rows and columns name no levels."""
    level = stem(table.sheet) if level_likeness(stem(table.sheet)) >= _NAMED else None
    if holds_blocks(table, about_level=level is not None):
        return Recognised(table, blocks_at(table, table.sheet, level))
    if signs.header_row is not None and (known := _known_headers(table, signs.header_row, alone=alone)):
        return known
    if level is not None and len(table.columns) == _FEW:
        return Recognised(table, unnamed_list(table, table.sheet, level))
    return _unknown(table)


def matrix_row(table: Table, signs: Signs) -> int:
    """Return the number, from 1, of the row that names the levels of a matrix most clearly; 0 if none does."""
    heads = {row: _heads(table, signs, row) for row, _ in signs.level_rows}
    fewest = _FEW if any(count >= _FEW for count in heads.values()) else 1
    rows = [(row, clearness) for row, clearness in signs.level_rows if heads[row] >= fewest]
    most = max((clearness for _, clearness in rows), default=0)
    row, clearness = next((one for one in rows if one[1] >= _NEAR * most), (-1, 0.0))
    names = signs.level_like(row, table.by_row.get(row, []))
    weak = all(level_likeness(table.at(row, column)) < _NAMED for column in names)
    return 0 if weak and clearness < _CLEAR else row + 1


def _heads(table: Table, signs: Signs, row: int) -> int:
    """Return how many of the names in a row have texts below them."""
    names = signs.level_like(row, table.by_row[row]) or table.by_row[row]
    return sum(bool(table.below(column, row)) for column in names)


def _known_headers(table: Table, row: int, *, alone: bool) -> Recognised | None:
    """Return the layout of a table with known headers and no levels among its rows and columns."""
    texts = {column: table.at(row, column) for column in table.by_row[row]}
    meanings = {column: meaning_of_header(text) for column, text in texts.items()}
    known = set(meanings.values())
    if {"question", "answer"} <= known:
        return Recognised(table, questions_at(table, table.sheet, row))
    unknown = [column for column, meaning in meanings.items() if meaning is None]
    naming = {"competency", "category", "subcategory"} & known
    if naming and len(unknown) >= _FEW and not known & {"text", "step"}:
        return Recognised(table, matrix_at(table, table.sheet, row, unknown), "rows-or-columns")
    if naming and known & TEXTS:
        mapping = list_at(table, table.sheet, row, ())
        needs_level = {one.becomes for one in mapping.columns} & {"text", "step"}
        named = level_likeness(stem(table.sheet)) >= LEVEL
        if needs_level and (named or not alone or "step" in known):
            return Recognised(table, mapping.model_copy(update={"level": stem(table.sheet)}))
        return Recognised(table, mapping)
    return None


def _unknown(table: Table) -> Recognised:
    """Return the likeliest layout of a table without known words: a matrix if it looks like one, else a page."""
    wide = [row for row, columns in table.by_row.items() if len(columns) >= _MANY]
    row = wide[0] if wide else None
    if row is not None and len(wide) > _FEW and all(is_short(table.at(row, c)) for c in table.by_row[row]):
        columns = table.by_row[row]
        first = min(table.columns)
        levels = [column for column in columns if column > first]
        body = [text for column in levels for _, text in table.below(column, row)]
        headers = [table.at(row, column) for column in levels]
        numbers = sum(is_number(text) for text in body) * 2 > len(body)
        if len(levels) >= _FEW and (numbers or average(body) > average(headers)):
            return Recognised(table, matrix_at(table, table.sheet, row, levels), "rows-or-columns")
    return Recognised(table, SheetMapping(sheet=table.sheet, layout="page"))


def _with_rows(one: Recognised) -> Recognised:
    rows = list(one.table.by_row)
    mapping = one.mapping.model_copy(update={"rows": (rows[0] + 1, rows[-1] + 1)})
    return Recognised(one.table, mapping, one.unsure)
