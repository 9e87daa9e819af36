"""The difference between what is asked of each level before and after, place by place.

Compared are the demands of `views/demands.py`: the required lines that count as asked, the step, whether the place is
required, the fewest years of experience and the points that lead to a level. A line that came or went counts; a line
that was reworded by less than a fifth of its words does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.rubric.diff.changes import LevelChange, weightiest
from app.rubric.diff.matching import Matched, Names
from app.rubric.diff.place_difference import Difference, class_of, of_place, reworded
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level, Scale
from app.rubric.owners import relation
from app.rubric.releases import Impact
from app.rubric.views.demands import Demands, Place

_YEARS: Final = " years"
_POINTS: Final = " points"
_DESCRIPTION: Final = ("title", "code", "summary", "scope", "attributes", "years_to", "track", "rank")
"""Properties of a level that describe it and ask for nothing."""

Step = tuple[Scale | None, str | None]


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
                difference = of_place(self.matched, was, now)
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
        return Difference(frozenset(gained), frozenset(lost), reworded(before.items(), after.items()))


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
