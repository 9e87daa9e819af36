"""The page of errors and warnings of a draft or release. Each links to the entity that it is about."""

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.serving.route_table import RouteFacts
from app.web.layout.draft_notice import findings_of
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()


@router.get("/ladders/{ladder}/findings")
@declare(RouteFacts(carries=frozenset()))
def show_findings(reading: ReadingDep) -> HTMLResponse:
    """Show all errors and warnings, errors first."""
    return show(
        "findings.html",
        frame=frame_of(reading, N_("Errors and warnings"), description=""),
        reading=reading,
        found=findings_of(reading),
    )
