"""Bodies of the matrix."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from app.api.reading.bodies import Body, ListLinks, Path
from app.api.reading.entity_bodies import ListBody
from app.api.reading.json_values import json_object
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellLinks, cell_links, cell_titles
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.text import Line, Number, Slug, Text
from app.rubric.views.holdings import Place, State
from app.rubric.views.matrix import Matrix, MatrixCell
from app.rubric.views.step_matrix import StepCell, StepColumn, StepMatrix


class ColumnLinks(Body):
    """Links of a column."""

    self_: Annotated[Path, Field(alias="self")]
    """The level, or the scale."""
    track: Path | None = None
    """The track."""
    effective: Path | None = None
    """The effective expectations of the level."""


class MatrixColumn(Body):
    """A column: one level, or with `columns=steps` one step of a scale."""

    level: Slug | None = None
    """Slug of the level."""
    scale: Slug | None = None
    """Slug of the scale, if the column is a step."""
    scale_title: Line | None = None
    """Title of the scale."""
    step: Slug | None = None
    """Slug of the step."""
    points: Number | None = None
    """Points of the step."""
    title: Line
    """Title of the level or step."""
    code: Line | None = None
    """Code of the level, such as `L5`. Codes need not be unique."""
    track: Slug | None = None
    """Slug of the level's track."""
    track_title: Line | None = None
    """Title of its track."""
    effective_rank: Number | None = None
    """The rank of the level. If the author set none, its position in the track, starting at 1."""
    links: ColumnLinks


class MatrixCellLinks(Body):
    """Links of a cell."""

    effective: Path
    """The effective expectations of the level in this competency and its facets."""


class MatrixCellItem(Body):
    """A short form of what one level expects in one competency or facet, or of what one step looks like there."""

    level: Slug | None = None
    """Slug of the level. Cells are in the order of `columns`."""
    scale: Slug | None = None
    """Slug of the scale, if the column is a step."""
    state: State
    """The origin of the expectations. `own`: from the level alone. `added`: from the level, which adds to inherited
    ones. `overridden`: from the level, which replaces inherited ones. `inherited`: from other levels only.
    `not-in-use`: the level states that nothing is expected. `absent`: nothing is stated."""
    applicability: Applicability | None = None
    """`required`, `optional` or `not-in-use`; left out if the cell is absent."""
    step: Slug | None = None
    """The highest expected step. If the column is a step: that step, or left out if the competency or facet is not
    measured on its scale."""
    step_title: Line | None = None
    """Title of that step in this competency or facet."""
    summary: Text | None = None
    """The nearest summary among the effective expectations."""
    lines: tuple[Text, ...] | None = None
    """If there is no summary: the first statements, at most three. Counter-examples are left out."""
    more_count: int | None = None
    """Number of statements that follow `lines`."""
    statement_count: int | None = None
    """Number of effective statements."""
    example_count: int | None = None
    """Number of examples of the effective expectations and statements."""
    expectation: str | None = None
    """Slug of the nearest effective expectation, or of the one that states `not-in-use`."""
    links: MatrixCellLinks | None = None
    """Left out if the cell is absent, or if the column is a step."""


class RowLinks(CellLinks):
    """Links of a row."""

    facet: Path | None = None
    """The facet; left out if the row is about the competency as a whole."""


class MatrixRow(Body):
    """A row: a competency as a whole, or one facet, at each level of `columns`."""

    competency: Slug
    """Slug of the competency."""
    competency_title: Line
    """Title of the competency."""
    category: Line | None = None
    """Category of the competency."""
    facet: Slug | None = None
    """Slug of the facet; left out if the row is about the competency as a whole."""
    facet_title: Line | None = None
    """Title of the facet."""
    cells: tuple[MatrixCellItem, ...]
    """One cell for each of `columns`, in their order."""
    links: RowLinks


class MatrixCounts(Body):
    """Number of rows and columns on all pages, with filters applied."""

    row_count: int
    column_count: int


class MatrixLinks(ListLinks):
    """Links: this page, its other formats, the next page."""

    next_columns: Path | None = None
    """The same rows with the next columns; left out on the last page of columns."""
    markdown: Path
    """All rows and columns in Markdown."""
    csv: Path
    """All rows and columns in CSV, with one row per cell."""
    heat_map: Path | None = None
    """A heat map of all levels of `track` and all competencies of `category` in SVG, without the other filters; left
    out if there are too many for a picture."""


class MatrixList(ListBody):
    """One page of the matrix."""

    counts: MatrixCounts
    columns: tuple[MatrixColumn, ...]
    """The levels on this page, track by track, the lowest first; or the steps, scale by scale, the lowest first."""
    items: tuple[MatrixRow, ...]
    """The rows on this page, in the order of competencies. With `rows=facets`, each is followed by its facets."""
    links: MatrixLinks


class MatrixBodies:
    """The rows and columns of one release as the API shows them."""

    def __init__(self, index: Index, urls: Urls, fields: Iterable[str]) -> None:
        """Take the release and the cell fields to keep; no fields means all of them."""
        self.index, self.home = index, urls.pinned
        self.fields = frozenset(fields)

    def column(self, level: Level) -> dict[str, Any]:
        """Return a column."""
        here, track = f"{self.home}/levels/{level.slug}", self.index.tracks.get(level.track)
        values: dict[str, Any] = {
            "level": level.slug,
            "title": level.title,
            "code": level.code,
            "track": level.track,
            "track_title": None if track is None else track.title,
            "effective_rank": self.index.ranks[level.slug],
        }
        links = {
            "self_": here,
            "track": None if track is None else f"{self.home}/tracks/{track.slug}",
            "effective": f"{here}/effective",
        }
        return json_object(MatrixColumn, {**values, "links": json_object(ColumnLinks, links)})

    def step_column(self, column: StepColumn) -> dict[str, Any]:
        """Return a column that is a step."""
        values: dict[str, Any] = {
            "scale": column.scale.slug,
            "scale_title": column.scale.title,
            "step": column.step.slug,
            "points": column.step.points,
            "title": column.step.title,
            "links": {"self": f"{self.home}/scales/{column.scale.slug}"},
        }
        return json_object(MatrixColumn, values)

    def step_row(self, place: Place, matrix: StepMatrix, columns: Sequence[StepColumn]) -> dict[str, Any]:
        """Return a row with a cell for each of these steps."""
        values: dict[str, Any] = {
            **cell_titles(self.index, place),
            "category": self.index.competencies[place[0]].category,
            "cells": [self._step_cell(cell) for cell in matrix.row(place, columns)],
            "links": cell_links(self.home, place),
        }
        return json_object(MatrixRow, values)

    def _step_cell(self, cell: StepCell) -> dict[str, Any]:
        said = cell.summary is not None or cell.lines
        values = self._values(cell)
        values |= {"scale": cell.scale, "step": cell.step, "state": "own" if said else "absent"}
        return json_object(MatrixCellItem, values)

    def row(self, place: Place, matrix: Matrix, levels: Sequence[Level]) -> dict[str, Any]:
        """Return a row with a cell for each of these levels."""
        values: dict[str, Any] = {
            **cell_titles(self.index, place),
            "category": self.index.competencies[place[0]].category,
            "cells": [self._cell(cell) for cell in matrix.row(place, levels)],
            "links": cell_links(self.home, place),
        }
        return json_object(MatrixRow, values)

    def _cell(self, cell: MatrixCell) -> dict[str, Any]:
        values = self._values(cell) | {"level": cell.level, "state": cell.state}
        if cell.state != "absent":
            effective = f"{self.home}/levels/{cell.level}/effective?competency={cell.competency}"
            values["links"] = {"effective": effective}
        return json_object(MatrixCellItem, values)

    def _values(self, cell: MatrixCell | StepCell) -> dict[str, Any]:
        """Return the requested fields of a cell that are read from it as they are."""
        return {
            name: getattr(cell, source, None)
            for name, source in _OF_CELL.items()
            if not self.fields or name in self.fields
        }


_OF_CELL: Final = {
    name: {"statement_count": "statements", "example_count": "examples"}.get(name, name)
    for name in MatrixCellItem.model_fields
    if name not in {"level", "scale", "state", "links"}
}
"""The attribute of a cell that holds each field."""
