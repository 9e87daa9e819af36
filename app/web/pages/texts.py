"""The pages of the longer texts of a ladder."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import ReadingDep

router = APIRouter(include_in_schema=False)


@router.get("/ladders/{ladder}/pages/{page}")
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
