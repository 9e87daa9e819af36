"""Tips: advice to the reader."""

from typing import Annotated

from fastapi import Query

from app.api.content.filters import AboutFilter, is_about
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ListBody, Resource, TipItem
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("tips", kind="tip")


class TipList(ListBody):
    """One page of tips."""

    items: tuple[TipItem, ...]
    """The tips on this page."""


class TipResource(Resource, TipItem):
    """A tip."""


class TipQuery(ListQuery):
    """Query parameters of the list of tips."""

    about: AboutFilter = None


@router.get("/ladders/{ladder}/tips", responses=documented(IN_RELEASE))
def list_tips(release: ReleaseDep, query: Annotated[TipQuery, Query()]) -> TipList:
    """List tips.

    Tips come in order. Filters choose those about one entity.
    """
    return release.page(TipList, "tip", query, is_about(release, query.about))


@router.get("/ladders/{ladder}/tips/{tip}", responses=documented(OF_ENTITY))
async def read_tip(release: ReleaseDep, tip: str, query: Annotated[ReadQuery, Query()]) -> TipResource:
    """Read a tip."""
    return release.single(TipResource, await release.entity("tip", tip), query)


add_writes(router, "tip", TipResource)
