"""A template for a ladder: a small example to overwrite, with a row per competency and a column per level."""

import io
from datetime import datetime
from typing import Final

import xlsxwriter

from app.formats.sheets.csv_writer import write_csv

HEADER: Final = ("Category", "Competency", "Description", "L1 Junior", "L2 Mid-level", "L3 Senior")
_ROWS: Final = (
    (
        "Craft",
        "Quality of work",
        "How good the results are.",
        "• Delivers small tasks with help\n• Asks when something is unclear",
        "• Delivers tasks alone\n• Checks the results before handing them over",
        "• Sets the standard of the team\n• Finds weak spots before others do",
    ),
    (
        "Craft",
        "Planning",
        "How work is divided and kept on time.",
        "• Keeps agreed dates",
        "• Divides a task into steps\n• Says early if a date is at risk",
        "• Plans projects of several people",
    ),
    (
        "Teamwork",
        "Communication",
        "How people are kept informed.",
        "• Reports progress when asked",
        "• Explains decisions to the team",
        "• Explains decisions to other departments",
    ),
    (
        "Teamwork",
        "Helping others",
        "",
        "",
        "• Answers questions of new colleagues",
        "• Mentors colleagues over months",
    ),
)
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no time zone
"""The time of creation, so that the template always has the same bytes."""
_WIDTHS: Final = (18, 22, 30, 40, 40, 40)


def template_csv() -> bytes:
    """Return the template as a CSV file that spreadsheet programs open with the right letters."""
    return write_csv(HEADER, _ROWS, guard=False, bom=True)


def template_xlsx() -> bytes:
    """Return the template as a workbook."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"title": "Career ladder", "created": _CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF3"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Ladder")
        sheet.freeze_panes(1, 2)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, text)
        for number, row in enumerate((HEADER, *_ROWS)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text if number else bold)
    return packed.getvalue()
