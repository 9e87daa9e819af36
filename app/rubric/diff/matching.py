"""Pairs of entities that are the same in the ladder before and the ladder after.

Matched by UUID first, which stays through renames; then by address; then by former slugs (`formerly`). Steps are also
matched by their scale, expectations by their level and competency, and parts without a slug by their text, inside an
owner that was matched. Exchanging the two ladders exchanges the pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from app.rubric.diff.changes import KINDS
from app.rubric.diff.pairing import pair_alike, pair_equal
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.owners import relation
from app.rubric.parts import Example, Proficiency, Statement

_INNER: Final[tuple[Kind, ...]] = ("proficiency", "statement", "example")

Key = Callable[[Node], Hashable]
_NAMES: Final[tuple[Key, ...]] = (
    lambda node: node.uuid and (node.uuid, node.address),
    lambda node: node.uuid,
    lambda node: node.uuid and node.address,
)
"""The names by which an entity with a UUID is found, the surest first."""


@dataclass(frozen=True)
class Matched:
    """The pairs, and the entities without one."""

    before: Index
    after: Index
    pairs: tuple[tuple[Node, Node], ...]
    """Entities that are in both, in the order of the ladder after."""
    removed: tuple[Node, ...]
    added: tuple[Node, ...]

    @cached_property
    def now(self) -> dict[Node, Node]:
        """The entity of today by the one before."""
        return dict(self.pairs)

    @cached_property
    def names(self) -> "Names":
        """Return how entities before are called now."""
        return Names.of(self.pairs)


@dataclass(frozen=True)
class Names:
    """Today's names of entities that were called otherwise before."""

    targets: dict[str, str]
    """Today's `kind:address` by the one before, where they differ."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[Node, Node]]) -> "Names":
        """Collect the names that differ; of two entities with one address the first counts."""
        targets: dict[str, str] = {}
        for one, other in pairs:
            targets.setdefault(one.target, other.target)
        return cls({was: now for was, now in targets.items() if was != now})

    def target(self, target: str) -> str:
        """Today's `kind:address`."""
        return self.targets.get(target, target)

    def slug(self, kind: str, slug: str) -> str:
        """Today's slug of an entity."""
        return self.target(f"{kind}:{slug}").partition(":")[2]

    def step(self, scale: str | None, slug: str) -> str:
        """Today's slug of a step of a scale."""
        return self.slug("step", f"{scale}--{slug}").rpartition("--")[2]


_AS_THEY_ARE: Final = Names({})


def match(before: Index, after: Index, known: Iterable[tuple[Node, Node]] = ()) -> Matched:
    """Pair the entities of two ladders, each at most once. The ladders themselves are always a pair.

    `known` are pairs that are certain, each of one kind.
    """
    pairing = _Pairing(before, after)
    pairing.take({(before.nodes[0], after.nodes[0]): None, **dict.fromkeys(known)})
    for kind in KINDS:
        if kind != "expectation":
            pairing.by_name(kind)
    pairing.by_key("step", partial(_step_key, Names.of(pairing.pairs)), partial(_step_key, _AS_THEY_ARE))
    names = Names.of(pairing.pairs)
    pairing.by_key("expectation", partial(_cell_key, names), partial(_cell_key, _AS_THEY_ARE))
    pairing.by_name("expectation")
    for kind in _INNER:
        pairing.by_text(kind, Names.of(pairing.pairs))
    now = dict(pairing.pairs)
    found = set(now.values())
    place = {node: position for position, node in enumerate(after.nodes)}
    return Matched(
        before,
        after,
        tuple(sorted(pairing.pairs, key=lambda pair: place[pair[1]])),
        tuple(node for node in before.nodes if node not in now),
        tuple(node for node in after.nodes if node not in found),
    )


class _Pairing:
    """The pairs found so far, and the entities left on both sides."""

    def __init__(self, before: Index, after: Index) -> None:
        self.pairs: list[tuple[Node, Node]] = []
        self._before = {kind: dict.fromkeys(before.of_kind(kind)) for kind in KINDS}
        self._after = {kind: dict.fromkeys(after.of_kind(kind)) for kind in KINDS}
        self._indexes = before, after

    def take(self, pairs: Iterable[tuple[Node, Node]]) -> None:
        """Pair these."""
        for one, other in pairs:
            del self._before[one.kind][one]
            del self._after[other.kind][other]
            self.pairs.append((one, other))

    def by_name(self, kind: Kind) -> None:
        """Pair by UUID and address, by UUID, by address, and by former slugs."""
        for key in _NAMES:
            self.by_key(kind, key, key)
        self._by_former(kind)

    def by_key(self, kind: Kind, ours: Key, theirs: Key) -> None:
        """Pair what has the same key, in order."""
        left, right = list(self._before[kind]), list(self._after[kind])
        equal = pair_equal([ours(node) for node in left], [theirs(node) for node in right])
        self.take((left[i], right[j]) for i, j in equal)

    def by_text(self, kind: Kind, names: Names) -> None:
        """Pair what has no slug, on one side at least, with the most alike in the same owner."""
        inside, beside = _by_owner(self._before[kind]), _by_owner(self._after[kind])
        for owner, other in tuple(self.pairs):
            if inside.get(owner) and beside.get(other):
                self.take(tuple(self._alike(inside[owner], beside[other], names)))

    def _alike(
        self, left: Sequence[Node], right: Sequence[Node], names: Names
    ) -> Iterator[tuple[Node, Node]]:
        def may(i: int, j: int) -> bool:
            return left[i].uuid is None or right[j].uuid is None

        if left[0].kind == "proficiency":
            before, after = self._indexes
            ours = [_step_of(before, node, names) for node in left]
            theirs = [_step_of(after, node, _AS_THEY_ARE) for node in right]
            pairs = [pair for pair in pair_equal(ours, theirs) if may(*pair)]
        else:
            pairs = pair_alike([_text(node) for node in left], [_text(node) for node in right], may)
        yield from ((left[i], right[j]) for i, j in pairs)

    def _by_former(self, kind: Kind) -> None:
        """Pair what one side calls by a former slug of the other; the order of names decides between several."""
        left = {node.address: node for node in reversed(self._before[kind])}
        right = {node.address: node for node in reversed(self._after[kind])}
        told = [(left[was], node) for node in right.values() for was in _formers(node) if was in left]
        told += [(node, right[was]) for node in left.values() for was in _formers(node) if was in right]
        taken: set[Node] = set()
        for one, other in sorted(told, key=lambda pair: sorted((pair[0].address, pair[1].address))):
            if one not in taken and other not in taken:
                taken |= {one, other}
                self.take([(one, other)])


def _by_owner(nodes: Iterable[Node]) -> Mapping[Node | None, Sequence[Node]]:
    found: dict[Node | None, list[Node]] = defaultdict(list)
    for node in nodes:
        found[node.owner].append(node)
    return found


def _formers(node: Node) -> Iterator[str]:
    """Give the addresses that an entity's former slugs give."""
    inside = f"{node.owner.address}--" if node.kind == "step" and node.owner is not None else ""
    return (inside + former for former in getattr(node.entity, "formerly", ()))


def _step_key(names: Names, node: Node) -> Hashable:
    scale, _, step = node.address.partition("--")
    return names.slug("scale", scale), step


def _cell_key(names: Names, node: Node) -> Hashable:
    on = relation(node)
    named = ("level", on.level), ("competency", on.competency), ("facet", on.facet)
    return tuple(slug and names.slug(kind, slug) for kind, slug in named)


def _step_of(index: Index, node: Node, names: Names) -> str:
    assert isinstance(node.entity, Proficiency)  # noqa: S101 - asked of proficiencies only
    on = relation(node)
    return names.step(index.scale_name(on.competency or "", on.facet), node.entity.step)


def _text(node: Node) -> str:
    assert isinstance(node.entity, Statement | Example)  # noqa: S101 - asked of these only
    return node.entity.text
