"""The page where publishers give a scheduled release another date."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.ladders.ladder_checks import changing_ladder, refuse_unknown
from app.api.ladders.release_events import NewEvent, announce_event
from app.api.reading.patterns import in_words
from app.api.reading.reader import ServingDep
from app.errors import Conflict, Invalid
from app.rubric.releases import Release
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import find_version
from app.serving.serving import Serving
from app.web.layout.forms import form_of, form_token, require_token
from app.web.layout.frame import frame_of_ladder
from app.web.layout.moments import in_zones
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.urls import PageUrls

router = page_router()

RESCHEDULE: Final = "/ladders/{ladder}/releases/{version}/reschedule"
_SEE_OTHER: Final = 303
_LABELS: Final = {"effective_from": "New date", "reason": "Reason"}


@router.get(RESCHEDULE)
def show_reschedule(request: Request, serving: ServingDep, ladder: str, version: str) -> HTMLResponse:
    """Show the form with the date as it is."""
    answer, release = _scheduled(request, ladder, version)
    date = release.effective_from.date().isoformat()
    return _page(serving, answer, ladder, release, {"effective_from": date})


@router.post(RESCHEDULE)
async def reschedule(request: Request, serving: ServingDep, ladder: str, version: str) -> Response:
    """Move the date, and lead to the list of releases. If the date cannot be moved, show the form with the reason."""
    form = await form_of(request)
    answer, release = _scheduled(request, ladder, version)
    session = answer.session
    require_token(form, session.token if session is not None else None, _purpose(release))
    try:
        asked = _asked(form)
        await serving.writers.run(partial(_move, request, serving, release, asked))
    except (Conflict, Invalid) as refused:
        return _page(serving, answer, ladder, release, form, refused.detail, refused.status)
    page = f"{PageUrls(serving.settings.root_path, ladder).unpinned}/releases#release:{release.version}"
    return RedirectResponse(page, _SEE_OTHER)


def _scheduled(request: Request, ladder: str, version: str) -> tuple[Answer, Release]:
    """Return a release that is not in force yet.

    Raises Unauthenticated or Forbidden unless the visitor may publish, NotFound, and Conflict for another release.
    """
    answer = answer_of(request.scope)
    answer.across = True
    answer.caller.require("publish", ladder)
    refuse_unknown(request, ladder)
    release = find_version(answer.line(ladder), version)
    if answer.catalog.status_of(release) != "scheduled":
        raise Conflict(f"{release.version} is not scheduled, so it has no date to change.")
    return answer, release


def _asked(form: Mapping[str, str]) -> NewEvent:
    """Return what the form asks for. Raises Invalid, which names the field."""
    fields = {name: form.get(name, "").strip() for name in _LABELS}
    try:
        return NewEvent.model_validate({"kind": "rescheduled", **fields})
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{_LABELS.get(str(first['loc'][0]), 'Form')}: {in_words(first)}") from None


def _move(request: Request, serving: Serving, release: Release, asked: NewEvent) -> None:
    """Reschedule a release. Raises as `announce_event` does, and Unavailable."""
    with changing_ladder(request, release.ladder) as change:
        announce_event(change, release.ladder, str(release.version), asked)
    serving.freshness.refresh()


def _page(
    serving: Serving,
    answer: Answer,
    ladder: str,
    release: Release,
    form: Mapping[str, str],
    refusal: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    path = f"/releases/{release.version}/reschedule"
    urls, session = PageUrls(serving.settings.root_path, ladder), answer.session
    title = f"Change the date of {release.version}"
    return show(
        "publishing/reschedule.html",
        status=status,
        frame=frame_of_ladder(serving, answer, ladder, title, f"{title}.", path, for_authors=True),
        title=title,
        release=release,
        now=in_zones(release.effective_from, serving.settings.zone),
        action=f"{urls.unpinned}{path}",
        back=f"{urls.unpinned}/releases",
        token="" if session is None else form_token(session.token, _purpose(release)),
        date=form.get("effective_from", ""),
        reason=form.get("reason", ""),
        refusal=refusal,
    )


def _purpose(release: Release) -> str:
    """Return the purpose of the form, for its token."""
    return f"reschedule {release.ladder}@{release.version}"
