"""Pages: longer text that fits no cell, in Markdown."""

from typing import Annotated

from fastapi import Query

from app.api.content.filters import AboutFilter, is_about
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import ListBody, PageItem, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("pages")


class PageList(ListBody):
    """A page of pages."""

    items: tuple[PageItem, ...]
    """The pages on this page."""


class PageResource(Resource, PageItem):
    """A page of text."""


class PageQuery(ListQuery):
    """Parameters of the list of pages."""

    about: AboutFilter = None


@router.get("/ladders/{ladder}/pages", responses=documented(IN_RELEASE))
def list_pages(release: ReleaseDep, query: Annotated[PageQuery, Query()]) -> PageList:
    """List the pages of text in order, or those about one entity."""
    return release.page(PageList, "page", query, is_about(release.index, query.about))


@router.get("/ladders/{ladder}/pages/{page}", responses=documented(OF_ENTITY))
def read_page(release: ReleaseDep, page: str, query: Annotated[ReadQuery, Query()]) -> PageResource:
    """Read one page of text, in Markdown."""
    return release.single(PageResource, release.get("page", page), query)


add_writes(router, "page", PageResource)
