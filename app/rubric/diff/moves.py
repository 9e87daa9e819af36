"""Moves: the fewest entities or items whose move explains the order."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from app.rubric.diff.changes import KINDS
from app.rubric.diff.matching import Matched
from app.rubric.entities import Node

_WITHIN: Final = {"level": ("track", {"track"}), "facet": ("competency", {"competency"})} | {
    "expectation": ("level", {"track", "level"})
}
"""By kind: the name by which its list falls into groups, and the kinds whose move takes whole groups along."""


def out_of_order(places: Sequence[int]) -> frozenset[int]:
    """Return the indexes of the fewest numbers to take away so that the rest ascends (in O(n log n))."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, place in enumerate(places):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else None)
        if length == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[length], ends[length] = place, index
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(range(len(places))) - kept


def moved(matched: Matched) -> frozenset[Node]:
    """Return the entities, as they are now, that moved: to another owner, or within their list.

    Where a track, level or competency moved, what belongs to it moved along and is not told again.
    """
    siblings: dict[str, list[tuple[Node, Node]]] = defaultdict(list)
    found: set[Node] = set()
    for one, other in matched.pairs:
        if one.owner is None or other.owner is None:
            continue
        if matched.now.get(one.owner) is other.owner:
            siblings[other.kind].append((one, other))
        else:
            found.add(other)
    kinds: set[str] = {node.kind for node in found}
    for kind in KINDS:
        name, leaders = _WITHIN.get(kind, ("", set()))
        groups: dict[object, list[tuple[Node, Node]]] = defaultdict(list)
        for one, other in siblings[kind]:
            within = getattr(other.entity, name) if leaders & kinds else None
            groups[other.owner, within].append((one, other))
        for group in groups.values():
            astray = out_of_order([one.position for one, _ in group])
            found |= {group[index][1] for index in astray}
        kinds |= {node.kind for node in found if node.kind == kind}
    return frozenset(found)
