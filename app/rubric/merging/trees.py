"""A ladder as a tree of items: the ladder, its entities, and the parts in their lists. Each has an identity.

Items of two ladders with the same identity are the same thing, whatever it is called or wherever it stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.text import Value

_ONE_CELL: Final = frozenset({"external_ids"})
"""Lists of parts that are merged as one value."""


@dataclass(slots=True, eq=False)
class Item:
    """One thing in the tree of a ladder."""

    value: Value
    pointer: str
    """JSON Pointer (RFC 6901) into the ladder."""
    owner: "Item | None"
    listed_in: str
    """The list of its owner that holds it."""
    identity: int = -1
    inside: dict[str, list["Item"]] = field(default_factory=dict)
    """The items of each of its lists."""

    @property
    def place(self) -> tuple[int, str]:
        """The list that holds it: the identity of its owner, and the name of the list."""
        return (-1 if self.owner is None else self.owner.identity), self.listed_in


@cache
def lists_of(model: type[Value]) -> tuple[str, ...]:
    """Return the properties of a class that hold lists of items."""
    return tuple(
        name
        for name, known in properties(model).items()
        if known.many and known.part is not None and name not in _ONE_CELL
    )


@cache
def cells_of(model: type[Value]) -> tuple[str, ...]:
    """Return the properties of a class that are merged as one value each."""
    return tuple(name for name in properties(model) if name not in lists_of(model))


def items(ladder: Ladder) -> list[Item]:
    """Return all items of a ladder, owners before what is in them; the ladder itself is the first."""
    return list(_below(Item(ladder, "", None, "")))


def by_identity(tree: list[Item]) -> Mapping[int, Item]:
    """Return the items of a ladder by their identities."""
    return {item.identity: item for item in tree}


def _below(item: Item) -> Iterator[Item]:
    yield item
    for name in lists_of(type(item.value)):
        held = getattr(item.value, name)
        if held:
            inside = [Item(one, f"{item.pointer}/{name}/{at}", item, name) for at, one in enumerate(held)]
            item.inside[name] = inside
            for one in inside:
                yield from _below(one)
