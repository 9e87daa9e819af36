"""The matrix page: levels side by side, with a row for each competency.

A table is too wide for a narrow screen. There one chooses a level, which has a card for each competency, and on
request a second level beside it. A ladder without levels shows its competencies by step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

from fastapi import Query
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level, Scale, Track
from app.rubric.text import folded
from app.rubric.views.holdings import Place
from app.rubric.views.matrix import Matrix, MatrixCell, matrix_of
from app.rubric.views.step_matrix import StepCell, StepColumn, StepMatrix
from app.serving.route_table import RouteFacts
from app.web.layout.cells import StepView, step_view
from app.web.layout.frame import frame_of
from app.web.layout.matrix_choices import (
    MOST_COLUMNS,
    MatrixQuery,
    Part,
    cards_of,
    chips_of,
    chosen_levels,
    column_part_of,
    part_links_of,
)
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_MOST_CELLS: Final = 150
"""The most cells on one page."""
_MOST_DRAWN: Final = 40
"""The most levels in the preview picture of a matrix."""
_FEWEST_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell, with its step and the page with its full text."""

    cell: MatrixCell | StepCell
    step: StepView | None
    url: str
    from_level: Level | None = None
    """The level that the text comes from, if it is another one."""
    source: Node | None = None
    """The expectation that the text comes from."""


@dataclass(frozen=True, slots=True)
class Row:
    """A competency or facet, and its cells."""

    node: Node
    category: str | None
    """The category, if it begins with this row."""
    cells: tuple[ShownCell, ...]


@router.get("/ladders/{ladder}/matrix")
@declare(RouteFacts(carries=frozenset({"track", "rows"})))
def show_matrix(reading: ReadingDep, query: Annotated[MatrixQuery, Query()]) -> HTMLResponse:
    """Show levels side by side; in a ladder without levels, the competencies by step."""
    query = query.in_release(reading)
    table = _table(reading, query)
    api_query = query.api_query(facets=query.with_facets(reading.ladder))
    drawn = table.rows and table.columns and table.column_part.of <= _MOST_DRAWN
    return show(
        "matrix.html",
        frame=frame_of(
            reading,
            N_("Matrix"),
            section="matrix",
            description=N_("Levels side by side."),
            api=_path(api_query),
            image=f"{reading.urls.api}/matrix.png" if drawn else None,
        ),
        reading=reading,
        query=query,
        matrix=table,
        groups=tuple(_groups(reading, table.columns)),
        chips=tuple(chips_of(reading, query)),
        scale=_only_scale(reading.index),
        part_links=tuple(
            part_links_of(reading, query, table.levels, table.column_part, table.row_part, table.height)
        ),
        cards=cards_of(reading, query, table.levels),
        table=_path(api_query, ".csv"),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """The part of the matrix on this page."""

    levels: Sequence[Level]
    """The levels of the tracks that are chosen, on all pages."""
    columns: Sequence[Level]
    steps: Sequence[StepColumn]
    """The columns in a ladder without levels."""
    rows: tuple[Row, ...]
    column_part: Part
    row_part: Part
    height: int
    """The most rows of a page."""


def _table(reading: Reading, query: MatrixQuery) -> _Table:
    matrix, index = reading.index.once(matrix_of), reading.index
    levels = [level for level in matrix.columns if query.track in {None, level.track}]
    facets = query.with_facets(reading.ladder)
    places = [place for place in matrix.effectives.places if _is_shown(index, query, place, facets)]
    first, last = column_part_of(levels, query.column)
    steps = () if levels else index.once(StepMatrix).columns[:MOST_COLUMNS]
    columns = chosen_levels(index, query) or levels[first:last]
    height = max(_FEWEST_ROWS, _MOST_CELLS // max(1, len(columns) or len(steps)))
    shown = places[query.row : query.row + height]
    rows = tuple(_step_rows(reading, shown, steps) if steps else _rows(reading, matrix, shown, columns))
    column_part = Part(first + 1, last, len(levels)) if query.level is None else Part(1, 1, 1)
    row_part = Part(query.row + 1, query.row + len(rows), len(places))
    return _Table(levels, columns, steps, rows, column_part, row_part, height)


def _path(api_query: dict[str, object], extension: str = "") -> str:
    return with_query(f"/matrix{extension}", api_query)


def _is_shown(index: Index, query: MatrixQuery, place: Place, facets: bool) -> bool:  # noqa: FBT001 - of a filter
    if place[1] is not None and not facets:
        return False
    category = index.competencies[place[0]].category
    return query.category is None or folded(category or "") == folded(query.category)


def _groups(reading: Reading, columns: Sequence[Level]) -> Iterator[tuple[Track | None, int]]:
    """Yield the tracks in the order of their columns, each with its number of columns."""
    for track, found in groupby(columns, key=lambda level: level.track):
        yield reading.index.tracks.get(track), sum(1 for _ in found)


def _only_scale(index: Index) -> Scale | None:
    """Return the scale of the ladder if it has one only. The legend then names its steps."""
    scales = tuple(index.scales.values())
    return scales[0] if len(scales) == 1 else None


def _rows(
    reading: Reading, matrix: Matrix, places: Sequence[Place], columns: Sequence[Level]
) -> Iterator[Row]:
    for place, node, category in _named(reading.index, places):
        cells = (_cell(reading, node, cell) for cell in matrix.row(place, columns))
        yield Row(node, category, tuple(cells))


def _step_rows(reading: Reading, places: Sequence[Place], columns: Sequence[StepColumn]) -> Iterator[Row]:
    matrix = reading.index.once(StepMatrix)
    for place, node, category in _named(reading.index, places):
        url = reading.urls.of(node)
        cells = (ShownCell(cell, None, url) for cell in matrix.row(place, columns))
        yield Row(node, category, tuple(cells))


def _named(index: Index, places: Sequence[Place]) -> Iterator[tuple[Place, Node, str | None]]:
    """Yield places with their entities, and the category at the first competency of each."""
    before: str | None = None
    for place in places:
        kind, slug = ("competency", place[0]) if place[1] is None else ("facet", place[1])
        node = index.find(kind, slug)
        category = index.competencies[place[0]].category
        if node is not None:
            yield place, node, category if folded(category or "") != folded(before or "") else None
        before = category


def _cell(reading: Reading, node: Node, cell: MatrixCell) -> ShownCell:
    url = reading.urls.cell(cell.level, node)
    step = step_view(reading.index, cell.competency, cell.facet, cell.step)
    source = None if cell.expectation is None else cell.expectation.partition("--")[0]
    by = None if source in {None, cell.level} else reading.index.levels.get(source or "")
    written = None if cell.expectation is None else reading.index.find("expectation", cell.expectation)
    return ShownCell(cell, step, url, by, written)
