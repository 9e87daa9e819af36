"""Layouts recognised: one mapping for each table of a sheet. Nothing is read yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import Layout, SheetMapping
from app.formats.importing.recognising.blocks import blocks_at, holds_blocks
from app.formats.importing.recognising.lists import list_at, questions_at, repeats, transposed_at
from app.formats.importing.recognising.matrix import matrix_at
from app.formats.importing.recognising.signs import LEVEL, Signs, average, is_short
from app.formats.importing.table import Table, stem
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import KNOWN_HEADERS, meaning_of_header, plain, step_height
from app.formats.sheets.grid import column_name

HIDDEN: Final = "hidden"
_FEW: Final = 2
_MANY: Final = 3
_CLEAR: Final = 1.0
_NAMED: Final = 0.9
_NEAR: Final = 0.8
"""Share of the clearest names that the first row of names needs at least."""
_TEXTS: Final = frozenset({"text", "description", "summary", "step", "score", "example", "responsibility"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """The layout of one table."""

    table: Table
    mapping: SheetMapping
    unsure: str = ""
    """What is not certain: a code of `findings.SEVERITIES`."""


def recognise(table: Table, *, alone: bool, forced: SheetMapping | None = None) -> list[Recognised]:
    """Return the layouts of the tables of a sheet.

    Args:
        table: The whole sheet.
        alone: Whether the import has no other sheet.
        forced: A mapping whose layout and header row are used instead of recognised ones.
    """
    if forced is not None:
        return [_forced(table, forced)]
    signs = Signs(table)
    tables = _split(table, signs)
    if len(tables) > 1:
        found = [_one(part, alone=alone) for part in tables]
        return [_with_rows(one) for one in found]
    return [_one(table, alone=alone)]


def _one(table: Table, *, alone: bool) -> Recognised:
    signs = Signs(table)
    if not table.cells:
        return Recognised(table, SheetMapping(sheet=table.sheet, layout="page"))
    if row := _matrix_row(table, signs):
        mapping = matrix_at(table, table.sheet, row - 1)
        return Recognised(table, mapping, "levels-or-steps" if mapping.axis == "steps" else "")
    columns = _level_columns(table, signs)
    if columns:
        return Recognised(table, _levels_down(table, signs, columns, alone=alone))
    if holds_blocks(table):
        return Recognised(table, blocks_at(table, table.sheet))
    if signs.header_row is not None and (known := _known_headers(table, signs.header_row, alone=alone)):
        return known
    return _unknown(table)


def _matrix_row(table: Table, signs: Signs) -> int:
    """Return the number, from 1, of the row that names the levels of a matrix most clearly; 0 if none does."""
    rows = [(row, clearness) for row, clearness in signs.level_rows if _heads(table, signs, row)]
    most = max((clearness for _, clearness in rows), default=0)
    row, clearness = next((one for one in rows if one[1] >= _NEAR * most), (-1, 0.0))
    names = signs.level_like(row, table.by_row.get(row, []))
    weak = all(level_likeness(table.at(row, column)) < _NAMED for column in names)
    return 0 if weak and clearness < _CLEAR else row + 1


def _heads(table: Table, signs: Signs, row: int) -> bool:
    """Return whether at least two of the names in a row have texts below them."""
    names = signs.level_like(row, table.by_row[row]) or table.by_row[row]
    return sum(bool(table.below(column, row)) for column in names) >= _FEW


def _level_columns(table: Table, signs: Signs) -> list[int]:
    """Return the columns that name levels: by what they hold, or by their header."""
    found = list(signs.level_columns)
    row = signs.header_row
    if row is None:
        return found
    for column in table.by_row[row]:
        cells = [text for _, text in table.below(column, row)]
        named = meaning_of_header(table.at(row, column)) in {"level", "title", "code"}
        exact = plain(table.at(row, column)) in KNOWN_HEADERS
        if column not in found and named and exact and len(cells) >= _FEW and all(map(is_short, cells)):
            found.append(column)
    return sorted(found)


def _levels_down(table: Table, signs: Signs, columns: Sequence[int], *, alone: bool) -> SheetMapping:
    """Return the mapping of a table whose rows are levels: a long list, or one row for each level."""
    row = _header_above(table, signs, columns)
    meanings = {} if row is None else {c: meaning_of_header(table.at(row, c)) for c in table.by_row[row]}
    exact = [
        column
        for column, meaning in meanings.items()
        if meaning in {"competency", "subcategory"} and plain(table.at(row or 0, column)) in KNOWN_HEADERS
    ]
    others = [column for column in table.columns if column not in columns]
    first = -1 if row is None else row
    level_repeats = all(repeats(table, column, first) for column in columns[:1])
    short = all(average([text for _, text in table.below(column, first)]) < 60 for column in exact)  # noqa: PLR2004 - names are short
    if exact and short and len(exact) <= _FEW and (level_repeats or set(meanings.values()) & _TEXTS):
        return list_at(table, table.sheet, row, columns)
    if row is not None and _several_rows_each(table, columns, row) and set(meanings.values()) & _TEXTS:
        return list_at(table, table.sheet, row, columns)
    only_texts = others and all(meanings.get(column) in {*_TEXTS, "people", None} for column in others)
    one_competency = len(others) <= _FEW and only_texts and not alone
    if row is None or (one_competency and set(meanings.values()) & _TEXTS):
        return list_at(table, table.sheet, row, columns)
    return transposed_at(table, table.sheet, row, columns)


def _several_rows_each(table: Table, columns: Sequence[int], row: int) -> bool:
    """Return whether the levels repeat: the table has several rows for each."""
    return all(repeats(table, column, row) for column in columns)


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
    if naming and known & _TEXTS:
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
        if len(levels) >= _FEW and average(body) > average(headers):
            return Recognised(table, matrix_at(table, table.sheet, row, levels), "rows-or-columns")
    return Recognised(table, SheetMapping(sheet=table.sheet, layout="page"))


def _split(table: Table, signs: Signs) -> list[Table]:
    """Return the tables of a sheet that has several matrices, one under another."""
    rows = list(table.by_row)
    clear = [
        row
        for row, clearness in signs.level_rows
        if all(
            level_likeness(table.at(row, column)) >= _NAMED and step_height(table.at(row, column)) is None
            for column in signs.level_like(row, table.by_row[row])
        )
    ]
    starts: list[int] = []
    for row in clear:
        before = rows[rows.index(row) - 1] if rows.index(row) else None
        gap = before is None or before < row - 1 or len(table.by_row[before]) == 1
        texts = [table.at(row, column).casefold() for column in signs.level_like(row, table.by_row[row])]
        known = [
            [table.at(one, column).casefold() for column in signs.level_like(one, table.by_row[one])]
            for one in starts
        ]
        if (gap or not starts) and texts not in known:
            starts.append(row)
    if len(starts) < _FEW:
        return [table]
    edges = [rows[0], *(_first_of(table, rows, start) for start in starts[1:])]
    ends = [edge - 1 for edge in edges[1:]] + [rows[-1]]
    return [table.part(first, last) for first, last in zip(edges, ends, strict=True)]


def _first_of(table: Table, rows: Sequence[int], start: int) -> int:
    """Return the first row of a table: its headers, with the single texts right above them."""
    at = rows.index(start)
    while at and rows[at - 1] == rows[at] - 1 and len(table.by_row[rows[at - 1]]) == 1:
        at -= 1
    return rows[at]


def _with_rows(one: Recognised) -> Recognised:
    rows = list(one.table.by_row)
    mapping = one.mapping.model_copy(update={"rows": (rows[0] + 1, rows[-1] + 1)})
    return Recognised(one.table, mapping, one.unsure)


def _forced(table: Table, saved: SheetMapping) -> Recognised:
    """Return the layout that a mapping asks for, with the columns and rows as the table has them now."""
    signs = Signs(table)
    row = saved.headers[-1] - 1 if saved.headers else signs.header_row
    layouts: dict[Layout, SheetMapping | None] = {}
    if saved.layout == "matrix":
        named = _matrix_row(table, signs)
        at = (
            named - 1
            if named and not saved.headers
            else row
            if row is not None
            else next(iter(table.by_row), 0)
        )
        if saved.headers and not signs.level_like(at, table.by_row.get(at, [])):
            at = saved.headers[0] - 1
        levels = _saved_levels(table, saved)
        layouts["matrix"] = (
            matrix_at(table, table.sheet, at, levels, trusted=True)
            if levels or table.by_row.get(at)
            else None
        )
    elif saved.layout in {"transposed", "list", "questions"}:
        columns = _level_columns(table, signs)
        if saved.layout == "questions" and row is not None:
            layouts["questions"] = questions_at(table, table.sheet, row)
        else:
            build = transposed_at if saved.layout == "transposed" else list_at
            layouts[saved.layout] = build(table, table.sheet, row, columns)
    elif saved.layout == "blocks":
        layouts["blocks"] = blocks_at(table, table.sheet)
    mapping = layouts.get(saved.layout) or SheetMapping(sheet=table.sheet, layout=saved.layout)
    return Recognised(table, mapping.model_copy(update={"layout": saved.layout}))


def _saved_levels(table: Table, saved: SheetMapping) -> list[int]:
    wanted = {one.column for one in saved.columns if one.becomes == "level"}
    return [column for column in table.columns if column_name(column) in wanted]
