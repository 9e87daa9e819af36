"""Tracks: paths through the ladder, with the thresholds that turn points into levels."""

from typing import Annotated

from fastapi import Query

from app.api.content.filters import ExternalIdFilter, has_external_id
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ListBody, Resource, TrackItem
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("tracks", kind="track")


class TrackList(ListBody):
    """One page of tracks."""

    items: tuple[TrackItem, ...]
    """The tracks on this page."""


class TrackResource(Resource, TrackItem):
    """A track, with its thresholds."""


class TrackQuery(ListQuery):
    """Query parameters of the list of tracks."""

    external_id: ExternalIdFilter = None


@router.get("/ladders/{ladder}/tracks", responses=documented(IN_RELEASE))
def list_tracks(release: ReleaseDep, query: Annotated[TrackQuery, Query()]) -> TrackList:
    """List tracks."""
    return release.page(TrackList, "track", query, has_external_id(query.external_id))


@router.get("/ladders/{ladder}/tracks/{track}", responses=documented(OF_ENTITY))
async def read_track(release: ReleaseDep, track: str, query: Annotated[ReadQuery, Query()]) -> TrackResource:
    """Read a track.

    A track includes the thresholds at which points give a level or title.
    """
    return release.single(TrackResource, await release.entity("track", track), query)


add_writes(router, "track", TrackResource)
