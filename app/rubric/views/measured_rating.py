"""A self-rating measured by a level: cells, totals, points, and what has to be said beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.views.demands import Demands
from app.rubric.views.scoring import Place, Scoring, TrackScore
from app.rubric.views.self_rating import RatedCell, Totals, rated

NOTHING_ASKED: Final = "This level asks nothing in any competency, so there is nothing to measure by."
NO_STEPS: Final = "This level names no steps, so no rating can be measured by it: read what it asks instead."


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of a self-rating at one level."""

    cells: tuple[RatedCell, ...]
    """Every cell that the level asks in."""
    required: Totals
    """Over the cells that are required."""
    optional: Totals
    """Over those that are optional."""
    not_asked: tuple[tuple[Place, str], ...]
    """The rated places that the level does not ask, with their steps."""
    points: int | float | None
    """The points of the ratings; None if the ladder counts none."""
    asked: int | float | None
    """The points of the steps that the level asks for."""
    counted: int
    """In how many places points are counted."""
    unrated: int
    """The number of these that were not rated."""
    tracks: tuple[TrackScore, ...]
    """The result of the points on each track that has thresholds."""
    note: str | None
    """Why nothing can be measured; None if something can."""


def measure(index: Index, level: Level, ratings: Mapping[Place, str]) -> Measured:
    """Measure ratings, each a step of the scale that applies, by what is in force at a level."""
    effectives, scoring = index.once(Demands), index.once(Scoring)
    here = effectives.of(level)
    cells = rated(effectives, here, ratings)
    asked = {(cell.competency, cell.facet) for cell in cells}
    points = scoring.points(ratings)
    return Measured(
        cells,
        Totals.of(cell for cell in cells if cell.applicability == "required"),
        Totals.of(cell for cell in cells if cell.applicability == "optional"),
        tuple((place, step) for place, step in ratings.items() if place not in asked),
        points,
        scoring.asked(here),
        len(scoring.places),
        sum(place not in ratings for place in scoring.places),
        () if points is None else scoring.tracks(points),
        _note(cells),
    )


def _note(cells: Sequence[RatedCell]) -> str | None:
    if not cells:
        return NOTHING_ASKED
    return NO_STEPS if all(cell.measure in {"no-step", "no-scale"} for cell in cells) else None
