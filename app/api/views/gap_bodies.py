"""What the API shows of a self-rating measured by a level."""

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
    """How many cells are measured in which way."""

    met: int
    """Rated at the step asked for, or above."""
    missing: int
    """Rated below it."""
    unrated: int
    """A step is asked for, and no rating was sent."""
    no_step: int
    """There is a scale, and the level names no step of it: its statements must be read."""
    no_scale: int
    """There is nothing to rate by: the statements must be read."""
    steps: int
    """Steps that are missing in all."""


class RatedItem(CellBody):
    """A competency as a whole, or a facet, in which the level asks something."""

    applicability: Applicability
    """Whether it is `required` or `optional`."""
    measure: Measure
    """Rated at the step asked for or above (`met`), below it (`missing`), not rated (`unrated`), not measurable
    because the level names no step (`no-step`) or because there is no scale (`no-scale`)."""
    step: Slug | None = None
    """The step asked for."""
    step_title: Line | None = None
    """What that step is called here."""
    rating: Slug | None = None
    """The step that was rated."""
    rating_title: Line | None = None
    """What that step is called here."""
    missing: int | None = None
    """Steps from the rating up to the step asked for, 0 where it is met; left out where that cannot be told."""
    links: CellLinks


class NotAsked(Body):
    """What was rated, and is not asked at the level."""

    competency: Slug
    """Slug of the competency."""
    facet: Slug | None = None
    """Slug of the facet."""
    rating: Slug
    """The step that was rated."""


class GapPoints(Body):
    """What the ratings count."""

    reached: Number
    """The sum of the points of what was rated."""
    asked: Number
    """The sum of the points of the steps that the level asks for."""
    counted: int
    """In how many competencies and facets points are counted."""
    unrated: int
    """How many of these were not rated, so that `reached` may say too little."""


class GivenRange(Body):
    """A range of points, and what it gives."""

    points_from: Number
    """Fewest points, inclusive."""
    points_to: Number | None = None
    """Most points, inclusive; left out where there is no upper end."""
    level: Slug | None = None
    """The level that these points give."""
    title: Line | None = None
    """The title that these points give."""


class RangeAhead(GivenRange):
    """A range that begins above the points reached."""

    missing: Number
    """Points from what is reached to where it begins."""


class TrackPoints(Body):
    """What the points give on one track. Ranges may overlap, so several levels and titles may be reached."""

    track: Slug
    """Slug of the track."""
    track_title: Line
    """Its title."""
    reached: tuple[GivenRange, ...]
    """The ranges that hold the points, in order of writing."""
    ahead: tuple[RangeAhead, ...]
    """The ranges that begin above, the nearest first."""


class GapLinks(ResourceLinks):
    """Where the level is, and what it asks."""

    level: Path
    """The level."""
    effective: Path
    """All that is in force at it."""
    next: Path
    """What can follow it."""


class GapResource(InRelease):
    """A self-rating measured by a level."""

    level: Slug
    """Slug of the level."""
    track: Slug
    """Slug of its track."""
    note: str | None = None
    """Why nothing can be measured, in a sentence; left out where something can."""
    required: GapTotals
    """Over the cells that are required."""
    optional: GapTotals
    """Over the cells that are optional: nobody is rated lower for these."""
    cells: tuple[RatedItem, ...]
    """Every cell that the level asks in, in the order of competencies, each followed by its facets."""
    not_asked: tuple[NotAsked, ...]
    """What was rated, and is not asked at this level."""
    points: GapPoints | None = None
    """What the ratings count; left out where the ladder counts no points."""
    tracks: tuple[TrackPoints, ...]
    """What the points give on each track that has thresholds; empty where the ladder counts no points."""
    links: GapLinks


def gap_values(index: Index, urls: Urls, level: Level, found: Measured) -> dict[str, Any]:
    """What the body says beside what every body says."""
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
        values["points"] = construct(
            GapPoints,
            {
                "reached": found.points,
                "asked": found.asked,
                "counted": found.counted,
                "unrated": found.unrated,
            },
        )
    return values


def _totals(totals: Totals) -> GapTotals:
    counts = {name.replace("-", "_"): number for name, number in totals.counts.items()}
    return construct(GapTotals, {**counts, "steps": totals.steps})


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
        "missing": cell.missing if cell.measure in {"met", "missing"} else None,
        "links": construct(CellLinks, cell_links(urls.pinned, place)),
    }
    return construct(RatedItem, values)


def _track(index: Index, score: TrackScore) -> TrackPoints:
    return construct(
        TrackPoints,
        {
            "track": score.track,
            "track_title": index.tracks[score.track].title,
            "reached": tuple(construct(GivenRange, dict(one)) for one in score.reached),
            "ahead": tuple(
                construct(RangeAhead, {**dict(one.threshold), "missing": one.missing}) for one in score.ahead
            ),
        },
    )
