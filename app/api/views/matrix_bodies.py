"""What a matrix looks like: its bodies, and how they are made."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from app.api.reading.bodies import Body, ListBody, ListLinks, Path
from app.api.reading.json_values import json_object
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellLinks, cell_links, cell_titles
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.text import Line, Number, Slug, Text
from app.rubric.views.effective import Place, State
from app.rubric.views.matrix import Matrix, MatrixCell


class ColumnLinks(Body):
    """Where a level lives."""

    self_: Annotated[Path, Field(alias="self")]
    """The level."""
    track: Path | None = None
    """Its track."""
    effective: Path
    """All that is in force at it."""


class MatrixColumn(Body):
    """A level, as the head of a column."""

    level: Slug
    """Slug of the level."""
    title: Line
    """Its title."""
    code: Line | None = None
    """What people call it; need not be unique."""
    track: Slug
    """Slug of its track."""
    track_title: Line | None = None
    """Title of its track."""
    effective_rank: Number
    """The rank written, or else the level's place in its track from 1."""
    links: ColumnLinks


class MatrixCellLinks(Body):
    """Where more about a cell is."""

    expectation: Path | None = None
    """The nearest expectation in force, or the one that says not in use; left out where the cell is absent."""
    effective: Path
    """All that is in force at the level in this competency and its facets."""


class MatrixCellItem(Body):
    """What one level asks in one competency or facet, in short."""

    level: Slug
    """Slug of the level: the cells stand in the order of `columns`."""
    state: State
    """Said by the level (`own`), by it in place of what it would inherit (`overridden`), taken over (`inherited`),
    said to ask nothing (`not-in-use`), or never spoken of (`absent`)."""
    applicability: Applicability | None = None
    """Whether it is asked; left out where the cell is absent."""
    step: Slug | None = None
    """The highest step in force."""
    step_title: Line | None = None
    """What that step is called here."""
    summary: Text | None = None
    """The summary nearest to the level, of those in force."""
    statements: int | None = None
    """How many statements are in force."""
    examples: int | None = None
    """How many examples hang on what is in force."""
    links: MatrixCellLinks


class RowLinks(CellLinks):
    """Where the head of a row lives."""

    facet: Path | None = None
    """The facet; left out where the row is of the competency as a whole."""


class MatrixRow(Body):
    """A competency as a whole, or a facet, at each level of `columns`."""

    competency: Slug
    """Slug of the competency."""
    competency_title: Line
    """Its title."""
    category: Line | None = None
    """Its category."""
    facet: Slug | None = None
    """Slug of the facet; left out where the row is of the competency as a whole."""
    facet_title: Line | None = None
    """Its title."""
    cells: tuple[MatrixCellItem, ...]
    """One cell for each of `columns`, in their order."""
    links: RowLinks


class MatrixCounts(Body):
    """How much there is on all pages, after the filters."""

    rows: int
    columns: int


class MatrixLinks(ListLinks):
    """Where the matrix lives, in which forms, and where it goes on."""

    next_columns: Path | None = None
    """The same rows with the next columns; left out at the last ones."""
    markdown: Path
    """All rows and columns for people, in Markdown."""
    csv: Path
    """All of them as a table, a row for each cell."""
    heat_map: Path | None = None
    """How much each cell asks, as an SVG: all levels of `track` and all competencies of `category`, whatever else was
    chosen; left out where they are too many for a picture."""


class MatrixList(ListBody):
    """Levels side by side, a page of rows and columns at a time."""

    counts: MatrixCounts
    columns: tuple[MatrixColumn, ...]
    """The levels on this page, track by track, the lowest first."""
    items: tuple[MatrixRow, ...]
    """The rows on this page, in the order of competencies, each followed by its facets where they are asked for."""
    links: MatrixLinks


class MatrixBodies:
    """Rows and columns of one release as the API shows them."""

    def __init__(self, index: Index, urls: Urls, fields: Iterable[str]) -> None:
        """Take the release and the cell fields to keep; no fields means all of them."""
        self.index, self.home = index, urls.pinned
        self.fields = frozenset(fields)

    def column(self, level: Level) -> dict[str, Any]:
        """The head of a column."""
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
        links = {
            "expectation": cell.expectation and f"{self.home}/expectations/{cell.expectation}",
            "effective": f"{self.home}/levels/{cell.level}/effective?competency={cell.competency}",
        }
        values: dict[str, Any] = {
            name: getattr(cell, name) for name in _OF_CELL if not self.fields or name in self.fields
        }
        values |= {"level": cell.level, "state": cell.state, "links": json_object(MatrixCellLinks, links)}
        return json_object(MatrixCellItem, values)


_OF_CELL: Final = tuple(
    name for name in MatrixCellItem.model_fields if name not in {"level", "state", "links"}
)
