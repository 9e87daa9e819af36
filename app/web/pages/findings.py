"""What is wrong or doubtful in a draft, or in a release: errors first, each with the way to what it is about."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.web.layout.draft_notice import findings_of
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import ReadingDep

router = APIRouter(include_in_schema=False)


@router.get("/ladders/{ladder}/findings")
def show_findings(reading: ReadingDep) -> HTMLResponse:
    """Show all findings."""
    return show(
        "findings.html",
        frame=frame_of(reading, "Findings", description=""),
        reading=reading,
        found=findings_of(reading),
    )
