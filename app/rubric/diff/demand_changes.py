"""The difference between what is asked of each level before and after, place by place.

Compared are the demands of `views/demands.py`: the required lines that count as asked, the step, whether the place is
required, the fewest years of experience and the points that lead to a level. A line that came or went counts; a line
that was reworded by less than a fifth of its words does not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Final

from app.rubric.diff.affected_levels import Reach, line_of
from app.rubric.diff.changes import LevelChange
from app.rubric.diff.matching import Matched
from app.rubric.diff.place_difference import (
    Difference,
    Rewordings,
    StepOrder,
    of_place,
    reworded_levels,
)
from app.rubric.diff.word_diff import words_of
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.releases import Impact
from app.rubric.text import Slug
from app.rubric.views.holdings import Place
from app.rubric.views.level_sets import LevelSet, union

_DESCRIPTION: Final = ("title", "code", "summary", "scope", "attributes", "years_to", "track", "rank")
"""Properties of a level that describe it and ask for nothing."""
_EVERYWHERE: Final = ("cumulative", "statement_kinds", "tracks", "levels")
"""Properties of the ladder that decide in every place what is asked."""
_IN_PLACES: Final = frozenset({"scale", "competency", "facet", "expectation"})
"""Kinds of entities that decide it in their own places, with what is inside them."""


@dataclass(frozen=True)
class Asked:
    """The differences between what two ladders ask, by today's names of levels and places."""

    matched: Matched

    @cached_property
    def levels(self) -> tuple[LevelChange, ...]:
        """Every level whose demands or description differ, in document order; removed levels come last."""
        gained = union(one.gaining for one in self.by_place.values())
        lost = union(one.losing for one in self.by_place.values())
        clearer, spelling = union(self.after.bits.values()) & ~self._both, 0
        for slug, (one, other) in self._level_pairs.items():
            bit = self.after.bits[slug]
            more, less, rest = self._description(one, other)
            gained, lost = gained | (more and bit), lost | (less and bit)
            clearer |= bit if rest == "clarifies" else 0
            spelling |= bit if rest == "editorial" else 0
        for place in self._differing:
            left = self._both & ~(gained | lost | clearer)
            more_words, other_spelling = reworded_levels(self.before.at(place), self.after.at(place), left)
            clearer, spelling = clearer | more_words, spelling | other_spelling
        meanings: tuple[tuple[Impact, LevelSet], ...] = (
            *(("asks-other", gained & lost), ("asks-more", gained), ("asks-less", lost)),
            *(("clarifies", clearer), ("editorial", spelling)),
        )
        found: dict[str, Impact] = {}
        for slug, bit in self.after.bits.items():
            impact = next((impact for impact, levels in meanings if levels & bit), None)
            if impact is not None:
                found[slug] = impact
        gone = (node.address for node in self.matched.removed if node.kind == "level")
        found |= dict.fromkeys((level for level in gone if level not in found), "asks-other")
        return tuple(LevelChange(level=level, impact=impact) for level, impact in found.items())

    @cached_property
    def by_place(self) -> Mapping[Place, Difference]:
        """The places in which something else is asked."""
        found: dict[Place, Difference] = {}
        for place in self._differing:
            earlier = self.before.index.scale_of(*self.before.own.get(place, place))
            steps = StepOrder(self.matched.names, earlier, self.after.index.scale_of(*place))
            sides = self.before.at(place), self.after.at(place)
            difference = of_place(*sides, steps, self._rewordings, self._both)
            if difference.gaining | difference.losing:
                found[place] = difference
        return found

    def differences(self, side: Reach, node: Node) -> Sequence[Difference]:
        """Return the differences in the places that an entity has to do with: its own, those of its scale, or all."""
        places = map(side.now, side.places(node))
        return [self.by_place[place] for place in places if place in self.by_place]

    # Both ladders, with the same bit for a level that is in both

    @cached_property
    def before(self) -> Reach:
        """The ladder before, seen from its levels."""
        names = {one.slug: slug for slug, (one, _) in self._level_pairs.items()}
        own = {
            slug: self.after.bits[names[slug]] if slug in names else 1 << place
            for place, slug in enumerate(self.matched.before.levels, len(self.after.bits))
        }
        return Reach(self.matched.before, own, self._now)

    @cached_property
    def after(self) -> Reach:
        """The ladder after, seen from its levels."""
        own = {slug: 1 << n for n, slug in enumerate(self.matched.after.levels)}
        return Reach(self.matched.after, own, lambda place: place)

    @cached_property
    def _level_pairs(self) -> Mapping[Slug, tuple[Level, Level]]:
        """The levels of both ladders, by today's slug."""
        return {
            other.address: (one.entity, other.entity)
            for one, other in self.matched.pairs
            if isinstance(one.entity, Level) and isinstance(other.entity, Level)
        }

    @cached_property
    def _both(self) -> LevelSet:
        """The levels that are in both ladders."""
        return union(self.after.bits[slug] for slug in self._level_pairs)

    def _now(self, place: Place) -> Place:
        """Return a place before by today's names; a facet takes its place to another competency along."""
        names, (competency, facet) = self.matched.names, place
        if facet is None:
            return names.slug("competency", competency), None
        slug = names.slug("facet", facet)
        here = self.matched.after.facets.get(slug)
        return names.slug("competency", competency) if here is None else here.competency, slug

    @cached_property
    def _rewordings(self) -> Rewordings:
        """The lines of entities that say something else now."""
        found: dict[str, list[str]] = defaultdict(list)
        for one, other in self.matched.pairs:
            was, now = line_of(one), line_of(other)
            if was is not None and now is not None and was != now:
                found[was].append(now)
        return found

    # What may differ

    @cached_property
    def _differing(self) -> Sequence[Place]:
        """The places in which the demands may differ: all, if what decides in every place differs."""
        before, after = self.matched.before.ladder, self.matched.after.ladder
        every = dict.fromkeys([*self.after.own, *self.before.own])
        if any(getattr(before, name) != getattr(after, name) for name in _EVERYWHERE):
            return [*every]
        changed = [(one, self.before) for one in self.matched.removed]
        changed += [(other, self.after) for other in self.matched.added]
        for one, other in self.matched.pairs:
            if one.kind in _IN_PLACES and one.entity != other.entity:
                changed += [(one, self.before), (other, self.after)]
        touched = {
            place
            for node, side in changed
            if node.kind in _IN_PLACES
            for place in map(side.now, side.places(node))
        }
        return [place for place in every if place in touched]

    def _description(self, one: Level, other: Level) -> tuple[bool, bool, Impact | None]:
        """Return whether the description of a level asks more, whether it asks less, and what the rest means."""
        fewest = (
            (one.years_from, other.years_from),
            (_points(self.matched.before, one), _points(self.matched.after, other)),
        )
        numbers = [[-inf if number is None else number for number in pair] for pair in fewest]
        before, after = ({name: getattr(level, name) for name in _DESCRIPTION} for level in (one, other))
        before["track"] = self.matched.names.slug("track", one.track)
        return (
            any(now > was for was, now in numbers),
            any(now < was for was, now in numbers),
            None if before == after else "editorial" if _folded(before) == _folded(after) else "clarifies",
        )


def _folded(texts: Mapping[str, object]) -> Mapping[str, object]:
    return {name: words_of(text) if isinstance(text, str) else text for name, text in texts.items()}


def _points(index: Index, level: Level) -> float | None:
    """Return the fewest points that lead to a level; None if no threshold does."""
    track = index.tracks.get(level.track)
    thresholds = () if track is None else track.thresholds
    return min((one.points_from for one in thresholds if one.level == level.slug), default=None)
