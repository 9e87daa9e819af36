"""Forms on pages of a draft: who may open and send them, and what they show.

A form that is sent after the session has ended waits for the same person to sign in again (`kept_forms.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from fastapi import Depends, Request

from app.api.reading.reader import serving_of
from app.api.reading.urls import with_query
from app.errors import Renamed, Unauthenticated
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference
from app.serving.releases.loaded_releases import DRAFT
from app.web.layout.editing.kept_forms import SESSION, find_kept_form, keep_form, session_name
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.frame import Frame, frame_of
from app.web.navigation.page_reader import Reading, reading_of
from app.web.translation.messages import N_

TAG: Final = "tag"
"""The hidden field with the entity tag of what the form changes, as in If-Match. Empty for a new entity."""
SEE_OTHER: Final = 303
_LONGEST: Final = 1024 * 1024
"""The most bytes of a form that edits a draft."""
_MOST_FIELDS: Final = 5_000
_LONGEST_NUMBER: Final = 6
"""The most digits of a number in the query."""
_CHOICES: Final = frozenset({"track", "facet", "from", "list", "language", "show"})
"""The query parameters that choose what a page shows. The form is sent back to the same choice."""
_BACK: Final = N_("Your session had ended. This is what you typed. Save it to keep it.")


@dataclass(frozen=True, slots=True)
class FormState:
    """The typed text of a form, and why it was refused."""

    sent: Mapping[str, str] | None = None
    """The typed text, by field; None to show the value as it is."""
    errors: FormErrors = field(default_factory=FormErrors)
    status: int = 200
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Editing:
    """A page of a draft for a person who may edit it."""

    request: Request
    reading: Reading
    state: FormState
    """The state in which the page is opened."""

    @property
    def slug(self) -> str:
        """The slug of the ladder."""
        return self.reading.loaded.slug

    @property
    def action(self) -> str:
        """The URL that the form is sent to: the page itself."""
        given = {name: value for name, value in self.request.query_params.items() if name in _CHOICES}
        return with_query(self.reading.root + self.reading.path, given)

    @property
    def first(self) -> int:
        """The number of entries to skip before the first one shown, as the query names it; 0 if it names none."""
        given = self.request.query_params.get("from", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER else 0

    @property
    def saved_url(self) -> str:
        """The URL of the page after saving."""
        return f"{self.action}{'&' if '?' in self.action else '?'}saved"

    @property
    def is_saved(self) -> bool:
        """True if the page is shown after saving."""
        return "saved" in self.request.query_params

    def frame(self, title: str) -> Frame:
        """Return the frame of the page, which has no JSON and is not for search engines."""
        return replace(frame_of(self.reading, title, description=""), api=None, canonical=None)

    def hidden(self, tag: str = "") -> dict[str, str]:
        """Return the hidden fields of the form."""
        session = self.reading.answer.session
        if session is None:
            return {"token": "", SESSION: "", TAG: tag}
        token = token_of(self.reading.answer, self._purpose)
        return {"token": token, SESSION: session_name(session.token), TAG: tag}

    async def sent(self) -> Mapping[str, str]:
        """Return the fields of the form that was sent. Raises as `form_of`."""
        return await form_of(self.request, _LONGEST, _MOST_FIELDS)

    def require_token(self, form: Mapping[str, str]) -> None:
        """Raise Forbidden unless the form was made for this person and page."""
        check_token(self.reading.answer, form, self._purpose)

    @property
    def _purpose(self) -> str:
        """The purpose of the form, for its token."""
        return f"edit {self.reading.path}"


async def editing_of(request: Request, ladder: str) -> Editing:
    """Return the draft that a path names, for a person who may edit it.

    Raises:
        Unauthenticated: Nobody is signed in. A form that was sent is kept for the person whose session has ended.
        Forbidden: The person may not edit this ladder.
        Renamed: The path names no draft. It leads to the same page of the draft.
        NotFound: The ladder has neither a draft nor a release.
    """
    reference = Reference.parse(ladder)
    try:
        answer_of(request.scope).caller.require("write", reference.slug)
    except Unauthenticated:
        if request.method == "POST":
            await keep_form(request, reference.slug, await form_of(request, _LONGEST, _MOST_FIELDS))
        raise
    if reference.selector != DRAFT:
        path = request.scope["path"].replace(f"/ladders/{ladder}/", f"/ladders/{reference.slug}@{DRAFT}/", 1)
        path = serving_of(request).settings.root_path + path
        raise Renamed("The draft has this page.", path)
    reading = await reading_of(request, ladder)
    kept = await find_kept_form(request)
    state = FormState() if kept is None else FormState(kept, notice=_BACK)
    return Editing(request, reading, state)


EditingDep = Annotated[Editing, Depends(editing_of)]
