"""Pages: longer texts in Markdown."""

from typing import Annotated

from fastapi import Query

from app.api.content.filters import AboutFilter, is_about
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ListBody, PageItem, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("pages", kind="page")


class PageList(ListBody):
    """One page of the list of pages."""

    items: tuple[PageItem, ...]
    """The pages in this part of the list."""


class PageResource(Resource, PageItem):
    """A page: a longer text in Markdown."""


class PageQuery(ListQuery):
    """Query parameters of the list of pages."""

    about: AboutFilter = None


@router.get("/ladders/{ladder}/pages", responses=documented(IN_RELEASE))
def list_pages(release: ReleaseDep, query: Annotated[PageQuery, Query()]) -> PageList:
    """List pages.

    Pages come in order. Filters choose those about one entity.
    """
    return release.page(PageList, "page", query, is_about(release, query.about))


@router.get("/ladders/{ladder}/pages/{page}", responses=documented(OF_ENTITY))
async def read_page(release: ReleaseDep, page: str, query: Annotated[ReadQuery, Query()]) -> PageResource:
    """Read a page.

    A page is a longer text in Markdown.
    """
    return release.single(PageResource, await release.entity("page", page), query)


add_writes(router, "page", PageResource)
