"""The audience of a change: the levels and tracks whose people it concerns."""

from collections.abc import Iterable

from app.rubric.diff.asked import Asked, cell_of
from app.rubric.diff.rules import RULES
from app.rubric.entities import Node
from app.rubric.ladder import Expectation, Guidance, Ladder
from app.rubric.owners import relation, topmost
from app.rubric.parts import Proficiency

_WEIGHTY = frozenset({"asks-more", "asks-other", "asks-less"})


def touched_levels(asked: Asked, node: Node, rule: str) -> frozenset[str]:
    """Return the levels that an entity of a ladder concerns, where this rule speaks of its change.

    A level concerns itself; an expectation its level and those that take it over; a competency, facet, scale, step
    or proficiency the levels that ask for it; guidance what it is about. A track or the ladder concerns their
    levels where something is asked otherwise.
    """
    top = topmost(node)
    if isinstance(top.entity, Expectation):
        return asked.holding(cell_of(top.entity))
    if isinstance(top.entity, Guidance):
        return _about(asked, top.entity.about)
    if top.kind in {"competency", "facet"}:
        return _competency_or_facet(asked, node)
    if top.kind in {"level", "scale"}:
        alone = node.kind == "step" and rule != "steps-reordered"
        step = node.address.rpartition("--")[2] if alone else ""
        one = frozenset({top.address})
        return one if top.kind == "level" else asked.by_step.get((top.address, step), frozenset())
    return _everyone(asked, top) if RULES[rule] in _WEIGHTY else frozenset()


def touched_tracks(asked: Asked, node: Node, levels: Iterable[str]) -> frozenset[str]:
    """Return the tracks of some levels; of a track, itself too."""
    found = {asked.index.levels[level].track for level in levels if level in asked.index.levels}
    top = topmost(node)
    if top.kind == "track":
        found.add(top.address)
    if isinstance(top.entity, Guidance):
        found |= {target.partition(":")[2] for target in top.entity.about if target.startswith("track:")}
    return frozenset(found & asked.index.tracks.keys())


def _everyone(asked: Asked, top: Node) -> frozenset[str]:
    """Return all levels of the ladder, or of a track."""
    levels = asked.index.ladder.levels
    return frozenset(one.slug for one in levels if isinstance(top.entity, Ladder) or one.track == top.address)


def _about(asked: Asked, targets: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for target in targets:
        node = asked.index.find_target(target)
        if node is not None and node.kind == "level":
            found.add(node.address)
        elif node is not None and isinstance(node.entity, Expectation):
            found |= asked.holding(cell_of(node.entity))
    return frozenset(found)


def _competency_or_facet(asked: Asked, node: Node) -> frozenset[str]:
    on = relation(node)
    within = node
    while within.owner is not None and not isinstance(within.entity, Proficiency):
        within = within.owner
    if isinstance(within.entity, Proficiency):
        return asked.by_proficiency.get((on.competency or "", on.facet, within.entity.step), frozenset())
    key = ("competency", on.competency or "") if on.facet is None else ("facet", on.facet)
    return asked.asking.get(key, frozenset())
