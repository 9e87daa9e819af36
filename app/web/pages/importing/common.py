"""Shared parts of the pages that bring a ladder in."""

from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse

from app.api.reading.reader import serving_of
from app.errors import Renamed, Unauthenticated
from app.serving.answers.answer import Answer, answer_of
from app.serving.callers import Caller
from app.serving.releases.catalog import Reference
from app.serving.releases.loaded_releases import DRAFT
from app.web.layout.account import account_of
from app.web.layout.forms import page_url
from app.web.layout.frame import Frame
from app.web.layout.rendering import show
from app.web.translation.languages import language_of
from app.web.translation.messages import N_

SEE_OTHER: Final = 303


def site_frame(request: Request, title: str) -> Frame:
    """Return the frame of a page that belongs to no ladder. It leads back to itself after signing in."""
    root, answer = serving_of(request).settings.root_path, answer_of(request.scope)
    url = page_url(root, request.scope["path"], request.scope["query_string"].decode("latin-1"))
    language = answer.preferred_language()
    return Frame(
        root,
        f"{language_of(language).say(title)} · Career Ladder",
        account=account_of(root, answer.session, url),
        language=language,
    )


def writer_of(request: Request) -> Answer:
    """Return the answer for a page that needs the right to write some ladder.

    Raises Unauthenticated or Forbidden.
    """
    answer = answer_of(request.scope)
    answer.across = True
    answer.caller.require("write")
    return answer


def writer_of_draft(request: Request, ladder: str) -> tuple[Answer, str]:
    """Return the answer for a page that changes a draft, and the slug of its ladder.

    Raises Unauthenticated or Forbidden unless the caller may write it, and Renamed if the path names no draft.
    """
    answer, reference = answer_of(request.scope), Reference.parse(ladder)
    answer.caller.require("write", reference.slug)
    if reference.selector != DRAFT:
        path = request.scope["path"].replace(f"/ladders/{ladder}", f"/ladders/{reference.slug}@{DRAFT}", 1)
        raise Renamed("Only drafts can be changed.", serving_of(request).settings.root_path + path)
    answer.draft = True
    return answer, reference.slug


def signed_in(request: Request) -> Answer:
    """Return the answer for a page of somebody who is signed in. Raises Unauthenticated."""
    answer = answer_of(request.scope)
    answer.across = True
    if not answer.caller.name:
        raise Unauthenticated("Sign in first. Send it as Authorization: Bearer.")
    return answer


def people_of(caller: Caller) -> tuple[str, ...]:
    """Return everybody that a caller counts as in reviews."""
    return caller.people or (caller.name,)


def show_over(request: Request, again: str) -> HTMLResponse:
    """Show that an upload does not wait any more. `again` is the path of the page to upload the file again."""
    return show(
        "importing/over.html",
        status=410,
        frame=site_frame(request, N_("This upload is over")),
        again=serving_of(request).settings.root_path + again,
    )
