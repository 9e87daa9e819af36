"""The page that edits a cell of a draft, beside the same cell of the levels around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.errors import NotFound
from app.rubric.entities import Node
from app.rubric.ladder import Level
from app.rubric.owners import Relation
from app.rubric.views.demands import Demands
from app.rubric.views.effective_text import level_name
from app.rubric.views.holdings import Place
from app.web.layout.cells import CellView, cell_view
from app.web.layout.editing.cell_form import cell_form, save_cell
from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.entity_form import EntityForm, submit, values_of
from app.web.layout.editing.meaning import findings_by_target, meanings_at
from app.web.layout.level_head import rungs_of
from app.web.layout.rendering import display_name, show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/levels/{level}/in/{place}/edit"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The same cell of a level below or above."""

    heading: str
    level: Level
    url: str
    cell: CellView | None


@router.get(_PATH)
async def show_cell_form(editing: EditingDep, level: str, place: str) -> HTMLResponse:
    """Show the form of a cell, and the cells of the levels around it."""
    return _page(editing, level, place, editing.state)


@router.post(_PATH)
async def save_cell_form(editing: EditingDep, level: str, place: str) -> Response:
    """Save the cell, and show what the change means; with "Save and next" lead to the next cell of the level."""
    found, _, where = _cell(editing, level, place)
    home = f"{editing.reading.urls.level(found.slug)}"

    def save(editing: Editing, form: EntityForm, sent: Mapping[str, str]) -> str:
        save_cell(editing, form, sent)
        if sent.get("then") != "next":
            return f"{home}/in/{_name(where)}/edit?saved"
        following = _next(editing, where)
        return f"{home}/edit?saved" if following is None else f"{home}/in/{_name(following)}/edit"

    def page(state: FormState) -> HTMLResponse:
        return _page(editing, level, place, state)

    return await submit(editing, cell_form(editing.reading.index, found, where), page, save)


def _cell(editing: Editing, level: str, place: str) -> tuple[Level, Node, Place]:
    """Return the level, the competency or facet, and both slugs. Raises NotFound, Gone, or Renamed."""
    reading = editing.reading
    node = reading.get("level", level)
    competency, separator, facet = place.partition("--")
    whole = reading.get("competency", competency)
    if not separator:
        return reading.index.levels[node.address], whole, (competency, None)
    part = reading.get("facet", facet)
    if getattr(part.entity, "competency", None) != competency:
        raise NotFound("This competency has no such facet.")
    return reading.index.levels[node.address], part, (competency, facet)


def _page(editing: Editing, slug: str, name: str, state: FormState) -> HTMLResponse:
    reading, index = editing.reading, editing.reading.index
    level, node, place = _cell(editing, slug, name)
    form = cell_form(index, level, place)
    own = index.once(Demands).cell(level, *place)
    name = f"{level.code or level.title}: {display_name(node)}"
    competency = index.competencies[place[0]]
    return show(
        "editing/cell.html",
        status=state.status,
        frame=editing.frame(N_("Edit %(name)s", name=name)),
        editing=editing,
        reading=reading,
        level=level,
        level_name=level_name(level),
        competency=None if place[1] is None else competency,
        node=node,
        form=form,
        state=state,
        values=values_of(form, editing, state),
        meanings=meanings_at(reading, Relation(level.slug, *place)),
        findings=findings_by_target(reading).get(f"expectation:{form.address}", ()),
        applies=cell_view(reading, own, 2)
        if own.state in {"inherited", "added"} or not own.entries
        else None,
        neighbours=tuple(_neighbours(editing, level, place)),
        has_next=_next(editing, place) is not None,
    )


def _neighbours(editing: Editing, level: Level, place: Place) -> Iterator[Neighbour]:
    reading = editing.reading
    rungs = rungs_of(reading.index, level.track)
    at = rungs.index(level) if level in rungs else -1
    around = ((N_("Level below"), at - 1), (N_("Level above"), at + 1)) if at >= 0 else ()
    demands = reading.index.once(Demands)
    for heading, number in around:
        if 0 <= number < len(rungs):
            one = rungs[number]
            url = f"{reading.urls.level(one.slug)}/in/{_name(place)}/edit"
            yield Neighbour(heading, one, url, cell_view(reading, demands.cell(one, *place)))


def _next(editing: Editing, place: Place) -> Place | None:
    """Return the competency or facet that follows; None after the last one."""
    places = editing.reading.index.once(Demands).places
    at = places.index(place) + 1 if place in places else len(places)
    return places[at] if at < len(places) else None


def _name(place: Place) -> str:
    return place[0] if place[1] is None else f"{place[0]}--{place[1]}"
