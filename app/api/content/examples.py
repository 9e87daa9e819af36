"""Examples: concrete illustrations of other entities."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import ExampleItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.entities import Node
from app.rubric.text import Slug

router = resource_router("examples", kind="example")


class ExampleList(ListBody):
    """One page of examples."""

    items: tuple[ExampleItem, ...]
    """The examples on this page."""


class ExampleResource(Resource, ExampleItem):
    """An example, and the entity it belongs to."""


class ExampleQuery(ListQuery):
    """Query parameters of the list of examples."""

    level: Annotated[
        Slug | None, Field(description="Only examples of this level and of its expectations.")
    ] = None
    competency: Annotated[
        Slug | None, Field(description="Only examples of this competency and its facets.")
    ] = None
    facet: Annotated[Slug | None, Field(description="Only examples of this facet.")] = None


@router.get("/ladders/{ladder}/examples", responses=documented(IN_RELEASE))
def list_examples(release: ReleaseDep, query: Annotated[ExampleQuery, Query()]) -> ExampleList:
    """List examples.

    Examples come in document order. Filters choose those of one level, competency or facet.
    """
    given = {
        name: release.slug(name, name, getattr(query, name)) for name in ("level", "competency", "facet")
    }
    examples_of = release.index.examples_of
    wanted = [
        frozenset(id(node) for node in examples_of.get(f"{kind}:{slug}", ()))
        for kind, slug in given.items()
        if slug is not None
    ]

    def keep(node: Node) -> bool:
        return all(id(node) in chosen for chosen in wanted)

    return release.page(ExampleList, "example", query, keep)


@router.get("/ladders/{ladder}/examples/{example}", responses=documented(OF_ENTITY))
async def read_example(
    release: ReleaseDep, example: str, query: Annotated[ReadQuery, Query()]
) -> ExampleResource:
    """Read an example.

    An example without a slug is named by its position.
    """
    return release.single(ExampleResource, await release.entity("example", example), query)


add_writes(router, "example", ExampleResource)
