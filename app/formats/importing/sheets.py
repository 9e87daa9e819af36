"""Files of any kind that an import reads, as sheets: workbooks, CSV, Markdown and HTML."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from app.formats.importing.findings import Spot
from app.formats.importing.sources.html_reader import read_html
from app.formats.importing.sources.markdown_reader import read_markdown
from app.formats.importing.sources.outline import Outline
from app.formats.sheets.grid import Grid, read_csv, refusal
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.rules.content import is_blank

_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file: a grid of cells, or the outline of a text."""

    file: str
    """Name of the file."""
    name: str
    """Name of the sheet; of a CSV file or a text, the name of the file."""
    content: Grid | Outline


def read_sheets(data: bytes, file: str) -> tuple[Sheet, ...]:
    """Return the sheets of a file. Its extension decides how it is read; a workbook is also known by its first bytes.

    Raises:
        BadRequest: The file has no known kind, cannot be read, or exceeds a limit.
    """
    extension = PurePath(file).suffix.lower()
    if data.startswith((_WORKBOOK, _OLD_WORKBOOK)) or extension in {".xlsx", ".xlsm", ".xls"}:
        return tuple(Sheet(file, grid.name, grid) for grid in read_xlsx(data, file))
    if extension in {".csv", ".tsv", ".tab", ".txt"}:
        return (Sheet(file, file, read_csv(data, file, "\t" if extension in {".tsv", ".tab"} else None)),)
    if extension in {".md", ".markdown"}:
        return tuple(Sheet(file, name, content) for name, content in read_markdown(data, file))
    if extension in {".html", ".htm"}:
        return tuple(Sheet(file, name, content) for name, content in read_html(data, file))
    raise refusal(
        f"{file}: files of this kind cannot be imported. Save it as .xlsx, .csv, .tsv, .md, .html, .yaml or .json, "
        f"and import that."
    )


def spots_of(sheet: Sheet) -> tuple[Spot, ...]:
    """Return the place of every text of a sheet."""
    content = sheet.content
    if isinstance(content, Grid):
        return tuple(
            Spot(sheet.file, sheet.name, row, column)
            for row, cells in enumerate(content.cells)
            for column, cell in enumerate(cells)
            if not is_blank(cell)
        )
    lines = [line for _, line in content.front.values()] + [block.line for block in content.blocks]
    return tuple(Spot(sheet.file, sheet.name, line, None) for line in lines)
