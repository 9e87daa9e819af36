"""Joining files into one flat ladder: lists of one name are joined, and nested children leave their parents.

A child inside its parent needs no reference: `tracks[].levels[]`, `competencies[].facets[]` and
`levels[].expectations[]` fill in the track, competency and level. A statement or example may be plain text.
Order is document order: file by file, line by line. Nodes keep their places all the way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from app.formats.syntax.nodes import Node, Remark, echo
from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.suggest import nearest

RELEASE: Final = "release"
SCHEMA: Final = "$schema"


@dataclass(frozen=True, slots=True)
class Nesting:
    """Children that may be written inside their parent."""

    inside: str
    """The parent's property that holds them, which is the ladder's own list of them too."""
    reference: str
    """The child's property that names the parent."""
    parent: str
    """The word for the parent in messages."""


NESTINGS: Final = {
    "tracks": Nesting("levels", "track", "track"),
    "competencies": Nesting("facets", "competency", "competency"),
    "levels": Nesting("expectations", "level", "level"),
}
"""The lists of the ladder whose items hold other items, and the kind of those."""

_LISTS: Final = frozenset(name for name, item in properties(Ladder).items() if item.many)
_MOST_GUESSES: Final = 20
"""The number of wrong names that get a suggestion. Each suggestion compares a name with all others."""
_SPELLED_OUT: Final = frozenset({"statements", "examples"})
_MAY_HOLD_THEM: Final = ("proficiencies", "statements", "examples")


def assemble(roots: Iterable[Node]) -> tuple[Node, list[Remark]]:
    """Return the flat ladder of a bundle's files, with its `release` block, and remarks on what is wrong.

    Every root is a mapping, and there is at least one.
    """
    work = _Assembly()
    first: Node | None = None
    for root in roots:
        first = first or root
        work.add(root)
    work.fill_competencies()
    assert first is not None  # noqa: S101 - a bundle has at least one file
    return replace(first, value=work.flat()), work.remarks


class _Assembly:
    """The properties and lists of the files read so far."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self._guesses = 0
        self._single: dict[str, Node] = {}
        self._lists: dict[str, tuple[Node, list[Node]]] = {}

    def flat(self) -> dict[str, Node]:
        """Return the properties of the flat ladder."""
        joined = {name: replace(first, value=items) for name, (first, items) in self._lists.items()}
        return {**self._single, **joined}

    def add(self, root: Node) -> None:
        """Take in one file."""
        members = root.value if isinstance(root.value, dict) else {}
        for name, node in members.items():
            if name in _LISTS:
                self._add_list(name, node, None)
            elif name != SCHEMA:
                self._add_single(name, node)

    def fill_competencies(self) -> None:
        """Give each expectation that names a facet alone the competency of that facet."""
        homes: dict[str, Node] = {}
        for facet in self._items("facets"):
            members = facet.value if isinstance(facet.value, dict) else {}
            slug, home = members.get("slug"), members.get("competency")
            if slug and home and isinstance(slug.value, str):
                homes.setdefault(slug.value, home)
        for expectation in self._items("expectations"):
            if isinstance(expectation.value, dict) and "competency" not in expectation.value:
                self._fill_competency(expectation.value, homes)

    def _fill_competency(self, members: dict[str, Node], homes: dict[str, Node]) -> None:
        facet = members.get("facet")
        if facet is None or not isinstance(facet.value, str):
            return
        home = homes.get(facet.value)
        if home is None:
            self._guesses += 1
            near = nearest(facet.value, homes, 1) if self._guesses <= _MOST_GUESSES else ()
            guess = f"did you mean `{near[0]}`?" if near else "correct the name, or write `competency` too"
            self._remark(facet, f"this ladder has no facet `{echo(facet.value)}`; {guess}")
        members["competency"] = replace(facet, value=facet.value if home is None else home.value)

    def _add_single(self, name: str, node: Node) -> None:
        first = self._single.setdefault(name, node)
        if first is not node:
            detail = f"`{echo(name)}` is in two files, first at {_key_place(first)}; keep one of them"
            self.remarks.append(Remark(node.source, _key_at(node), detail, node.key_at))

    def _add_list(self, name: str, node: Node, implied: tuple[Nesting, Node | None] | None) -> None:
        if not isinstance(node.value, list):
            fix = "delete the line, or write `[]`" if node.value is None else "put it in a list"
            self._remark(node, f"`{name}` must be a list; {fix}")
            return
        self._lists.setdefault(name, (node, []))
        for item in node.value:
            self._add_entity(name, item, implied)

    def _add_entity(self, name: str, item: Node, implied: tuple[Nesting, Node | None] | None) -> None:
        items = self._lists[name][1]
        if not isinstance(item.value, dict):
            items.append(item)
            return
        members = _spelled_out(item.value)
        if implied is not None:
            self._imply(members, item, *implied)
        nesting = NESTINGS.get(name)
        children = members.pop(nesting.inside, None) if nesting else None
        items.append(replace(item, value=members))
        if nesting and children:
            self._add_list(nesting.inside, children, (nesting, members.get("slug")))

    def _imply(self, members: dict[str, Node], item: Node, nesting: Nesting, slug: Node | None) -> None:
        """Fill in the reference to the parent. Where the parent has no slug, that alone is reported."""
        given = members.get(nesting.reference)
        if slug is None or not isinstance(slug.value, str):
            members[nesting.reference] = replace(slug or item, value="unnamed")
        elif given is None:
            members[nesting.reference] = slug
        elif isinstance(given.value, str) and given.value != slug.value:
            detail = (
                f"`{nesting.reference}` is `{echo(given.value)}`, but this entry is inside the "
                f"{nesting.parent} `{echo(slug.value)}`; delete the line, or move the entry"
            )
            self._remark(given, detail)

    def _items(self, name: str) -> list[Node]:
        return self._lists[name][1] if name in self._lists else []

    def _remark(self, node: Node, detail: str) -> None:
        self.remarks.append(Remark(node.source, node.at, detail))


def _spelled_out(members: dict[str, Node]) -> dict[str, Node]:
    """Return the properties with plain statements and examples, here and further in, turned into `{text: …}`."""
    spelled = dict(members)
    for name in _MAY_HOLD_THEM:
        node = members.get(name)
        if node is not None and isinstance(node.value, list):
            spelled[name] = replace(node, value=[_item(name, item) for item in node.value])
    return spelled


def _item(name: str, item: Node) -> Node:
    if isinstance(item.value, dict):
        return replace(item, value=_spelled_out(item.value))
    if name in _SPELLED_OUT and isinstance(item.value, str):
        return replace(item, value={"text": item})
    return item


def _key_place(node: Node) -> str:
    return str(node.source.place(_key_at(node)))


def _key_at(node: Node) -> int:
    return node.at if node.key_at is None else node.key_at
