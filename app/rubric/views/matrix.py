"""Levels and competencies side by side: each cell in a few words and numbers.

A cell is a short form of what the level asks there (see `demands.py`). A row is made in one walk up the rungs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level
from app.rubric.steps import step_title
from app.rubric.text import Slug
from app.rubric.views.demands import Demands, highest_step
from app.rubric.views.holdings import Holding, Place, State
from app.rubric.views.rung_totals import NOTHING, RungTotals, Totals, totals_of


class MatrixCell(NamedTuple):
    """A short form of what a level asks in a competency as a whole, or in a facet. A tuple, because rows are long."""

    level: Slug
    competency: Slug
    facet: Slug | None
    state: State
    applicability: Applicability | None
    """`required`, `optional` or `not-in-use`, by the nearest expectation; None if the cell is absent."""
    step: Slug | None
    """The highest step that holds."""
    step_title: str | None
    """The title of that step in this competency or facet; its slug if it has no title."""
    summary: str | None
    """The summary nearest to the level."""
    lines: tuple[str, ...]
    """If there is no summary: the first lines, at most three, without what is unwanted."""
    more_count: int
    """The number of further lines after `lines`."""
    statements: int
    """The number of statements that hold."""
    parts: int
    """The same, with one for each entry that has no statement."""
    examples: int
    """The number of examples of the expectations that hold, and of their statements."""
    expectation: str | None
    """Address of the nearest expectation, or of the one that says not in use; None if the cell is absent."""

    @property
    def asked(self) -> bool:
        """Return whether anything is asked, as required or optional."""
        return self.state not in {"not-in-use", "absent"}


@dataclass(frozen=True)
class Matrix:
    """The cells of one ladder, a row at a time."""

    effectives: Demands

    @property
    def index(self) -> Index:
        """The look-up over the ladder."""
        return self.effectives.index

    @cached_property
    def columns(self) -> tuple[Level, ...]:
        """Every level, track by track, the lowest first."""
        index = self.index
        tracks = {slug: place for place, slug in enumerate(dict.fromkeys([*index.tracks, *index.levels_of]))}
        return tuple(
            sorted(
                index.levels.values(),
                key=lambda one: (
                    tracks[one.track],
                    index.ranks[one.slug] if index.is_ordered(one.track) else 0,
                ),
            )
        )

    def row(self, place: Place, levels: Sequence[Level]) -> tuple[MatrixCell, ...]:
        """Return the cells of a competency or facet at these levels, in their order."""
        walk = _Walk(self.effectives, place)
        return tuple(map(walk.cell, levels, self._climbs(levels)))

    def _climbs(self, levels: Sequence[Level]) -> "Sequence[_Climb]":
        """Return the way to each level from the one before. Rows of the same levels share it."""
        slugs = tuple([level.slug for level in levels])
        known = self._last_climbs.get(slugs)
        if known is None:
            known = tuple(_climbs(self.effectives, slugs))
            self._last_climbs.clear()
            self._last_climbs[slugs] = known
        return known

    @cached_property
    def _last_climbs(self) -> "dict[tuple[Slug, ...], Sequence[_Climb]]":
        """The ways of the row that was asked for last, by its levels."""
        return {}


class _Climb(NamedTuple):
    """The way from one level of a row to the next."""

    anew: bool
    """Whether it begins at the lowest rung; otherwise it continues from the level before."""
    rungs: tuple[Slug, ...]
    """The rungs to take in before the level, the lowest first."""


def _climbs(demands: Demands, levels: Iterable[Slug]) -> Iterator[_Climb]:
    """Yield the way to each level. The level before is one of the rungs that are taken in."""
    done: tuple[Slug, ...] | None = None
    for level in levels:
        below = demands.rungs_below(level)[::-1]
        anew = done is None or below[: len(done)] != done
        yield _Climb(anew, below if done is None or anew else below[len(done) :])
        done = (*below, level)


class _Walk:
    """A walk up the rungs of the levels of one row."""

    def __init__(self, demands: Demands, place: Place) -> None:
        self._demands, self._place = demands, place
        self._holdings = demands.holdings_in(place)
        scale = demands.index.scale_of(*place)
        self._scale = scale
        self._heights = (
            {} if scale is None else {step.slug: height for height, step in enumerate(scale.steps)}
        )
        self._begin()

    def _begin(self) -> None:
        self._totals = RungTotals()
        self._nearest: Holding | None = None
        """What holds on the nearest rung so far."""
        self._named: list[Slug] = []
        """The highest step of the scale so far, or the nearest step if the scale has none of those that are named."""

    def cell(self, level: Level, climb: _Climb) -> MatrixCell:
        """Return the cell of the next level."""
        if not self._holdings.said:
            return self._absent(level)
        if climb.anew:
            self._begin()
        for rung in climb.rungs:
            self._take(self._holdings.get(rung))
        here = self._holdings.get(level.slug)
        self._take(here)
        if here is not None and here.applicability == "not-in-use":
            source = here.entries[0].source
            totals = NOTHING._replace(summary=source.summary or None)  # it may say why nothing is asked
            return self._made(level, "not-in-use", here, None, totals)
        if self._nearest is None:
            return self._absent(level)
        step = self._named[0] if self._named else None
        texts = () if step is None else self._demands.step_texts(self._place, self._scale, step)
        totals = self._totals.at(step, texts) or self._exact(level)
        return self._made(level, "inherited" if here is None else here.state, self._nearest, step, totals)

    def _take(self, holding: Holding | None) -> None:
        """Take in what holds at the next level up."""
        if holding is None:
            return
        if holding.applicability == "not-in-use":
            self._begin()
            return
        self._nearest = holding
        self._totals.add(holding.entries)
        if holding.steps:
            self._named = [highest_step(self._heights, [*holding.steps, *self._named])]

    def _exact(self, level: Level) -> Totals:
        """Return the totals of a level from its demands."""
        return totals_of([entry.said for entry in self._demands.cell(level, *self._place).entries])

    def _made(
        self, level: Level, state: State, nearest: Holding, step: Slug | None, totals: Totals
    ) -> MatrixCell:
        source = nearest.entries[0].source
        return MatrixCell(
            level.slug,
            *self._place,
            state,
            nearest.applicability,
            step,
            None if step is None else step_title(self._demands.index, *self._place, step) or step,
            totals.summary,
            totals.lines,
            totals.more_count,
            totals.statements,
            totals.parts,
            totals.examples,
            expectation_slug(source) if isinstance(source, Expectation) else None,
        )

    def _absent(self, level: Level) -> MatrixCell:
        return MatrixCell(level.slug, *self._place, "absent", None, None, None, None, (), 0, 0, 0, 0, None)


def matrix_of(index: Index) -> Matrix:
    """Return the matrix of a ladder: `index.once(matrix_of)`."""
    return Matrix(index.once(Demands))
