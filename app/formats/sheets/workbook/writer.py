"""The workbook of a ladder as an .xlsx file. The same release always gives the same bytes."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

import xlsxwriter

from app.formats.sheets.workbook.cells import pieces
from app.formats.sheets.workbook.layout import ABOUT, KEY, MARK, PART, SHEETS, UUID, VERSION
from app.formats.sheets.workbook.matrix import matrix_sheets
from app.formats.sheets.workbook.rows import Row, about_rows, workbook_rows
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.releases import rfc3339

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no time zone
"""The time of creation in every workbook, so that equal releases give equal bytes."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_INSTRUCTIONS: Final = (
    "Edit the other sheets and import the workbook again. Only cells that you change become edits.",
    "Statements has the texts. A new row needs a level (or a step), a competency and a text.",
    "Leave the columns UUID, Key, Of and Part as they are. In new rows they may stay empty.",
    "(empty) is a text that was written and is empty. A list has one line per entry.",
    "The Matrix sheets are for reading and printing. They are not imported.",
)
_WIDE: Final = frozenset(
    {"Text", "Summary", "Description", "Answer", "Source", "Scope", "Note", "Reason", "Items"}
)
_NARROW: Final = frozenset({PART, "Rank", "Points", "Code", "Language"})


@dataclass(frozen=True)
class Origin:
    """The source of a workbook: a release or the draft."""

    release: str
    """The number of the release, or `draft`."""
    url: str | None = None
    """The pinned URL of the release; None if there is none."""
    published: datetime | None = None
    """The time of publishing; None for a draft."""


def write_workbook(index: Index, origin: Origin) -> bytes:
    """Return the workbook of a ladder.

    Raises Conflict if two entities have the same address.
    """
    rows = workbook_rows(index)
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, _OPTIONS) as book:
        book.set_properties({"title": index.ladder.title[:255], "created": _CREATED})
        styles = _Styles(book)
        _write(book, styles, ABOUT, list(_split_all(_about(index, origin), 2)), [24, 100, 6])
        for sheet in SHEETS:
            if rows[sheet.field] or sheet.field in {"levels", "competencies", "statements"}:
                lines = [list(sheet.headers), *_lines(sheet.headers, rows[sheet.field])]
                _write(book, styles, sheet.title, lines, [_width(one) for one in sheet.headers])
        for name, matrix in matrix_sheets(index):
            _write(
                book, styles, name, list(_split_all(matrix)), [28] + [40] * (len(matrix[0]) - 1), printed=True
            )
    return packed.getvalue()


def _about(index: Index, origin: Origin) -> list[list[str]]:
    lines = [[MARK, VERSION], ["Release", origin.release]]
    if origin.published is not None:
        lines.append(["Published", rfc3339(origin.published)])
    if origin.url is not None:
        lines.append(["URL", origin.url])
    lines.append(["Content SHA-256", content_sha256(canonical(index.ladder))])
    lines += [["How to use", line] for line in _INSTRUCTIONS]
    lines += [list(pair) for pair in about_rows(index.ladder)]
    return [[*line, ""] for line in lines]


def _lines(headers: Sequence[str], rows: Sequence[Row]) -> Iterator[list[str]]:
    """Yield the lines of a sheet; a row with a text that is too long for one cell takes several."""
    for row in rows:
        yield from split_row([row.get(name, "") for name in headers], headers.index(PART))


def _split_all(rows: Sequence[list[str]], part: int | None = None) -> Iterator[list[str]]:
    for row in rows:
        yield from split_row(row, part)


def split_row(cells: list[str], part: int | None) -> Iterator[list[str]]:
    """Yield a row in as many lines as its longest text needs. The column `part` numbers them."""
    if all(len(cell) < 250 and not cell.startswith("<r>") for cell in cells):  # noqa: PLR2004 - none is near a limit
        yield cells
        return
    for number, line in enumerate(
        zip_longest(*(tuple(pieces(cell)) or ("",) for cell in cells), fillvalue=""), 1
    ):
        found = list(line)
        if number > 1:
            found = (
                [*found, str(number)] if part is None else [*found[:part], str(number), *found[part + 1 :]]
            )
        yield found


class _Styles:
    """The formats of cells in one workbook."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - the library has no types
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF3"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})


def _write(
    book: Any,  # noqa: ANN401 - the library has no types
    styles: _Styles,
    name: str,
    lines: list[list[str]],
    widths: Sequence[int],
    *,
    printed: bool = False,
) -> None:
    sheet = book.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, styles.text)
    sheet.freeze_panes(1, 1 if printed else 0)
    if printed:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    for number, line in enumerate(lines):
        style = styles.header if number == 0 else styles.text
        for column, cell in enumerate(line):
            if cell:
                sheet.write_string(number, column, cell, style)


def _width(name: str) -> int:
    if name in _WIDE:
        return 60
    return 8 if name in _NARROW else 38 if name in {UUID, KEY} else 22
