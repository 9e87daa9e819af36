"""What is wrong or doubtful in a draft, or in a release: errors first, each with the way to what it is about."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.web.draft import findings_of
from app.web.frame import frame_of
from app.web.reading import ReadingDep
from app.web.rendering import show

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
