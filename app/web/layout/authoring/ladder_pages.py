"""Pages about a ladder as a whole for the people who write, review, publish and administer it, and their forms."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.ladders.ladder_checks import refuse_unknown
from app.api.protocol.json_body import value_in
from app.api.reading.reader import serving_of
from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    Renamed,
    Unauthenticated,
    Unavailable,
)
from app.rubric.index import Index
from app.rubric.text import Value
from app.serving.answers.answer import Answer, answer_of
from app.serving.callers import Caller
from app.serving.releases.catalog import Reference
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.store.access.rights import Right
from app.web.layout.editing.draft_form import SEE_OTHER, FormState
from app.web.layout.editing.kept_forms import SESSION, find_kept_form, keep_form, session_name
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.frame import Frame, frame_of_ladder
from app.web.navigation.urls import PageUrls
from app.web.translation.messages import N_

ValueOf = TypeVar("ValueOf", bound=Value)
_LONGEST: Final = 256 * 1024
"""The most bytes of a form: the longest text in it may be encoded as three bytes for each of its own."""
_MOST_FIELDS: Final = 40
_REFUSALS: Final = (Conflict, Invalid, PreconditionFailed, Unavailable)
_ANEW: Final = N_("You have signed in again since you opened this form. Check it, then send it again.")
_BACK: Final = N_("Your session had ended. This is what you typed. Send it to keep it.")


class FormRefused(Exception):
    """A form is refused by the page itself, with words for its fields."""

    status: ClassVar[int] = Invalid.status

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.errors = FormErrors.about(message, field)


@dataclass(frozen=True, slots=True)
class LadderPage:
    """A page about a ladder, for a person who has the right to it."""

    request: Request
    serving: Serving
    answer: Answer
    slug: str
    state: FormState
    """What to show when the page is opened: a form that was sent after the session had ended comes back."""

    @property
    def urls(self) -> PageUrls:
        """The URLs of the ladder's pages."""
        return PageUrls(self.serving.settings.root_path, self.slug)

    @property
    def url(self) -> str:
        """The URL of the page, to which its form is sent too."""
        path: str = self.request.scope["path"]
        return self.urls.root + path

    def may(self, right: Right) -> bool:
        """Return whether the person has a right on the ladder."""
        return self.answer.caller.may(right, self.slug)

    @property
    def caller(self) -> Caller:
        """The person."""
        return self.answer.caller

    def frame(self, title: str, section: str) -> Frame:
        """Return the frame of the page. `section` is the menu entry that it belongs to."""
        return frame_of_ladder(
            self.serving, self.answer, self.slug, title, "", f"/{section}", for_authors=True
        )

    def index(self) -> Index | None:
        """Return the content of the draft, for the names of entities; None if all releases are withdrawn."""
        try:
            return self.serving.drafts.get(self.answer.catalog, self.slug).index
        except NotFound:
            return None

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of each form on the page."""
        session = self.answer.session
        if session is None:
            return {}
        token = token_of(self.answer, self._purpose)
        return {"token": token, SESSION: session_name(session.token)}

    async def sent(self) -> Mapping[str, str]:
        """Return the fields of the form that was sent. Raises as `form_of`."""
        return await form_of(self.request, _LONGEST, _MOST_FIELDS)

    def require_token(self, form: Mapping[str, str]) -> None:
        """Raise Forbidden unless the form was made for this person and page."""
        check_token(self.answer, form, self._purpose)

    @property
    def _purpose(self) -> str:
        return f"page {self.request.scope['path']}"


def page_for(right: Right, *others: Right, at_draft: bool = False) -> Any:  # noqa: ANN401 - as FastAPI's Depends
    """Return the dependency of pages that need one of these rights on the ladder of the path.

    Args:
        right: The right that a refusal names.
        others: Rights that are enough too.
        at_draft: True if the path of the page names the draft.
    """

    async def page(request: Request, ladder: str) -> LadderPage:
        return await _opened(request, ladder, (right, *others), at_draft=at_draft)

    return Depends(page)


async def _opened(request: Request, ladder: str, rights: tuple[Right, ...], *, at_draft: bool) -> LadderPage:
    """Return a page about a ladder.

    Raises:
        Unauthenticated: Nobody is signed in. A form that was sent is kept for the person whose session has ended.
        Forbidden: The person has none of the rights.
        Renamed: The path names a release or the draft, and the page has another path.
        NotFound: The ladder has neither a draft nor a release.
    """
    answer, reference = answer_of(request.scope), Reference.parse(ladder)
    answer.across = True
    caller = answer.caller
    if not any(caller.may(one, reference.slug) for one in rights):
        held = next((one for one in rights if caller.may(one)), rights[0])
        try:
            caller.require(held, reference.slug)
        except Unauthenticated:
            if request.method == "POST":
                await keep_form(request, reference.slug, await form_of(request, _LONGEST, _MOST_FIELDS))
            raise
    wanted = f"{reference.slug}@{DRAFT}" if at_draft else reference.slug
    serving = serving_of(request)
    if ladder != wanted:
        path = request.scope["path"].replace(f"/ladders/{ladder}/", f"/ladders/{wanted}/", 1)
        raise Renamed("This page has another address.", serving.settings.root_path + path)
    await run_in_threadpool(refuse_unknown, request, reference.slug)
    kept = await find_kept_form(request)
    state = FormState() if kept is None else FormState(kept, notice=_BACK)
    return LadderPage(request, serving, answer, reference.slug, state)


async def submit(
    page: LadderPage,
    form: Mapping[str, str],
    act: Callable[[Mapping[str, str]], str | Response],
    show: Callable[[FormState], HTMLResponse],
) -> Response:
    """Carry out a form, and lead to the page whose URL `act` returns. If it is refused, show the form again.

    If nothing is done yet, `act` returns the next page itself. `show` shows the form with what was typed and the
    errors.
    """
    try:
        page.require_token(form)
    except Forbidden as refused:
        return await run_in_threadpool(show, FormState(form, FormErrors.about(_ANEW), refused.status))
    try:
        done = await page.serving.writers.run(partial(act, form))
    except FormRefused as refused:
        return await run_in_threadpool(show, FormState(form, refused.errors, refused.status))
    except _REFUSALS as refused:
        return await run_in_threadpool(show, FormState(form, FormErrors.of(refused, form), refused.status))
    return RedirectResponse(done, SEE_OTHER) if isinstance(done, str) else done


def value_of(
    model: type[ValueOf], form: Mapping[str, str], *, optional: Iterable[str] = (), **given: object
) -> ValueOf:
    """Return the value that a form makes, with further values that are given. Other fields of the form are ignored.

    Browsers send line ends as CR LF. A text of spaces alone is empty. An optional field that is empty is left out.

    Raises Invalid with a JSON Pointer to each fault.
    """
    named = {name: form[name].replace("\r\n", "\n") for name in model.model_fields if name in form}
    fields = {name: text if text.strip() else "" for name, text in named.items()}
    empty = {name for name in optional if not fields.get(name)}
    kept = {name: text for name, text in fields.items() if name not in empty}
    return value_in(json.dumps({**kept, **given}).encode(), model)
