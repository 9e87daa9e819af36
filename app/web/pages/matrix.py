"""The matrix page: levels side by side, with a row for each competency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.ladder import Ladder, Level, Track
from app.rubric.text import Slug
from app.rubric.views.demands import Place
from app.rubric.views.matrix import Matrix, MatrixCell, matrix_of
from app.serving.route_table import RouteFacts
from app.web.layout.cells import StepView, step_view
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import EMPTY_IS_UNSET, PageQuery

router = page_router()

_MOST_COLUMNS: Final = 16
_MOST_CELLS: Final = 155
"""The most cells on one page."""
_MOST_DRAWN: Final = 40
"""The most levels in the preview picture of a matrix."""
_FEWEST_ROWS: Final = 12


class MatrixQuery(PageQuery):
    """The part of the matrix to show, as a form sends it."""

    track: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    rows: Literal["competencies", "facets"] | None = None
    """Rows for competencies only, or for facets too. The default is facets if all expectations are about facets."""
    row: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of rows to skip."""
    column: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of columns to skip."""

    def with_facets(self, ladder: Ladder) -> bool:
        """Tell whether to show rows for facets."""
        if self.rows is not None:
            return self.rows == "facets"
        return bool(ladder.expectations) and all(one.facet is not None for one in ladder.expectations)

    def api_query(self, *, facets: bool) -> dict[str, object]:
        """Return the parameters that the API knows too."""
        given = {"track": self.track, "rows": "facets" if facets else None}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell, with its step and the page with its full text."""

    cell: MatrixCell
    step: StepView | None
    url: str
    from_level: Level | None
    """The level that the text comes from, if it is another one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A competency or facet, and its cells."""

    node: Node
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class PartLink:
    """A link to another part of the matrix."""

    words: str
    url: str


@router.get("/ladders/{ladder}/matrix")
@declare(RouteFacts(carries=frozenset({"track", "rows"})))
def show_matrix(reading: ReadingDep, query: Annotated[MatrixQuery, Query()]) -> HTMLResponse:
    """Show levels side by side."""
    matrix = reading.index.once(matrix_of)
    query = query.model_copy(update={"track": reading.slug("track", "track", query.track)})
    levels = [level for level in matrix.columns if query.track in {None, level.track}]
    facets = query.with_facets(reading.ladder)
    api_query = query.api_query(facets=facets)
    places = [place for place in matrix.effectives.places if place[1] is None or facets]
    columns = levels[query.column : query.column + _MOST_COLUMNS]
    height = max(_FEWEST_ROWS, _MOST_CELLS // max(1, len(columns)))
    rows = tuple(_rows(reading, matrix, places[query.row : query.row + height], columns))
    return show(
        "matrix.html",
        frame=frame_of(
            reading,
            "Matrix",
            section="matrix",
            description="Levels side by side.",
            api=_path(api_query),
            image=f"{reading.urls.api}/matrix.png" if rows and len(levels) <= _MOST_DRAWN else None,
        ),
        reading=reading,
        query=query,
        facets=facets,
        rows=rows,
        columns=columns,
        groups=tuple(_groups(reading, columns)),
        part_links=tuple(_part_links(reading, query, len(levels), len(places), height)),
        table=_path(api_query, ".csv"),
    )


def _path(api_query: dict[str, object], extension: str = "") -> str:
    return with_query(f"/matrix{extension}", api_query)


def _groups(reading: Reading, columns: Sequence[Level]) -> Iterator[tuple[Track | None, int]]:
    """Yield the tracks in the order of their columns, each with its number of columns."""
    for track, found in groupby(columns, key=lambda level: level.track):
        yield reading.index.tracks.get(track), sum(1 for _ in found)


def _rows(
    reading: Reading, matrix: Matrix, places: Sequence[Place], columns: Sequence[Level]
) -> Iterator[Row]:
    for place in places:
        kind, slug = ("competency", place[0]) if place[1] is None else ("facet", place[1])
        node = reading.index.find(kind, slug)
        if node is not None:
            cells = matrix.row(place, columns)
            yield Row(node, tuple(_cell(reading, node, cell) for cell in cells))


def _cell(reading: Reading, node: Node, cell: MatrixCell) -> ShownCell:
    url = reading.urls.cell(cell.level, node)
    step = step_view(reading.index, cell.competency, cell.facet, cell.step)
    source = None if cell.expectation is None else cell.expectation.partition("--")[0]
    by = None if source in {None, cell.level} else reading.index.levels.get(source or "")
    return ShownCell(cell, step, url, by)


def _part_links(
    reading: Reading, query: MatrixQuery, columns: int, rows: int, height: int
) -> Iterator[PartLink]:
    """Yield the links to the parts on the left and right, above and below."""
    links = (
        ("Previous levels", {"column": query.column - _MOST_COLUMNS}, query.column > 0),
        ("Next levels", {"column": query.column + _MOST_COLUMNS}, query.column + _MOST_COLUMNS < columns),
        ("Previous competencies", {"row": query.row - height}, query.row > 0),
        ("Next competencies", {"row": query.row + height}, query.row + height < rows),
    )
    here = {"row": query.row, "column": query.column}
    for words, change, there in links:
        if there:
            kept = {name: max(0, value) for name, value in {**here, **change}.items()}
            nonzero = {name: value for name, value in kept.items() if value}
            yield PartLink(
                words, reading.urls.below("/matrix", {"track": query.track, "rows": query.rows, **nonzero})
            )
