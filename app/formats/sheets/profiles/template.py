"""A customer's own template, filled by its header row. Everything else in the file stays as it is."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from app.errors import Fault, Invalid
from app.formats.sheets.columns import NUMBERS
from app.formats.sheets.encodings import decode_text
from app.formats.sheets.grid import Grid, find_separator, read_csv, refusal
from app.formats.sheets.profiles.export import Choice, checked_rows
from app.formats.sheets.profiles.profile import Column, Profile, parse_profile
from app.formats.sheets.table_parts import Parts
from app.formats.sheets.xlsx_fill import MOST_IN_CELL, Filling, fill_sheet
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.suggest import did_you_mean
from app.rubric.text import folded

_SEARCHED: Final = 50
"""Rows at the top of a sheet among which the header row is looked for."""


class TemplateMap(Profile):
    """The meaning of the columns of a template: a profile, and where its rows begin."""

    title: str = ""
    sheet: str | None = None
    """The sheet to fill; by default the first that has all headers."""
    first_row: Annotated[int | None, Field(ge=2)] = None
    """The number of the first row to fill; by default the one below the headers."""


@dataclass(frozen=True)
class FilledTemplate:
    """A template with its rows."""

    body: bytes
    shortened: tuple[str, ...]
    """The places whose values were cut."""


def read_template_map(data: bytes, name: str) -> TemplateMap:
    """Return the map in a YAML or JSON file. Raises BadRequest if it is not one."""
    found = parse_profile(data, name, TemplateMap)
    if found.spread:
        raise refusal(f"{name}: spread: a template has the columns that it has. List them in `columns`.")
    return found


def fill_template(
    template: bytes, name: str, mapped: TemplateMap, parts: Parts, choice: Choice
) -> FilledTemplate:
    """Return the template with a row for each row of the map.

    Raises:
        BadRequest: The template cannot be read.
        Invalid: A header is not there, or values are missing or too long; the error lists the rows.
    """
    if name.lower().endswith(".csv"):
        return _fill_csv(template, name, mapped, parts, choice)
    if not name.lower().endswith(".xlsx"):
        raise refusal(f"{name}: a template is an .xlsx or a .csv file. Save it as one of these.")
    grids = [grid for grid in read_xlsx(template, name) if mapped.sheet in {None, grid.name}]
    if not grids:
        raise Invalid(f"{name}: the template has no sheet {mapped.sheet!r}. Correct `sheet` in the map.")
    grid, header = _find(grids, mapped, name)
    places = _columns(grid, header, mapped)
    first = mapped.first_row - 1 if mapped.first_row else header + 1
    made = checked_rows(_texts_only(mapped), parts, choice, first=first + 1)
    filling = Filling(grid.name, header, first, places, _numeric(mapped.columns), made.lines)
    return FilledTemplate(fill_sheet(template, name, filling), made.shortened)


def _fill_csv(
    template: bytes, name: str, mapped: TemplateMap, parts: Parts, choice: Choice
) -> FilledTemplate:
    """Return a CSV template with its rows, in its encoding and with its separator."""
    grid = read_csv(template, name)
    _, header = _find([grid], mapped, name)
    places = _columns(grid, header, mapped)
    first = mapped.first_row - 1 if mapped.first_row else header + 1
    made = checked_rows(mapped, parts, choice, first=first + 1)
    text, encoding = decode_text(template, name)
    separator = find_separator(text)
    head = _first_rows(text, separator, first)
    end = "\r\n" if "\r\n" in head else "\n"
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, lineterminator=end)
    for line in made.lines:
        cells = [""] * len(grid.cells[header])
        for place, value in zip(places, line, strict=True):
            cells[place] = value
        writer.writerow(cells)
    body = head + ("" if head.endswith(("\n", "\r")) else end) + written.getvalue()
    try:
        return FilledTemplate(
            body.encode("utf-8-sig" if template.startswith(b"\xef\xbb\xbf") else encoding), made.shortened
        )
    except UnicodeEncodeError as error:
        letter = body[error.start]
        raise Invalid(
            f"{name}: the template is {encoding}, which has no {letter!r}. Save it as UTF-8."
        ) from None


def _first_rows(text: str, separator: str, count: int) -> str:
    """Return the first rows of a CSV text as they are written."""
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=separator)
    for _ in range(count):
        next(reader, None)
    return "".join(lines[: reader.line_num])


def _find(grids: Sequence[Grid], mapped: TemplateMap, name: str) -> tuple[Grid, int]:
    """Return the sheet and the row that have all headers of the map. Raises Invalid with those that are missing."""
    wanted = {folded(column.header): column.header for column in mapped.columns}
    best: set[str] = set()
    for grid in grids:
        for number, row in enumerate(grid.cells[:_SEARCHED]):
            found = {folded(cell) for cell in row if cell}
            if found >= wanted.keys():
                return grid, number
            if len(found & wanted.keys()) > len(best & wanted.keys()):
                best = found
    missing = [wanted[one] for one in wanted if one not in best]
    faults = [
        Fault(f"{name}: no header row has {header!r}.{did_you_mean(header, best)}") for header in missing
    ]
    more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    raise Invalid(f"{faults[0].detail}{more} Correct `columns` in the map.", faults=faults)


def _columns(grid: Grid, header: int, mapped: TemplateMap) -> tuple[int, ...]:
    """Return the column of each column of the map, from 0."""
    places: dict[str, int] = {}
    for at, cell in enumerate(grid.cells[header]):
        places.setdefault(folded(cell), at)
    return tuple(places[folded(column.header)] for column in mapped.columns)


def _texts_only(mapped: TemplateMap) -> TemplateMap:
    """Return the map for a workbook: its texts are never computed, but Excel limits their length."""
    columns = tuple(
        column.model_copy(update={"longest": min(column.longest or MOST_IN_CELL, MOST_IN_CELL)})
        for column in mapped.columns
    )
    return mapped.model_copy(update={"columns": columns, "extension": "xlsx"})


def _numeric(columns: Sequence[Column]) -> frozenset[int]:
    """Return which columns hold a number of the flat table and nothing else."""
    return frozenset(
        at
        for at, column in enumerate(columns)
        if column.value[0].strip("{}") in NUMBERS and len(column.value) == 1
    )
