"""The matrix: levels side by side, a row for each competency, for somebody who looks after several of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from app.api.reading.reader import known
from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.ladder import Ladder, Level, Track
from app.rubric.text import Slug
from app.rubric.views.effective import Place
from app.rubric.views.matrix import Matrix, MatrixCell, matrix_of
from app.web.layout.cells import StepView, step_view
from app.web.layout.frame import frame_of
from app.web.layout.query_values import EMPTY_IS_UNSET
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep

router = APIRouter(include_in_schema=False)

_MOST_COLUMNS: Final = 16
_MOST_CELLS: Final = 155
"""How many cells a page shows at most: what is beyond has a page of its own."""
_MOST_DRAWN: Final = 40
"""Up to so many levels, a picture of the matrix goes into a preview."""
_FEWEST_ROWS: Final = 12


class MatrixQuery(BaseModel):
    """Which part of the matrix is shown, as a form sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    track: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    rows: Literal["competencies", "facets"] | None = None
    """Where nobody says: with facets in a ladder that asks in facets alone, else without."""
    row: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How many rows come before."""
    column: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How many columns come before."""

    def with_facets(self, ladder: Ladder) -> bool:
        """Whether facets have rows, too."""
        if self.rows is not None:
            return self.rows == "facets"
        return bool(ladder.expectations) and all(one.facet is not None for one in ladder.expectations)

    def asked(self, *, facets: bool) -> dict[str, object]:
        """The parameters that the API knows too."""
        given = {"track": self.track, "rows": "facets" if facets else None}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with its step and the page that says all of it."""

    cell: MatrixCell
    step: StepView | None
    url: str
    said_by: Level | None
    """The level whose words these are, where it is another."""


@dataclass(frozen=True, slots=True)
class Row:
    """A competency or facet, and its cells."""

    node: Node
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A way to a part of the matrix that is not on this page."""

    words: str
    url: str


@router.get("/ladders/{ladder}/matrix")
def show_matrix(reading: ReadingDep, query: Annotated[MatrixQuery, Query()]) -> HTMLResponse:
    """Show levels side by side."""
    matrix = reading.index.once(matrix_of)
    known(reading.index, "track", query.track)
    levels = [level for level in matrix.columns if query.track in {None, level.track}]
    facets = query.with_facets(reading.ladder)
    asked = query.asked(facets=facets)
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
            api=_path(asked),
            image=f"{reading.urls.api}/matrix.png" if rows and len(levels) <= _MOST_DRAWN else None,
        ),
        reading=reading,
        query=query,
        facets=facets,
        rows=rows,
        columns=columns,
        groups=tuple(_groups(reading, columns)),
        beyond=tuple(_beyond(reading, query, len(levels), len(places), height)),
        table=_path(asked, ".csv"),
    )


def _path(asked: dict[str, object], extension: str = "") -> str:
    return with_query(f"/matrix{extension}", asked)


def _groups(reading: Reading, columns: Sequence[Level]) -> Iterator[tuple[Track | None, int]]:
    """Tracks in the order of their columns, and how many columns each has."""
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


def _cell(reading: Reading, node: Node, cell: MatrixCell) -> Cell:
    url = reading.urls.cell(cell.level, node)
    step = step_view(reading.index, cell.competency, cell.facet, cell.step)
    said = None if cell.expectation is None else cell.expectation.partition("--")[0]
    by = None if said is None or said == cell.level else reading.index.levels.get(said)
    return Cell(cell, step, url, by)


def _beyond(reading: Reading, query: MatrixQuery, columns: int, rows: int, height: int) -> Iterator[Beyond]:
    """Ways to the left and right, up and down."""
    ways = (
        ("Levels before", {"column": query.column - _MOST_COLUMNS}, query.column > 0),
        ("More levels", {"column": query.column + _MOST_COLUMNS}, query.column + _MOST_COLUMNS < columns),
        ("Competencies before", {"row": query.row - height}, query.row > 0),
        ("More competencies", {"row": query.row + height}, query.row + height < rows),
    )
    here = {"row": query.row, "column": query.column}
    for words, change, there in ways:
        if there:
            kept = {name: max(0, value) for name, value in {**here, **change}.items()}
            nonzero = {name: value for name, value in kept.items() if value}
            yield Beyond(
                words, reading.urls.below("/matrix", {"track": query.track, "rows": query.rows, **nonzero})
            )
