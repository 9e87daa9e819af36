"""The page of a competency: its facets, and what each level expects in it, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Level, Scale, Track
from app.rubric.views.demands import Demands
from app.serving.route_table import RouteFacts
from app.web.layout.cells import CellView, cell_view
from app.web.layout.frame import frame_of
from app.web.layout.level_head import rungs_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_

router = page_router()


_MOST_COLUMNS: Final = 24
"""The most levels of a track on one page."""
_FEWEST_COLUMNS: Final = 4
_MOST_CELLS: Final = 240
"""The cells of all tracks on one page, unless even the fewest levels need more."""


class CompetencyQuery(PageQuery):
    """The levels to show of a very long track."""

    column: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of levels of each track to skip."""


@dataclass(frozen=True, slots=True)
class Row:
    """The competency or one facet at every level of a track."""

    place: Node
    cells: tuple[CellView | None, ...]


@dataclass(frozen=True, slots=True)
class TrackTable:
    """The levels of one track side by side, lowest first."""

    track: Track
    levels: tuple[Level, ...]
    rows: tuple[Row, ...]


@router.get("/ladders/{ladder}/competencies/{competency}")
@declare(RouteFacts(kind="competency", carries=frozenset()))
def show_competency(
    reading: ReadingDep, competency: str, query: Annotated[CompetencyQuery, Query()]
) -> HTMLResponse:
    """Show a competency at all levels."""
    node = reading.get("competency", competency)
    entity = reading.index.competencies[node.address]
    places = (node, *_facets(reading, node.address))
    rows = len(places) * max(1, len(reading.index.levels_of))
    width = min(_MOST_COLUMNS, max(_FEWEST_COLUMNS, _MOST_CELLS // rows))
    expand = "?expand=expectations,facets,examples,faqs,tips"
    return show(
        "competency.html",
        frame=frame_of(
            reading, entity.title, description=entity.summary, api=f"/competencies/{node.address}{expand}"
        ),
        reading=reading,
        node=node,
        competency=entity,
        places=places,
        scale=_scale(reading, node),
        tables=tuple(_tables(reading, places, query.column, width)),
        level_links=_level_links(reading, node, query.column, width),
        neighbours=_neighbours(reading, node),
    )


def _facets(reading: Reading, competency: str) -> Iterator[Node]:
    for facet in reading.index.facets_of.get(competency, ()):
        node = reading.index.find("facet", facet.slug)
        if node is not None:
            yield node


def _scale(reading: Reading, node: Node) -> Scale | None:
    return reading.index.scale_of(node.address)


def _level_links(reading: Reading, node: Node, column: int, width: int) -> tuple[tuple[str, str], ...]:
    """Return links to the levels that are not on this page: words and URL."""
    longest = max((len(levels) for levels in reading.index.levels_of.values()), default=0)
    here = f"/competencies/{node.address}"
    before = {"column": column - width} if column > width else {}
    links = []
    if column > 0:
        links.append((N_("Lower levels"), reading.urls.below(here, before)))
    if column + width < longest:
        links.append((N_("Higher levels"), reading.urls.below(here, {"column": column + width})))
    return tuple(links)


def _tables(reading: Reading, places: tuple[Node, ...], column: int, width: int) -> Iterator[TrackTable]:
    """Yield a table for each track with an expectation in this competency."""
    index, effectives = reading.index, reading.index.once(Demands)
    for track in index.ladder.tracks:
        levels = rungs_of(index, track.slug)[column : column + width]
        rows = [Row(place, tuple(_cells(reading, effectives, levels, place))) for place in places]
        filled = tuple(row for row in rows if any(cell and cell.state != "absent" for cell in row.cells))
        if filled:
            yield TrackTable(track, levels, filled)


def _cells(
    reading: Reading, effectives: Demands, levels: tuple[Level, ...], place: Node
) -> Iterator[CellView | None]:
    on = reading.index.relation(place)
    for level in levels:
        yield cell_view(reading, effectives.cell(level, on.competency or "", on.facet))


def _neighbours(reading: Reading, node: Node) -> tuple[Node | None, Node | None]:
    """Return the competencies before and after this one."""
    nodes = reading.index.of_kind("competency")
    place = nodes.index(node)
    before = nodes[place - 1] if place else None
    return before, nodes[place + 1] if place + 1 < len(nodes) else None
