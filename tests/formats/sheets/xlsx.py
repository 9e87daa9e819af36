"""Workbooks edited as people edit them, for tests."""

import io
from collections.abc import Callable
from dataclasses import replace

import xlsxwriter

from app.formats.sheets.grid import Grid
from app.formats.sheets.xlsx_reader import read_xlsx

Grids = tuple[Grid, ...]
Edit = Callable[[list[dict[str, str]]], object]
"""An edit of the rows of one sheet, each a dictionary by header."""


def edited(grids: Grids, sheet: str, edit: Edit) -> Grids:
    """Return the grids after an edit of the rows of one sheet."""
    (grid,) = [one for one in grids if one.name == sheet]
    headers = grid.cells[0]
    rows = [
        {name: row[at] if at < len(row) else "" for at, name in enumerate(headers)} for row in grid.cells[1:]
    ]
    edit(rows)
    cells = (headers, *(tuple(row.get(name, "") for name in headers) for row in rows))
    return tuple(replace(one, cells=cells) if one is grid else one for one in grids)


def rewritten(data: bytes, edit: Callable[[Grids], Grids]) -> bytes:
    """Return a workbook after an edit of its grids."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for grid in edit(read_xlsx(data, "a.xlsx")):
            sheet = book.add_worksheet(grid.name)
            for row, line in enumerate(grid.cells):
                for column, cell in enumerate(line):
                    if cell:
                        sheet.write_string(row, column, cell)
    return packed.getvalue()
