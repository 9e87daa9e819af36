"""A self-rating measured against a level. The POST changes nothing, and its body is not stored."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Final

from fastapi import Depends, Response
from pydantic import Field

from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import documented
from app.api.protocol.routing import question_router
from app.api.reading.missing import why_missing
from app.api.reading.reader import Reader, ReleaseDep
from app.api.views.gap_bodies import GapResource, gap_values
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, markdown, table
from app.errors import (
    MOST_FAULTS,
    BadRequest,
    Fault,
    Gone,
    Invalid,
    NotFound,
    Renamed,
    TooLarge,
    Unavailable,
    UnsupportedMediaType,
)
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.suggest import did_you_mean
from app.rubric.text import Line, Value
from app.rubric.views.effective_text import level_name
from app.rubric.views.measured_rating import measure
from app.rubric.views.scoring import Place
from app.rubric.views.self_rating_text import COLUMNS, rated_markdown, rated_rows

_LONGEST: Final = 80


class Rating(Value):
    """The step that a person gives themselves in one competency or facet."""

    competency: Line | None = None
    """Slug of the competency; may be left out if `facet` is set."""
    facet: Line | None = None
    """Slug of the facet; leave it out to rate the competency as a whole."""
    step: Line
    """Slug of a step of the scale that applies to the competency or facet."""


class SelfRating(Value):
    """A person's rating of their own work. It is neither stored nor logged."""

    ratings: Annotated[tuple[Rating, ...], Field(description="One entry per rated competency or facet.")]


router = question_router("progression")

_PATH: Final = "/ladders/{ladder}/levels/{level}/gap"
_REFUSED: Final = documented(
    (Renamed, BadRequest, NotFound, Gone, TooLarge, UnsupportedMediaType, Invalid, Unavailable)
)
_BODY: Final = telling(SelfRating, {"ratings": [{"competency": "system-design-mastery", "step": "working"}]})

SelfRatingDep = Annotated[SelfRating, Depends(sent(SelfRating))]


@router.post(_PATH, responses=_REFUSED, openapi_extra=_BODY)
def measure_gap(release: ReleaseDep, level: str, body: SelfRatingDep) -> GapResource:
    """Measure a self-rating against a level.

    The response says for each competency and facet whether the expected step is met, how many steps are missing, or
    that it was not rated. If the ladder has points, it also has the points and the levels and titles they give on
    each track. The body is neither stored nor logged, and the `read` scope is enough.
    """
    wanted = _level(release, level)
    found = measure(release.index, wanted, steps_of(release, body))
    return release.body(
        GapResource,
        gap_values(release.index, release.urls, wanted, found),
        release.links() | _links(release, wanted),
    )


@router.post(f"{_PATH}.md", responses=IN_MARKDOWN | _REFUSED, response_class=Response, openapi_extra=_BODY)
def measure_gap_as_markdown(release: ReleaseDep, level: str, body: SelfRatingDep) -> Response:
    """Measure a self-rating against a level, in Markdown."""
    wanted = _level(release, level, ".md")
    found = measure(release.index, wanted, steps_of(release, body))
    heading = f"# Measured against {escaped(level_name(wanted))}\n\n{release.name}\n\n"
    return markdown(heading + rated_markdown(release.index, found))


@router.post(f"{_PATH}.csv", responses=IN_CSV | _REFUSED, response_class=Response, openapi_extra=_BODY)
def measure_gap_as_table(release: ReleaseDep, level: str, body: SelfRatingDep) -> Response:
    """Measure a self-rating against a level, in CSV.

    The table has one row per competency and facet.
    """
    wanted = _level(release, level, ".csv")
    return table(
        COLUMNS,
        rated_rows(release.index, measure(release.index, wanted, steps_of(release, body))),
    )


def _level(release: Reader, level: str, extension: str = "") -> Level:
    """Return the level in the path. Raises the same errors as `Reader.get`."""
    entity = release.get("level", level, f"/gap{extension}").entity
    assert isinstance(entity, Level)  # noqa: S101 - found by this kind
    return entity


def _links(release: Reader, level: Level) -> dict[str, str]:
    home = f"{release.urls.pinned}/levels/{level.slug}"
    return {"level": home, "effective": f"{home}/effective", "next": f"{home}/next"}


def steps_of(release: Reader, sent: SelfRating) -> dict[Place, str]:
    """Return the rated steps by competency and facet. Raises Invalid, listing each rating that does not fit.

    Former slugs mean the entities that had them.
    """
    reader = _RatingReader(release)
    faults = list(islice(reader.read(sent), MOST_FAULTS))
    if faults:
        raise Invalid("Some ratings do not fit this release.", faults=faults)
    return reader.steps


class _RatingReader:
    """Checks ratings one by one, and collects the rated steps."""

    def __init__(self, release: Reader) -> None:
        self.steps: dict[Place, str] = {}
        self._release = release
        self._index = release.index
        self._rated: dict[Place, int] = {}

    def read(self, sent: SelfRating) -> Iterator[Fault]:
        """Collect the ratings that fit, and yield a fault for each that does not."""
        for position, rating in enumerate(sent.ratings):
            at = f"/ratings/{position}"
            place = self._place(rating, at)
            if isinstance(place, Fault):
                yield place
                continue
            earlier = self._rated.setdefault(place, position)
            if earlier != position:
                yield Fault(f"This is already rated at /ratings/{earlier}. Remove one of the two.", at)
                continue
            step = self._step(place, rating.step, at)
            if isinstance(step, Fault):
                yield step
            else:
                self.steps[place] = step

    def _place(self, rating: Rating, at: str) -> Place | Fault:
        competency = self._present("competency", rating.competency)
        if rating.competency is not None and competency is None:
            return self._unknown("competency", rating.competency, at)
        if rating.facet is None:
            return (
                Fault("Set `competency`, `facet`, or both.", at) if competency is None else (competency, None)
            )
        facet = self._index.facets.get(self._present("facet", rating.facet) or "")
        if facet is None:
            return self._unknown("facet", rating.facet, at)
        if competency not in {None, facet.competency}:
            detail = f"The facet {facet.slug!r} belongs to {facet.competency!r}. Use that, or leave it out."
            return Fault(detail, f"{at}/facet")
        return facet.competency, facet.slug

    def _present(self, kind: str, slug: str | None) -> str | None:
        """Return the present slug of an entity; None if no entity has or had the slug."""
        found = None if slug is None else self._release.present(kind, slug)
        return None if found is None else found.address

    def _unknown(self, kind: str, slug: str, at: str) -> Fault:
        return Fault(why_missing(self._index, kind, slug), f"{at}/{kind}")

    def _step(self, place: Place, step: str, at: str) -> str | Fault:
        scale = self._index.scale_of(*place)
        if scale is None:
            return Fault(f"{place[1] or place[0]!r} has no scale, so it cannot be rated. Leave it out.", at)
        for name in (scale.slug, *scale.formerly):
            found = self._release.present("step", f"{name}--{step}")
            if found is not None and found.owner is not None and found.owner.address == scale.slug:
                return found.address.rpartition("--")[2]
        slugs = [one.slug for one in scale.steps]
        suggestion, listed = did_you_mean(step, slugs), ", ".join(slugs[:MOST_FAULTS])
        detail = f"The scale {scale.slug!r} has no step {step[:_LONGEST]!r}.{suggestion} Its steps: {listed}."
        return Fault(detail, f"{at}/step")
