"""Bodies of a self-rating that is measured against a level."""

from typing import Any

from app.api.reading.bodies import Body, InRelease, Path, ResourceLinks, construct
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellBody, CellLinks, cell_links, cell_titles
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.text import Line, Number, Slug
from app.rubric.views.measured_rating import Measured
from app.rubric.views.next_level_text import step_name
from app.rubric.views.scoring import TrackScore
from app.rubric.views.self_rating import Measure, RatedCell, Totals


class GapTotals(Body):
    """Number of cells by measure."""

    met_count: int
    """Rated at or above the expected step."""
    missing_count: int
    """Rated below the expected step."""
    unrated_count: int
    """Not rated, although the level expects a step."""
    no_step_count: int
    """Not measurable: the level expects no step of the scale."""
    no_scale_count: int
    """Not measurable: there is no scale."""
    missing_step_count: int
    """Missing steps, summed over all cells."""


class RatedItem(CellBody):
    """A competency or facet in which the level expects something."""

    applicability: Applicability
    """`required` or `optional`."""
    measure: Measure
    """`met`: rated at or above the expected step. `missing`: rated below it. `unrated`: not rated. `no-step`: not
    measurable, because the level expects no step. `no-scale`: not measurable, because there is no scale."""
    step: Slug | None = None
    """The expected step."""
    step_title: Line | None = None
    """Title of that step in this competency or facet."""
    rating: Slug | None = None
    """The step in the rating."""
    rating_title: Line | None = None
    """Title of that step in this competency or facet."""
    missing_step_count: int | None = None
    """Steps from the rating up to the expected step, 0 if it is met; left out if it cannot be measured."""
    links: CellLinks


class NotAsked(Body):
    """A rating of something that the level does not expect."""

    competency: Slug
    """Slug of the competency."""
    facet: Slug | None = None
    """Slug of the facet."""
    rating: Slug
    """The step in the rating."""


class GapPoints(Body):
    """Points of the ratings."""

    reached: Number
    """Points of the ratings, summed."""
    asked: Number
    """Points of the steps that the level expects, summed."""
    place_count: int
    """Number of competencies and facets that have points."""
    unrated_count: int
    """Number of these that were not rated. If it is not 0, `reached` may be too low."""


class GivenRange(Body):
    """A range of points, and the level and title that it gives."""

    points_from: Number
    """Lowest number of points, inclusive."""
    points_to: Number | None = None
    """Highest number of points, inclusive; left out if the range has no upper end."""
    level: Slug | None = None
    """Slug of the level that these points give."""
    title: Line | None = None
    """The title that these points give."""


class RangeAhead(GivenRange):
    """A range that begins above the points reached."""

    missing_points: Number
    """Points missing to the start of the range."""


class TrackPoints(Body):
    """The ranges of one track. Ranges may overlap, so the points can reach several levels and titles."""

    track: Slug
    """Slug of the track."""
    track_title: Line
    """Title of the track."""
    given: tuple[GivenRange, ...]
    """The ranges that contain the points reached, in the order of the ladder."""
    ranges_ahead: tuple[RangeAhead, ...]
    """The ranges that begin above the points reached, the nearest first."""


class GapLinks(ResourceLinks):
    """Links of a measured self-rating."""

    level: Path
    """The level."""
    effective: Path
    """The effective expectations of the level."""
    next: Path
    """The levels that can follow it."""


class GapResource(InRelease):
    """A self-rating measured against a level."""

    level: Slug
    """Slug of the level."""
    track: Slug
    """Slug of its track."""
    note: str | None = None
    """Why nothing can be measured, in a sentence; left out if something can."""
    required: GapTotals
    """Totals of the required cells."""
    optional: GapTotals
    """Totals of the optional cells. Missing steps here do not lower a rating."""
    cells: tuple[RatedItem, ...]
    """Every cell in which the level expects something, in the order of competencies, each followed by its facets."""
    not_asked: tuple[NotAsked, ...]
    """Ratings of what the level does not expect."""
    score: GapPoints | None = None
    """Points of the ratings; left out if the ladder has no points."""
    tracks: tuple[TrackPoints, ...]
    """The ranges of each track that has thresholds; empty if the ladder has no points."""
    links: GapLinks


def gap_values(index: Index, urls: Urls, level: Level, found: Measured) -> dict[str, Any]:
    """Return the fields of the body that other bodies do not have."""
    values: dict[str, Any] = {
        "level": level.slug,
        "track": level.track,
        "required": _totals(found.required),
        "optional": _totals(found.optional),
        "cells": tuple(_cell(index, urls, cell) for cell in found.cells),
        "not_asked": tuple(
            construct(NotAsked, {"competency": place[0], "facet": place[1], "rating": step})
            for place, step in found.not_asked
        ),
        "tracks": tuple(_track(index, score) for score in found.tracks),
    }
    if found.note is not None:
        values["note"] = found.note
    if found.points is not None:
        values["score"] = construct(
            GapPoints,
            {
                "reached": found.points,
                "asked": found.asked,
                "place_count": found.counted,
                "unrated_count": found.unrated,
            },
        )
    return values


def _totals(totals: Totals) -> GapTotals:
    counts = {f"{name.replace('-', '_')}_count": number for name, number in totals.counts.items()}
    return construct(GapTotals, {**counts, "missing_step_count": totals.steps})


def _cell(index: Index, urls: Urls, cell: RatedCell) -> RatedItem:
    place = cell.competency, cell.facet
    values: dict[str, Any] = {
        **cell_titles(index, place),
        "applicability": cell.applicability,
        "measure": cell.measure,
        "step": cell.step,
        "step_title": step_name(index, *place, cell.step),
        "rating": cell.rating,
        "rating_title": step_name(index, *place, cell.rating),
        "missing_step_count": cell.missing if cell.measure in {"met", "missing"} else None,
        "links": construct(CellLinks, cell_links(urls.pinned, place)),
    }
    return construct(RatedItem, values)


def _track(index: Index, score: TrackScore) -> TrackPoints:
    return construct(
        TrackPoints,
        {
            "track": score.track,
            "track_title": index.tracks[score.track].title,
            "given": tuple(construct(GivenRange, dict(one)) for one in score.reached),
            "ranges_ahead": tuple(
                construct(RangeAhead, {**dict(one.threshold), "missing_points": one.missing})
                for one in score.ahead
            ),
        },
    )
