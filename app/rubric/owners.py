"""The level, competency and facet that an entity belongs to through its owners."""

from dataclasses import dataclass

from app.rubric.entities import Node
from app.rubric.ladder import Competency, Expectation, Facet, Level


@dataclass(frozen=True, slots=True)
class Relation:
    """The level, competency and facet that an entity hangs on, by slug; None if it hangs on none."""

    level: str | None = None
    competency: str | None = None
    facet: str | None = None


def relation(node: Node) -> Relation:
    """Return what an entity hangs on, through all its owners.

    An example on a statement of expectation `l5--c--f` relates to level `l5`, competency `c` and facet `f`;
    one on facet `f` to `f` and to the competency that `f` is a part of.
    """
    entity = topmost(node).entity
    if isinstance(entity, Level):
        return Relation(level=entity.slug)
    if isinstance(entity, Competency):
        return Relation(competency=entity.slug)
    if isinstance(entity, Facet):
        return Relation(competency=entity.competency, facet=entity.slug)
    if isinstance(entity, Expectation):
        return Relation(entity.level, entity.competency, entity.facet)
    return Relation()


def topmost(node: Node) -> Node:
    """Return the entity of one of the ladder's own lists that a node is in, or is."""
    top = node
    while top.owner is not None and top.owner.kind != "ladder":
        top = top.owner
    return top
