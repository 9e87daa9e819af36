"""What a matrix looks like: its bodies, and how they are made."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from app.api.reading.bodies import Body, ListBody, ListLinks, Path
from app.api.reading.json_parts import Parts, listed, shaped, written
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellLinks, named, whereabouts
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

    def __init__(self, index: Index, urls: Urls, parts: Parts, fields: Iterable[str]) -> None:
        """Take the release, what was written of it before, and the properties of cells to keep; none means all."""
        self.index, self.home = index, urls.pinned
        self.fields = frozenset(fields)
        self._parts = parts

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
        return shaped(MatrixColumn, {**values, "links": shaped(ColumnLinks, links)})

    def row(self, place: Place, matrix: Matrix, levels: Sequence[Level]) -> bytes:
        """A row, with a cell for each of these levels."""
        values: dict[str, Any] = {
            **named(self.index, place),
            "category": self.index.competencies[place[0]].category,
            "cells": listed(self._cells(place, matrix, levels)),
            "links": whereabouts(self.home, place),
        }
        return written(MatrixRow, values)

    def _cells(self, place: Place, matrix: Matrix, levels: Sequence[Level]) -> list[bytes]:
        """The cells of a row. The whole ones are written together, and found again as long as there is room."""
        if self.fields:
            return [self._cell(cell) for cell in matrix.row(place, levels)]
        keys = [(MatrixCellItem, level.slug, place) for level in levels]
        known = [self._parts.find(key) for key in keys]
        missing = [level for level, cell in zip(levels, known, strict=True) if cell is None]
        made = {cell.level: self._cell(cell) for cell in (matrix.row(place, missing) if missing else ())}
        return [
            self._parts.get(key, made.__getitem__, key[1]) if cell is None else cell
            for key, cell in zip(keys, known, strict=True)
        ]

    def _cell(self, cell: MatrixCell) -> bytes:
        links = {
            "expectation": cell.expectation and f"{self.home}/expectations/{cell.expectation}",
            "effective": f"{self.home}/levels/{cell.level}/effective?competency={cell.competency}",
        }
        values: dict[str, Any] = {
            name: getattr(cell, name) for name in _OF_CELL if not self.fields or name in self.fields
        }
        values |= {"level": cell.level, "state": cell.state, "links": shaped(MatrixCellLinks, links)}
        return written(MatrixCellItem, values)


_OF_CELL: Final = tuple(
    name for name in MatrixCellItem.model_fields if name not in {"level", "state", "links"}
)
