"""A self-rating compared with what a level asks: step by step, and in points.

Nothing here judges: a step is met or it is not, and what no step measures is told as such. That is a matter of the
ladder, which may say all it asks in statements; then there is nothing to count, and the statements must be read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.rubric.ladder import Applicability
from app.rubric.text import Slug
from app.rubric.views.demands import Demand, Demands, LevelDemands
from app.rubric.views.gap import rise_of
from app.rubric.views.scoring import Place

Measure = Literal["met", "missing", "unrated", "no-step", "no-scale"]
"""Met: rated at the step asked or above. Missing: rated below it. Unrated: a step is asked, and none was rated.
No step: there is a scale, and the level names no step of it. No scale: there is nothing to rate by."""
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class RatedCell:
    """A competency as a whole (`facet` is None), or a facet, in which a level asks something."""

    competency: Slug
    facet: Slug | None
    applicability: Applicability
    measure: Measure
    step: Slug | None
    """The step asked for."""
    rating: Slug | None
    """The step that was rated."""
    missing: int
    """Steps from the rating up to the step asked for; 0 where it is met, or cannot be told."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The number of cells by measure."""

    counts: Mapping[Measure, int]
    """Every way named."""
    steps: int
    """Steps that are missing in all."""

    @classmethod
    def of(cls, cells: Iterable[RatedCell]) -> "Totals":
        """Count cells."""
        found = tuple(cells)
        counted = Counter(cell.measure for cell in found)
        counts = {measure: counted[measure] for measure in MEASURES}
        return cls(counts, sum(cell.missing for cell in found))


def rated(effectives: Demands, level: LevelDemands, ratings: Mapping[Place, str]) -> tuple[RatedCell, ...]:
    """Return every cell that a level asks in, measured by ratings: a step of the scale that applies, by place."""
    return tuple(
        _cell(effectives, cell, ratings.get((cell.competency, cell.facet)))
        for cell in level.cells
        if cell.asked
    )


def _cell(effectives: Demands, cell: Demand, rating: str | None) -> RatedCell:
    scale = effectives.index.scale_of(cell.competency, cell.facet)
    measure: Measure
    missing = 0
    if scale is None:
        measure = "no-scale"
    elif all(cell.step != step.slug for step in scale.steps):
        measure = "no-step"
    elif rating is None:
        measure = "unrated"
    else:
        missing = max(rise_of(scale, rating, cell.step) or 0, 0)
        measure = "missing" if missing else "met"
    weight = cell.applicability or "required"
    return RatedCell(cell.competency, cell.facet, weight, measure, cell.step, rating, missing)
