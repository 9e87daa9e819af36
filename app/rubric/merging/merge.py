"""The merge of two ladders that were made from a common ancestor, property by property.

What only one side changed is taken from that side. What both changed differently stays as it is in `mine`, and is
reported. What `theirs` lacks stays too unless it is to be removed, and is listed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, cast

from app.rubric.editing.mentions import rewrite
from app.rubric.entities import LISTS, walk
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.merging.alignment import Aligned, align, token
from app.rubric.merging.pairs import Pointers
from app.rubric.merging.sequences import merged_order, reordered
from app.rubric.merging.trees import Item, cells_of, lists_of
from app.rubric.shape import ENTITIES
from app.rubric.text import Value

Reason = Literal["changed", "removed-here", "removed-there", "moved", "reordered"]
"""How two edits conflict: both changed a property; one side changed what the other removed; both moved an item to
different owners; both reordered a list."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit of `theirs` that was not made, because `mine` has another one in the same place."""

    reason: Reason
    pointer: str
    """JSON Pointer of the item into `theirs`; into `base` if `theirs` lacks the item."""
    target: str
    """The nearest entity, as `kind:address`, by its name in `mine` if it has one there."""
    property: str
    """The property or list of the item; empty if the conflict is about the item as a whole."""
    theirs: Any = None
    mine: Any = None
    """The values of the property in both."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An item of the ancestor that `theirs` lacks and that `mine` still has."""

    pointer: str
    """JSON Pointer into the ancestor."""
    target: str
    """The nearest entity, as `kind:address`, by its name in `mine`."""
    field: str
    """The list that holds it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged ladder."""

    ladder: Ladder
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[Missing, ...] = ()
    """What `theirs` lacks: kept, or removed if that was asked for. What is in it is not listed again."""


def merge(
    base: Index,
    theirs: Index,
    mine: Index,
    *,
    known: Iterable[Pointers] = (),
    removing: bool = False,
    partial: bool = False,
) -> Merged:
    """Return `mine` with the edits that lead from `base` to `theirs`.

    Args:
        base: The common ancestor.
        theirs: What one author made of it.
        mine: What another author made of it.
        known: JSON Pointers into `base` and `theirs` that lead to the same entity for certain.
        removing: True to remove what `theirs` lacks.
        partial: True if `theirs` says nothing about properties that are not set in it.
    """
    if theirs.ladder == base.ladder:
        return Merged(mine.ladder)
    aligned = align(base, theirs, mine, known)
    return _Merge((base, theirs, mine), aligned, removing=removing, partial=partial).run()


@dataclass
class _Merge:
    """One merge under way."""

    indexes: tuple[Index, Index, Index]
    aligned: Aligned
    removing: bool
    partial: bool
    conflicts: list[Conflict] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def run(self) -> Merged:
        """Return the merged ladder."""
        ladder = cast("Ladder", self.value(0))
        order = list(self.entities(0))
        now = {token(one): node.target for one, node in zip(order, walk(ladder), strict=True)}
        return Merged(
            rewrite(ladder, {**self.aligned.addresses, **now}), tuple(self.conflicts), tuple(self.missing)
        )

    @cached_property
    def homes(self) -> dict[tuple[int, str], set[int]]:
        """The items of each list of the merged ladder."""
        homes: dict[tuple[int, str], set[int]] = {}
        everything = dict.fromkeys((*self.aligned.mine, *self.aligned.theirs))
        for identity in everything:
            place = None if identity == 0 else self.place(identity)
            if place is not None:
                homes.setdefault(place, set()).add(identity)
        return homes

    def place(self, identity: int) -> tuple[int, str] | None:
        """Return the list that an item goes into; None if it is not in the merged ladder. Note what is missing."""
        base, theirs, mine = self.aligned.sides(identity)
        if mine is None:
            return self.place_without_mine(base, theirs)
        if base is None:
            return mine.place
        if theirs is None:
            owner = base.owner
            if owner is None or owner.identity in self.aligned.theirs:
                self.missing.append(Missing(base.pointer, self.target(base), base.listed_in))
            if self.removing and mine.value == base.value:
                return None
            if self.removing:
                self.note("removed-there", base)
            return mine.place
        return self.moved(base, theirs, mine)

    def place_without_mine(self, base: Item | None, theirs: Item | None) -> tuple[int, str] | None:
        if theirs is None:
            return None
        owner = theirs.owner
        if base is None:
            if owner is not None and owner.identity in self.aligned.mine:
                return theirs.place
            there = owner is not None and owner.identity not in self.aligned.base
            if there and self.is_new(owner):
                return theirs.place
            self.note("removed-here", theirs)
            return None
        if owner is not None and owner.identity in self.aligned.mine and theirs.value != base.value:
            self.note("removed-here", theirs)
        return None

    def is_new(self, item: Item | None) -> bool:
        """Return whether an item that `theirs` added has a place in the merged ladder."""
        while item is not None and item.identity not in self.aligned.mine:
            if item.identity in self.aligned.base:
                return False
            item = item.owner
        return item is not None

    def moved(self, base: Item, theirs: Item, mine: Item) -> tuple[int, str]:
        """Return the list of an item that all three have."""
        if theirs.place in {base.place, mine.place}:
            return mine.place
        owner = theirs.place[0]
        known = owner in self.aligned.mine or (owner not in self.aligned.base and self.is_new(theirs.owner))
        if mine.place == base.place and known:
            return theirs.place
        self.note("moved", theirs)
        return mine.place

    def value(self, identity: int) -> Value:
        """Return the merged value of an item."""
        _, theirs, mine = self.aligned.sides(identity)
        found = mine or theirs
        assert found is not None  # noqa: S101 - an item is in the merged ladder because a side has it
        update = self.cells(identity) if theirs is not None and mine is not None else {}
        for name in lists_of(type(found.value)):
            inside = tuple(self.value(one) for one in self.order(identity, name))
            held = getattr(found.value, name)
            if len(held) != len(inside) or any(
                one is not other for one, other in zip(held, inside, strict=True)
            ):
                update[name] = inside
        return found.value.model_copy(update=update) if update else found.value

    def cells(self, identity: int) -> dict[str, Any]:
        """Return the properties of an item that `theirs` changes."""
        base, theirs, mine = self.aligned.sides(identity)
        assert theirs is not None  # noqa: S101 - asked of items that both sides have
        assert mine is not None  # noqa: S101 - the same
        update: dict[str, Any] = {}
        model = type(mine.value)
        for name in cells_of(model):
            unset = _unset(model, name)
            was = getattr(base.value, name) if base is not None else unset
            there, here = getattr(theirs.value, name), getattr(mine.value, name)
            if there in (was, here) or (self.partial and there == unset):
                continue
            if here == was:
                update[name] = there
            else:
                self.note("changed", theirs, name, there, here)
        if identity in self.aligned.renamed_twice:
            index = self.indexes[1]
            slug: Any = index.at_pointer(theirs.pointer).entity
            self.note("changed", theirs, "slug", slug.slug, getattr(mine.value, "slug", None))
        return update

    @cached_property
    def orders(self) -> dict[tuple[int, str], list[int]]:
        """The merged order of each list."""
        return {place: self.sequence(place, kept) for place, kept in self.homes.items()}

    def order(self, identity: int, name: str) -> list[int]:
        """Return the items of a list of the merged ladder, in order."""
        return self.orders.get((identity, name), [])

    def sequence(self, place: tuple[int, str], kept: set[int]) -> list[int]:
        """Return the merged order of one list."""
        identity, name = place
        base, theirs, mine = (
            [] if item is None else [one.identity for one in item.inside.get(name, ())]
            for item in self.aligned.sides(identity)
        )
        there, here = reordered(base, theirs), reordered(base, mine)
        if there and here and reordered(theirs, mine):
            item = self.aligned.theirs[identity]
            self.note("reordered", item, name)
        first, second = (theirs, mine) if there and not here else (mine, theirs)
        return merged_order(first, second, kept)

    def entities(self, identity: int) -> Iterator[int]:
        """Yield the identities of the entities of the merged ladder, as `walk` gives them."""
        yield identity
        for name in _WALKED:
            for one in self.order(identity, name):
                yield from self.entities(one)

    def target(self, item: Item) -> str:
        """Return the nearest entity of an item, by its name in `mine` if it is there."""
        nearest: Item | None = item
        while nearest is not None and type(nearest.value) not in ENTITIES:
            nearest = nearest.owner
        base, theirs, mine = self.aligned.sides(0 if nearest is None else nearest.identity)
        for index, found in zip(reversed(self.indexes), (mine, theirs, base), strict=True):
            if found is not None:
                return index.at_pointer(found.pointer).target
        raise AssertionError("An item is in one of the three ladders")

    def note(
        self, reason: Reason, item: Item, name: str = "", theirs: object = None, mine: object = None
    ) -> None:
        """Note a conflict."""
        self.conflicts.append(Conflict(reason, item.pointer, self.target(item), name, theirs, mine))


def _unset(model: type[Value], name: str) -> object:
    """Return the value of a property that nobody set; None if it must always be set."""
    known = model.model_fields[name]
    return None if known.is_required() else known.default


_WALKED: Final = (
    *LISTS,
    *("steps", "proficiencies", "statements", "examples"),
)
