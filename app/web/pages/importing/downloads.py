"""Files to download: templates for a new ladder, and tables of the API at URLs of pages.

The API ignores the session of a visitor, so signed-in visitors get the tables here: those of a draft, too.
"""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.api.tables.tables import read_statements_as_csv
from app.api.tables.workbook import read_workbook
from app.formats.sheets.ladder_template import template_csv, template_xlsx
from app.formats.sheets.workbook.writer import MEDIA_TYPE
from app.web.navigation.page_router import page_router
from app.web.pages.importing.common import writer_of
from app.web.pages.importing.creating import NEW

router = page_router()

_NAME: Final = "ladder-template"

router.add_api_route("/ladders/{ladder}/workbook.xlsx", read_workbook, response_class=Response)
router.add_api_route("/ladders/{ladder}/statements.csv", read_statements_as_csv, response_class=Response)


@router.get(f"{NEW}/template.xlsx")
def send_workbook_template(request: Request) -> Response:
    """Send the template as a workbook."""
    writer_of(request)
    return _file(template_xlsx(), MEDIA_TYPE, "xlsx")


@router.get(f"{NEW}/template.csv")
def send_csv_template(request: Request) -> Response:
    """Send the template as a CSV file."""
    writer_of(request)
    return _file(template_csv(), "text/csv; charset=utf-8; header=present", "csv")


def _file(body: bytes, media_type: str, extension: str) -> Response:
    headers = {
        "content-type": media_type,
        "content-disposition": f'attachment; filename="{_NAME}.{extension}"',
    }
    return Response(body, headers=headers)
