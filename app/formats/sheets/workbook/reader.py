"""Our workbook read back: from grids to the rows of each sheet, with their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import Fault
from app.formats.sheets.grid import Grid, show_place
from app.formats.sheets.workbook.layout import ABOUT, BY_TITLE, MARK, MATRIX, PART, Sheet
from app.rubric.suggest import did_you_mean


@dataclass(frozen=True, eq=False)
class Entry:
    """One row of a sheet; a text that continues in the next rows is one text."""

    cells: dict[str, str]
    """The filled cells, by header."""
    file: str = ""
    sheet: str = ""
    row: int = 0
    """The number of its first row, from 0."""
    columns: Mapping[str, int] = field(default_factory=dict)

    def place(self, header: str | None = None) -> str:
        """Return the place of the row, or of one of its cells, as people name it."""
        return show_place(self.file, self.sheet, self.row, self.columns.get(header or ""))


@dataclass(frozen=True)
class Read:
    """The content of a workbook of ours."""

    about: Mapping[str, Entry]
    """The rows of the sheet `About`, by their labels. The cell `Value` has the value."""
    rows: Mapping[str, Sequence[Entry]]
    """The rows of each sheet that is there, by the name of its property."""
    faults: tuple[Fault, ...]
    """The parts that were not read: sheets and columns that this software does not know."""


def is_workbook(grids: Sequence[Grid]) -> bool:
    """Return whether these are the sheets of a workbook of ours."""
    return any(grid.name == ABOUT and bool(grid.cells) and grid.cells[0][:1] == (MARK,) for grid in grids)


def read_sheets(grids: Sequence[Grid], file: str) -> Read:
    """Return the rows of a workbook of ours. The matrices are left out: they are for reading only."""
    about: dict[str, Entry] = {}
    rows: dict[str, Sequence[Entry]] = {}
    faults: list[Fault] = []
    for grid in grids:
        sheet = BY_TITLE.get(grid.name.strip().lower())
        if grid.name == ABOUT:
            about = _about(grid, file)
        elif sheet is not None:
            rows[sheet.field] = _entries(grid, sheet, file, faults)
        elif not grid.name.lower().startswith(MATRIX.lower()) and any(map(any, grid.cells)):
            known = did_you_mean(grid.name, [one.title for one in BY_TITLE.values()])
            faults.append(Fault(f'{file}, sheet "{grid.name}": this workbook has no such sheet.{known}'))
    return Read(about, rows, tuple(faults))


def _about(grid: Grid, file: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    last = ""
    for number, row in enumerate(grid.cells):
        label, value, part = (*row, "", "", "")[:3]
        if part and last in found:
            found[last].cells["Value"] += value
        elif label and value:
            last = label
            found[label] = Entry({"Value": value}, file, grid.name, number, {"Value": 1})
    return found


def _entries(grid: Grid, sheet: Sheet, file: str, faults: list[Fault]) -> list[Entry]:
    known = {name.lower(): name for name in sheet.headers}
    names = [known.get(cell.strip().lower()) for cell in grid.cells[0]] if grid.cells else []
    columns = {name: number for number, name in enumerate(names) if name is not None}
    entries: list[Entry] = []
    unread: dict[int, list[int]] = {}
    """The rows with content in columns that this sheet does not have."""
    for number, row in enumerate(grid.cells[1:], 1):
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name is not None and cell}
        if cells.pop(PART, "") and entries:
            _continue(entries[-1], cells)
        elif cells:
            entries.append(Entry(cells, file, grid.name, number, columns))
        for column, cell in enumerate(row):
            if cell and (column >= len(names) or names[column] is None):
                unread.setdefault(column, []).append(number)
    faults += (
        Fault(
            f"{show_place(file, grid.name, found[0], column)}"
            f"{f' and {len(found) - 1} more below' if len(found) > 1 else ''}: the column has no known header. "
            f"Known headers: {', '.join(sheet.headers)}."
        )
        for column, found in unread.items()
    )
    return entries


def _continue(entry: Entry, cells: Mapping[str, str]) -> None:
    for name, cell in cells.items():
        entry.cells[name] = entry.cells.get(name, "") + cell
