"""Names of all entities of a draft, for fields in which people name one: "L5 Senior engineer"."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.text import folded
from app.web.layout.editing.kinds import KINDS
from app.web.layout.rendering import display_name

MOST_LISTED: Final = 400
"""The most names that a page offers. All others can be typed."""


class EntityNames:
    """The names of the entities of one ladder: `index.once(EntityNames)`."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def of(self, node: Node) -> str:
        """Return the name of an entity, with its kind if another has the same."""
        return self._by_target.get(node.target, node.target)

    def find(self, text: str) -> Node | None:
        """Return the entity that a text names: by its name, its title or code alone, or as `kind:slug`."""
        return self._by_name.get(folded(text)) or self._index.find_target(text.strip())

    def listed(self, kind: str) -> tuple[str, ...]:
        """Return the names to offer, those of a kind first."""
        names = [(node.kind != kind, name) for node, name in self._named()]
        return tuple(name for _, name in sorted(names, key=lambda pair: pair[0])[:MOST_LISTED])

    def _named(self) -> Iterator[tuple[Node, str]]:
        for node in self._nodes:
            yield node, self._by_target[node.target]

    @cached_property
    def _nodes(self) -> tuple[Node, ...]:
        return tuple(node for kind in KINDS for node in self._index.of_kind(kind))

    @cached_property
    def _by_target(self) -> dict[str, str]:
        names: dict[str, str] = {}
        taken: set[str] = set()
        for node in self._nodes:
            long = _long_name(node)
            choices = (long, f"{long} ({KINDS[node.kind].noun})", f"{long} ({node.kind} {node.address})")
            name = next((one for one in choices if folded(one) not in taken), node.target)
            taken.add(folded(name))
            names[node.target] = name
        return names

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        found = {folded(self._by_target[node.target]): node for node in self._nodes}
        for node in self._nodes:
            for name in (_long_name(node), display_name(node)):
                found.setdefault(folded(name), node)
        return found


def _long_name(node: Node) -> str:
    code, title = getattr(node.entity, "code", None), getattr(node.entity, "title", None)
    return f"{code} {title}" if code and title else display_name(node)
