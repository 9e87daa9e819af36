"""Three ladders brought to common names and identities, so that equal values mean the same in all of them.

What one side renamed has its new slug in all three. A mention of an entity that is addressed by its position gets a
token instead, because positions differ between the three.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from app.rubric.editing.mentions import mentioned, rewrite
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.merging.pairs import Pointers, paired_entities, paired_parts
from app.rubric.merging.renaming import with_slugs
from app.rubric.merging.trees import Item, by_identity, items

Identities = dict[str, int]
"""The identity of each entity of a ladder, by its JSON Pointer."""


@dataclass(frozen=True)
class Aligned:
    """Three ladders as items by identity. The identity of the ladder itself is 0."""

    base: Mapping[int, Item]
    theirs: Mapping[int, Item]
    mine: Mapping[int, Item]
    renamed_twice: frozenset[int]
    """The entities that both sides renamed, to different slugs. They have the slug of `mine`."""
    addresses: Mapping[str, str]
    """The former meaning of each token, for entities that no longer exist."""

    def sides(self, identity: int) -> tuple[Item | None, Item | None, Item | None]:
        """Return an item in the three ladders."""
        return self.base.get(identity), self.theirs.get(identity), self.mine.get(identity)


def token(identity: int) -> str:
    """Return the text that stands for the address of an item."""
    return f"~{identity}"


def align(base: Index, theirs: Index, mine: Index, known: Iterable[Pointers] = ()) -> Aligned:
    """Align three ladders. `known` are places in `base` and in `theirs` that are the same entity for certain."""
    numbers = count()
    ids = _identify(base, theirs, mine, known, numbers)
    names, twice = _common_names((base, theirs, mine), ids)
    trees: list[list[Item]] = []
    addresses: dict[str, str] = {}
    for index, own, slugs in zip((base, theirs, mine), ids, names, strict=True):
        trees.append(items(_without_positions(Index.of(with_slugs(index, slugs)), own, addresses)))
        for item in trees[-1]:
            item.identity = own.get(item.pointer, -1)
    ours, other, own_tree = trees
    _identify_parts(ours, other, own_tree, numbers)
    return Aligned(by_identity(ours), by_identity(other), by_identity(own_tree), twice, addresses)


def _identify(
    base: Index, theirs: Index, mine: Index, known: Iterable[Pointers], numbers: "count[int]"
) -> tuple[Identities, Identities, Identities]:
    """Return the identities of the entities of all three."""
    ours: Identities = {node.pointer: next(numbers) for node in base.nodes}
    of_theirs = {there: ours[here] for here, there in paired_entities(base, theirs, known)}
    of_mine = {there: ours[here] for here, there in paired_entities(base, mine)}
    new = [node.pointer for node in theirs.nodes if node.pointer not in of_theirs]
    of_theirs |= {pointer: next(numbers) for pointer in new}
    if new and len(of_mine) < len(mine.nodes):
        added = set(new)
        for there, here in paired_entities(theirs, mine):
            if (
                there in added
                and here not in of_mine
                and _same(theirs.at_pointer(there), mine.at_pointer(here))
            ):
                of_mine[here] = of_theirs[there]
    of_mine |= {node.pointer: next(numbers) for node in mine.nodes if node.pointer not in of_mine}
    return ours, of_theirs, of_mine


def _same(one: Node, other: Node) -> bool:
    """Return whether two new entities are the same: those without a name only if they have the same text."""
    if one.uuid is not None and other.uuid is not None:
        return True
    return getattr(one.entity, "text", None) == getattr(other.entity, "text", None)


def _common_names(
    indexes: tuple[Index, Index, Index], ids: tuple[Identities, Identities, Identities]
) -> tuple[list[dict[Node, str]], frozenset[int]]:
    """Return the slugs that each ladder has to change, and the entities that both sides renamed differently."""
    named = [
        {own[node.pointer]: node for node in index.nodes[1:] if _slug(node) is not None}
        for index, own in zip(indexes, ids, strict=True)
    ]
    base, theirs, mine = ({key: str(_slug(node)) for key, node in one.items()} for one in named)
    twice: set[int] = set()
    common: dict[int, str] = {}
    for key in {**theirs, **mine}:
        was, there, here = base.get(key), theirs.get(key), mine.get(key)
        chosen = here if there is None or (here is not None and here != was) else there
        if None not in {was, there, here} and len({was, there, here}) == len(named):
            twice.add(key)
        if chosen is not None:
            common[key] = chosen
    changes = [
        {node: common[key] for key, node in one.items() if key in common and _slug(node) != common[key]}
        for one in named
    ]
    return changes, frozenset(twice)


def _slug(node: Node) -> str | None:
    entity: Any = node.entity
    slug: str | None = getattr(entity, "slug", None)
    return slug


def _without_positions(index: Index, ids: Identities, addresses: dict[str, str]) -> Ladder:
    """Return the ladder with tokens instead of addresses by position. Note what each token meant."""
    moved: dict[str, str] = {}
    for target in mentioned(index):
        node = index.find_target(target)
        if node is not None and node.uuid is None:
            moved[target] = token(ids[node.pointer])
            addresses[moved[target]] = target
    return rewrite(index.ladder, moved)


def _identify_parts(base: list[Item], theirs: list[Item], mine: list[Item], numbers: "count[int]") -> None:
    """Give identities to the parts of all items, which owners that were paired share."""
    for item in base:
        if item.identity < 0:
            item.identity = next(numbers)
    before = by_identity(base)
    _follow(before, theirs)
    _follow(before, mine)
    for item in theirs:
        if item.identity < 0:
            item.identity = next(numbers)
    _follow_new(by_identity(theirs), mine, before)
    for item in mine:
        if item.identity < 0:
            item.identity = next(numbers)


def _follow(before: Mapping[int, Item], after: list[Item]) -> None:
    for item in after:
        was = before.get(item.identity)
        if was is not None:
            for one, other in paired_parts(was, item):
                other.identity = one.identity


def _follow_new(theirs: Mapping[int, Item], mine: list[Item], base: Mapping[int, Item]) -> None:
    """Pair the parts that both sides added to the same item."""
    for item in mine:
        there = theirs.get(item.identity)
        if there is None:
            continue
        for one, other in paired_parts(there, item, by_order=False):
            if other.identity < 0 and one.identity not in base:
                other.identity = one.identity
