"""The page of all releases of a ladder, with their dates, status, notes and retirements."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import HTMLResponse

from app.api.ladders.ladder_checks import refuse_unknown
from app.api.reading.reader import ServingDep
from app.pictures.timeline import timeline_size
from app.rubric.releases import Release, Status, Version, corrected_by
from app.serving.answers.answer import Answer, answer_of
from app.web.layout.frame import frame_of_ladder
from app.web.layout.release_notice import STATUS_WORDS
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.urls import PageUrls
from app.web.translation.messages import N_

router = page_router()


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release in the list."""

    release: Release
    status: Status
    status_words: str
    corrects: Version | None
    """The number of the release that it corrects."""
    actions: tuple[tuple[str, str], ...]
    """The words and the URL of each page that says something about it; none if the visitor may not."""


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
        N_("Releases"),
        N_("All releases of %(ladder)s, and what changed in each.", ladder=line[-1].title or ladder),
        "/releases",
    )
    return show(
        "releases.html",
        frame=frame,
        urls=urls,
        pictures=urls.pictures(answer),
        timeline_size=timeline_size(line[-1].title or ladder, len(line)),
        language=line[-1].language,
        entries=tuple(_entries(answer, line, urls)),
    )


def _entries(answer: Answer, line: tuple[Release, ...], urls: PageUrls) -> Iterator[ListedRelease]:
    session = answer.session
    may_publish = (
        session is not None and session.caller is not None and answer.caller.may("publish", urls.slug)
    )
    for release in reversed(line):
        status = answer.catalog.status_of(release)
        home = f"{urls.unpinned}/releases/{release.version}"
        actions = tuple((words, home + path) for words, path in _actions(status)) if may_publish else ()
        yield ListedRelease(release, status, STATUS_WORDS[status], corrected_by(line, release), actions)


def _actions(status: Status) -> Iterator[tuple[str, str]]:
    """Yield what can be said of a release, and the path of the page for it."""
    if status == "scheduled":
        yield N_("Change the date"), "/reschedule"
    if status != "withdrawn":
        yield N_("Retire"), "/retire"
        yield N_("Withdraw"), "/withdraw"
