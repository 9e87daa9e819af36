"""New ladders from pages: who may create one under which name, and creating it exactly once."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import Request
from sqlalchemy import Connection

from app.api.protocol.rights import actor_of, require_for_names
from app.api.protocol.write_transaction import Change, changing
from app.api.reading.reader import serving_of
from app.api.writing.draft_writes import create_draft
from app.errors import Conflict, Fault, Invalid
from app.formats.importing.words.slugs import slug_of
from app.rubric.ladder import Ladder
from app.rubric.text import MAX_SLUG, SLUG_PATTERN
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.store.drafts import DraftContent, find_draft_head, find_free_slug
from app.store.ladder_names import find_names
from app.web.pages.importing.once import NONCE, find_done, new_nonce, note_done, sender_of
from app.web.translation.ladder_languages import LADDER_LANGUAGES
from app.web.translation.messages import N_

NEW: Final = "/new"
FIELDS: Final = ("title", "organisation", "language", "slug")
_LONGEST: Final = 200
"""Most characters of a title and of an organisation."""
_UNNAMED: Final = "ladder"
"""The slug of a ladder whose title has no letters."""
_SLUG: Final = re.compile(SLUG_PATTERN, re.ASCII)
_MOST_TRIES: Final = 5
"""The number of attempts to create a ladder under a generated slug, because someone else may be faster."""
_MOST_OFFERED: Final = 50
"""The most slugs to choose from for people whose rights are for single ladders."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a form gives a new ladder."""

    title: str
    organisation: str | None
    language: str
    slug: str | None
    """None if one is to be found."""
    suggestion: str | None = None
    """The slug to take if it is free; None to make one from the title."""

    @property
    def wanted_slug(self) -> str:
        """The slug to take if it is free. Otherwise it gets a number."""
        return self.slug or self.suggestion or slug_of(self.title) or _UNNAMED


def names_in(form: Mapping[str, str], languages: Collection[str] = LADDER_LANGUAGES) -> Names:
    """Return what a form calls a new ladder. Raises Invalid, with a fault for each wrong field."""
    title, organisation, language, slug = (" ".join(form.get(name, "").split()) for name in FIELDS)
    faults: list[Fault] = []
    if not title:
        faults.append(Fault(N_("Write a title."), parameter="title"))
    for name, text in (("title", title), ("organisation", organisation)):
        if len(text) > _LONGEST or "\0" in text:
            faults.append(Fault(N_("Use at most %(most)s characters.", most=_LONGEST), parameter=name))
    if language not in languages:
        faults.append(Fault(N_("Choose one of the languages."), parameter="language"))
    if slug and (len(slug) > MAX_SLUG or _SLUG.fullmatch(slug) is None):
        detail = N_("Use lower-case letters, digits and single hyphens, such as people-team.")
        faults.append(Fault(detail, parameter="slug"))
    if faults:
        raise Invalid(faults[0].detail, faults=faults)
    return Names(title, organisation or None, language, slug or None)


def offered_slugs(serving: Serving, answer: Answer) -> tuple[str, ...] | None:
    """Return the slugs under which the caller may create a ladder; None if they may use any. Raises Unavailable."""
    allowed = answer.caller.where("write")
    if allowed is None:
        return None

    def unused(connection: Connection) -> tuple[str, ...]:
        free = (
            slug
            for slug in sorted(allowed)
            if not find_names(connection, slug) and find_draft_head(connection, slug) is None
        )
        return tuple(slug for slug, _ in zip(free, range(_MOST_OFFERED), strict=False))

    return serving.database.ask(unused)


def blank_form(answer: Answer, **values: str) -> dict[str, str]:
    """Return the values of a form for a new ladder before anybody has written in it."""
    return {"language": answer.preferred_language(), NONCE: new_nonce(), **values}


def done_before(request: Request, purpose: str, form: Mapping[str, str]) -> str | None:
    """Return the page that the same form has led to; None if it has not been carried out. Raises Unavailable."""
    serving, who = serving_of(request), sender_of(actor_of(request))
    question = partial(find_done, who=who, purpose=purpose, form=form, now=serving.clock())
    return serving.database.ask(question)


def create(
    request: Request,
    purpose: str,
    form: Mapping[str, str],
    names: Names,
    make: Callable[[str], Ladder],
    finish: Callable[[Change], None] | None = None,
) -> str:
    """Create a ladder, and return the URL of its draft. The same form creates one ladder only.

    Args:
        request: The request.
        purpose: What the form is for.
        form: The fields of the form.
        names: What the form calls the ladder.
        make: Returns the ladder with a slug.
        finish: Called in the transaction that creates it.

    Raises:
        Unauthenticated, Forbidden: The caller may not create a ladder with that slug.
        Invalid: The slug that the form names is taken.
        InvalidLadder, TooLarge: The ladder would be too large.
        Unavailable: The database cannot be reached.
    """
    serving = serving_of(request)
    for _ in range(_MOST_TRIES):
        slug = names.slug or serving.database.ask(partial(find_free_slug, wanted=names.wanted_slug))
        answer_of(request.scope).caller.require("write", slug)
        ladder = make(slug)
        require_for_names(request, "write", (), ladder.names)
        try:
            return _create_once(request, purpose, form, DraftContent.of(ladder), finish)
        except Conflict:
            if names.slug is not None:
                break
    detail = N_("Another ladder has or had this name. Choose another one.")
    raise Invalid(detail, faults=[Fault(detail, parameter="slug")])


def _create_once(
    request: Request,
    purpose: str,
    form: Mapping[str, str],
    content: DraftContent,
    finish: Callable[[Change], None] | None,
) -> str:
    """Create a ladder in one transaction, unless the same form has. Raises Conflict if the slug is taken."""
    with changing(request) as change:
        done = find_done(change.connection, sender_of(change.actor), purpose, form, change.now)
        if done is not None:
            return done
        create_draft(change, content, fresh=True)
        if finish is not None:
            finish(change)
        root = serving_of(request).settings.root_path
        url = f"{root}/ladders/{content.ladder.slug}@{DRAFT}"
        note_done(change, purpose, form, url)
        return url
