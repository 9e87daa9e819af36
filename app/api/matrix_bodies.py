"""What a matrix looks like: its bodies, and how they are made."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import Field

from app.api.bodies import Body, ListBody, ListLinks, Path, construct, linked
from app.api.urls import Urls
from app.rubric.effective import Place, State
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.matrix import MatrixCell
from app.rubric.text import Line, Number, Slug, Text


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


class RowLinks(Body):
    """Where the head of a row lives."""

    competency: Path
    """The competency."""
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
        self.index, self.home = index, urls.pinned
        self.fields = frozenset(fields)

    def column(self, level: Level) -> MatrixColumn:
        """The head of a column."""
        here, track = f"{self.home}/levels/{level.slug}", self.index.tracks.get(level.track)
        links = {"self_": here, "effective": f"{here}/effective"}
        values: dict[str, Any] = {
            "level": level.slug,
            "title": level.title,
            "code": level.code,
            "track": level.track,
            "effective_rank": self.index.ranks[level.slug],
        }
        if track is not None:
            values["track_title"] = track.title
            links["track"] = f"{self.home}/tracks/{track.slug}"
        return construct(MatrixColumn, {**values, "links": linked(MatrixColumn, links)})

    def row(self, place: Place, cells: Iterable[MatrixCell]) -> MatrixRow:
        """A row."""
        competency = self.index.competencies[place[0]]
        links = {"competency": f"{self.home}/competencies/{competency.slug}"}
        values: dict[str, Any] = {
            "competency": competency.slug,
            "competency_title": competency.title,
            "category": competency.category,
            "cells": tuple(self.cell(cell) for cell in cells),
        }
        if place[1] is not None:
            values |= {"facet": place[1], "facet_title": self.index.facets[place[1]].title}
            links["facet"] = f"{self.home}/facets/{place[1]}"
        return construct(MatrixRow, {**values, "links": linked(MatrixRow, links)})

    def cell(self, cell: MatrixCell) -> MatrixCellItem:
        """A cell."""
        links = {"effective": f"{self.home}/levels/{cell.level}/effective?competency={cell.competency}"}
        if cell.expectation is not None:
            links["expectation"] = f"{self.home}/expectations/{cell.expectation}"
        values: dict[str, Any] = {
            name: getattr(cell, name) for name in _OF_CELL if not self.fields or name in self.fields
        }
        values |= {"level": cell.level, "state": cell.state, "links": construct(MatrixCellLinks, links)}
        return construct(MatrixCellItem, values)


_OF_CELL: Final = tuple(
    name for name in MatrixCellItem.model_fields if name not in {"level", "state", "links"}
)
