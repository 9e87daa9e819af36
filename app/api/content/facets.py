"""Facets: the parts of competencies."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import ExternalIdFilter, both, has, has_external_id
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import FacetItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.text import Slug

router = resource_router("facets", kind="facet")


class FacetList(ListBody):
    """One page of facets."""

    items: tuple[FacetItem, ...]
    """The facets on this page."""


class FacetResource(Resource, FacetItem):
    """A facet, with its proficiencies and examples."""


class FacetQuery(ListQuery):
    """Query parameters of the list of facets."""

    competency: Annotated[Slug | None, Field(description="Only facets of this competency.")] = None
    external_id: ExternalIdFilter = None


@router.get("/ladders/{ladder}/facets", responses=documented(IN_RELEASE))
def list_facets(release: ReleaseDep, query: Annotated[FacetQuery, Query()]) -> FacetList:
    """List facets.

    Facets come in order. A filter chooses those of one competency.
    """
    competency = release.slug("competency", "competency", query.competency)
    keep = both(has("competency", competency), has_external_id(query.external_id))
    return release.page(FacetList, "facet", query, keep)


@router.get("/ladders/{ladder}/facets/{facet}", responses=documented(OF_ENTITY))
async def read_facet(release: ReleaseDep, facet: str, query: Annotated[ReadQuery, Query()]) -> FacetResource:
    """Read a facet."""
    return release.single(FacetResource, await release.entity("facet", facet), query)


add_writes(router, "facet", FacetResource)
