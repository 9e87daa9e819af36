"""The numbers in charts: how much a level expects in each competency, as a share of the most possible.

Three measures: the steps named (of scales), the points of those steps, or, where a ladder names no steps, how many
things are asked for. What is in force at a level counts, whoever says it (`rubric/effective.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from app.rubric.index import Index
from app.rubric.ladder import Competency, Level, Scale, Step
from app.rubric.views.matrix import MatrixCell, matrix_of
from app.rubric.views.scoring import summed

Measure = Literal["steps", "points", "counts"]
State = Literal["required", "optional", "not-in-use", "absent"]
Place = tuple[str, str | None]
"""Slugs of a competency and of a facet; the facet is None for the competency as a whole."""
LevelCells = Mapping[str, Sequence[MatrixCell]]
"""The cells of one level, by competency."""

UNMEASURED: Final = "•"
"""The sign for an expectation without a step."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The amount that one level expects in one competency."""

    state: State
    share: float
    """The share of the most possible, from 0 to 1."""
    number: str
    """The amount in one or two characters; empty if nothing is measured."""
    label: str
    """The amount in words."""
    inherited: bool
    """True if all of it comes from other levels."""


@dataclass(frozen=True)
class Measuring:
    """One measure of one ladder."""

    index: Index
    wanted: Measure | None = None
    """The requested measure. None selects steps if the ladder uses any, else counts."""

    @cached_property
    def measure(self) -> Measure:
        """The measure in use."""
        return self.wanted or ("steps" if self.stepped else "counts")

    @cached_property
    def empty(self) -> str:
        """The reason why nothing can be drawn, as a sentence; empty if something can."""
        ladder = self.index.ladder
        if not ladder.competencies:
            return "This ladder has no competencies yet."
        if not ladder.levels:
            return "This ladder has no levels yet."
        if self.measure == "steps" and not self.stepped:
            return "No expectation of this ladder names a step of a scale. Use measure=counts."
        if self.measure == "points" and not self._most_points:
            return "No step that this ladder expects has points. Use measure=steps or measure=counts."
        return ""

    @cached_property
    def caption(self) -> str:
        """The meaning of the numbers, as a picture states it."""
        if self.measure == "steps":
            parts = any(len(places) > 1 for places in self.stepped.values())
            return "Expected steps of proficiency" + (
                " (the mean over a competency and its facets)" if parts else ""
            )
        if self.measure == "points":
            return "Points of the expected steps"
        if self.wanted is None:
            return "Number of expected statements (an expectation without statements counts as one)"
        return "Number of expected statements (an expectation without statements counts as one)"

    @cached_property
    def rings(self) -> int | None:
        """The number of steps of every scale in use; None if it differs, or if steps are not measured."""
        sizes = {len(scale.steps) for scale in self._scales.values()}
        return sizes.pop() if self.measure == "steps" and len(sizes) == 1 else None

    def grid(self, levels: Sequence[Level], competencies: Sequence[Competency]) -> list[list[Mark]]:
        """Return a row for each competency with a mark for each level."""
        asked = self._asked_at(levels)
        most = _most_of(asked.values()) if self.measure == "counts" else 0
        columns = [self._marks(asked[level.slug], competencies, most) for level in levels]
        return [list(row) for row in zip(*columns, strict=True)]

    def marks(self, level: Level, beside: Level | None = None) -> tuple[list[Mark], list[Mark]]:
        """Return the marks of a level, and of a second one, in order of competencies.

        Counts are shares of the most that any level of their tracks asks for.
        """
        both = [level] if beside is None else [level, beside]
        counted = self.measure == "counts"
        tracks = {one.track for one in both} if counted else set()
        around = [one for one in self.index.ladder.levels if one.track in tracks]
        asked = self._asked_at([*both, *around])
        most = _most_of(asked.values()) if counted else 0
        competencies = tuple(self.index.competencies.values())
        found = [self._marks(asked[one.slug], competencies, most) for one in both]
        return found[0], (found[1] if beside is not None else [])

    # Steps in use

    @cached_property
    def stepped(self) -> Mapping[str, tuple[Place, ...]]:
        """By competency, the places where any level names a step of their scale."""
        found: dict[str, dict[Place, None]] = {}
        for asked in self.index.ladder.expectations:
            if asked.step is not None and _step(
                self.index.scale_of(asked.competency, asked.facet), asked.step
            ):
                found.setdefault(asked.competency, {})[asked.competency, asked.facet] = None
        return {competency: tuple(places) for competency, places in found.items()}

    @cached_property
    def _scales(self) -> Mapping[Place, Scale]:
        places = (place for places in self.stepped.values() for place in places)
        return {place: scale for place in places if (scale := self.index.scale_of(*place)) is not None}

    @cached_property
    def _steps(self) -> Mapping[Place, Mapping[str, tuple[int, Step]]]:
        """By place, the steps of its scale by slug, each with its height from 1."""
        return {
            place: {step.slug: (height, step) for height, step in reversed(list(enumerate(scale.steps, 1)))}
            for place, scale in self._scales.items()
        }

    @cached_property
    def _most_points(self) -> Mapping[str, float]:
        """The sum of the points of the highest steps of all places, by competency, if there are any."""
        found = {
            competency: summed(_most(self._scales[place].steps) for place in places)
            for competency, places in self.stepped.items()
        }
        return {competency: most for competency, most in found.items() if most > 0}

    # Expectations of a level

    def _asked_at(self, levels: Iterable[Level]) -> Mapping[str, LevelCells]:
        """Return the cells of each level by its slug. Each row of the matrix is read once."""
        matrix, columns = self.index.once(matrix_of), {level.slug: level for level in levels}
        found: dict[str, dict[str, list[MatrixCell]]] = {slug: {} for slug in columns}
        for place in matrix.effectives.places:
            for cell in matrix.row(place, tuple(columns.values())):
                found[cell.level].setdefault(cell.competency, []).append(cell)
        return found

    def _marks(self, asked: LevelCells, competencies: Iterable[Competency], most: int) -> list[Mark]:
        return [self._mark(one.slug, asked.get(one.slug, ()), most) for one in competencies]

    def _mark(self, competency: str, cells: Sequence[MatrixCell], most: int) -> Mark:
        state = _state(cells)
        inherited = all(cell.state == "inherited" for cell in cells if cell.asked)
        share, number, label = 0.0, "", state.replace("-", " ") if state == "not-in-use" else "nothing asked"
        if state in {"required", "optional"}:
            share, number, label = self._measured(competency, cells, most)
        return Mark(state, min(1.0, max(0.0, share)), number, label, inherited and state != "absent")

    def _measured(self, competency: str, cells: Sequence[MatrixCell], most: int) -> tuple[float, str, str]:
        if self.measure == "counts":
            count = _count(cells)
            return (count / most if most else 0.0), str(count), f"{count} asked for"
        named = [
            found
            for cell in cells
            if cell.asked
            and (found := self._steps.get((cell.competency, cell.facet), {}).get(cell.step or "")) is not None
        ]
        if not named:
            return 0.0, UNMEASURED, "asked, without a step"
        if self.measure == "points":
            total, all_points = (
                summed(step.points or 0 for _, step in named),
                self._most_points.get(competency, 0),
            )
            return (total / all_points if all_points else 0.0), str(total), f"{total} points"
        places = self.stepped[competency]
        reached = sum(height for height, _ in named)
        highest = sum(len(self._scales[place].steps) for place in places)
        if len(places) == 1:
            return reached / highest, str(reached), named[0][1].title
        mean = reached / len(places)
        if self.rings is None:
            return reached / highest, f"{round(100 * reached / highest)}%", f"{reached} of {highest} steps"
        return reached / highest, _plain(mean), f"{_plain(mean)} of {self.rings}"


def _state(cells: Sequence[MatrixCell]) -> State:
    asked = [cell for cell in cells if cell.asked]
    if asked:
        return "optional" if all(cell.applicability == "optional" for cell in asked) else "required"
    return "not-in-use" if any(cell.state == "not-in-use" for cell in cells) else "absent"


def _count(cells: Iterable[MatrixCell]) -> int:
    """Return the number of statements in cells. A cell without statements counts as one."""
    return sum(cell.parts for cell in cells)


def _most_of(levels: Iterable[LevelCells]) -> int:
    """Return the most that any of these levels expects in one competency."""
    return max((_count(cells) for asked in levels for cells in asked.values()), default=0)


def _step(scale: Scale | None, slug: str | None) -> Step | None:
    steps = () if scale is None else scale.steps
    return next((step for step in steps if step.slug == slug), None)


def _most(steps: Iterable[Step]) -> float:
    return max((step.points for step in steps if step.points is not None), default=0)


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
