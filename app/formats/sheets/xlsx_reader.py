"""Workbooks read into grids. Only parts that were measured reach the parser.

A workbook is a ZIP file of XML. Every part is unpacked here first, counted against the limits and searched for what
must not be in it. The parser then gets a new, unpacked archive of those parts alone, so nothing that a ZIP directory
claims about sizes or names can mislead it.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from app.errors import BadRequest
from app.formats.sheets.grid import MAX_CELLS, MAX_PACKED, Grid, Place, refusal, too_many_cells

MAX_UNPACKED: Final = 200 * 1024**2
"""Most bytes of all parts of a workbook."""
MAX_RATIO: Final = 100
"""Most bytes that one packed byte may become."""
_SMALL: Final = 1024**2
"""Parts up to this size may be packed more tightly: short XML repeats itself."""
_MAX_PARTS: Final = 5_000
_MAX_AREA: Final = 4_000_000
"""Most cells, empty ones too, between the first and the last cell of a sheet: the parser keeps room for each."""
_OLD: Final = b"\xd0\xcf\x11\xe0"
"""First bytes of workbooks of the old format, and of workbooks with a password."""
_WHOLE: Final = 1e15
"""Up to here a number without a fraction is written as a whole number."""
_CELL: Final = re.compile(
    rb"<(?:\w+:)?c(?=[\s/>])([^>]*?)(?:/>|>(\s*<(?:\w+:)?f[\s/>])?(?!\s*</))|<(?:\w+:)?row(?=[\s/>])([^>]*)>"
)
_REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_HIDDEN: Final = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col(?=[\s/>])([^>]*)>")
_BOUND: Final = {
    bound: re.compile(rb"\b" + bound + rb"=[\"']([0-9]{1,5})[\"']") for bound in (b"min", b"max")
}
_RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class _Scanned:
    """The facts of a sheet that its XML gives besides the values."""

    count: int = 0
    """The number of cells with content."""
    formulas: frozenset[Place] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_xlsx(data: bytes, name: str) -> tuple[Grid, ...]:
    """Return the sheets of a workbook as grids, in order. Charts and other sheets without cells are left out.

    Raises:
        BadRequest: The file is not a workbook, exceeds a limit, or has macros, links to other workbooks or a DTD.
    """
    if len(data) > MAX_PACKED:
        raise refusal(f"{name}: {len(data):,} bytes. A file may have at most {MAX_PACKED:,}; split it.")
    if data.startswith(_OLD):
        raise refusal(
            f"{name}: the workbook has a password or the old .xls format. Save it as .xlsx without a password."
        )
    parts = _unpack(data, name)
    found = {part: _scan(content, name) for part, content in parts.items() if "/worksheets/" in part}
    if sum(one.count for one in found.values()) > MAX_CELLS:
        raise too_many_cells(name)
    part_of = sheet_parts(parts)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_pack(parts))) as book:
            return tuple(
                _grid(book, sheet, found.get(part_of.get(sheet.name, ""), _Scanned()))
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            )
    except CalamineError as error:
        raise _unreadable(name, str(error)) from None


def _grid(book: CalamineWorkbook, sheet: SheetMetadata, scanned: _Scanned) -> Grid:
    found = book.get_sheet_by_name(sheet.name)
    rows = found.to_python(skip_empty_area=False)
    return Grid(
        name=sheet.name,
        cells=tuple(tuple(map(_text, row)) for row in rows),
        merged=tuple(found.merged_cell_ranges or ()),
        formulas=scanned.formulas,
        hidden=sheet.visible != SheetVisibleEnum.Visible,
        hidden_rows=scanned.hidden_rows,
        hidden_columns=scanned.hidden_columns,
    )


def _text(value: object) -> str:
    """Return a cell's value as text: numbers without a needless fraction, dates as ISO 8601."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _unpack(data: bytes, name: str) -> dict[str, bytes]:
    """Return the XML parts of a workbook by name, within the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_names([entry.filename for entry in entries], name)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise refusal(
                    f"{name}: larger than {MAX_UNPACKED:,} bytes when unpacked. Split the workbook."
                )
            parts: dict[str, bytes] = {}
            for entry in entries:
                if entry.file_size > max(_SMALL, entry.compress_size * MAX_RATIO):
                    raise refusal(
                        f"{name}: {entry.filename} is packed more than {MAX_RATIO} to 1. Save it again."
                    )
                if entry.filename.lower().endswith((".xml", ".rels")):
                    parts[entry.filename] = _checked(archive.read(entry), entry.filename, name)
            return parts
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _unreadable(name, str(error)) from None


def _check_names(names: list[str], name: str) -> None:
    lower = [one.lower() for one in names]
    if len(names) > _MAX_PARTS or len(set(lower)) < len(names):
        raise _unreadable(name, "too many parts, or two with the same name")
    if "[content_types].xml" not in lower:
        raise _unreadable(name, "it lacks its list of contents")
    if any("vbaproject" in one or "/macrosheets/" in one for one in lower):
        raise refusal(f"{name}: the workbook has macros. Save it as .xlsx without macros.")
    if any("/externallinks/" in one for one in lower):
        raise refusal(
            f"{name}: some formulas refer to other workbooks. Break these links so that the values stay, "
            f"then save it."
        )


def _checked(content: bytes, part: str, name: str) -> bytes:
    if b"\0" in content:
        raise _unreadable(name, f"{part} is not UTF-8")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refusal(f"{name}: {part} has a document type definition, which is not allowed. Save it again.")
    return content


def _scan(sheet: bytes, name: str) -> _Scanned:
    """Return what the XML of a sheet says besides its values. Refuse a sheet that is too wide."""
    count, row, column, last_row, last_column = 0, 0, 0, 0, 0
    formulas: set[Place] = set()
    hidden: set[int] = set()
    for match in _CELL.finditer(sheet):
        of_cell, formula, of_row = match.groups()
        reference = _REFERENCE.search(of_row if of_cell is None else of_cell)
        if of_cell is None:
            row, column = (int(reference[2]) if reference else row + 1), 0
            if _HIDDEN.search(of_row):
                hidden.add(row - 1)
            continue
        row, column = (int(reference[2]), column_number(reference[1])) if reference else (row, column + 1)
        if match.group().endswith(b"/>"):
            continue
        count += 1
        last_row, last_column = max(last_row, row), max(last_column, column)
        if formula:
            formulas.add((row - 1, column - 1))
    if last_row * last_column > _MAX_AREA:
        raise refusal(
            f"{name}: a sheet has content as far away as row {last_row:,} and column {last_column:,}. "
            f"Delete the stray cells."
        )
    return _Scanned(count, frozenset(formulas), frozenset(hidden), _hidden_columns(sheet, last_column))


def _hidden_columns(sheet: bytes, last: int) -> frozenset[int]:
    """Return the hidden columns up to the last one with content."""
    hidden: set[int] = set()
    for found in _COLUMN.finditer(sheet):
        bounds = [pattern.search(found[1]) for pattern in _BOUND.values()]
        if _HIDDEN.search(found[1]) and bounds[0] and bounds[1]:
            hidden.update(range(int(bounds[0][1]) - 1, min(int(bounds[1][1]), last)))
    return frozenset(hidden)


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name; nothing if the workbook does not say."""
    try:
        relations = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 - it has no DTD
        book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - the same
    except (KeyError, ET.ParseError):
        return {}
    targets = {one.get("Id"): (one.get("Target") or "") for one in relations}
    paths = {
        key: target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        for key, target in targets.items()
    }
    return {
        sheet.get("name", ""): paths.get(sheet.get(_RELATIONS), "")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return packed.getvalue()


def _unreadable(name: str, reason: str) -> BadRequest:
    return refusal(f"{name}: this is not a workbook that can be read ({reason}). Save it as .xlsx.")
