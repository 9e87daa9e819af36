"""Expectations: what a level asks in a competency or facet."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.content.filters import both, has
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import ExpectationItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.ladder import Applicability
from app.rubric.text import Slug

router = resource_router("expectations")


class ExpectationList(ListBody):
    """A page of expectations."""

    items: tuple[ExpectationItem, ...]
    """The expectations on this page."""


class ExpectationResource(Resource, ExpectationItem):
    """An expectation, with its statements and examples."""


class ExpectationQuery(ListQuery):
    """Parameters of the list of expectations."""

    level: Annotated[Slug | None, Field(description="Only expectations of this level.")] = None
    competency: Annotated[
        Slug | None, Field(description="Only expectations in this competency, its facets included.")
    ] = None
    facet: Annotated[Slug | None, Field(description="Only expectations in this facet.")] = None
    applicability: Annotated[Applicability | None, Field(description="Only expectations that apply so.")] = (
        None
    )


@router.get("/ladders/{ladder}/expectations", responses=documented(IN_RELEASE))
def list_expectations(release: ReleaseDep, query: Annotated[ExpectationQuery, Query()]) -> ExpectationList:
    """List what levels ask, cell by cell, or the cells of one level, competency or facet."""
    keep = both(
        has("level", release.slug("level", "level", query.level)),
        has("competency", release.slug("competency", "competency", query.competency)),
        has("facet", release.slug("facet", "facet", query.facet)),
        has("applicability", query.applicability),
    )
    return release.page(ExpectationList, "expectation", query, keep)


@router.get("/ladders/{ladder}/expectations/{expectation}", responses=documented(OF_ENTITY))
def read_expectation(
    release: ReleaseDep, expectation: str, query: Annotated[ReadQuery, Query()]
) -> ExpectationResource:
    """Read one cell of the matrix by its made slug, `{level}--{competency}` or `{level}--{competency}--{facet}`."""
    return release.single(ExpectationResource, release.get("expectation", expectation), query)


add_writes(router, "expectation", ExpectationResource)
