"""The demands of all levels in one place at once, as sets of levels. The diff compares these.

`demands.py` answers for one level. Here each line is held once, with the set of levels that have it, so the work
grows with the lines that are written and not with the rungs that hold them again. The rules are the same three.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level, Scale
from app.rubric.text import Slug
from app.rubric.views.demands import Demands
from app.rubric.views.holdings import Place
from app.rubric.views.lines import Line

LevelSet = int
"""A set of levels, one bit for each."""


class Held(NamedTuple):
    """A line, and the levels that have it in this wording and strength."""

    line: Line
    levels: LevelSet
    of_step: bool
    """Whether it comes from the text of the step."""


@dataclass(frozen=True, slots=True)
class PlaceDemands:
    """The demands of all levels in one place."""

    applicability: Mapping[Applicability, LevelSet]
    """Levels by whether they ask; those in no set are absent."""
    steps: Mapping[Slug, LevelSet]
    """Levels by the highest step among what holds; those in no set have none."""
    lines: Mapping[str, Sequence[Held]]
    """Lines by their key. A level is in at most one of those of a key."""
    holders: Mapping[str, LevelSet]
    """The levels at which each expectation holds, by its slug."""


NOWHERE = PlaceDemands({}, {}, {}, {})
"""The demands in a place that a ladder does not have."""


class DemandSets:
    """The demands of one ladder, a place at a time, with the bit that stands for each level."""

    def __init__(self, index: Index, bits: Mapping[Slug, LevelSet]) -> None:
        self.index, self.bits = index, bits
        self.demands = index.once(Demands)
        self._known: dict[Place, PlaceDemands] = {}

    def of(self, place: Place) -> PlaceDemands:
        """Return the demands of all levels in a place."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = _Building(self, place).built()
        return known

    def reach(self, level: Slug) -> LevelSet:
        """Return a level and those that can take over its demands: heirs, and levels above if they accumulate."""
        near = (level, *self.demands.inheritance.heirs(level))
        return union(self.bits.get(one, 0) | self.above.get(one, 0) for one in near)

    @cached_property
    def above(self) -> Mapping[Slug, LevelSet]:
        """The levels that include each rung below them; none unless the ladder is cumulative."""
        found: dict[Slug, LevelSet] = defaultdict(int)
        if self.index.ladder.cumulative == "yes":
            for track, levels in self.index.levels_of.items():
                for rung, above in self._above_in(track, levels):
                    found[rung] |= above
        return found

    def _above_in(self, track: Slug, levels: Iterable[Level]) -> Iterator[tuple[Slug, LevelSet]]:
        """Give each rung of a track with the track's own levels above it."""
        ranks, found = self.index.ranks, 0
        own = sorted((one.slug for one in levels), key=ranks.__getitem__)
        for rung in reversed(self.demands.inheritance.rungs(track)):
            while own and ranks[own[-1]] > ranks[rung.slug]:
                found |= self.bits[own.pop()]
            yield rung.slug, found

    @cached_property
    def nearest_first(self) -> Sequence[Slug]:
        """All levels, each before the rungs below it."""
        tracks = dict.fromkeys(one.track for one in self.index.levels.values())
        depths = {track: sum(1 for _ in self.demands.inheritance.ancestors(track)) for track in tracks}
        levels = sorted(
            self.index.levels.values(), key=lambda one: (depths[one.track], self.index.ranks[one.slug])
        )
        return [one.slug for one in reversed(levels)]


class _Building:
    """The sets of one place, while they are made: rungs are taken in from the nearest down."""

    def __init__(self, sets: DemandSets, place: Place) -> None:
        self._sets, self._place = sets, place
        self._applicability: dict[Applicability, LevelSet] = defaultdict(int)
        self._named: dict[Slug, LevelSet] = defaultdict(int)
        self._nearest_step: dict[Slug, LevelSet] = defaultdict(int)
        self._holders: dict[str, LevelSet] = defaultdict(int)
        self._lines: dict[str, list[Held]] = defaultdict(list)

    def built(self) -> PlaceDemands:
        """Return the sets."""
        self._hold()
        scale = self._sets.index.scale_of(*self._place)
        steps = self._highest(scale)
        for step, levels in steps.items():
            for entry in self._sets.demands.step_texts(self._place, scale, step):
                self._take(entry.lines, levels, of_step=True)
        lines = {key: _each_once(lines) for key, lines in self._lines.items()}
        return PlaceDemands(self._applicability, steps, lines, self._holders)

    def _hold(self) -> None:
        """Take in what holds by rules 1 and 2."""
        holdings = self._sets.demands.holdings_in(self._place)
        ended = decided = stepped = 0
        for slug in self._sets.nearest_first:
            holding = holdings.get(slug)
            if holding is None:
                continue
            own, above = self._sets.bits[slug], self._sets.above.get(slug, 0)
            here = own | (above & ~ended)
            if holding.applicability == "not-in-use":
                ended |= own | above
                here = own
            self._applicability[holding.applicability] |= here & ~decided
            decided |= here
            for entry in holding.entries:
                if isinstance(entry.source, Expectation):
                    self._holders[expectation_slug(entry.source)] |= here
                self._take(entry.lines, here, of_step=False)
            if holding.applicability != "not-in-use":
                for step in holding.steps:
                    self._named[step] |= here
                    self._nearest_step[step] |= here & ~stepped
                    stepped |= here

    def _take(self, lines: Iterable[Line], levels: LevelSet, *, of_step: bool) -> None:
        for line in lines:
            self._lines[line.key].append(Held(line, levels, of_step))

    def _highest(self, scale: Scale | None) -> dict[Slug, LevelSet]:
        """Return the levels by their highest step; by the nearest, if the scale does not tell."""
        found: dict[Slug, LevelSet] = {}
        done = 0
        steps = () if scale is None else tuple(step.slug for step in reversed(scale.steps))
        for named, step in chain(
            ((self._named, step) for step in steps),
            ((self._nearest_step, step) for step in self._nearest_step),
        ):
            levels = named.get(step, 0) & ~done
            done |= levels
            if levels:
                found[step] = found.get(step, 0) | levels
        return found


def union(sets: Iterable[LevelSet]) -> LevelSet:
    """Return the levels that are in any of the sets."""
    found = 0
    for one in sets:
        found |= one
    return found


def _each_once(lines: Sequence[Held]) -> Sequence[Held]:
    """Return the wordings of one line, each for the levels at which it is the strongest, or else the nearest."""
    if len(lines) == 1:
        return lines
    found: dict[tuple[object, ...], Held] = {}
    taken = 0
    for line, levels, of_step in sorted(lines, key=lambda held: held.line.strength):
        here = levels & ~taken
        taken |= levels
        if here:
            wording = line.text, line.counts_as, of_step
            known = found.get(wording)
            found[wording] = Held(line, here if known is None else known.levels | here, of_step)
    return tuple(found.values())
