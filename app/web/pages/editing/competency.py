"""The page that edits a competency of a draft, and what each level of a track expects in it or in a facet."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.api.protocol.routing import declare
from app.rubric.ladder import Facet, Track
from app.serving.route_table import RouteFacts
from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.entity_form import submit, values_of
from app.web.layout.editing.form_fields import Field
from app.web.layout.editing.level_grid import LevelGrid, save_grid
from app.web.layout.level_head import rungs_of
from app.web.navigation.page_router import page_router
from app.web.pages.editing.entity import entity_form, save_form, show_entity

router = page_router()

_PATH: Final = "/ladders/{ladder}/competencies/{competency}/edit"
_MOST: Final = 12
"""The most levels on one page."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The track, facet and levels that the page shows."""

    track: Track | None
    """None if the ladder has no levels."""
    facet: Facet | None
    start: int
    total: int
    grid: LevelGrid


@dataclass(frozen=True, slots=True)
class LevelForm:
    """The fields of one level."""

    slug: str
    name: str
    url: str
    """URL of the page that edits the cell alone, with its examples and kinds of statements."""
    fields: tuple[Field, ...]


@router.get(_PATH)
@declare(RouteFacts(kind="competency"))
async def show_competency_form(editing: EditingDep, competency: str) -> HTMLResponse:
    """Show the form of a competency and that of its levels."""
    return _page(editing, competency, editing.state)


@router.post(_PATH)
async def save_competency(editing: EditingDep, competency: str) -> Response:
    """Save the competency, or what the levels expect in it."""
    page = partial(_page, editing, competency)
    if (await editing.sent()).get("part") == "levels":
        editing.reading.get("competency", competency)
        return await submit(editing, _chosen(editing, competency).grid, page, save_grid)
    return await save_form(editing, entity_form(editing.reading.index, "competency", competency), page)


def _page(editing: Editing, slug: str, state: FormState) -> HTMLResponse:
    editing.reading.get("competency", slug)
    chosen = _chosen(editing, slug)
    of_levels = (state.sent or {}).get("part") == "levels"
    reading, index, grid = editing.reading, editing.reading.index, chosen.grid
    place = slug if chosen.facet is None else f"{slug}--{chosen.facet.slug}"
    levels = (
        LevelForm(
            level.slug,
            f"{level.code} {level.title}" if level.code else level.title,
            f"{reading.urls.level(level.slug)}/in/{place}/edit",
            tuple(grid.fields_of(level)),
        )
        for level in grid.levels
    )
    return show_entity(
        editing,
        entity_form(index, "competency", slug),
        FormState(errors=state.errors, status=state.status, notice=state.notice) if of_levels else state,
        "editing/competency.html",
        chosen=chosen,
        levels=tuple(levels),
        level_values=values_of(grid, editing, state if of_levels else FormState()),
        facets=index.facets_of.get(slug, ()),
        tracks=tuple(one for one in index.ladder.tracks if index.levels_of.get(one.slug)),
        most=_MOST,
    )


def _chosen(editing: Editing, slug: str) -> Chosen:
    """Return what the query chooses: the first track and the competency as a whole if it names nothing."""
    index, asked = editing.reading.index, editing.request.query_params
    tracks = [one for one in index.ladder.tracks if index.levels_of.get(one.slug)]
    track = next((one for one in tracks if one.slug == asked.get("track")), tracks[0] if tracks else None)
    facets = index.facets_of.get(slug, ())
    facet = next((one for one in facets if one.slug == asked.get("facet")), None)
    levels = () if track is None else rungs_of(index, track.slug)
    start = editing.first if editing.first < len(levels) else 0
    place = slug, None if facet is None else facet.slug
    return Chosen(track, facet, start, len(levels), LevelGrid(index, levels[start : start + _MOST], place))
