"""Examples: concrete illustrations, and what each hangs on."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import ExampleItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes
from app.rubric.entities import Node
from app.rubric.text import Slug

router = resource_router("examples")


class ExampleList(ListBody):
    """A page of examples."""

    items: tuple[ExampleItem, ...]
    """The examples on this page."""


class ExampleResource(Resource, ExampleItem):
    """An example, with what it hangs on."""


class ExampleQuery(ListQuery):
    """Parameters of the list of examples."""

    level: Annotated[
        Slug | None, Field(description="Only examples on this level, or on something that it asks for.")
    ] = None
    competency: Annotated[
        Slug | None, Field(description="Only examples that belong to this competency, its facets included.")
    ] = None
    facet: Annotated[Slug | None, Field(description="Only examples that belong to this facet.")] = None


@router.get("/ladders/{ladder}/examples", responses=documented(IN_RELEASE))
def list_examples(release: ReleaseDep, query: Annotated[ExampleQuery, Query()]) -> ExampleList:
    """List the examples in document order, or those of one level, competency or facet."""
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
def read_example(release: ReleaseDep, example: str, query: Annotated[ReadQuery, Query()]) -> ExampleResource:
    """Read one example by its slug, or by its position where it has none."""
    return release.single(ExampleResource, release.get("example", example), query)


add_writes(router, "example", ExampleResource)
