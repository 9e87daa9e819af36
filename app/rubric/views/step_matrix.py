"""Competencies by step: what each step of a scale looks like in each competency and facet, in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.rubric.index import Index
from app.rubric.ladder import Scale, Step
from app.rubric.steps import step_title
from app.rubric.text import Slug
from app.rubric.views.demands import Demands
from app.rubric.views.holdings import Place
from app.rubric.views.rung_totals import NOTHING, totals_of


@dataclass(frozen=True, slots=True)
class StepColumn:
    """One step of a scale."""

    scale: Scale
    step: Step


@dataclass(frozen=True, slots=True)
class StepCell:
    """A short form of what a step looks like in a competency as a whole, or in a facet."""

    scale: Slug
    step: Slug | None
    """The step; None if the competency or facet is not measured on this scale."""
    step_title: str | None
    """The title of the step in this competency or facet."""
    summary: str | None
    lines: tuple[str, ...]
    """If there is no summary: the first lines, at most three, without what is unwanted."""
    more_count: int
    """The number of further lines after `lines`."""
    statements: int
    examples: int


@dataclass(frozen=True)
class StepMatrix:
    """The steps of one ladder, a row at a time: `index.once(StepMatrix)`."""

    index: Index

    @cached_property
    def columns(self) -> tuple[StepColumn, ...]:
        """Every step of the scales in use, scale by scale, the lowest first."""
        places = self.index.once(Demands).places
        used = {scale.slug for place in places if (scale := self.index.scale_of(*place)) is not None}
        scales = (scale for scale in self.index.scales.values() if scale.slug in used)
        return tuple(StepColumn(scale, step) for scale in scales for step in scale.steps)

    def row(self, place: Place, columns: Sequence[StepColumn]) -> tuple[StepCell, ...]:
        """Return the cells of a competency or facet at these steps, in their order."""
        scale = self.index.scale_of(*place)
        return tuple(self._cell(place, column, same=scale is column.scale) for column in columns)

    def _cell(self, place: Place, column: StepColumn, *, same: bool) -> StepCell:
        if not same:
            return StepCell(column.scale.slug, None, None, None, (), 0, 0, 0)
        entry = self.index.once(Demands).step_text(place, column.step)
        totals = NOTHING if entry is None else totals_of((entry.said,))
        return StepCell(
            column.scale.slug,
            column.step.slug,
            step_title(self.index, *place, column.step.slug) or column.step.title,
            totals.summary,
            totals.lines,
            totals.more_count,
            totals.statements,
            totals.examples,
        )
