"""The contents of files: a whole ladder, a workbook or tables of ours, or sheets that somebody else laid out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.bundle.reader import parse_document
from app.formats.file_import.json_table import is_json_table, read_json_table
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.sheets import Sheet, read_sheets
from app.formats.importing.understand import Understood, understand
from app.formats.sheets.edits.reader import table_name
from app.formats.sheets.grid import Grid
from app.formats.sheets.workbook.reader import is_workbook
from app.rubric.ladder import Ladder

_YAML: Final = (".yaml", ".yml")
_JSON: Final = ".json"


@dataclass(frozen=True)
class OwnWorkbook:
    """A workbook of ours."""

    file: str
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class OwnTable:
    """One of our flat tables."""

    file: str
    grid: Grid
    name: str
    """The name of the table, such as the file that we export has."""


@dataclass(frozen=True)
class OwnLadder:
    """A whole ladder in YAML or JSON, as in ladder files or as the API returns it."""

    file: str
    ladder: Ladder


Content = OwnWorkbook | OwnTable | OwnLadder | Understood


def read_contents(
    files: Sequence[tuple[str, bytes]], mapping: ImportMapping | None, *, name: str
) -> tuple[Content, ...]:
    """Return what files hold. Sheets of other people are understood together; `name` is what they are called.

    Raises:
        BadRequest: A file has no known kind, cannot be read, or exceeds a limit.
        InvalidLadder: A file in YAML or JSON has not the shape of a ladder.
    """
    own: list[Content] = []
    others: list[Sheet] = []
    for file, data in files:
        whole = file.lower().endswith(_YAML) or (file.lower().endswith(_JSON) and not is_json_table(data))
        if whole:
            own.append(OwnLadder(file, parse_document(data, file)))
            continue
        if file.lower().endswith(_JSON):
            own.append(_table(file, read_json_table(data, file)))
            continue
        sheets = read_sheets(data, file)
        found = tuple(_own(file, sheets))
        own += found
        if not found:
            others += sheets
    if others or not own:
        own.append(understand(others, mapping, name=name))
    return tuple(own)


def _own(file: str, sheets: Sequence[Sheet]) -> Iterator[Content]:
    """Yield the workbook or the tables of ours in a file; nothing if it is not ours."""
    grids = tuple(sheet.content for sheet in sheets if isinstance(sheet.content, Grid))
    if is_workbook(grids):
        yield OwnWorkbook(file, grids)
        return
    for grid in grids:
        if table_name(grid) is not None:
            yield _table(file, grid)


def _table(file: str, grid: Grid) -> OwnTable:
    return OwnTable(file, grid, table_name(grid) or "statements")
