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
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, takewhile
from typing import Final, Literal, NamedTuple

from app.bounded_cache import Bounded
from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Applicability, Competency, Expectation, Extending, Facet, Level, Scale, Step
from app.rubric.parts import Example, Proficiency
from app.rubric.text import Slug
from app.rubric.views.lines import Line, Lines, LinesOf, Source

Origin = Literal["own", "extended", "cumulated", "step"]
"""The origin of a line, the nearest first: the level itself, a track that its own extends, a rung below, the text of
the step."""
State = Literal["own", "added", "overridden", "inherited", "not-in-use", "absent"]
"""The origin of a level's demands in a place. Own: its own expectation alone. Added: its own adds to what it inherits
through `extends`. Overridden: its own replaces that. Inherited: it has none of its own. Not in use: the ladder states
that nothing is asked. Absent: nothing is stated, here or at any level that it would inherit from."""
Place = tuple[Slug, Slug | None]
"""Slugs of a competency and a facet; the facet is None for the competency as a whole."""

_MOST_KEPT: Final = 10_000
"""The most places and entries that are kept for the levels of one ladder together."""


class Entry(NamedTuple):
    """The contribution of one source to a place. A tuple, because levels hold very many."""

    origin: Origin
    source: Source
    """An expectation; for a step, the proficiency that describes it, or the step itself."""
    said: Lines
    """The lines of the source that no other source says more strongly, or from nearer."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in order: the summary, then the statements."""
        return self.said.lines

    @property
    def summary(self) -> str | None:
        """The summary, if it is one of the lines."""
        return self.said.summary

    def with_lines(self, lines: tuple[Line, ...]) -> "Entry":
        """Return the entry with some of its lines."""
        return self if len(lines) == len(self.lines) else self._replace(said=Lines.of(self.source, lines))

    @property
    def statements(self) -> tuple[Line, ...]:
        """The lines that are statements."""
        return tuple(line for line in self.lines if line.statement is not None)

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples of the source."""
        return () if isinstance(self.source, Step) else self.source.examples

    @property
    def step(self) -> Slug | None:
        """The step that the source names, describes or is."""
        return self.source.slug if isinstance(self.source, Step) else self.source.step


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
class Holding:
    """The expectations that hold at one level in one place by rule 1."""

    entries: tuple[Entry, ...]
    """The nearest first, as `own` and `extended`."""
    cumulated: tuple[Entry, ...]
    """The same, as the levels above have it."""
    steps: list[Slug]
    """The steps that they name."""
    applicability: Applicability
    state: State
    hidden: tuple[Expectation, ...]


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
        below = self._below(level, holdings) if holdings else []
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
        step = _highest(scale, steps)
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
        for said in self._said.values():
            held = {level: self._held(level, said)[0] for level in self._levels_that_hold(said)}
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
        if self.index.ladder.cumulative == "yes":
            rungs = takewhile(lambda rung: rung not in unused, self._rungs_below(level))
            yield from (rung for rung in rungs if rung in held)

    @cached_property
    def inheritance(self) -> Inheritance:
        """Return where levels take expectations from."""
        return Inheritance(self.index)

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

    def holdings_in(self, place: Place) -> Mapping[Slug, Holding]:
        """Return what holds in a place by rule 1, by level."""
        known = self._holdings.get(place)
        if known is None:
            said = self._said.get(place, {})
            levels = self._levels_that_hold(said)
            known = self._holdings[place] = {level: self._holding(level, said) for level in levels}
        return known

    def _levels_that_hold(self, said: Iterable[Slug]) -> Iterable[Slug]:
        """Return the levels with expectations and those that take theirs from them."""
        return dict.fromkeys(level for slug in said for level in (slug, *self.inheritance.heirs(slug)))

    def _held(
        self, level: Slug, said: Mapping[Slug, Expectation]
    ) -> tuple[Sequence[Expectation], Sequence[Expectation]]:
        """Return the expectations that hold at a level by rule 1, the nearest first, and those they hide."""
        return self._reach([said[source] for source in self.inheritance.sources(level) if source in said])

    def _holding(self, level: Slug, said: Mapping[Slug, Expectation]) -> Holding:
        holding, hidden = self._held(level, said)
        unused = holding[0].applicability == "not-in-use"
        required = any(one.applicability == "required" for one in holding)
        pairs = [(one, Lines.of(one, ()) if unused else self._lines_of(one)) for one in holding]
        return Holding(
            tuple(Entry("own" if one.level == level else "extended", one, said) for one, said in pairs),
            tuple(Entry("cumulated", one, said) for one, said in pairs),
            [one.step for one in holding if one.step is not None],
            "not-in-use" if unused else "required" if required else "optional",
            _state(level, holding, hidden),
            tuple(hidden),
        )

    def _reach(self, found: Sequence[Expectation]) -> tuple[Sequence[Expectation], Sequence[Expectation]]:
        """Split the expectations of a level and its parents, the nearest first, into those that hold and the rest."""
        for number, one in enumerate(found):
            if number and one.applicability == "not-in-use":
                return found[:number], ()
            if one.applicability == "not-in-use" or self._extending(one) == "replaces":
                return found[: number + 1], found[number + 1 :]
        return found, ()

    def _extending(self, expectation: Expectation) -> Extending:
        if expectation.extending is not None:
            return expectation.extending
        level = self.index.levels.get(expectation.level)
        track = None if level is None else self.index.tracks.get(level.track)
        return (None if track is None else track.extending) or "replaces"

    @cached_property
    def _lines_of(self) -> LinesOf:
        return self.index.once(LinesOf)

    @cached_property
    def _said(self) -> Mapping[Place, Mapping[Slug, Expectation]]:
        """The expectations of each place, by level."""
        found: dict[Place, dict[Slug, Expectation]] = defaultdict(dict)
        for (level, competency, facet), expectation in self.index.cells.items():
            found[competency, facet][level] = expectation
        return dict(found)

    @cached_property
    def _holdings(self) -> dict[Place, dict[Slug, Holding]]:
        """Return what holds by rule 1, as far as it was asked for."""
        return {}

    # Rule 2: cumulated

    def _below(self, level: Level, holdings: Mapping[Slug, Holding]) -> Sequence[Holding]:
        """Return what holds on each rung below, from the nearest down to the first where the place is not in use."""
        if self.index.ladder.cumulative != "yes":
            return ()
        found = [holdings[rung] for rung in self._rungs_below(level.slug) if rung in holdings]
        if "not-in-use" in [one.applicability for one in found]:
            return [*takewhile(lambda one: one.applicability != "not-in-use", found)]
        return found

    def _rungs_below(self, level: Slug) -> tuple[Slug, ...]:
        known = self._rungs.get(level)
        if known is None:
            known = self._rungs[level] = tuple(rung.slug for rung in self.inheritance.below(level))
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
        return None if source is None else Entry("step", source, self._lines_of(source))

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


def _highest(scale: Scale | None, named: Sequence[Slug]) -> Slug | None:
    """Return the highest of the steps that are named; the nearest if the scale does not tell."""
    if len(named) <= 1:
        return named[0] if named else None
    places = {} if scale is None else {step.slug: place for place, step in enumerate(scale.steps)}
    known = [step for step in named if step in places]
    return max(known, key=places.__getitem__) if known else named[0]


def _state(level: Slug, holding: Sequence[Expectation], hidden: Sequence[Expectation]) -> State:
    if holding[0].applicability == "not-in-use":
        return "not-in-use"
    if holding[0].level != level:
        return "inherited"
    if len(holding) > 1:
        return "added"
    return "overridden" if hidden else "own"
