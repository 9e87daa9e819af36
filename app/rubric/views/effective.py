"""What is in force at a level: its own expectations, and those it takes over, each with where it comes from.

In every cell, that is in each competency as a whole and in each facet:

1. What the level says itself holds. Where it says nothing, the nearest track that its own `extends` speaks for it at
   equal rank.
2. In a `cumulative` ladder, what holds on each rung below holds too, down to the first that is not in use.

A cell where nobody says anything is `absent`; one that is `not-in-use` is said to ask nothing. Steps add up to the
highest one. What a track hides of another that it extends is told as `hidden`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from app.rubric.bounded_cache import Bounded
from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Applicability, Expectation, Level, Scale
from app.rubric.text import Slug

How = Literal["own", "extended", "cumulated"]
"""The level says it itself; a track that its own extends says it at equal rank; a rung below says it."""
State = Literal["own", "overridden", "inherited", "not-in-use", "absent"]
"""Own: said by the level alone. Overridden: said by the level in place of what it would inherit through `extends`.
Inherited: the level says nothing, and takes over all there is. Not in use: said to ask nothing. Absent: nothing is
said, here or anywhere it would be taken from."""
Place = tuple[Slug, Slug | None]
"""Slugs of a competency and a facet; the facet is None for the competency as a whole."""
_MOST_KEPT: Final = 10_000
"""How many cells and expectations in them the levels of one ladder keep together."""


@dataclass(frozen=True, slots=True)
class Held:
    """An expectation that is in force at a level."""

    expectation: Expectation
    how: How

    @property
    def address(self) -> str:
        """The made slug of the expectation, which names the level that says it."""
        return expectation_slug(self.expectation)


@dataclass(frozen=True, slots=True)
class EffectiveCell:
    """What a level asks in one competency as a whole (`facet` is None), or in one facet."""

    competency: Slug
    facet: Slug | None
    state: State
    held: tuple[Held, ...]
    """What is in force, the level's own first, then from the nearest rung down. Of a cell that is not in use, the
    expectation that says so."""
    hidden: tuple[Expectation, ...]
    """What would be inherited through `extends` and is not, since something nearer speaks, the nearest first."""
    step: Slug | None
    """The highest step among those in force; None where none names one."""

    @property
    def applicability(self) -> Applicability | None:
        """Whether it is asked, by the nearest word; None where the cell is absent."""
        return self.held[0].expectation.applicability if self.held else None

    @property
    def asked(self) -> bool:
        """Whether anything is asked, as required or optional."""
        return self.state not in {"not-in-use", "absent"}


@dataclass(frozen=True, slots=True)
class Effective:
    """All cells of one level, in the order of competencies, each followed by its facets."""

    level: Level
    cells: tuple[EffectiveCell, ...]


@dataclass(frozen=True)
class Effectives:
    """What is in force at the levels of one ladder; made once for many levels."""

    index: Index

    @cached_property
    def inheritance(self) -> Inheritance:
        """Where levels take expectations from."""
        return Inheritance(self.index)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every competency and facet in which can be asked, as pairs, each competency before its facets."""
        return tuple(_places(self.index))

    def of(self, level: Level) -> Effective:
        """All cells of a level. Kept, with those of other levels, as long as there is room."""
        return self._kept.get(id(level), self._of, level)  # which it holds; two may have one slug in a draft

    def _of(self, level: Level) -> Effective:
        below = self._below(level)
        return Effective(level, tuple(self._cell(level, below, *place) for place in self.places))

    def cell(self, level: Level, competency: str, facet: str | None = None) -> EffectiveCell:
        """One cell of a level."""
        return self._cell(level, self._below(level), competency, facet)

    @cached_property
    def _kept(self) -> Bounded[int, Effective]:
        return Bounded(_MOST_KEPT, lambda found: sum(1 + len(cell.held) for cell in found.cells))

    def _below(self, level: Level) -> list[tuple[Slug, ...]]:
        """For each rung that the level includes, the nearest first, where that takes expectations from."""
        rungs = self.inheritance.below(level.slug) if self.index.ladder.cumulative == "yes" else ()
        return [self.inheritance.sources(rung.slug) for rung in rungs]

    def _cell(
        self, level: Level, below: Sequence[Sequence[Slug]], competency: str, facet: str | None
    ) -> EffectiveCell:
        said = self.said(level.slug, competency, facet)
        held = [Held(said[0], self._how(said[0], level))] if said else []
        if said and said[0].applicability == "not-in-use":
            return EffectiveCell(competency, facet, "not-in-use", tuple(held), said[1:], None)
        held += [Held(one, "cumulated") for one in self._cumulated(below, competency, facet)]
        step = _highest(self.index.scale_of(competency, facet), held)
        return EffectiveCell(competency, facet, _state(held, said), tuple(held), said[1:], step)

    def said(self, level: str, competency: str, facet: str | None) -> tuple[Expectation, ...]:
        """What is said in a cell: by the level, then by those of equal rank that it would inherit from."""
        cells = self.index.cells
        keys = ((source, competency, facet) for source in self.inheritance.sources(level))
        return tuple(cells[key] for key in keys if key in cells)

    def _cumulated(
        self, below: Sequence[Sequence[Slug]], competency: str, facet: str | None
    ) -> Iterator[Expectation]:
        cells = self.index.cells
        for sources in below:
            for source in sources:
                said = cells.get((source, competency, facet))
                if said is None:
                    continue
                if said.applicability == "not-in-use":
                    return
                yield said
                break

    @staticmethod
    def _how(expectation: Expectation, level: Level) -> How:
        return "own" if expectation.level == level.slug else "extended"


def effective(index: Index, level: Level) -> Effective:
    """What is in force at one level."""
    return index.once(Effectives).of(level)


def _places(index: Index) -> Iterator[Place]:
    for competency in index.competencies:
        yield competency, None
        for facet in index.facets_of.get(competency, ()):
            yield competency, facet.slug


def _state(held: Sequence[Held], said: Sequence[Expectation]) -> State:
    if not held:
        return "absent"
    if held[0].how != "own":
        return "inherited"
    return "own" if len(said) == 1 else "overridden"


def _highest(scale: Scale | None, held: Sequence[Held]) -> str | None:
    """The highest step that is named; the nearest where the scale does not tell."""
    named = [one.expectation.step for one in held if one.expectation.step is not None]
    if len(named) <= 1:
        return named[0] if named else None
    places = {} if scale is None else {step.slug: place for place, step in enumerate(scale.steps)}
    known = [step for step in named if step in places]
    return max(known, key=places.__getitem__) if known else named[0]
