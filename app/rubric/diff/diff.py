"""From two ladders to their diff: match, compare, judge, and say whom it touches."""

from collections.abc import Container, Iterator, Sequence
from functools import cache
from typing import Final

from app.rubric.diff.changes import (
    BUMPS,
    KINDS,
    Action,
    Change,
    ChangeCounts,
    Diff,
    Move,
    Place,
    weightiest,
)
from app.rubric.diff.demand_changes import Asked
from app.rubric.diff.entity_impact import demands_rule, touched
from app.rubric.diff.field_changes import all_fields, changed_fields
from app.rubric.diff.impact_rules import RULES, STRUCTURE, name_of, rule_of
from app.rubric.diff.matching import match
from app.rubric.diff.moves import moved
from app.rubric.diff.renames import followed
from app.rubric.entities import Kind, Node, short_title
from app.rubric.index import Index
from app.rubric.releases import Bump, Impact

_KEEPS_ITS_NAME: Final = frozenset({"level", "competency", "facet"})
"""Kinds whose removal or rename asks for a major release."""


def diff(before: Index, after: Index) -> Diff:
    """Return all that differs between two ladders; empty exactly if their canonical JSON is the same.

    Either may have findings. Pure, and in time that grows with what they hold and what differs, not with its square.
    """
    builder = _Builder(before, after)
    changes = tuple(sorted(builder.changes(), key=lambda change: (KINDS.index(change.kind), change.target)))
    levels = builder.asked.levels
    bumps = [_bump_of("level", (), level.impact) for level in levels]
    bumps += (change.bump for change in changes)
    return Diff(
        least_bump=min(bumps, key=BUMPS.index, default=None),
        counts=ChangeCounts.of(changes),
        levels=levels,
        tracks=builder.tracks_in_order({slug for change in changes for slug in change.tracks}),
        changes=changes,
    )


def _bump_of(kind: Kind, actions: Sequence[Action], impact: Impact) -> Bump:
    """Return the least bump that a change asks for."""
    loses_its_name = kind in _KEEPS_ITS_NAME and not {"removed", "renamed"}.isdisjoint(actions)
    if loses_its_name or impact in {"asks-more", "asks-other"}:
        return "major"
    return "patch" if impact == "editorial" else "minor"


class _Builder:
    """Makes the changes between two ladders."""

    def __init__(self, before: Index, after: Index) -> None:
        self._matched = match(before, after)
        self.asked = Asked(self._matched)
        self._moved = moved(self._matched)
        self._tracks = dict.fromkeys([*after.tracks, *before.tracks])
        sides = self.asked.before.bits, self.asked.after.bits
        by_bit = sorted({bit: slug for bits in sides for slug, bit in bits.items()}.items())
        self._levels = cache(
            lambda levels: tuple(dict.fromkeys(slug for bit, slug in by_bit if bit & levels))
        )  # slugs in document order, those that are gone last; changes of the same levels share them
        both = (*before.ladder.tracks, *after.ladder.tracks)
        self._points_lead = any(track.thresholds for track in both)
        self._removals = {f"{one.kind}:{one.slug}": one for one in reversed(after.ladder.removals)}

    def tracks_in_order(self, slugs: Container[str]) -> tuple[str, ...]:
        """Slugs in document order, those that are gone last; what no ladder has is left out."""
        return tuple(slug for slug in self._tracks if slug in slugs)

    def changes(self) -> Iterator[Change]:
        """Give one change for each entity that is not as it was, in no order."""
        now, then = self._matched.now, {other for _, other in self._matched.pairs}
        changes = (self._of_pair(one, other) for one, other in self._matched.pairs)
        yield from filter(None, changes)
        yield from (self._gone(node) for node in self._matched.removed if node.owner in now)
        yield from (self._come(node) for node in self._matched.added if node.owner in then)

    def _of_pair(self, one: Node, other: Node) -> Change | None:
        values = followed(self._matched.before, one, self._matched.names)
        found = tuple(changed_fields(values, other))
        has_moved = other in self._moved
        if not found and not has_moved:
            return None
        structure = any(name_of(field) in STRUCTURE for field in found)
        demands = demands_rule(self.asked, one, other, structure=structure)
        rules = [rule_of(one, other, field, demands, points_lead=self._points_lead) for field in found]
        fields = tuple(
            field.model_copy(update={"rule": rule, "impact": RULES[rule]})
            for field, rule in zip(found, rules, strict=True)
        )
        told: list[Action] = []
        if "renamed" in rules:
            told.append("renamed")
        if has_moved:
            told.append("moved")
            rules.insert(0, demands or "moved")
        if any(field.rule != "renamed" for field in fields):
            told.append("changed")
        move = Move(before=_place(one), after=_place(other)) if has_moved else None
        return self._change(one, other, told, rules).model_copy(update={"moved": move, "fields": fields})

    def _gone(self, node: Node) -> Change:
        rule = {"level": "level-removed", "track": "track-removed"}.get(node.kind, "content-removed")
        told = self._removals.get(node.target)
        why = {} if told is None else {"reason": told.reason, "successor": told.successor}
        change = self._alone(node, None, "removed", rule)
        return change.model_copy(update={"fields": tuple(all_fields(node, "before")), **why})

    def _come(self, node: Node) -> Change:
        change = self._alone(None, node, "added", "content-added")
        return change.model_copy(update={"fields": tuple(all_fields(node, "after"))})

    def _alone(self, one: Node | None, other: Node | None, action: Action, rule: str) -> Change:
        demands = demands_rule(self.asked, one, other, structure=False)
        return self._change(one, other, [action], [rule] if demands is None else [demands, rule])

    def _change(
        self, one: Node | None, other: Node | None, actions: Sequence[Action], rules: Sequence[str]
    ) -> Change:
        here = other or one
        assert here is not None  # noqa: S101 - one of the two is given
        impact = weightiest(RULES[rule] for rule in rules)
        rule = next(rule for rule in rules if RULES[rule] == impact)
        levels, tracks = touched(self.asked, one, other, asks=impact.startswith("asks"))
        return Change(
            target=here.target,
            kind=here.kind,
            actions=tuple(actions),
            impact=impact,
            rule=rule,
            bump=_bump_of(here.kind, actions, impact),
            title=short_title(here.entity),
            was=None if one is None or one.target == here.target else one.target,
            uuid=here.uuid,
            levels=self._levels(levels),
            tracks=self.tracks_in_order(tracks),
        )


def _place(node: Node) -> Place:
    assert node.owner is not None  # noqa: S101 - the ladder itself does not move
    return Place(of=node.owner.target, position=node.position + 1)
