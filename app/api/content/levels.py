"""Levels: the rungs of the tracks."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import ExternalIdFilter, both, has, has_external_id
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import LevelItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.text import Slug

router = resource_router("levels", kind="level")


class LevelList(ListBody):
    """One page of levels."""

    items: tuple[LevelItem, ...]
    """The levels on this page."""


class LevelResource(Resource, LevelItem):
    """A level."""


class LevelQuery(ListQuery):
    """Query parameters of the list of levels."""

    track: Annotated[Slug | None, Field(description="Only levels of this track.")] = None
    external_id: ExternalIdFilter = None


@router.get("/ladders/{ladder}/levels", responses=documented(IN_RELEASE))
def list_levels(release: ReleaseDep, query: Annotated[LevelQuery, Query()]) -> LevelList:
    """List levels.

    Levels come in order. A filter chooses those of one track.
    """
    track = release.slug("track", "track", query.track)
    keep = both(has("track", track), has_external_id(query.external_id))
    return release.page(LevelList, "level", query, keep)


@router.get("/ladders/{ladder}/levels/{level}", responses=documented(OF_ENTITY))
async def read_level(release: ReleaseDep, level: str, query: Annotated[ReadQuery, Query()]) -> LevelResource:
    """Read a level.

    `expand=expectations` includes the expectations that its author wrote.
    """
    return release.single(LevelResource, await release.entity("level", level), query)


add_writes(router, "level", LevelResource)
