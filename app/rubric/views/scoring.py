"""Points: what steps count, and which levels and titles a sum of them gives on each track.

A competency is counted once. Where it is measured as a whole, its own step counts and those of its facets explain;
where only its facets are measured, theirs count. Ranges of points may overlap, so that several levels and titles can
be reached at the same time; and they may leave gaps, in which none is.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.rubric.index import Index
from app.rubric.ladder import Threshold
from app.rubric.text import Slug
from app.rubric.views.effective import Effective

Place = tuple[str, str | None]
"""Slugs of a competency and a facet; the facet is None for the competency as a whole."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A range of points that begins above what is reached."""

    threshold: Threshold
    missing: int | float
    """Points from what is reached to where it begins."""


@dataclass(frozen=True, slots=True)
class TrackScore:
    """What a sum of points gives on one track."""

    track: Slug
    reached: tuple[Threshold, ...]
    """The ranges that hold the points, in order of writing."""
    ahead: tuple[Ahead, ...]
    """The ranges that begin above, the nearest first."""


@dataclass(frozen=True)
class Scoring:
    """How one ladder counts points."""

    index: Index

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The competencies and facets whose steps count, in order; empty where the ladder counts no points."""
        return tuple(place for competency in self.index.competencies for place in self._places(competency))

    def points(self, steps: Mapping[Place, str]) -> int | float | None:
        """The sum of points over the steps that are given; None where the ladder counts no points.

        Steps in places that do not count are left out; a step without points counts nothing.
        """
        if not self.places:
            return None
        counted = (self.points_of(place, steps[place]) for place in self.places if place in steps)
        return plain(math.fsum(points for points in counted if points is not None))

    def points_of(self, place: Place, step: str) -> int | float | None:
        """What a step counts in a place; None where it carries no points."""
        scale = self.index.scale_of(*place)
        steps = () if scale is None else scale.steps
        return next((one.points for one in steps if one.slug == step), None)

    def asked(self, effective: Effective) -> int | float | None:
        """The points of the steps that a level asks for."""
        cells = (cell for cell in effective.cells if cell.asked)
        steps = {(cell.competency, cell.facet): cell.step for cell in cells if cell.step is not None}
        return self.points(steps)

    def tracks(self, points: float) -> tuple[TrackScore, ...]:
        """What so many points give on each track that has thresholds."""
        return tuple(
            TrackScore(
                track.slug, tuple(_reached(track.thresholds, points)), _ahead(track.thresholds, points)
            )
            for track in self.index.tracks.values()
            if track.thresholds
        )

    def _places(self, competency: str) -> Iterator[Place]:
        facets = [
            (competency, facet.slug)
            for facet in self.index.facets_of.get(competency, ())
            if self._carries_points((competency, facet.slug))
        ]
        whole = (competency, None)
        if self._carries_points(whole) and (
            not facets or whole in self._measured or self._measured.isdisjoint(facets)
        ):
            yield whole
        else:
            yield from facets

    def _carries_points(self, place: Place) -> bool:
        scale = self.index.scale_of(*place)
        return scale is not None and any(step.points is not None for step in scale.steps)

    @cached_property
    def _measured(self) -> frozenset[Place]:
        """Where any level names a step."""
        asked = self.index.ladder.expectations
        return frozenset((one.competency, one.facet) for one in asked if one.step is not None)


def plain(number: float) -> int | float:
    """A number in its one form: 3.0 is 3."""
    whole = int(number)
    return whole if whole == number else number


def _reached(thresholds: tuple[Threshold, ...], points: float) -> Iterator[Threshold]:
    for one in thresholds:
        if one.points_from <= points and (one.points_to is None or points <= one.points_to):
            yield one


def _ahead(thresholds: tuple[Threshold, ...], points: float) -> tuple[Ahead, ...]:
    above = sorted((one for one in thresholds if one.points_from > points), key=lambda one: one.points_from)
    return tuple(Ahead(one, plain(one.points_from - points)) for one in above)
