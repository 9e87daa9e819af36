"""Pairs of entities and of parts that are the same in a ladder and in what somebody made of it.

Entities are paired as the diff pairs them, and then by title. Parts have no names: they are paired by equality, by
what tells them apart, and then by their order.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final

from app.rubric.diff.matching import match
from app.rubric.diff.pairing import pair_by_keys
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.merging.trees import Item
from app.rubric.shape import ENTITIES
from app.rubric.text import folded

Pointers = tuple[str, str]
"""The places of the same thing in two ladders, as JSON Pointers."""
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "thresholds": ("level", "title"),
    "statement_kinds": ("slug",),
    "attributes": ("title",),
    "references": ("url",),
    "sources": ("title",),
    "alignments": ("ladder", "entity", "uri", "framework"),
    "removals": ("kind", "slug"),
    "translations": ("entity", "field", "language"),
}
"""The properties that tell the parts of a list apart."""


def paired_entities(before: Index, after: Index, known: Iterable[Pointers] = ()) -> list[Pointers]:
    """Return the pairs of entities, each entity at most once. `known` are pairs that are certain."""
    given = [(before.at_pointer(one), after.at_pointer(other)) for one, other in known]
    found = match(before, after, given)
    pairs = [(one.pointer, other.pointer) for one, other in found.pairs]
    ours, theirs = _by_title(before, found.removed), _by_title(after, found.added)
    pairs += ((ours[key].pointer, theirs[key].pointer) for key in ours if key in theirs)
    return pairs


def paired_parts(before: Item, after: Item, *, by_order: bool = True) -> Iterator[tuple[Item, Item]]:
    """Yield the pairs of parts of two items that are the same. Without `by_order`, order alone pairs nothing."""
    for name, left in before.inside.items():
        right = after.inside.get(name, [])
        if right and type(left[0].value) not in ENTITIES:
            yield from _parts(name, left, right, by_order=by_order)


def _parts(name: str, left: list[Item], right: list[Item], *, by_order: bool) -> Iterator[tuple[Item, Item]]:
    def key(item: Item) -> Hashable:
        return tuple(getattr(item.value, one) for one in _KEYS[name])

    def value(item: Item) -> Hashable:
        return item.value

    keys = (value, key, lambda _: 0)[: 3 if by_order else 2]
    yield from ((left[i], right[j]) for i, j in pair_by_keys(left, right, keys))


def _by_title(index: Index, nodes: Iterable[Node]) -> dict[Hashable, Node]:
    """Return the entities with a title that no other one of their kind and group has."""
    keys = {node: _title(node) for node in nodes}
    kinds = {node.kind for node in keys}
    counted = Counter(_title(node) for kind in kinds for node in index.of_kind(kind))
    return {key: node for node, key in keys.items() if key is not None and counted[key] == 1}


def _title(node: Node) -> Hashable:
    entity: Any = node.entity
    title = getattr(entity, "title", None) or getattr(entity, "question", None)
    if title is None or node.kind in {"example", "proficiency"}:
        return None
    group = getattr(entity, "track", None) or getattr(entity, "competency", None)
    inside = node.owner.address if node.kind == "step" and node.owner is not None else None
    return node.kind, group, inside, folded(title)
