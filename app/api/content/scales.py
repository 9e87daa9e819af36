"""Scales: the steps of proficiency."""

from typing import Annotated

from fastapi import Query

from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ListBody, Resource, ScaleItem
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("scales", kind="scale")


class ScaleList(ListBody):
    """One page of scales."""

    items: tuple[ScaleItem, ...]
    """The scales on this page."""


class ScaleResource(Resource, ScaleItem):
    """A scale and its steps."""


@router.get("/ladders/{ladder}/scales", responses=documented(IN_RELEASE))
def list_scales(release: ReleaseDep, query: Annotated[ListQuery, Query()]) -> ScaleList:
    """List scales."""
    return release.page(ScaleList, "scale", query)


@router.get("/ladders/{ladder}/scales/{scale}", responses=documented(OF_ENTITY))
async def read_scale(release: ReleaseDep, scale: str, query: Annotated[ReadQuery, Query()]) -> ScaleResource:
    """Read a scale.

    Its steps come from the lowest to the highest.
    """
    return release.single(ScaleResource, await release.entity("scale", scale), query)


add_writes(router, "scale", ScaleResource)
