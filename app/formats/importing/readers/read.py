"""Readers by layout: a sheet and its mapping in, facts out."""

from collections.abc import Callable, Mapping
from typing import Final

from app.formats.importing.mapping import ImportMapping, Layout, SheetMapping
from app.formats.importing.readers.block_reader import read_blocks, read_ignored, read_page
from app.formats.importing.readers.facts import Facts
from app.formats.importing.readers.list_reader import read_list, read_questions
from app.formats.importing.readers.matrix_reader import read_matrix
from app.formats.importing.readers.outline_reader import read_outline
from app.formats.importing.readers.transposed_reader import read_transposed
from app.formats.importing.sheets import Sheet
from app.formats.importing.sources.outline import Outline
from app.formats.importing.table import Table

Reader = Callable[[Table, SheetMapping, ImportMapping], Facts]

_READERS: Final[Mapping[Layout, Reader]] = {
    "matrix": read_matrix,
    "transposed": read_transposed,
    "list": read_list,
    "blocks": read_blocks,
    "questions": read_questions,
    "page": read_page,
    "outline": read_page,
}


def read(sheet: Sheet, table: Table | None, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a sheet, or of one table of it, as its mapping says."""
    if isinstance(sheet.content, Outline):
        return read_outline(sheet, sheet.content, mapping, whole)
    table = table or Table.of(sheet, sheet.content)
    if mapping.layout == "ignored":
        return read_ignored(table, mapping, hidden=sheet.content.hidden)
    return _READERS[mapping.layout](table, mapping, whole)
