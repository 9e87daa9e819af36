"""The difference between what is asked of each level before and after, place by place.

Compared are the demands of `views/demands.py`: the required lines that count as asked, the step, whether the place is
required, the fewest years of experience and the points that lead to a level. A line that came or went counts; a line
that was reworded by less than a fifth of its words does not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from app.rubric.diff.changes import LevelChange, weightiest
from app.rubric.diff.matching import Matched, Names
from app.rubric.diff.pairing import pair_alike
from app.rubric.diff.words import cut, similarity
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level, Scale
from app.rubric.owners import relation
from app.rubric.releases import Impact
from app.rubric.views.demands import Demand, Demands, Place

CLEARER: Final = 0.8
"""The similarity from which a reworded text still asks for the same."""
_REQUIRED: Final = " required"
_STEP: Final = " step"
_YEARS: Final = " years"
_POINTS: Final = " points"
_DESCRIPTION: Final = ("title", "code", "summary", "scope", "attributes", "years_to", "track", "rank")
"""Properties of a level that describe it and ask for nothing."""

Step = tuple[Scale | None, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference in one place, or of several places together."""

    gained: frozenset[str] = frozenset()
    """The keys of the lines that are asked now and were not. Other demands have keys that begin with a space."""
    lost: frozenset[str] = frozenset()
    """The keys of what was asked and is not now."""
    rest: Impact | None = None
    """What the other differences mean, if there are any."""

    @property
    def impact(self) -> Impact | None:
        """Return what the differences mean for people; None if there is no difference."""
        return class_of(bool(self.gained), bool(self.lost)) or self.rest


def class_of(gained: bool, lost: bool) -> Literal["asks-more", "asks-other", "asks-less"] | None:  # noqa: FBT001 - two of a kind
    """Return what it means that demands were gained, lost or both; None if neither."""
    if gained and lost:
        return "asks-other"
    return "asks-more" if gained else "asks-less" if lost else None


@dataclass(frozen=True)
class Asked:
    """The differences between what two ladders ask, by today's names of levels and places."""

    matched: Matched

    @cached_property
    def earlier(self) -> Names:
        """Earlier names of what is called otherwise now."""
        return Names.of((other, one) for one, other in self.matched.pairs)

    @cached_property
    def levels(self) -> Mapping[str, LevelChange]:
        """Every level whose demands or description differ, in document order; removed levels come last."""
        pairs = self._level_pairs
        found: dict[str, Impact] = {}
        for level in self.matched.after.levels:
            if level not in pairs:
                found[level] = "clarifies"
                continue
            parts = [self._description(*pairs[level])]
            parts += [levels[level] for levels in self.by_place.values() if level in levels]
            impact = class_of(any(one.gained for one in parts), any(one.lost for one in parts))
            rest = [one.rest for one in parts if one.rest is not None]
            if impact is not None or rest:
                found[level] = impact or weightiest(rest)
        gone = (node.address for node in self.matched.removed if node.kind == "level")
        found |= dict.fromkeys((level for level in gone if level not in found), "asks-other")
        return {level: LevelChange(level=level, impact=impact) for level, impact in found.items()}

    @cached_property
    def by_place(self) -> Mapping[Place, Mapping[str, Difference]]:
        """The levels for which something differs, in each place."""
        found: dict[Place, dict[str, Difference]] = {}
        then = {self._now(place): place for place in self._before.places}
        for place in dict.fromkeys([*self._after.places, *then]):
            if not self._may_differ(place):
                continue
            for slug, (one, other) in self._level_pairs.items():
                was = self._before.cell(one, *then[place]) if place in then else None
                now = self._after.cell(other, *place) if place in self._places_now else None
                difference = self._difference(was, now)
                if difference is not None:
                    found.setdefault(place, {})[slug] = difference
        return found

    def places(self, node: Node, *, before: bool) -> Iterator[Place]:
        """Give the places that an entity has to do with: its own, those of its scale, or all."""
        index = self.matched.before if before else self.matched.after
        on = relation(node)
        top = node if node.owner is None else node.owner if node.kind == "step" else node
        for place in self._before.places if before else self._after.places:
            if on.competency is not None:
                near = place[0] == on.competency and on.facet in {None, place[1]}
            else:
                near = top.kind != "scale" or index.scale_name(*place) == top.address
            if near:
                yield self._now(place) if before else place

    # Levels and places in both ladders

    @cached_property
    def _before(self) -> Demands:
        return self.matched.before.once(Demands)

    @cached_property
    def _after(self) -> Demands:
        return self.matched.after.once(Demands)

    @cached_property
    def _level_pairs(self) -> Mapping[str, tuple[Level, Level]]:
        """The levels of both ladders, by today's slug."""
        return {
            other.address: (one.entity, other.entity)
            for one, other in self.matched.pairs
            if isinstance(one.entity, Level) and isinstance(other.entity, Level)
        }

    @cached_property
    def _places_now(self) -> frozenset[Place]:
        return frozenset(self._after.places)

    def _now(self, place: Place) -> Place:
        """Return a place before by today's names; a facet takes its place to another competency along."""
        names, (competency, facet) = self.matched.names, place
        if facet is None:
            return names.slug("competency", competency), None
        slug = names.slug("facet", facet)
        here = self.matched.after.facets.get(slug)
        return names.slug("competency", competency) if here is None else here.competency, slug

    def _may_differ(self, place: Place) -> bool:
        return self._all_may_differ or place in self._touched

    @cached_property
    def _all_may_differ(self) -> bool:
        same = Names({})
        return _shape(self.matched.before, self.matched.names) != _shape(self.matched.after, same)

    @cached_property
    def _touched(self) -> frozenset[Place]:
        """The places of all entities that differ."""
        nodes = [(one, True) for one in self.matched.removed]
        nodes += [(other, False) for other in self.matched.added]
        for one, other in self.matched.pairs:
            if one.kind != "ladder" and (one.entity != other.entity or one.owner is not None):
                moved = one.owner is not None and self._today.get(one.owner) is not other.owner
                if moved or one.entity != other.entity:
                    nodes += [(one, True), (other, False)]
        told = [node for node in nodes if node[0].kind in {"scale", "step"} or relation(node[0]).competency]
        return frozenset(place for node, before in told for place in self.places(node, before=before))

    @property
    def _today(self) -> Mapping[Node, Node]:
        return self.matched.now

    # What differs

    def _difference(self, one: Demand | None, other: Demand | None) -> Difference | None:
        was, now = _lines(one), _lines(other)
        required = [one is not None and one.applicability == "required"]
        required.append(other is not None and other.applicability == "required")
        gained = {key: text for key, (text, _) in now.items() if key not in was}
        lost = {key: text for key, (text, _) in was.items() if key not in now}
        marks: tuple[set[str], set[str]] = set(), set()
        if required[0] != required[1]:
            marks[0 if required[1] else 1].add(_REQUIRED)
        elif all(required) and one is not None and other is not None:
            higher, lower = self._steps(one, other)
            if higher or lower:
                gained = {key: text for key, text in gained.items() if now[key][1] != "step"}
                lost = {key: text for key, text in lost.items() if was[key][1] != "step"}
                marks = {_STEP} if higher else set(), {_STEP} if lower else set()
        _take_out_rewordings(lost, gained)
        found = Difference(frozenset(gained) | marks[0], frozenset(lost) | marks[1], _rest(one, other))
        return None if found.impact is None else found

    def _steps(self, one: Demand, other: Demand) -> tuple[bool, bool]:
        """Return whether the step is higher or another, and whether it is lower or another."""
        if one.step is None or other.step is None:
            return other.step is not None and one.step is None, one.step is not None and other.step is None
        names = self.matched.names
        earlier = self.matched.before.scale_of(one.competency, one.facet)
        scale = self.matched.after.scale_of(other.competency, other.facet)
        if earlier is None or scale is None or names.slug("scale", earlier.slug) != scale.slug:
            return True, True
        then = names.step(earlier.slug, one.step)
        if then == other.step:
            return False, False
        order = [step.slug for step in scale.steps]
        if then not in order:  # the step that was asked for is gone: its old scale knows where it stood
            order = [names.step(earlier.slug, step.slug) for step in earlier.steps]
        if then not in order or other.step not in order:
            return True, True
        higher = order.index(other.step) > order.index(then)
        return higher, not higher

    def _description(self, one: Level, other: Level) -> Difference:
        """Return what differs in the description of a level."""
        gained, lost = set[str](), set[str]()
        for mark, was, now in (
            (_YEARS, one.years_from, other.years_from),
            (_POINTS, _points(self.matched.before, one), _points(self.matched.after, other)),
        ):
            if was != now:
                (gained if was is None or (now is not None and now > was) else lost).add(mark)
        before = {name: getattr(one, name) for name in _DESCRIPTION}
        before["track"] = self.matched.names.slug("track", one.track)
        after = {name: getattr(other, name) for name in _DESCRIPTION}
        return Difference(frozenset(gained), frozenset(lost), _reworded(before.items(), after.items()))


def _lines(demand: Demand | None) -> dict[str, tuple[str, str]]:
    """Return the required lines by their keys, with their text and origin."""
    pairs = () if demand is None else demand.required
    return {line.key: (line.text, entry.origin) for entry, line in pairs}


def _take_out_rewordings(lost: dict[str, str], gained: dict[str, str]) -> None:
    if not lost or not gained:
        return
    was, now = list(lost.items()), list(gained.items())
    for i, j in pair_alike([text for _, text in was], [text for _, text in now]):
        if similarity(was[i][1], now[j][1]) >= CLEARER:
            del lost[was[i][0]], gained[now[j][0]]


def _rest(one: Demand | None, other: Demand | None) -> Impact | None:
    """Return what a difference means that nobody is asked for."""
    was, now = (Counter(() if side is None else _all_lines(side)) for side in (one, other))
    both = one is not None and other is not None
    if both and (one.applicability, one.step) != (other.applicability, other.step):
        return "clarifies"
    return _reworded((was - now).elements(), (now - was).elements())


def _all_lines(demand: Demand) -> Iterator[tuple[str, str]]:
    return ((line.counts_as, line.text) for _, line in demand.lines)


def _reworded(before: Iterable[tuple[str, object]], after: Iterable[tuple[str, object]]) -> Impact | None:
    was, now = list(before), list(after)
    if was == now:
        return None
    return "editorial" if _same_words(was) == _same_words(now) else "clarifies"


def _same_words(values: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    folded = ((name, cut(value).folded if isinstance(value, str) else value) for name, value in values)
    return sorted(folded, key=repr)


def _points(index: Index, level: Level) -> float | None:
    """Return the fewest points that lead to a level; None if no threshold does."""
    track = index.tracks.get(level.track)
    thresholds = () if track is None else track.thresholds
    return min((one.points_from for one in thresholds if one.level == level.slug), default=None)


def _shape(index: Index, names: Names) -> object:
    """Return all that decides what is asked in every place, by today's names."""
    tracks = [
        (
            names.slug("track", one.slug),
            one.extends and names.slug("track", one.extends),
            one.extending,
            one.ordered,
        )
        for one in index.ladder.tracks
    ]
    levels = [
        (names.slug("level", one.slug), names.slug("track", one.track), one.rank)
        for one in index.ladder.levels
    ]
    return index.ladder.cumulative, index.ladder.statement_kinds, tracks, levels
