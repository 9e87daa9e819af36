"""A self-rating measured by a level. A POST that changes nothing: its body is the question, and is not kept."""

from typing import Annotated, Final

from fastapi import Depends, Response

from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import documented
from app.api.protocol.routing import question_router
from app.api.reading.reader import Reader, ReleaseDep
from app.api.views.gap_bodies import GapResource, gap_values
from app.api.views.ratings import SelfRating, steps_of
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, markdown, table
from app.errors import (
    BadRequest,
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
from app.rubric.views.effective_text import level_name
from app.rubric.views.measured_rating import measure
from app.rubric.views.self_rating_text import COLUMNS, rated_markdown, rated_rows

router = question_router("progression")

_PATH: Final = "/ladders/{ladder}/levels/{level}/gap"
_REFUSED: Final = documented(
    (Renamed, BadRequest, NotFound, Gone, TooLarge, UnsupportedMediaType, Invalid, Unavailable)
)
_BODY: Final = telling(SelfRating, {"ratings": [{"competency": "system-design-mastery", "step": "working"}]})

SelfRatingDep = Annotated[SelfRating, Depends(sent(SelfRating))]


@router.post(_PATH, responses=_REFUSED, openapi_extra=_BODY)
def measure_gap(release: ReleaseDep, level: str, body: SelfRatingDep) -> GapResource:
    """Measure a self-rating by what a level asks: what is met, what is missing by how many steps, what is not rated.

    Where the ladder counts points, also the points, and the levels and titles that they give on each track. Nothing
    of the body is stored or logged, and the right to read is enough.
    """
    asked = _level(release, level)
    found = measure(release.index, asked, steps_of(release.index, body))
    return release.body(
        GapResource,
        gap_values(release.index, release.urls, asked, found),
        release.links() | _links(release, asked),
    )


@router.post(f"{_PATH}.md", responses=IN_MARKDOWN | _REFUSED, response_class=Response, openapi_extra=_BODY)
def measure_gap_as_markdown(release: ReleaseDep, level: str, body: SelfRatingDep) -> Response:
    """Measure a self-rating by what a level asks, in Markdown for people."""
    asked = _level(release, level, ".md")
    found = measure(release.index, asked, steps_of(release.index, body))
    heading = f"# Measured by {escaped(level_name(asked))}\n\n{release.name}\n\n"
    return markdown(heading + rated_markdown(release.index, found))


@router.post(f"{_PATH}.csv", responses=IN_CSV | _REFUSED, response_class=Response, openapi_extra=_BODY)
def measure_gap_as_table(release: ReleaseDep, level: str, body: SelfRatingDep) -> Response:
    """Measure a self-rating by what a level asks, as a table with a row for each cell."""
    asked = _level(release, level, ".csv")
    return table(
        COLUMNS,
        rated_rows(release.index, measure(release.index, asked, steps_of(release.index, body))),
    )


def _level(release: Reader, level: str, extension: str = "") -> Level:
    """The level that the path names. Raises as `Reader.get`."""
    entity = release.get("level", level, f"/gap{extension}").entity
    assert isinstance(entity, Level)  # noqa: S101 - found by this kind
    return entity


def _links(release: Reader, level: Level) -> dict[str, str]:
    home = f"{release.urls.pinned}/levels/{level.slug}"
    return {"level": home, "effective": f"{home}/effective", "next": f"{home}/next"}
