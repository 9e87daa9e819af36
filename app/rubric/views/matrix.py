"""Levels and competencies side by side: what each cell holds, in a few words and numbers.

A cell says the same as `effective` says of it. A row is worked out in one walk up the rungs of its tracks, so what it
costs grows with the levels of these and not with what each of them takes over.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final, NamedTuple

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level
from app.rubric.steps import step_title
from app.rubric.text import Slug
from app.rubric.views.effective import EffectiveCell, Effectives, Place, State


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What a level asks in a competency as a whole, or in a facet, in short."""

    level: Slug
    competency: Slug
    facet: Slug | None
    state: State
    applicability: Applicability | None
    """Whether it is asked, by the nearest word; None where the cell is absent."""
    step: Slug | None
    """The highest step in force."""
    step_title: str | None
    """What that step is called in this competency or facet; its slug where nothing names it."""
    summary: str | None
    """The summary nearest to the level, of those in force."""
    statements: int
    """How many statements are in force."""
    parts: int
    """The same, with one for each expectation in force that has no statement."""
    examples: int
    """How many examples hang on what is in force, and on its statements."""
    expectation: str | None
    """Address of the nearest expectation in force, or of the one that says not in use; None where absent."""

    @property
    def asked(self) -> bool:
        """Whether anything is asked, as required or optional."""
        return self.state not in {"not-in-use", "absent"}


class _Sum(NamedTuple):
    """What several expectations hold together, the nearest last."""

    nearest: Expectation | None = None
    summary: str | None = None
    statements: int = 0
    parts: int = 0
    examples: int = 0
    step: Slug | None = None
    """The highest step; the nearest, where the scale knows none."""
    place: int = -1
    """Its place in the scale; -1 where the scale does not know it."""

    def plus(self, nearer: Expectation, places: Mapping[Slug, int]) -> "_Sum":
        """With one more, nearer than all before."""
        step, place = self.step, self.place
        if nearer.step is not None and places.get(nearer.step, -1) >= place:
            step, place = nearer.step, places.get(nearer.step, -1)
        return _Sum(
            nearer,
            nearer.summary or self.summary,
            self.statements + len(nearer.statements),
            self.parts + max(1, len(nearer.statements)),
            self.examples + examples_on(nearer),
            step,
            place,
        )


_NOTHING: Final = _Sum()


@dataclass(frozen=True)
class Matrix:
    """The cells of one ladder, a row at a time."""

    effectives: Effectives

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
            sorted(index.levels.values(), key=lambda one: (tracks[one.track], index.ranks[one.slug]))
        )

    def row(self, place: Place, levels: Collection[Level]) -> tuple[MatrixCell, ...]:
        """The cells of a competency or facet at these levels, in their order."""
        cells = dict(self._cells(place, levels))
        return tuple(cells[level.slug] for level in levels)

    def cell(self, level: Level, cell: EffectiveCell) -> MatrixCell:
        """A cell as the matrix shows it."""
        places = self._places((cell.competency, cell.facet))
        held = _NOTHING
        for one in reversed(cell.held):
            held = held.plus(one.expectation, places)
        return self._made(level, (cell.competency, cell.facet), cell.state, held)

    def _cells(self, place: Place, levels: Iterable[Level]) -> Iterator[tuple[Slug, MatrixCell]]:
        if self.index.ladder.cumulative != "yes":
            for level in levels:
                said = self.effectives.said(level.slug, *place)
                held = _held(said, _NOTHING, self._places(place))
                yield level.slug, self._made(level, place, _state(level, said, _NOTHING), held)
            return
        wanted: dict[Slug, dict[Slug, Level]] = defaultdict(dict)
        for level in levels:
            wanted[level.track][level.slug] = level
        for track, found in wanted.items():
            yield from self._climb(place, track, found)

    def _climb(
        self, place: Place, track: Slug, wanted: Mapping[Slug, Level]
    ) -> Iterator[tuple[Slug, MatrixCell]]:
        """Walk up the rungs of a track, and give the cells of those of its own that are wanted."""
        ranks, places, left = self.index.ranks, self._places(place), len(wanted)
        below = _NOTHING
        for _, rungs in groupby(self.effectives.inheritance.rungs(track), lambda rung: ranks[rung.slug]):
            under = below
            for rung in rungs:
                said = self.effectives.said(rung.slug, *place)
                held = _held(said, under, places)
                if wanted.get(rung.slug) is rung:
                    yield rung.slug, self._made(rung, place, _state(rung, said, under), held)
                    left -= 1
                if said and _unused(said[0]):
                    below = _NOTHING
                elif said:  # rungs of equal rank do not hold one another's, those above hold both
                    below = held if below is under else below.plus(said[0], places)
            if not left:
                return

    def _made(self, level: Level, place: Place, state: State, held: _Sum) -> MatrixCell:
        asked = state != "not-in-use"
        step = held.step if asked else None
        return MatrixCell(
            level.slug,
            *place,
            state,
            None if held.nearest is None else held.nearest.applicability,
            step,
            None if step is None else step_title(self.index, *place, step) or step,
            held.summary,
            held.statements if asked else 0,
            held.parts if asked else 0,
            held.examples if asked else 0,
            None if held.nearest is None else expectation_slug(held.nearest),
        )

    def _places(self, place: Place) -> Mapping[Slug, int]:
        """The places of the steps that apply, by slug."""
        known = self._scaled  # looked at once: another thread may make another
        if place not in known:
            scale = self.index.scale_of(*place)
            steps = () if scale is None else scale.steps
            known[place] = {step.slug: number for number, step in enumerate(steps)}
        return known[place]

    @cached_property
    def _scaled(self) -> dict[Place, dict[Slug, int]]:
        return {}


def matrix_of(index: Index) -> Matrix:
    """The matrix of a ladder: `index.once(matrix_of)`."""
    return Matrix(index.once(Effectives))


def examples_on(expectation: Expectation) -> int:
    """How many examples hang on an expectation and on its statements."""
    return len(expectation.examples) + sum(len(one.examples) for one in expectation.statements)


def _state(level: Level, said: Sequence[Expectation], below: _Sum) -> State:
    if not said:
        return "inherited" if below.nearest is not None else "absent"
    if _unused(said[0]):
        return "not-in-use"
    if said[0].level != level.slug:
        return "inherited"
    return "own" if len(said) == 1 else "overridden"


def _held(said: Sequence[Expectation], below: _Sum, places: Mapping[Slug, int]) -> _Sum:
    """What is in force, from what is said there and what holds below."""
    if not said:
        return below
    return (_NOTHING if _unused(said[0]) else below).plus(said[0], places)


def _unused(expectation: Expectation) -> bool:
    return expectation.applicability == "not-in-use"
