"""A cell as pages show it: what a level asks in one competency or facet, and where that comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from app.rubric.effective import EffectiveCell, Effectives, Held
from app.rubric.entities import Node
from app.rubric.ladder import Applicability, Expectation, Level
from app.web import markdown
from app.web.reading import Reading


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a scale: its name, and how high it is."""

    title: str
    place: int
    """From 1."""
    of: int
    """How many steps the scale has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An expectation that is in force, and the level that says it."""

    node: Node
    level: Level
    step: StepView | None

    @property
    def short(self) -> Markup:
        """Its summary, else its statements one after the other, else its step."""
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
    here: Asked | None
    """What the level says itself, or a track that its own extends says for it."""
    below: tuple[Asked, ...]
    """What holds on from the rungs below, from the nearest down."""
    step: StepView | None
    """The highest step asked for."""

    @property
    def asked(self) -> bool:
        """Whether anything is asked."""
        return self.state not in {"not-in-use", "absent"}


def cell_view(reading: Reading, cell: EffectiveCell) -> CellView | None:
    """A cell to show; None where the ladder has no such competency or facet."""
    kind, slug = ("competency", cell.competency) if cell.facet is None else ("facet", cell.facet)
    place = reading.index.find(kind, slug)
    if place is None:
        return None
    asked = [(held.how, view) for held in cell.held if (view := _asked(reading, held)) is not None]
    here = next((view for how, view in asked if how != "cumulated"), None)
    below = tuple(view for how, view in asked if how == "cumulated")
    step = step_view(reading, cell.competency, cell.facet, cell.step)
    return CellView(place, cell.state, cell.applicability, here, below, step)


def cells_of(reading: Reading, effectives: Effectives, level: Level) -> Iterator[CellView]:
    """All cells of a level in order of competencies, each followed by its facets."""
    views = (cell_view(reading, cell) for cell in effectives.of(level).cells)
    return (view for view in views if view is not None)


def step_view(reading: Reading, competency: str, facet: str | None, step: str | None) -> StepView | None:
    """A step with its place on the scale of the competency or facet; None where there is none."""
    scale = reading.index.scale_of(competency, facet)
    steps = () if scale is None or step is None else scale.steps
    for place, one in enumerate(steps, 1):
        if one.slug == step:
            return StepView(one.title, place, len(steps))
    return None


def _asked(reading: Reading, held: Held) -> Asked | None:
    node = reading.index.find("expectation", held.address)
    level = reading.index.levels.get(held.expectation.level)
    if node is None or level is None:
        return None
    one = held.expectation
    return Asked(node, level, step_view(reading, one.competency, one.facet, one.step))
