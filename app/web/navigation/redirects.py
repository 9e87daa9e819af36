"""Redirects from URLs of the API without `/v1` to the pages that show the entities."""

from starlette.responses import RedirectResponse

from app.errors import NotFound
from app.rubric.related import KIND_OF
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router

router = page_router()


@router.get("/ladders/{ladder}/{collection}")
def find_collection(reading: ReadingDep, collection: str) -> RedirectResponse:
    """Redirect to the page that shows a collection."""
    path = reading.serving.routes.shown(collection)
    if path is None:
        raise NotFound("This path does not exist.")
    return RedirectResponse(reading.urls.home + path.removeprefix("/ladders/{ladder}"))


@router.get("/ladders/{ladder}/{collection}/{address}")
def find_entity(reading: ReadingDep, collection: str, address: str) -> RedirectResponse:
    """Redirect to the page that shows an entity."""
    kind = KIND_OF.get(collection)
    if kind is None:
        raise NotFound("This path does not exist.")
    return RedirectResponse(reading.urls.of(reading.get(kind, address)))
