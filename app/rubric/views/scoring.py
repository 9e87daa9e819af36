"""Points: what steps count, and which levels and titles a sum of them gives on each track.

A competency counts once. If it is measured as a whole, its own step counts and those of its facets explain it; if
only its facets are measured, theirs count. Ranges of points may overlap, so that several levels and titles can be
reached at the same time; and they may leave gaps, in which none is.

Points are summed as decimals of their shortest form: 0.7 and 0.1 make 0.8.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.rubric.index import Index
from app.rubric.ladder import Level, Threshold
from app.rubric.text import Slug
from app.rubric.views.demands import LevelDemands

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
    """The ranges that a sum of points reaches on one track."""

    track: Slug
    reached: tuple[Threshold, ...]
    """The ranges that hold the points, in order of writing."""
    ahead: tuple[Ahead, ...]
    """The ranges that begin above, the nearest first."""


@dataclass(frozen=True)
class Scoring:
    """The points of one ladder."""

    index: Index

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The competencies and facets whose steps count, in order; empty if the ladder counts no points."""
        return tuple(place for competency in self.index.competencies for place in self._places(competency))

    def points(self, steps: Mapping[Place, str]) -> int | float | None:
        """Return the sum of points over the steps that are given; None if the ladder counts no points.

        Steps in places that do not count are left out; a step without points counts nothing.
        """
        if not self.places:
            return None
        counted = (self.points_of(place, steps[place]) for place in self.places if place in steps)
        return summed(points for points in counted if points is not None)

    def points_of(self, place: Place, step: str) -> int | float | None:
        """Return what a step counts in a place; None if it carries no points."""
        scale = self.index.scale_of(*place)
        steps = () if scale is None else scale.steps
        return next((one.points for one in steps if one.slug == step), None)

    def asked(self, demands: LevelDemands) -> int | float | None:
        """Return the points that a level asks for: of the lowest threshold that leads to it, else of its steps."""
        if not self.places:
            return None
        leading = leading_points(self.index, demands.level)
        if leading is not None:
            return leading
        cells = (cell for cell in demands.cells if cell.asked)
        return self.points({cell.place: cell.step for cell in cells if cell.step is not None})

    def tracks(self, points: float) -> tuple[TrackScore, ...]:
        """Return the level and title for a number of points, on each track that has thresholds."""
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
        """Return where any level names a step."""
        asked = self.index.ladder.expectations
        return frozenset((one.competency, one.facet) for one in asked if one.step is not None)


def leading_points(index: Index, level: Level) -> int | float | None:
    """Return the fewest points of the thresholds that lead to a level; None if none does."""
    track = index.tracks.get(level.track)
    thresholds = () if track is None else track.thresholds
    return min((one.points_from for one in thresholds if one.level == level.slug), default=None)


def summed(numbers: Iterable[float]) -> int | float:
    """Return a sum of numbers as the decimals of their shortest form."""
    return plain(sum(map(decimal, numbers), Decimal()))


def decimal(number: float) -> Decimal:
    """Return a number as the decimal of its shortest form."""
    return Decimal(repr(number))


def plain(number: Decimal | float) -> int | float:
    """Return a number in its one form: 3.0 is 3."""
    whole = int(number)
    return whole if whole == number else float(number)


def _reached(thresholds: tuple[Threshold, ...], points: float) -> Iterator[Threshold]:
    for one in thresholds:
        if one.points_from <= points and (one.points_to is None or points <= one.points_to):
            yield one


def _ahead(thresholds: tuple[Threshold, ...], points: float) -> tuple[Ahead, ...]:
    above = sorted((one for one in thresholds if one.points_from > points), key=lambda one: one.points_from)
    return tuple(Ahead(one, summed((one.points_from, -points))) for one in above)
