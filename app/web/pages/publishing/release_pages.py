"""The pages that say something about a published release: another date, retirement, withdrawal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from starlette.responses import HTMLResponse, Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.release_events import NewEvent, announce_event
from app.errors import Conflict
from app.rubric.releases import Release, Status, in_force
from app.serving.releases.catalog import find_version
from app.web.layout.authoring.ladder_pages import FormRefused, LadderPage, page_for, submit, value_of
from app.web.layout.editing.draft_form import FormState
from app.web.layout.editing.form_fields import Choice
from app.web.layout.moments import in_zones
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

RESCHEDULE: Final = "/ladders/{ladder}/releases/{version}/reschedule"
RETIRE: Final = "/ladders/{ladder}/releases/{version}/retire"
WITHDRAW: Final = "/ladders/{ladder}/releases/{version}/withdraw"
_MOST_SUCCESSORS: Final = 50
_NO_SUCCESSOR: Final = Choice("", N_("No other release"))
_Page = Annotated[LadderPage, page_for("publish")]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the things to say about a release."""

    event: str
    template: str
    title: Callable[[str], str]
    refuse: Callable[[Release, Status], None]
    """Raises Conflict if it cannot be said of the release."""


def _refuse_in_force(release: Release, status: Status) -> None:
    if status != "scheduled":
        raise Conflict(f"{release.version} is not scheduled, so it has no date to change.")


def _refuse_withdrawn(release: Release, status: Status) -> None:
    if status == "withdrawn":
        raise Conflict(f"{release.version} is withdrawn already.")


_MOVE: Final = _Kind(
    "rescheduled",
    "publishing/reschedule.html",
    lambda number: N_("Change the date of %(number)s", number=number),
    _refuse_in_force,
)
_RETIRE: Final = _Kind(
    "deprecated",
    "publishing/retire.html",
    lambda number: N_("Retire %(number)s", number=number),
    _refuse_withdrawn,
)
_WITHDRAW: Final = _Kind(
    "withdrawn",
    "publishing/withdraw.html",
    lambda number: N_("Withdraw %(number)s", number=number),
    _refuse_withdrawn,
)


@router.get(RESCHEDULE)
def show_reschedule(page: _Page, version: str) -> HTMLResponse:
    """Show the form that gives a scheduled release another date."""
    return _show(page, version, _MOVE, page.state)


@router.post(RESCHEDULE)
async def reschedule(page: _Page, version: str) -> Response:
    """Move the date."""
    return await _send(page, version, _MOVE)


@router.get(RETIRE)
def show_retire(page: _Page, version: str) -> HTMLResponse:
    """Show the form that asks readers to move to another release."""
    return _show(page, version, _RETIRE, page.state)


@router.post(RETIRE)
async def retire(page: _Page, version: str) -> Response:
    """Retire the release."""
    return await _send(page, version, _RETIRE)


@router.get(WITHDRAW)
def show_withdraw(page: _Page, version: str) -> HTMLResponse:
    """Show the form that withdraws a release, and what that means."""
    return _show(page, version, _WITHDRAW, page.state)


@router.post(WITHDRAW)
async def withdraw(page: _Page, version: str) -> Response:
    """Withdraw the release, if its number was typed to confirm it."""
    return await _send(page, version, _WITHDRAW)


async def _send(page: LadderPage, version: str, kind: _Kind) -> Response:
    """Say something about a release, and lead to the list of releases. If it is refused, show the form again."""
    _release(page, version, kind)
    act = partial(_announce, page, version, kind)
    return await submit(page, await page.sent(), act, partial(_show, page, version, kind))


def _announce(page: LadderPage, version: str, kind: _Kind, form: Mapping[str, str]) -> str:
    if kind is _WITHDRAW and form.get("number", "").strip() != version:
        raise FormRefused(N_("Type %(number)s to confirm.", number=version), "number")
    if kind is _MOVE and not form.get("effective_from"):
        raise FormRefused(N_("Choose a date."), "effective_from")
    optional = ("successor", "sunset", "effective_from")
    new = value_of(NewEvent, {"reason": "", **form}, optional=optional, kind=kind.event)
    with changing_ladder(page.request, page.slug) as change:
        announce_event(change, page.slug, version, new)
    page.serving.freshness.refresh()
    return f"{page.urls.unpinned}/releases#release:{version}"


def _release(page: LadderPage, version: str, kind: _Kind) -> tuple[Release, Status]:
    """Return a release and its status. Raises NotFound, and Conflict if this cannot be said of it."""
    release = find_version(page.answer.catalog.line(page.slug), version)
    status = page.answer.catalog.status_of(release)
    kind.refuse(release, status)
    return release, status


def _show(page: LadderPage, version: str, kind: _Kind, state: FormState) -> HTMLResponse:
    release, status = _release(page, version, kind)
    current = page.answer.catalog.in_force.get(page.slug)
    title = kind.title(version)
    date = "" if kind is not _MOVE else release.effective_from.date().isoformat()
    return show(
        kind.template,
        status=state.status,
        frame=page.frame(title, "releases"),
        title=title,
        page=page,
        state=state,
        release=release,
        release_status=status,
        number=version,
        date=in_zones(release.effective_from, page.serving.settings.zone),
        successors=tuple(_successors(page, release)),
        falls_back=_falls_back(page, release),
        is_current=current is not None and current.id == release.id,
        form={"effective_from": date, **(state.sent or {})},
    )


def _successors(page: LadderPage, release: Release) -> Iterator[Choice]:
    """Yield the releases to read instead, the newest first."""
    yield _NO_SUCCESSOR
    catalog = page.answer.catalog
    others = [one for one in catalog.releases[page.slug] if one.id != release.id]
    for one in list(reversed(others))[:_MOST_SUCCESSORS]:
        if catalog.status_of(one) != "withdrawn":
            yield Choice(str(one.version), str(one.version))


def _falls_back(page: LadderPage, release: Release) -> str | None:
    """Return the release that is in force once this one is withdrawn; None if there is none."""
    catalog = page.answer.catalog
    others = [one for one in catalog.releases[page.slug] if one.id != release.id]
    following = in_force(others, catalog.moment_of(page.slug))
    return None if following is None else str(following.version)
