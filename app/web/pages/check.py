"""The page where people check themselves against a level. Nothing that they enter is stored or logged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, Response

from app.api.protocol.routing import declare
from app.api.views.text_formats import markdown
from app.rubric.entities import Node
from app.rubric.ladder import Level, Step
from app.rubric.markdown import escaped
from app.rubric.steps import step_title
from app.rubric.views.demands import Demand, Demands
from app.rubric.views.effective_text import level_name
from app.rubric.views.measured_rating import Measured, measure
from app.rubric.views.progression import moves
from app.rubric.views.scoring import Place
from app.rubric.views.self_rating_text import rated_markdown
from app.serving.route_table import RouteFacts
from app.web.layout.cells import StepView, step_view
from app.web.layout.forms import form_of
from app.web.layout.frame import frame_of
from app.web.layout.level_head import level_head
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.pages.level import LevelQuery, part_of
from app.web.translation.messages import N_

router = page_router()

_LONGEST: Final = 64 * 1024
"""The most bytes of a filled-in form."""
_MOST_FIELDS: Final = 2_000
_MOST_LINES: Final = 200
"""The most statements to tick on one page; of each competency, the nearest to the level are shown."""
_FEWEST_LINES: Final = 3
"""The fewest statements of a competency that are shown, if it has them."""
_PRIVATE: Final = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class RatedLine:
    """A statement to tick."""

    name: str
    """The name of its field in the form."""
    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A competency or facet: the steps to choose from, and the statements to tick."""

    node: Node
    place: Place
    steps: tuple[tuple[Step, str], ...]
    """The steps of the scale, each with its title here; none if the level names no step."""
    expected: StepView | None
    rated: StepView | None
    is_optional: bool
    lines: tuple[RatedLine, ...]
    more: int
    """The number of further statements, of levels farther below."""

    @property
    def name(self) -> str:
        """The name of its field in the form: the competency, or the competency, a comma and the facet."""
        return _field(self.place)

    @property
    def open_lines(self) -> tuple[RatedLine, ...]:
        """The statements that are not ticked."""
        return tuple(line for line in self.lines if not line.is_met)

    @property
    def steps_missing(self) -> int:
        """The number of steps up to the expected one; 0 if it is met, or if no step is rated."""
        if self.expected is None or self.rated is None:
            return 0
        return max(0, self.expected.place - self.rated.place)


@router.get("/ladders/{ladder}/levels/{level}/check")
@declare(RouteFacts(kind="level", carries=frozenset({"competency"})))
def show_check(reading: ReadingDep, level: str, query: Annotated[LevelQuery, Query()]) -> HTMLResponse:
    """Show the form: a choice of steps for each competency, and the statements to tick."""
    return _page(reading, level, query.competency, {})


@router.post("/ladders/{ladder}/levels/{level}/check")
@declare(RouteFacts(kind="level", question=True))
async def check(
    request: Request, reading: ReadingDep, level: str, query: Annotated[LevelQuery, Query()]
) -> Response:
    """Show what is met, what is missing, and the points.

    Raises TooLarge for a form that is longer than our pages can send.
    """
    filled = await form_of(request, _LONGEST, _MOST_FIELDS)
    if filled.get("as") == "markdown":
        return _as_markdown(reading, level, query.competency, filled)
    answer = _page(reading, level, query.competency, filled)
    answer.headers.update(_PRIVATE)
    return answer


def _page(reading: Reading, slug: str, competency: str | None, filled: Mapping[str, str]) -> HTMLResponse:
    node = reading.get("level", slug)
    level = reading.index.levels[node.address]
    demands = reading.index.once(Demands)
    part = part_of(reading, demands, competency)
    places = _places(reading, demands, level, part.places, filled)
    track = reading.index.find("track", level.track)
    pinned = reading.urls.pinned(reading.loaded.label)
    return show(
        "check.html",
        frame=frame_of(
            reading,
            N_("Check yourself: %(level)s", level=level_name(level)),
            description=N_(
                "Rate your own work against %(level)s. Nothing is stored.", level=level_name(level)
            ),
            api=f"/levels/{node.address}/effective",
        ),
        reading=reading,
        head=level_head(reading, level, moves(demands.inheritance, level), "/check"),
        node=node,
        track=track,
        rank=reading.index.ranks[level.slug],
        part=part,
        action=f"{pinned.level(level.slug)}/check",
        places=places,
        measured=measure(reading.index, level, _steps(places, filled)) if filled else None,
    )


def _places(
    reading: Reading, demands: Demands, level: Level, places: Sequence[Place], filled: Mapping[str, str]
) -> tuple[CheckedPlace, ...]:
    most = max(_FEWEST_LINES, _MOST_LINES // max(1, len(places)))
    found = (_place(reading, demands.cell(level, *place), filled, most) for place in places)
    return tuple(place for place in found if place is not None)


def _place(reading: Reading, cell: Demand, filled: Mapping[str, str], most: int) -> CheckedPlace | None:
    """Return the part of the form for one competency or facet; None if the level expects nothing there."""
    index, place = reading.index, cell.place
    node = index.find(*(("competency", place[0]) if place[1] is None else ("facet", place[1])))
    if node is None or not cell.asked:
        return None
    name = _field(place)
    scale = index.scale_of(*place)
    steps = () if scale is None or cell.step is None else scale.steps
    asked = [line for _, line in cell.lines if line.counts_as == "asked" and line.statement is not None]
    shown = enumerate(asked[:most])
    lines = (RatedLine(f"{name}.{at}", line.text, f"{name}.{at}" in filled) for at, line in shown)
    return CheckedPlace(
        node,
        place,
        tuple((step, step_title(index, *place, step.slug) or step.title) for step in steps),
        step_view(index, *place, cell.step),
        step_view(index, *place, filled.get(name)),
        cell.applicability == "optional",
        tuple(lines),
        max(0, len(asked) - most),
    )


def _steps(places: Sequence[CheckedPlace], filled: Mapping[str, str]) -> dict[Place, str]:
    """Return the rated steps by competency and facet."""
    return {place.place: filled[place.name] for place in places if place.rated is not None}


def _field(place: Place) -> str:
    return place[0] if place[1] is None else f"{place[0]},{place[1]}"


def _as_markdown(reading: Reading, slug: str, competency: str | None, filled: Mapping[str, str]) -> Response:
    node = reading.get("level", slug)
    level = reading.index.levels[node.address]
    demands = reading.index.once(Demands)
    places = _places(reading, demands, level, part_of(reading, demands, competency).places, filled)
    measured: Measured = measure(reading.index, level, _steps(places, filled))
    release = f"{escaped(reading.ladder.title)} {reading.loaded.label}"
    heading = f"# Measured against {escaped(level_name(level))}\n\n{release}\n\n"
    text = heading + rated_markdown(reading.index, measured) + "".join(_open_lines(reading, places))
    answer = markdown(text)
    answer.headers.update(_PRIVATE)
    answer.headers["content-disposition"] = f'attachment; filename="{level.slug}-check.md"'
    return answer


def _open_lines(reading: Reading, places: Sequence[CheckedPlace]) -> Iterator[str]:
    """Yield the statements that are not ticked, by competency and facet."""
    if any(place.open_lines for place in places):
        yield "\n## Open statements\n"
    for place in places:
        if place.open_lines:
            yield f"\n### {escaped(_title(reading, place))}\n\n"
            yield from (f"- {escaped(line.text)}\n" for line in place.open_lines)


def _title(reading: Reading, place: CheckedPlace) -> str:
    competency, facet = place.place
    title = reading.index.competencies[competency].title
    return title if facet is None else f"{title}: {reading.index.facets[facet].title}"
