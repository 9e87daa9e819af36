"""The common part of all columns: why one is left out, and the headers of a matrix."""

from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import ColumnMapping
from app.formats.importing.recognising.signs import average
from app.formats.importing.table import Table
from app.formats.sheets.grid import column_name

ABOUT_PEOPLE: Final = "about people"
NUMBERING: Final = "numbers its rows"
NOT_UNDERSTOOD: Final = "not understood"
PERHAPS_PEOPLE: Final = "perhaps about people"
FORMULAS: Final = "computed by formulas"
_LONG_TEXT: Final = 60


@dataclass(frozen=True)
class Header:
    """The rows that hold the headers of a matrix."""

    levels: int
    """The row that names the levels."""
    titles: int | None = None
    """A row below it with more of their names."""
    parts: int | None = None
    """A row below that says what each column of a level holds."""
    tracks: int | None = None
    """A row above that names the tracks of the levels."""

    @property
    def last(self) -> int:
        """The last row of headers."""
        return max(row for row in (self.levels, self.titles, self.parts) if row is not None)


def header_text(table: Table, header: Header, column: int) -> str:
    """Return the header of a column, from all rows of headers."""
    rows = (header.levels, header.titles, header.parts)
    texts = [table.at(row, column).strip() for row in rows if row is not None]
    if header.parts is not None and table.at(header.parts, column) and not texts[0]:
        return table.at(header.parts, column).strip()
    return "\n".join(text for text in texts if text)


def left_out(column: int, header: str, why: str) -> ColumnMapping:
    """Return the mapping of a column that is left out."""
    return ColumnMapping(column=column_name(column), header=header, becomes="nothing", why=why)


def is_computed(table: Table, row: int, column: int) -> bool:
    """Return whether most cells of a column are computed and hold no text."""
    cells = table.below(column, row)
    computed = [
        text for one, text in cells if (one, column) in table.formulas or text.lstrip().startswith("=")
    ]
    return len(computed) * 2 > len(cells) and average(computed) < _LONG_TEXT
