"""Grids of cells, read from CSV files and workbooks: text only, within limits, and nothing that can run.

A grid starts at the first cell of its sheet, so a row number here is the row number that a spreadsheet program shows,
less one. Reading knows nothing of ladders.
"""

import csv
import io
from dataclasses import dataclass
from typing import Final

from app.errors import BadRequest, Fault
from app.formats.sheets.encodings import decode_text

MAX_PACKED: Final = 20 * 1024**2
"""Most bytes of one file."""
MAX_CELLS: Final = 250_000
"""Most cells with content in one file."""
SEPARATORS: Final = (",", ";", "\t", "|")
"""The separators that `read_csv` recognises."""
_SAMPLE: Final = 64 * 1024
"""The number of characters of a file that decide about its separator."""

Place = tuple[int, int]
"""A row and a column, both from 0."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet as text, from its first row and column."""

    name: str
    """Name of the sheet; for a CSV file the name of the file."""
    cells: tuple[tuple[str, ...], ...]
    """Rows of cells. Line ends are LF, and an empty cell is an empty text. Rows may differ in length."""
    merged: tuple[tuple[Place, Place], ...] = ()
    """Merged ranges, each as its first and last cell. Only the first cell of a range has content."""
    formulas: frozenset[Place] = frozenset()
    """Cells whose value a formula computed."""
    hidden: bool = False
    """True if the sheet is hidden."""
    hidden_rows: frozenset[int] = frozenset()
    """Rows that the spreadsheet program does not show."""
    hidden_columns: frozenset[int] = frozenset()
    """Columns that the spreadsheet program does not show."""
    encoding: str = "utf-8"
    """The encoding that the text was read in."""


def column_name(column: int) -> str:
    """Return the letters of a column counted from 0: `A`, `Z`, `AA`."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def show_place(file: str, sheet: str, row: int, column: int | None = None) -> str:
    """Return the place of a row or a cell as people name it: `file.xlsx, sheet "Levels", row 3, column B`."""
    of_sheet = f'{file}, sheet "{sheet}"' if sheet and sheet != file else file
    return f"{of_sheet}, row {row + 1}" + ("" if column is None else f", column {column_name(column)}")


def refusal(detail: str) -> BadRequest:
    """Return the error for a file that cannot be read as a grid."""
    return BadRequest(detail, faults=[Fault(detail)])


def read_csv(data: bytes, name: str, separator: str | None = None) -> Grid:
    """Return the one grid of a CSV file. Without a separator, recognise it.

    Raises:
        BadRequest: The file is too large, is not text, or has too many cells.
    """
    if len(data) > MAX_PACKED:
        raise refusal(f"{name}: {len(data):,} bytes. A file may have at most {MAX_PACKED:,}; split it.")
    text, encoding = decode_text(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        separator, text = text[4], text[6:]
    chosen = separator or find_separator(text)
    rows = _csv_rows(text, name, chosen)
    return Grid(name=name, cells=tuple(rows), encoding=encoding)


def find_separator(text: str) -> str:
    """Return the separator that cuts the first rows of a text most evenly; a comma if none does."""
    sample = text[:_SAMPLE]
    return max(SEPARATORS, key=lambda separator: (_evenness(sample, separator), -SEPARATORS.index(separator)))


def _evenness(sample: str, separator: str) -> float:
    """Return how well a separator cuts a sample: the share of rows with the commonest width, times its columns."""
    if separator not in sample:
        return 0.0
    _allow_long_cells()
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row))
    except csv.Error:
        return 0.0
    several = [width for width in widths if width > 1]
    if not several:
        return 0.0
    commonest = max(set(several), key=lambda width: (several.count(width), width))
    return several.count(commonest) / len(widths) * (1 + min(commonest, 20) / 100)


def _csv_rows(text: str, name: str, separator: str) -> list[tuple[str, ...]]:
    _allow_long_cells()
    rows: list[tuple[str, ...]] = []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            filled += sum(1 for cell in row if cell)
            if filled > MAX_CELLS:
                raise too_many_cells(name)
            rows.append(tuple(row))
    except csv.Error as error:
        raise refusal(f"{name}, row {len(rows) + 1}: not valid CSV ({error}). Save the file again.") from None
    return rows


def too_many_cells(name: str) -> BadRequest:
    """Return the error for a file with more cells than `MAX_CELLS`."""
    return refusal(f"{name}: more than {MAX_CELLS:,} cells with content. Split the file into several.")


def _allow_long_cells() -> None:
    """Let a cell be as long as a file: the limit of the `csv` module is one for the process."""
    csv.field_size_limit(MAX_PACKED)
