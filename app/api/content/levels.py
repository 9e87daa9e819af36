"""Levels: the rungs of the tracks."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import ExternalIdFilter, both, has, has_external_id
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import ItemLinks, LevelItem, ListBody, Path, Resource, ResourceLinks
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.text import Slug

router = resource_router("levels")


class LevelList(ListBody):
    """A page of levels."""

    items: tuple[LevelItem, ...]
    """The levels on this page."""


class LevelResourceLinks(ResourceLinks, ItemLinks):
    """Where the level lives, and what its release says when it is asked about it."""

    effective: Path
    """All that is in force at it."""
    next_levels: Path
    """What can follow it. Not called `next`: beside `self` and `pinned`, that is the next page."""
    radar: Path
    """How much it asks in each competency, as an SVG."""


class LevelResource(Resource, LevelItem):
    """A level."""

    links: LevelResourceLinks


class LevelQuery(ListQuery):
    """Parameters of the list of levels."""

    track: Annotated[Slug | None, Field(description="Only levels of this track.")] = None
    external_id: ExternalIdFilter = None


@router.get("/ladders/{ladder}/levels", responses=documented(IN_RELEASE))
def list_levels(release: ReleaseDep, query: Annotated[LevelQuery, Query()]) -> LevelList:
    """List the levels in order, or those of one track."""
    track = release.slug("track", "track", query.track)
    keep = both(has("track", track), has_external_id(query.external_id))
    return release.page(LevelList, "level", query, keep)


@router.get("/ladders/{ladder}/levels/{level}", responses=documented(OF_ENTITY))
def read_level(release: ReleaseDep, level: str, query: Annotated[ReadQuery, Query()]) -> LevelResource:
    """Read one level. `expand=expectations` adds all that it asks."""
    return release.single(LevelResource, release.get("level", level), query)


add_writes(router, "level", LevelResource)
