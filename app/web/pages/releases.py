"""The releases of a ladder: what was published when, what is in force, what was said of them since."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.api.ladders.guards import refuse_unknown
from app.api.ladders.releases import Status, status_of
from app.api.reading.reader import ServingDep
from app.rubric.releases import Release, Version
from app.serving.answers.answer import Answer, answer_of
from app.web.layout.frame import STANDING, frame_of_ladder
from app.web.layout.rendering import show
from app.web.navigation.urls import PageUrls

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release in the list."""

    release: Release
    status: Status
    standing: str
    before: Version | None
    """The number of the release that it followed."""


@router.get("/ladders/{ladder}/releases")
def show_releases(request: Request, serving: ServingDep, ladder: str) -> HTMLResponse:
    """Show all releases of a ladder, the newest first."""
    answer, root = answer_of(request.scope), serving.settings.root_path
    answer.across = True
    refuse_unknown(request, ladder)
    line, urls = answer.line(ladder), PageUrls(root, ladder)
    frame = frame_of_ladder(
        serving,
        answer,
        ladder,
        "Releases",
        f"What was published when, and what changed, of {line[-1].title}.",
        "/releases",
    )
    return show(
        "releases.html",
        frame=frame,
        urls=urls,
        pictures=urls.pictures(answer),
        language=line[-1].language,
        entries=tuple(_entries(answer, line)),
    )


def _entries(answer: Answer, line: tuple[Release, ...]) -> Iterator[Entry]:
    for place in reversed(range(len(line))):
        release = line[place]
        status = status_of(answer.catalog, release)
        yield Entry(release, status, STANDING[status], line[place - 1].version if place else None)
