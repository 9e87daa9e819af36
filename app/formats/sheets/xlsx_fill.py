"""Rows written into one sheet of an existing workbook. All other parts of the file stay as they are, byte for byte.

The XML of the sheet is changed in place, because reading a workbook into a model and writing it again loses what the
model does not know: validations, styles, hidden lists, names.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from app.errors import Invalid
from app.formats.sheets.grid import column_name, refusal, show_place
from app.formats.sheets.xlsx_reader import column_number, sheet_parts

MOST_IN_CELL: Final = 32_767
"""Most characters of one cell in Excel."""
_DATA: Final = re.compile(rb"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</(?:\w+:)?sheetData\s*>)", re.DOTALL)
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.DOTALL)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_PLACE: Final = re.compile(rb"\br=[\"']([A-Z]*)([0-9]+)[\"']")
_STYLE: Final = re.compile(rb"\bs=[\"']([0-9]+)[\"']")
_SPANS: Final = re.compile(rb"\s+spans=[\"'][^\"']*[\"']")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
_DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension\b[^>]*/>")
_RANGE: Final = re.compile(rb"(\bref=[\"'][A-Z]+)([0-9]+)(:[A-Z]+)([0-9]+)([\"'])")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Filling:
    """The rows to write into a sheet."""

    sheet: str
    header: int
    """The row of the headers, from 0."""
    first: int
    """The first row to fill, from 0."""
    columns: tuple[int, ...]
    """The column of each value, from 0."""
    numeric: frozenset[int]
    """The places of values that are numbers."""
    lines: Sequence[Sequence[str]]


@dataclass
class _Row:
    """One row of the sheet as it is."""

    attributes: bytes = b""
    cells: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    """The attributes and the whole XML of each cell, by column."""


def fill_sheet(data: bytes, name: str, filling: Filling) -> bytes:
    """Return a workbook with rows written into one of its sheets.

    Raises:
        BadRequest: The sheet cannot be found.
        Invalid: A cell to fill has a formula.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as made:
        contents = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        part = sheet_parts(contents).get(filling.sheet, "")
        if part not in contents:
            raise refusal(f"{name}: the sheet {filling.sheet!r} cannot be found in the file. Save it again.")
        contents[part] = _filled(contents[part], name, filling)
        for table in _tables(contents, part):
            contents[table] = _stretched(contents[table], filling)
        for entry in archive.infolist():
            made.writestr(entry, contents[entry.filename], entry.compress_type)
    return packed.getvalue()


def _filled(sheet: bytes, name: str, filling: Filling) -> bytes:
    """Return the XML of the sheet with the rows."""
    found = _DATA.search(sheet)
    if found is None:
        raise refusal(f"{name}: the sheet {filling.sheet!r} has no cells. Save the template again.")
    prefix = found[1]
    before, rows = _split(found[2] or b"", filling.first)
    lines = b"".join(_lines(rows, prefix, name, filling))
    opening, closing = b"<" + prefix + b"sheetData>", b"</" + prefix + b"sheetData>"
    whole = sheet[: found.start()] + opening + before + lines + closing + sheet[found.end() :]
    return _DIMENSION.sub(b"", whole, count=1)


def _split(data: bytes, first: int) -> tuple[bytes, dict[int, _Row]]:
    """Return the XML of the rows before the first one to fill, and the other rows."""
    number, end = -1, 0
    rows: dict[int, _Row] = {}
    for match in _ROW.finditer(data):
        stated = _PLACE.search(match[1])
        number = int(stated[2]) - 1 if stated else number + 1
        if number < first:
            end = match.end()
            continue
        row = rows.setdefault(number, _Row(_SPANS.sub(b"", match[1]).rstrip()))
        column = -1
        for cell in _CELL.finditer(match[2] or b""):
            place = _PLACE.search(cell[1])
            column = column_number(place[1]) - 1 if place else column + 1
            row.cells[column] = cell[1], cell[0]
    return data[:end], rows


def _lines(rows: dict[int, _Row], prefix: bytes, name: str, filling: Filling) -> Iterator[bytes]:
    """Yield the XML of each row from the first one to fill."""
    pattern = rows.get(filling.first, _Row())
    last = max([*rows, filling.first + len(filling.lines) - 1], default=0)
    for number in range(filling.first, last + 1):
        row = rows.get(number)
        at = number - filling.first
        values = filling.lines[at] if at < len(filling.lines) else None
        if row is None and values is None:
            continue
        cells = {} if row is None else dict(_kept(row, prefix, number))
        for index, column in enumerate(filling.columns):
            old = (row or pattern).cells.get(column, (b"", b""))
            if row is not None and _FORMULA.search(old[1]):
                place = show_place(name, filling.sheet, number, column)
                raise Invalid(f"{place}: the template has a formula here. Leave the column out of the map.")
            value = "" if values is None else values[index]
            style = _STYLE.search(old[0]) or _STYLE.search(pattern.cells.get(column, (b"", b""))[0])
            cells[column] = _cell(prefix, number, column, value, style, numeric=index in filling.numeric)
        attributes = f' r="{number + 1}"'.encode() if row is None else row.attributes
        inside = b"".join(cells[column] for column in sorted(cells))
        yield b"<" + prefix + b"row" + attributes + b">" + inside + b"</" + prefix + b"row>"


def _kept(row: _Row, prefix: bytes, number: int) -> Iterator[tuple[int, bytes]]:
    """Yield the cells of a row without the values of an example: formulas stay, and so do styles."""
    for column, (attributes, cell) in row.cells.items():
        if _FORMULA.search(cell):
            yield column, cell
        else:
            style = _STYLE.search(attributes)
            yield column, _cell(prefix, number, column, "", style, numeric=False)


def _cell(
    prefix: bytes, row: int, column: int, value: str, style: re.Match[bytes] | None, *, numeric: bool
) -> bytes:
    """Return the XML of one cell: a text, a number, or an empty cell with its style."""
    head = b"<" + prefix + f'c r="{column_name(column)}{row + 1}"'.encode()
    head += b"" if style is None else b' s="' + style[1] + b'"'
    if not value:
        return b"" if style is None else head + b"/>"
    end = b"</" + prefix + b"c>"
    if numeric and _NUMBER.fullmatch(value):
        return head + b"><" + prefix + b"v>" + value.encode() + b"</" + prefix + b"v>" + end
    text = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_ESCAPED.sub("_x005F_", value))
    inner = b"<" + prefix + b"is><" + prefix + b't xml:space="preserve">' + escape(text).encode()
    return head + b' t="inlineStr">' + inner + b"</" + prefix + b"t></" + prefix + b"is>" + end


def _tables(contents: dict[str, bytes], part: str) -> Iterator[str]:
    """Yield the parts of the tables that the sheet has."""
    folder, _, file = part.rpartition("/")
    relations = contents.get(f"{folder}/_rels/{file}.rels", b"")
    for target in re.findall(rb"Target=[\"']([^\"']*tables/[^\"']+)[\"']", relations):
        path = target.decode().replace("../", "xl/").lstrip("/")
        if path in contents:
            yield path


def _stretched(table: bytes, filling: Filling) -> bytes:
    """Return a table of the sheet with ranges that reach to the last row, if it has the headers of the rows."""
    last = filling.first + len(filling.lines)

    def reach(found: re.Match[bytes]) -> bytes:
        if int(found[2]) != filling.header + 1 or int(found[4]) >= last:
            return found[0]
        return found[1] + found[2] + found[3] + str(last).encode() + found[5]

    return _RANGE.sub(reach, table)
