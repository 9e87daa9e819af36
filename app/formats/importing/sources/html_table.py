"""Tables of HTML: cells placed by their spans, as browsers place them."""

from collections.abc import Iterator
from typing import Final

from app.formats.sheets.grid import MAX_CELLS, Grid, Place, refusal, too_many_cells

_WIDEST: Final = 16_384
_LONGEST_SPAN: Final = 65_534


class HtmlTable:
    """One table that is being read."""

    def __init__(self, file: str) -> None:
        self.caption = ""
        self.in_cell = False
        self._file = file
        self._cells: dict[Place, str] = {}
        self._merged: list[tuple[Place, Place]] = []
        self._row = -1
        self._column = 0
        self._taken: dict[int, int] = {}
        """The last row that a cell from above takes, by column."""
        self._texts: list[str] = []
        self._span = (1, 1)

    def start_row(self) -> None:
        """Begin the next row."""
        self._row += 1
        self._column = 0

    def start_cell(self, rows: str, columns: str) -> None:
        """Begin the next cell, which takes this many rows and columns."""
        self._row = max(self._row, 0)
        while self._taken.get(self._column, -1) >= self._row:
            self._column += 1
        self._span = (_span(rows), min(_span(columns), 1_000))
        if self._column + self._span[1] > _WIDEST:
            raise refusal(f"{self._file}: a table has more than {_WIDEST:,} columns. Split it.")
        self.in_cell, self._texts = True, []

    def add(self, text: str) -> None:
        """Add a line of text to the open cell."""
        self._texts.append(text)

    def end_cell(self) -> None:
        """Put the open cell in its place."""
        here = (self._row, self._column)
        if text := "\n".join(self._texts):
            self._cells[here] = text
        if len(self._cells) > MAX_CELLS:
            raise too_many_cells(self._file)
        rows, columns = self._span
        if self._span != (1, 1):
            self._merged.append((here, (here[0] + rows - 1, here[1] + columns - 1)))
        if rows > 1:
            self._taken |= dict.fromkeys(range(here[1], here[1] + columns), here[0] + rows - 1)
        self._column += columns
        self.in_cell = False

    def texts(self) -> Iterator[str]:
        """Yield the texts of all cells, in order."""
        yield from self._cells.values()

    def grid(self, name: str) -> Grid:
        """Return the table as a grid."""
        height = max((row for row, _ in self._cells), default=-1) + 1
        widths = [0] * height
        for row, column in self._cells:
            widths[row] = max(widths[row], column + 1)
        cells = tuple(
            tuple(self._cells.get((row, column), "") for column in range(width))
            for row, width in enumerate(widths)
        )
        merged = tuple(
            (first, (min(last[0], height - 1), last[1])) for first, last in self._merged if first[0] < height
        )
        return Grid(name=name, cells=cells, merged=merged)


def _span(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LONGEST_SPAN))):
        return 1
    return max(1, min(int(text), _LONGEST_SPAN))
