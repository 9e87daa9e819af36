"""A cell as pages show it: what a level asks in one competency or facet, and where that comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level
from app.rubric.steps import step_title
from app.rubric.views.effective import EffectiveCell, Effectives, Held, Place
from app.web.layout import markdown
from app.web.navigation.reader import Reading

_MOST_BELOW: Final = 200
"""How many expectations from rungs below a page tells in all, and how many in one cell at least."""
_FEWEST_BELOW: Final = 1


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
    """What holds on from the rungs below, from the nearest down; not all of it, where there is very much."""
    deeper: int
    """How many more rungs below say something that holds on."""
    step: StepView | None
    """The highest step asked for."""

    @property
    def asked(self) -> bool:
        """Whether anything is asked."""
        return self.state not in {"not-in-use", "absent"}


def cell_view(reading: Reading, cell: EffectiveCell, most: int = 1) -> CellView | None:
    """A cell to show, with so many rungs below at most; None where the ladder has no such competency or facet."""
    kind, slug = ("competency", cell.competency) if cell.facet is None else ("facet", cell.facet)
    place = reading.index.find(kind, slug)
    if place is None:
        return None
    asked = [(held.how, view) for held in cell.held if (view := _asked(reading, held)) is not None]
    here = next((view for how, view in asked if how != "cumulated"), None)
    below = tuple(view for how, view in asked if how == "cumulated")
    step = step_view(reading.index, cell.competency, cell.facet, cell.step)
    deeper = max(0, len(below) - most)
    return CellView(place, cell.state, cell.applicability, here, below[:most], deeper, step)


def cells_of(
    reading: Reading, effectives: Effectives, level: Level, places: Sequence[Place] | None = None
) -> Iterator[CellView]:
    """Cells of a level in order of competencies, each followed by its facets: all, or those of some places."""
    shown = effectives.places if places is None else places
    most = max(_FEWEST_BELOW, _MOST_BELOW // max(1, len(shown)))
    views = (cell_view(reading, effectives.cell(level, *place), most) for place in shown)
    return (view for view in views if view is not None)


def step_view(index: Index, competency: str, facet: str | None, step: str | None) -> StepView | None:
    """A step with its place on the scale of the competency or facet; None where there is none."""
    scale = index.scale_of(competency, facet)
    steps = () if scale is None or step is None else scale.steps
    for place, one in enumerate(steps, 1):
        if one.slug == step:
            title = step_title(index, competency, facet, one.slug)
            return StepView(title or one.title, place, len(steps))
    return None


def _asked(reading: Reading, held: Held) -> Asked | None:
    node = reading.index.find("expectation", held.address)
    level = reading.index.levels.get(held.expectation.level)
    if node is None or level is None:
        return None
    one = held.expectation
    return Asked(node, level, step_view(reading.index, one.competency, one.facet, one.step))
