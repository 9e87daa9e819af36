"""The demands of a level in every place: in each competency as a whole, and in each facet of it.

This is the one definition; every view, the pictures, the pages and the diff derive from it. Three rules decide what
holds in a place:

1. **Own and inherited.** The level's own expectation. If it has none, that of the extended track at equal rank. An
   expectation that `adds` keeps what holds at the parent's level; one that `replaces` hides it. The nearest
   expectation decides the applicability; with `adds`, the stronger of the two. A place that is not in use asks
   nothing, and a parent's `not-in-use` adds nothing.
2. **Cumulated.** In a `cumulative` ladder, what holds by rule 1 on each rung below, down to the first rung where the
   place is not in use.
3. **The text of the step.** The step of a place is the highest among what holds. Its text is the facet's proficiency
   at that step; else the competency's, if the facet is measured on the same scale; else the step's own summary. In a
   cumulative scale, the texts of the lower steps too.

A text appears once per place: the line that counts most wins, then the one of the nearest origin.
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, takewhile
from typing import Final

from app.bounded_cache import Bounded
from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Applicability, Competency, Expectation, Facet, Level, Scale, Step
from app.rubric.parts import Proficiency
from app.rubric.text import Slug
from app.rubric.views.holdings import Entry, Holding, Holdings, Place, PlaceHoldings, State
from app.rubric.views.lines import Line, Source

_MOST_KEPT: Final = 10_000
"""The most places and entries that are kept for the levels of one ladder together."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand of a level in one place."""

    competency: Slug
    facet: Slug | None
    state: State
    applicability: Applicability | None
    """`required`, `optional` or `not-in-use`; None if the place is absent."""
    step: Slug | None
    """The highest step among what holds; None if nothing names one."""
    entries: tuple[Entry, ...]
    """The expectations that hold, in order: own, extended (the nearest first), cumulated (from the nearest rung
    down), the step. If the place is not in use, the expectation that says so, without lines."""
    hidden: tuple[Expectation, ...]
    """The expectations that a nearer one replaces, so they are not inherited through `extends`; nearest first."""

    @property
    def place(self) -> Place:
        """The competency and the facet."""
        return self.competency, self.facet

    @property
    def asked(self) -> bool:
        """Return whether anything is asked, as required or optional."""
        return self.applicability in {"required", "optional"}

    @property
    def held(self) -> tuple[Entry, ...]:
        """The entries that are expectations."""
        return tuple(entry for entry in self.entries if entry.origin != "step")

    @property
    def lines(self) -> Iterator[tuple[Entry, Line]]:
        """Every line with its entry, in order."""
        return ((entry, line) for entry in self.entries for line in entry.lines)

    @property
    def required(self) -> Iterator[tuple[Entry, Line]]:
        """The lines that people must meet, with their entries: asked ones, of a place that is required."""
        if self.applicability != "required":
            return iter(())
        return (pair for pair in self.lines if pair[1].counts_as == "asked")


@dataclass(frozen=True, slots=True)
class LevelDemands:
    """The demands of a level in all places, in the order of competencies, each followed by its facets."""

    level: Level
    cells: tuple[Demand, ...]


@dataclass(frozen=True)
class Demands:
    """The demands of the levels of one ladder: `index.once(Demands)`."""

    index: Index

    def of(self, level: Level) -> LevelDemands:
        """Return what a level asks in all places. Levels are kept as long as there is room."""
        return self._kept.get(id(level), self._of, level)  # two levels may have one slug in a draft

    def cell(self, level: Level, competency: Slug, facet: Slug | None = None) -> Demand:
        """Return what a level asks in one place."""
        place = competency, facet
        holdings = self.holdings_in(place)
        here = holdings.get(level.slug)
        if here is not None and here.applicability == "not-in-use":
            return Demand(*place, "not-in-use", "not-in-use", None, here.entries, here.hidden)
        below = self._below(level, holdings)
        nearest = here or next(iter(below), None)
        if nearest is None:
            return Demand(*place, "absent", None, None, (), ())
        # Whole lists at a time: one cell may hold what hundreds of rungs say.
        held = [
            *(() if here is None else here.entries),
            *chain.from_iterable([one.cumulated for one in below]),
        ]
        steps = [*(() if here is None else here.steps), *chain.from_iterable([one.steps for one in below])]
        scale = self.index.scale_of(*place)
        heights = {} if scale is None else {one.slug: height for height, one in enumerate(scale.steps)}
        step = highest_step(heights, steps) if steps else None
        return Demand(
            *place,
            "inherited" if here is None else here.state,
            nearest.applicability,
            step,
            _each_text_once([*held, *self.step_texts(place, scale, step)], step),
            () if here is None else here.hidden,
        )

    def first_levels_by_expectation(self, most: int) -> Mapping[str, Sequence[Slug]]:
        """Return the levels at which each expectation holds, by its slug: at most `most` of them.

        Each level looks only that many expectations down in each place, so the work grows with the ladder and not
        with the square of its levels.
        """
        found: dict[str, dict[Slug, None]] = defaultdict(dict)
        for said in self.own.said.values():
            held = {level: self.own.reach(level, said)[0] for level in self.own.levels(said)}
            slugs = {level: [expectation_slug(one) for one in here] for level, here in held.items()}
            unused = {level for level, here in held.items() if here[0].applicability == "not-in-use"}
            for level in self.index.levels:
                below = () if level in unused else self._held_below(level, held.keys(), unused)
                for rung in (level, *islice(below, most)):
                    for slug in slugs.get(rung, ()):
                        if len(found[slug]) < most:
                            found[slug][level] = None
        return {slug: tuple(levels) for slug, levels in found.items()}

    def _held_below(self, level: Slug, held: Container[Slug], unused: Container[Slug]) -> Iterator[Slug]:
        """Yield the rungs below that hold something, down to the first where the place is not in use."""
        rungs = takewhile(lambda rung: rung not in unused, self.rungs_below(level))
        yield from (rung for rung in rungs if rung in held)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place: each competency, followed by its facets."""
        return tuple(
            (competency, facet)
            for competency in self.index.competencies
            for facet in (None, *(one.slug for one in self.index.facets_of.get(competency, ())))
        )

    def _of(self, level: Level) -> LevelDemands:
        return LevelDemands(level, tuple(self.cell(level, *place) for place in self.places))

    @cached_property
    def _kept(self) -> Bounded[int, LevelDemands]:
        return Bounded(_MOST_KEPT, lambda found: sum(1 + len(cell.entries) for cell in found.cells))

    # Rule 1: own and inherited

    @cached_property
    def own(self) -> Holdings:
        """Return what holds by rule 1."""
        return Holdings(self.index)

    @property
    def inheritance(self) -> Inheritance:
        """Return where levels take expectations from."""
        return self.own.inheritance

    def holdings_in(self, place: Place) -> PlaceHoldings:
        """Return what holds in a place by rule 1, by level."""
        return self.own.of(place)

    # Rule 2: cumulated

    def _below(self, level: Level, holdings: PlaceHoldings) -> Sequence[Holding]:
        """Return what holds on each rung below, from the nearest down to the first where the place is not in use."""
        found: list[Holding] = []
        for rung in self.rungs_below(level.slug):
            holding = holdings.get(rung)
            if holding is not None:
                if holding.applicability == "not-in-use":
                    break
                found.append(holding)
        return found

    def rungs_below(self, level: Slug) -> tuple[Slug, ...]:
        """Return the rungs that a level includes, the nearest first; none unless the ladder is cumulative."""
        if self.index.ladder.cumulative != "yes":
            return ()
        known = self._rungs.get(level)
        if known is None:
            known = self._rungs[level] = tuple([rung.slug for rung in self.inheritance.below(level)])
        return known

    @cached_property
    def _rungs(self) -> dict[Slug, tuple[Slug, ...]]:
        """The rungs below each level, as far as they were asked for."""
        return {}

    # Rule 3: the text of the step

    def step_texts(self, place: Place, scale: Scale | None, step: Slug | None) -> Iterator[Entry]:
        """Give the text of the step; in a cumulative scale, the texts from that step down."""
        if scale is None or step is None:
            return
        included = [one for one in scale.steps if one.slug == step]
        if included and scale.cumulative == "yes":
            included = [*reversed(scale.steps[: scale.steps.index(included[0]) + 1])]
        texts = (self.step_text(place, one) for one in included)
        yield from (text for text in texts if text is not None)

    def step_text(self, place: Place, step: Step) -> Entry | None:
        """Return the text of a step of the scale that applies in a place; None if there is none."""
        sources: list[Source] = [*self._proficiencies(place, step.slug), step]
        source = next((source for source in sources if _speaks(source)), None)
        return None if source is None else Entry("step", source, self.own.lines_of(source))

    def _proficiencies(self, place: Place, step: Slug) -> Iterator[Proficiency]:
        competency, facet = place
        holders: list[Competency | Facet | None] = [self.index.facets.get(facet)] if facet is not None else []
        if facet is None or self.index.scale_name(competency) == self.index.scale_name(competency, facet):
            holders.append(self.index.competencies.get(competency))
        for holder in holders:
            if holder is not None:
                yield from (one for one in holder.proficiencies if one.step == step)


def _each_text_once(entries: Sequence[Entry], step: Slug | None) -> tuple[Entry, ...]:
    """Return the entries with each text in one of them, without those that have nothing else to contribute."""
    said = [entry.said for entry in entries]
    if len(frozenset[str]().union(*[one.keys for one in said])) == sum([len(one.lines) for one in said]):
        return tuple(entries)
    best: dict[str, Line] = {}
    for entry in entries:
        for line in entry.lines:
            other = best.get(line.key)
            if other is None or line.strength < other.strength:
                best[line.key] = line
    kept: list[Entry] = []
    for entry in entries:
        lines = tuple([line for line in entry.lines if best[line.key] is line])
        names_the_step = entry.origin != "step" and step is not None and entry.step == step
        if lines or entry.examples or names_the_step or not entry.lines or not kept:
            kept.append(entry.with_lines(lines))
    return tuple(kept)


def _speaks(source: Source) -> bool:
    """Return whether a proficiency or step has any text."""
    if isinstance(source, Step):
        return bool(source.summary)
    return bool(source.summary or source.statements or source.examples)


def highest_step(heights: Mapping[Slug, int], named: Sequence[Slug]) -> Slug:
    """Return the highest of the steps that are named, by their heights in a scale; the nearest if none has one."""
    known = [step for step in named if step in heights] if len(named) > 1 else ()
    return max(known, key=heights.__getitem__) if known else named[0]
