"""Forms that were sent after their session had ended: they wait for an hour until the same person signs in again."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from app.api.reading.reader import serving_of
from app.api.reading.urls import with_query
from app.serving.answers.answer import answer_of
from app.serving.serving import Serving
from app.store.access.sessions import find_ended_session
from app.store.engine import writing
from app.store.work.waiting import Waiting, find_waiting, keep_waiting

SESSION: Final = "session"
"""The field that says in which session a form was opened."""
_KEPT: Final = "kept"
"""The query parameter that brings a form back."""
_PURPOSE: Final = "form"


def session_name(token: str) -> str:
    """Return the name of a session in a form. Nobody can sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


async def keep_form(request: Request, ladder: str, form: Mapping[str, str]) -> None:
    """Keep a form for the person whose session has ended. The page to sign in then leads back to it.

    Nothing is kept if the form does not name a session that has ended in the last hours.
    """
    serving = serving_of(request)
    token = await serving.writers.run(partial(_keep, serving, request, ladder, form))
    if token is not None:
        answer_of(request.scope).after_sign_in = with_query(_page(serving, request), {_KEPT: token})


async def find_kept_form(request: Request) -> Mapping[str, str] | None:
    """Return the form that a page brings back; None if it is over, another person's, or of another page."""
    token, person = request.query_params.get(_KEPT), answer_of(request.scope).caller.identity
    if token is None or request.method == "POST":
        return None
    serving = serving_of(request)
    question = partial(find_waiting, token=token, person=person, purpose=_PURPOSE, now=serving.clock())
    waiting = await run_in_threadpool(serving.database.ask, question)
    if waiting is None:
        return None
    kept: dict[str, dict[str, str]] = json.loads(waiting.content)
    return kept.get(_page(serving, request))


def _keep(serving: Serving, request: Request, ladder: str, form: Mapping[str, str]) -> str | None:
    serving.database.refuse_if_away()
    now = serving.clock()
    person = serving.database.ask(partial(_person, serving=serving, session=form.get(SESSION, "")))
    if person is None:  # a stranger who sends forms takes no write lock
        return None
    with writing(serving.engine) as connection:
        content = json.dumps({_page(serving, request): dict(form)}).encode()
        return keep_waiting(connection, Waiting(person, _PURPOSE, content, ladder, form.get("tag")), now)


def _page(serving: Serving, request: Request) -> str:
    """Return the path of the page, with the prefix."""
    path: str = request.scope["path"]
    return serving.settings.root_path + path


def _person(connection: Connection, serving: Serving, session: str) -> str | None:
    """Return the identity of the person whose session has that name and has ended."""
    ended = find_ended_session(connection, session, serving.clock())
    if ended is None:
        return None
    if ended.person is not None:
        account = ended.person.account
        return ended.person.name if account is None else account.identity
    key = serving.freshness.catalog.keys.get(ended.key_id or "")
    return None if key is None else key.owner
