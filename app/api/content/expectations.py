"""Expectations: what a level expects in a competency or facet."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import both, has
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ExpectationItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.ladder import Applicability
from app.rubric.text import Slug

router = resource_router("expectations", kind="expectation")


class ExpectationList(ListBody):
    """One page of expectations."""

    items: tuple[ExpectationItem, ...]
    """The expectations on this page."""


class ExpectationResource(Resource, ExpectationItem):
    """An expectation, with its statements and examples."""


class ExpectationQuery(ListQuery):
    """Query parameters of the list of expectations."""

    level: Annotated[Slug | None, Field(description="Only expectations of this level.")] = None
    competency: Annotated[
        Slug | None, Field(description="Only expectations in this competency and its facets.")
    ] = None
    facet: Annotated[Slug | None, Field(description="Only expectations in this facet.")] = None
    applicability: Annotated[
        Applicability | None, Field(description="Only expectations with this applicability.")
    ] = None


@router.get("/ladders/{ladder}/expectations", responses=documented(IN_RELEASE))
def list_expectations(release: ReleaseDep, query: Annotated[ExpectationQuery, Query()]) -> ExpectationList:
    """List expectations.

    Expectations come level by level, as their authors wrote them. For what a level inherits, read its `effective`
    expectations. Filters choose those of one level, competency or facet.
    """
    keep = both(
        has("level", release.slug("level", "level", query.level)),
        has("competency", release.slug("competency", "competency", query.competency)),
        has("facet", release.slug("facet", "facet", query.facet)),
        has("applicability", query.applicability),
    )
    return release.page(ExpectationList, "expectation", query, keep)


@router.get("/ladders/{ladder}/expectations/{expectation}", responses=documented(OF_ENTITY))
async def read_expectation(
    release: ReleaseDep, expectation: str, query: Annotated[ReadQuery, Query()]
) -> ExpectationResource:
    """Read an expectation."""
    return release.single(ExpectationResource, await release.entity("expectation", expectation), query)


add_writes(router, "expectation", ExpectationResource)
