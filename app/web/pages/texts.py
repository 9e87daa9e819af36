"""The pages of the longer texts of a ladder."""

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.serving.route_table import RouteFacts
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router

router = page_router()


@router.get("/ladders/{ladder}/pages/{page}")
@declare(RouteFacts(kind="page", carries=frozenset()))
def show_text(reading: ReadingDep, page: str) -> HTMLResponse:
    """Show one longer text."""
    node = reading.get("page", page)
    entity = reading.index.pages[node.address]
    return show(
        "text.html",
        frame=frame_of(reading, entity.title, description=""),
        reading=reading,
        node=node,
        text=entity,
        others=[other for other in reading.index.of_kind("page") if other is not node],
    )
