"""The ladder with one place changed; everything else is the very same value as before."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from app.rubric.entities import Entity, Node
from app.rubric.ladder import Ladder
from app.rubric.text import Value


def with_entity(node: Node, entity: Entity) -> Ladder:
    """Return the ladder with another entity in the place of a node."""
    if node.owner is None:
        return cast("Ladder", entity)
    siblings = [*children(node.owner, node.field)]
    siblings[node.position] = entity
    return with_children(node.owner, node.field, siblings)


def with_children(owner: Node, field: str, entities: Sequence[Value]) -> Ladder:
    """Return the ladder with other entities in one list of an owner."""
    return with_entity(owner, owner.entity.model_copy(update={field: tuple(entities)}))


def children(owner: Node, field: str) -> tuple[Entity, ...]:
    """Return the entities in one list of an owner."""
    found: tuple[Entity, ...] = getattr(owner.entity, field)
    return found


def each(ladder: Ladder, field: str, change: Callable[[Any], Any]) -> Ladder:
    """Return the ladder with every entity of one of its own lists changed; the same ladder where none is."""
    before = getattr(ladder, field)
    after = tuple(change(entity) for entity in before)
    if all(one is other for one, other in zip(before, after, strict=True)):
        return ladder
    return ladder.model_copy(update={field: after})


def below(nodes: Sequence[Node], top: Node) -> Iterator[Node]:
    """Yield a node and all that is inside it. `nodes` are those of its index, in document order."""
    for node in nodes:
        owner: Node | None = node
        while owner is not None and owner is not top:
            owner = owner.owner
        if owner is top:
            yield node
