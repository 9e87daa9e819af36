"""The cells that pages show: what a level expects in a competency or facet, and which level says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from app.rubric.entities import Node, expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level
from app.rubric.steps import step_title
from app.rubric.views.demands import Demand, Demands
from app.rubric.views.holdings import Entry, Place
from app.web.layout import markdown
from app.web.navigation.page_reader import Reading

_MOST_BELOW: Final = 90
"""The number of expectations from lower levels that a page shows in all."""
_FEWEST_BELOW: Final = 1
"""The number that each cell shows in any case."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a scale, and its height on the scale."""

    title: str
    place: int
    """From 1."""
    of: int
    """The number of steps on the scale."""
    target: str
    """The name of the step as a fragment of a URL."""


@dataclass(frozen=True, slots=True)
class StepText:
    """The meaning of a step in a competency or facet."""

    title: str
    summary: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectationView:
    """An expectation, and the level that it was written for."""

    node: Node
    level: Level
    step: StepView | None

    @property
    def short(self) -> Markup:
        """The summary; without one the statements in a row, without any the step."""
        one = self.node.entity
        if isinstance(one, Expectation) and one.summary:
            return markdown.line(one.summary)
        if isinstance(one, Expectation) and one.statements:
            return Markup(" ").join(markdown.line(statement.text) for statement in one.statements)
        return escape(self.step.title if self.step else "")


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a level."""

    place: Node
    """The competency or facet."""
    state: str
    applicability: Applicability | None
    here: ExpectationView | None
    """The level's own expectation, or the one inherited from a track that its track extends."""
    below: tuple[ExpectationView, ...]
    """Expectations of lower levels that also apply, nearest first; cut if there are very many."""
    deeper: int
    """The number of lower levels that were cut."""
    step: StepView | None
    """The highest step expected."""
    texts: tuple[StepText, ...]
    """The meaning of that step here; in a cumulative scale also of the lower steps."""


def cell_view(reading: Reading, cell: Demand, most: int = 1) -> CellView | None:
    """Return the view of a cell; None if the ladder has no such competency or facet.

    Args:
        reading: The release that the page shows.
        cell: The cell.
        most: The most expectations of lower levels to show.
    """
    kind, slug = ("competency", cell.competency) if cell.facet is None else ("facet", cell.facet)
    place = reading.index.find(kind, slug)
    if place is None:
        return None
    found = [
        (entry.origin, view) for entry in cell.held if (view := _expectation(reading, entry)) is not None
    ]
    nearest = [view for origin, view in found if origin != "cumulated"]
    here = nearest[0] if nearest else None
    below = (*nearest[1:], *(view for origin, view in found if origin == "cumulated"))
    step = step_view(reading.index, cell.competency, cell.facet, cell.step)
    deeper = max(0, len(below) - most)
    return CellView(
        place,
        cell.state,
        cell.applicability,
        here,
        below[:most],
        deeper,
        step,
        tuple(_step_texts(reading, cell)),
    )


def cells_of(
    reading: Reading, effectives: Demands, level: Level, places: Sequence[Place] | None = None
) -> Iterator[CellView]:
    """Yield the cells of a level by competency, each before those of its facets.

    `places` limits the cells to some competencies and facets.
    """
    shown = effectives.places if places is None else places
    most = max(_FEWEST_BELOW, _MOST_BELOW // max(1, len(shown)))
    views = (cell_view(reading, effectives.cell(level, *place), most) for place in shown)
    return (view for view in views if view is not None)


def step_view(index: Index, competency: str, facet: str | None, step: str | None) -> StepView | None:
    """Return a step with its place on the scale of the competency or facet; None without a step or scale."""
    scale = index.scale_of(competency, facet)
    if scale is None or step is None:
        return None
    for place, one in enumerate(scale.steps, 1):
        if one.slug == step:
            title = step_title(index, competency, facet, one.slug)
            return StepView(title or one.title, place, len(scale.steps), f"step:{scale.slug}--{one.slug}")
    return None


def _step_texts(reading: Reading, cell: Demand) -> Iterator[StepText]:
    for entry in cell.entries:
        if entry.origin == "step":
            title = step_title(reading.index, *cell.place, entry.step or "") or entry.step or ""
            yield StepText(title, entry.summary, tuple(line.text for line in entry.statements))


def _expectation(reading: Reading, entry: Entry) -> ExpectationView | None:
    one = entry.source
    if not isinstance(one, Expectation):
        return None
    node = reading.index.find("expectation", expectation_slug(one))
    level = reading.index.levels.get(one.level)
    if node is None or level is None:
        return None
    return ExpectationView(node, level, step_view(reading.index, one.competency, one.facet, one.step))
