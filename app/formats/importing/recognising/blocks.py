"""Blocks recognised: levels or competencies one under another, each with its texts below it."""

from typing import Final

from app.formats.importing.mapping import Role, RowMapping, SheetMapping
from app.formats.importing.recognising.signs import LEVEL, is_short
from app.formats.importing.table import Table
from app.formats.importing.words.bullets import split_cell
from app.formats.importing.words.level_names import level_likeness

_FEW: Final = 2
_WIDEST: Final = 3
"""Most columns of a sheet of blocks."""
_CLEAR: Final = 0.9
_ENDS: Final = (".", "!", "?", ";", "\u3002", "\u061f")


def holds_blocks(table: Table, *, about_level: bool) -> bool:
    """Return whether a sheet has levels as headings, each with texts below it.

    A sheet whose name is that of a level has competencies as headings.
    """
    if len(table.columns) > _WIDEST or not table.cells:
        return False
    if about_level:
        return any(_is_heading(table, row) for row in table.by_row)
    levels = [row for row in table.by_row if _is_level(table, row)]
    return len(levels) >= _FEW and len(table.by_row) > len(levels)


def blocks_at(table: Table, sheet: str, level: str | None = None) -> SheetMapping:
    """Return the mapping of a sheet of blocks, perhaps all of one level."""
    rows = list(table.by_row)
    heads = [row for row in rows if _is_level(table, row) or (level is not None and _is_heading(table, row))]
    first = heads[0] if heads else next(iter(rows), 0)
    special: list[RowMapping] = []
    for row in rows:
        text = table.at(row, table.by_row[row][0]).strip()
        role: Role | None = None
        if row < first:
            role = "page"
        elif _is_level(table, row) and level is None:
            role = "level"
        elif _is_heading(table, row):
            role = "competency"
        if role is not None:
            special.append(RowMapping(row=row + 1, header=text, becomes=role))
    return SheetMapping(sheet=sheet, layout="blocks", level=level, special_rows=tuple(special))


def _is_level(table: Table, row: int) -> bool:
    """Return whether a row is the name of a level alone: a clear one, or a likely one above a bullet."""
    columns = table.by_row[row]
    likeness = level_likeness(table.at(row, columns[0])) if len(columns) == 1 else 0.0
    return likeness >= LEVEL and not _is_item(table, row) and (likeness >= _CLEAR or _is_heading(table, row))


def _is_heading(table: Table, row: int) -> bool:
    """Return whether a row is a short text without a bullet above one with a bullet."""
    columns = table.by_row[row]
    text = table.at(row, columns[0]).strip()
    rows = list(table.by_row)
    after = rows.index(row) + 1
    return (
        len(columns) == 1
        and is_short(text)
        and not text.endswith(_ENDS)
        and not _is_item(table, row)
        and after < len(rows)
        and _is_item(table, rows[after])
    )


def _is_item(table: Table, row: int) -> bool:
    """Return whether a row is a bullet, or stands further to the right than the others."""
    column = table.by_row[row][0]
    text = table.at(row, column)
    lines = split_cell(text).lines
    return column > min(table.columns) or (bool(lines) and lines[0].text != text.strip().split("\n")[0])
