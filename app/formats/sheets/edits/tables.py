"""An edited table as the ladder that it was made from, with only the cells changed that people changed."""

from typing import Final

from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.edits.entities import edit_entities, read_columns
from app.formats.sheets.edits.reader import ReadTable
from app.formats.sheets.edits.statements import edit_statements
from app.formats.sheets.edits.target import EditedLadder, Target
from app.formats.sheets.grid import show_place
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.tables import table_rows
from app.rubric.index import Index

_NEVER_COMPARED: Final = frozenset({"ladder", "release", "url", "uuid", "origin", "counts_as"})


def edited_ladder(table: ReadTable, base: Index, file: str) -> EditedLadder:
    """Return the ladder with the edits of one of our tables.

    Raises:
        BadRequest: The table cannot be edited: it shows what levels effectively ask.
        InvalidLadder: A value does not fit.
    """
    names = COLUMNS[table.name]
    parts = Parts(base, "", lambda node: node.target)
    before: list[dict[str, object]] = [
        dict(zip(names, row, strict=True)) for row in table_rows(parts, table.name, Chosen())
    ]
    target = Target(base, read_columns(table.name) | _NEVER_COMPARED)
    if table.name == "statements":
        edit_statements(target, table, before, file)
    else:
        edit_entities(target, table, before)
    _note_computed(target, table, file)
    for header, column in table.unknown.items():
        place = show_place(file, file, 0, column)
        target.remark(
            "unread", f"{place}: this table has no column {header[:80]!r}. The column was not read."
        )
    return target.result()


def _note_computed(target: Target, table: ReadTable, file: str) -> None:
    """Note each column that was edited although it only repeats what is written elsewhere."""
    for name, rows in target.computed.items():
        place = show_place(file, rows[0].sheet, rows[0].row, table.columns[name])
        more = f" and {len(rows) - 1} more below" if len(rows) > 1 else ""
        target.remark(
            "computed-column",
            f"{place}{more}: the column {name} repeats what is written elsewhere, so this edit was not used. "
            f"Edit it in the table or sheet of the entity itself.",
        )
