"""The page that edits a level of a draft, with the list of its cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.api.protocol.routing import declare
from app.rubric.entities import expectation_slug
from app.rubric.ladder import Level
from app.rubric.views.demands import Demand, Demands
from app.serving.route_table import RouteFacts
from app.web.layout.cells import StepView, step_view
from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.meaning import changed_targets, findings_by_target, meanings_at_level
from app.web.layout.rendering import display_name
from app.web.navigation.page_router import page_router
from app.web.pages.editing.entity import entity_form, save_form, show_entity
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/levels/{level}/edit"
_MOST: Final = 120
"""The most cells in the list on one page."""
_STATES: Final = {
    "required": N_("Expected"),
    "optional": N_("Optional"),
    "not-in-use": N_("Not in use"),
    None: N_("Nothing written"),
}


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell in the list: its place, its state and its marks."""

    url: str
    title: str
    is_facet: bool
    state: str
    origin: str
    """The level that an inherited text comes from; empty for a text of its own."""
    step: StepView | None
    lines: int
    """The number of lines that are written here."""
    mark: str
    """`new` or `changed`; empty if it is as published."""
    errors: int


@router.get(_PATH)
@declare(RouteFacts(kind="level"))
async def show_level_form(editing: EditingDep, level: str) -> HTMLResponse:
    """Show the form of a level and the list of its cells."""
    return _page(editing, level, editing.state)


@router.post(_PATH)
async def save_level(editing: EditingDep, level: str) -> Response:
    """Save the level."""
    form = entity_form(editing.reading.index, "level", level)
    return await save_form(editing, form, partial(_page, editing, level))


def _page(editing: Editing, slug: str, state: FormState) -> HTMLResponse:
    reading = editing.reading
    node = reading.get("level", slug)
    level = reading.index.levels[node.address]
    demands = reading.index.once(Demands)
    start = editing.first
    return show_entity(
        editing,
        entity_form(reading.index, "level", slug),
        state,
        "editing/level.html",
        cells=tuple(_cells(editing, demands, level, start)),
        start=start,
        most=_MOST,
        total=len(demands.places),
        level_meanings=meanings_at_level(reading, level.slug),
    )


def _cells(editing: Editing, demands: Demands, level: Level, start: int) -> Iterator[CellRow]:
    reading = editing.reading
    marks, findings = changed_targets(reading), findings_by_target(reading)
    for competency, facet in demands.places[start : start + _MOST]:
        node = reading.index.find(*(("competency", competency) if facet is None else ("facet", facet)))
        if node is None:
            continue
        cell = demands.cell(level, competency, facet)
        own = reading.index.cells.get((level.slug, competency, facet))
        place = competency if facet is None else f"{competency}--{facet}"
        target = "" if own is None else f"expectation:{expectation_slug(own)}"
        yield CellRow(
            f"{reading.urls.level(level.slug)}/in/{place}/edit",
            display_name(node),
            facet is not None,
            _STATES[cell.applicability if own is None else own.applicability],
            _origin(cell, level),
            step_view(reading.index, competency, facet, None if own is None else own.step),
            0 if own is None else len(own.statements) + (own.summary is not None),
            marks.get(target, ""),
            len(findings.get(target, ())),
        )


def _origin(cell: Demand, level: Level) -> str:
    """Return the slug of the level whose text holds here because nothing is written; empty for its own."""
    for entry in cell.held:
        source = getattr(entry.source, "level", level.slug)
        if entry.origin == "own":
            return ""
        return str(source)
    return ""
