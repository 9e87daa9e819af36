"""A competency: what it is, its parts, and what every level asks in it, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from app.rubric.entities import Node
from app.rubric.ladder import Level, Scale, Track
from app.rubric.views.effective import Effectives
from app.web.layout.cells import CellView, cell_view
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep

router = APIRouter(include_in_schema=False)


_MOST_COLUMNS: Final = 24
"""How many levels of a track a page shows at most."""


class CompetencyQuery(BaseModel):
    """Which levels are shown, of a very long track."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How many levels of each track come before."""


@dataclass(frozen=True, slots=True)
class Row:
    """The competency as a whole, or one facet, at every level of a track."""

    place: Node
    cells: tuple[CellView | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One track's levels beside each other, the lowest first."""

    track: Track
    levels: tuple[Level, ...]
    rows: tuple[Row, ...]


@router.get("/ladders/{ladder}/competencies/{competency}")
def show_competency(
    reading: ReadingDep, competency: str, query: Annotated[CompetencyQuery, Query()]
) -> HTMLResponse:
    """Show a competency at all levels."""
    node = reading.get("competency", competency)
    entity = reading.index.competencies[node.address]
    places = (node, *_facets(reading, node.address))
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
        tables=tuple(_tables(reading, places, query.column)),
        ways=_ways(reading, node, query.column),
        neighbours=_neighbours(reading, node),
    )


def _facets(reading: Reading, competency: str) -> Iterator[Node]:
    for facet in reading.index.facets_of.get(competency, ()):
        node = reading.index.find("facet", facet.slug)
        if node is not None:
            yield node


def _scale(reading: Reading, node: Node) -> Scale | None:
    return reading.index.scale_of(node.address)


def _ways(reading: Reading, node: Node, column: int) -> tuple[tuple[str, str], ...]:
    """Ways to the levels that are not on this page: words and URL."""
    longest = max((len(levels) for levels in reading.index.levels_of.values()), default=0)
    here = f"/competencies/{node.address}"
    before = {"column": column - _MOST_COLUMNS} if column > _MOST_COLUMNS else {}
    ways = []
    if column > 0:
        ways.append(("Lower levels", reading.urls.below(here, before)))
    if column + _MOST_COLUMNS < longest:
        ways.append(("Higher levels", reading.urls.below(here, {"column": column + _MOST_COLUMNS})))
    return tuple(ways)


def _tables(reading: Reading, places: tuple[Node, ...], column: int) -> Iterator[Table]:
    """A table for each track in which anything is asked here."""
    index, effectives = reading.index, reading.index.once(Effectives)
    for track in index.ladder.tracks:
        rungs = sorted(index.levels_of.get(track.slug, ()), key=lambda level: index.ranks[level.slug])
        levels = tuple(rungs[column : column + _MOST_COLUMNS])
        rows = [Row(place, tuple(_cells(reading, effectives, levels, place))) for place in places]
        told = tuple(row for row in rows if any(cell and cell.state != "absent" for cell in row.cells))
        if told:
            yield Table(track, levels, told)


def _cells(
    reading: Reading, effectives: Effectives, levels: tuple[Level, ...], place: Node
) -> Iterator[CellView | None]:
    on = reading.index.relation(place)
    for level in levels:
        yield cell_view(reading, effectives.cell(level, on.competency or "", on.facet))


def _neighbours(reading: Reading, node: Node) -> tuple[Node | None, Node | None]:
    """The competencies before and after it."""
    nodes = reading.index.of_kind("competency")
    place = nodes.index(node)
    before = nodes[place - 1] if place else None
    return before, nodes[place + 1] if place + 1 < len(nodes) else None
