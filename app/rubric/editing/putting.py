"""Putting an entity: replacing one, or adding one at the end of its list."""

from dataclasses import dataclass
from typing import Final

from app.errors import Fault, Invalid
from app.rubric.editing.mentions import follow
from app.rubric.editing.renaming import (
    published,
    refuse_taken,
    remembering,
    rename,
    rename_step,
    renamed_steps,
)
from app.rubric.editing.tree import children, with_children, with_entity
from app.rubric.entities import COLLECTIONS, Entity, Kind, Node, expectation_slug, walk
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder, Scale
from app.rubric.parts import Example

FIELDS: Final = {kind: field for field, kind in COLLECTIONS.items()} | {"example": "examples"}
"""The kinds that can be put, and the list of their owner that holds them."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The ladder after an entity was put, and the entity's address now."""

    ladder: Ladder
    address: str


def put(
    index: Index,
    kind: Kind,
    address: str,
    entity: Entity,
    base: Index | None = None,
    *,
    owner: str | None = None,
) -> Edited:
    """Return the ladder with an entity at an address: a new one, or a replacement.

    If the entity's slug differs from the address, the entity is renamed and references to it are updated. Steps are
    renamed by the former slugs that the new ones list. `owner` is the owner of an example as `kind:address`; None
    keeps its owner. Published entities keep their former slugs. A removal is deleted when its entity comes back.

    Raises Invalid if the entity cannot be there, and Conflict if its slug is taken; both with pointers into it.
    """
    node = index.find(kind, address)
    if node is None:
        return _added(index, kind, address, entity, base, owner)
    entity = _with_slug(entity, node)
    home = node.owner if owner is None else _owner(index, owner)
    if entity == node.entity and home is node.owner:
        return Edited(index.ladder, address)
    _refuse_other_cell(address, entity)
    slug = _address(entity)
    before = published(index, node, base)
    place = index.nodes.index(node)
    if slug is not None and slug != address:
        refuse_taken(index, node, slug)
        if node.uuid is not None:
            index = Index.of(rename(index, node, slug, base))
            node = index.nodes[place]
    ladder = _in_place(index, node, remembering(entity, before))
    now = slug or node.address
    if owner is not None and home is not node.owner:
        ladder, now = _moved(ladder, node, owner)
    return Edited(_without_live_removals(index, ladder), now)


def _added(
    index: Index, kind: Kind, address: str, entity: Entity, base: Index | None, owner: str | None
) -> Edited:
    """Return the ladder with a new entity at the end of its list."""
    if _address(entity) != address:
        pointer = _differing(address, entity) if isinstance(entity, Expectation) else "/slug"
        detail = f"There is no {kind} {address[:80]!r} to rename. Write the slug in the URL."
        raise Invalid(detail, faults=[Fault(detail, pointer)])
    if kind == "example" and owner is None:
        detail = "A new example needs `of`: its owner as `kind:slug`, such as `level:l5`."
        raise Invalid(detail, faults=[Fault(detail, "/of")])
    home = index.nodes[0] if owner is None else _owner(index, owner)
    entity = remembering(entity, None if base is None else base.find(kind, address))
    ladder = with_children(home, FIELDS[kind], [*children(home, FIELDS[kind]), entity])
    return Edited(_without_live_removals(index, ladder), address)


def _in_place(index: Index, node: Node, entity: Entity) -> Ladder:
    """Return the ladder with another value for a node, whose slug is as it was."""
    ladder = with_entity(node, entity)
    if isinstance(entity, Scale) and isinstance(node.entity, Scale):
        for old, new in renamed_steps(node.entity, entity).items():
            ladder = rename_step(ladder, entity.slug, old, new)
    return follow(index, ladder)


def _moved(ladder: Ladder, node: Node, owner: str) -> tuple[Ladder, str]:
    """Return the ladder with an example moved to the end of another owner's list, and its new address."""
    before = Index.of(ladder)
    here = next(one for one in before.nodes if one.pointer == node.pointer)
    assert here.owner is not None  # noqa: S101 - an example always has one
    left = [*children(here.owner, here.field)]
    del left[here.position]
    home = _owner(Index.of(with_children(here.owner, here.field, left)), owner)
    beside = children(home, here.field)
    moved = follow(before, with_children(home, here.field, [*beside, here.entity]))
    end = f"{home.pointer}/{here.field}/{len(beside)}"
    return moved, next(one.address for one in walk(moved) if one.pointer == end)


def _owner(index: Index, target: str) -> Node:
    """Return the owner of an example. Raises Invalid if there is no such entity or it cannot have examples."""
    node = index.find_target(target)
    if node is None:
        detail = f"There is no entity {target[:80]!r} that could own the example. Name an existing one."
    elif "examples" not in type(node.entity).model_fields:
        detail = f"A {node.kind} cannot have examples. Name a level, competency, facet or expectation."
    else:
        return node
    raise Invalid(detail, faults=[Fault(detail, "/of")])


def _with_slug(entity: Entity, node: Node) -> Entity:
    """Return the entity; an example without a slug keeps its former slug."""
    if isinstance(entity, Example) and entity.slug is None and node.uuid is not None:
        return entity.model_copy(update={"slug": node.address})
    return entity


def _refuse_other_cell(address: str, entity: Entity) -> None:
    if isinstance(entity, Expectation) and expectation_slug(entity) != address:
        detail = (
            "The address of an expectation is its level, competency and facet. To move it, write it to its new "
            f"address {expectation_slug(entity)!r} and delete this one."
        )
        raise Invalid(detail, faults=[Fault(detail, _differing(address, entity))])


def _differing(address: str, asked: Expectation) -> str:
    """Return a JSON Pointer to the first part of an expectation that differs from its address."""
    parts = ("level", "competency", "facet")
    named = (address.split("--") + [""] * 3)[:3]
    pairs = zip(parts, named, strict=True)
    return "/" + next((part for part, name in pairs if (getattr(asked, part) or "") != name), "facet")


def _address(entity: Entity) -> str | None:
    """Return the address that an entity's own properties give, or None for an example without a slug."""
    if isinstance(entity, Expectation):
        return expectation_slug(entity)
    return entity.slug


def _without_live_removals(before: Index, ladder: Ladder) -> Ladder:
    """Return the ladder without removals of entities that came back."""
    if not ladder.removals:
        return ladder
    after = Index.of(ladder)

    def returned(kind: str, slug: str) -> bool:
        return before.find(kind, slug) is None and after.find(kind, slug) is not None

    kept = tuple(one for one in ladder.removals if not returned(one.kind, one.slug))
    if len(kept) == len(ladder.removals):
        return ladder
    return ladder.model_copy(update={"removals": kept})
