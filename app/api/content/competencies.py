"""Competencies: the qualities that are assessed."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import ExternalIdFilter, both, has, has_external_id, titled
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import CompetencyItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.text import Slug

router = resource_router("competencies", kind="competency")


class CompetencyList(ListBody):
    """One page of competencies."""

    items: tuple[CompetencyItem, ...]
    """The competencies on this page."""


class CompetencyResource(Resource, CompetencyItem):
    """A competency, with its proficiencies and examples."""


class CompetencyQuery(ListQuery):
    """Query parameters of the list of competencies."""

    category: Annotated[
        str | None, Field(min_length=1, description="Only competencies of this category.")
    ] = None
    scale: Annotated[Slug | None, Field(description="Only competencies measured on this scale.")] = None
    external_id: ExternalIdFilter = None


@router.get("/ladders/{ladder}/competencies", responses=documented(IN_RELEASE))
def list_competencies(release: ReleaseDep, query: Annotated[CompetencyQuery, Query()]) -> CompetencyList:
    """List competencies.

    Competencies come in order, with their proficiencies.
    """
    scale = release.slug("scale", "scale", query.scale)
    keep = both(titled("category", query.category), has("scale", scale), has_external_id(query.external_id))
    return release.page(CompetencyList, "competency", query, keep)


@router.get("/ladders/{ladder}/competencies/{competency}", responses=documented(OF_ENTITY))
async def read_competency(
    release: ReleaseDep, competency: str, query: Annotated[ReadQuery, Query()]
) -> CompetencyResource:
    """Read a competency.

    `expand=facets` includes its facets.
    """
    return release.single(CompetencyResource, await release.entity("competency", competency), query)


add_writes(router, "competency", CompetencyResource)
