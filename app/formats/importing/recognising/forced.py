"""Layouts that a mapping asks for, with the columns and rows as the sheet has them now."""

from app.formats.importing.mapping import Layout, SheetMapping
from app.formats.importing.recognising.blocks import blocks_at
from app.formats.importing.recognising.levels_down import level_columns
from app.formats.importing.recognising.lists import list_at, questions_at
from app.formats.importing.recognising.matrix import matrix_at
from app.formats.importing.recognising.recognise import Recognised, matrix_row
from app.formats.importing.recognising.signs import Signs
from app.formats.importing.recognising.transposed import transposed_at
from app.formats.importing.table import Table
from app.formats.sheets.grid import column_name


def recognise_as(table: Table, saved: SheetMapping) -> Recognised:
    """Return the layout that a mapping asks for, with the columns and rows as the table has them now."""
    signs = Signs(table)
    row = saved.headers[-1] - 1 if saved.headers else signs.header_row
    layouts: dict[Layout, SheetMapping | None] = {}
    if saved.layout == "matrix":
        named = matrix_row(table, signs)
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
        columns = level_columns(table, signs)
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
