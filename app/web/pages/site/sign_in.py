"""The pages to sign in with a key, and to sign out."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from app.api.protocol.rights import actor_of
from app.api.protocol.routing import declare
from app.api.reading.reader import ServingDep
from app.errors import Forbidden
from app.serving.access.session_cookie import (
    SESSION_KEY,
    BrowserSession,
    cookies_of,
    form_cookie,
    session_cookie,
    set_cookie,
)
from app.serving.answers.answer import answer_of
from app.serving.callers import Caller, caller_of
from app.serving.route_table import RouteFacts
from app.serving.serving import Serving
from app.store.access.api_key import ApiKey
from app.store.access.granting import note_sign_in
from app.store.access.sessions import Person, create_session, end_session
from app.store.audit import Action, Actor, record
from app.store.engine import writing
from app.web.layout.forms import form_of, require_token, safe_next
from app.web.layout.rendering import HEADERS
from app.web.navigation.page_router import plain_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import SIGN_IN, SIGN_OUT, SIGNED_OUT, WORK
from app.web.pages.site.https_check import INSECURE, is_secure
from app.web.pages.site.sign_in_form import sign_in_page

router = plain_router()

_SEE_OTHER: Final = 303


class NextQuery(PageQuery):
    """The page to go to after signing in."""

    next: str = ""


@router.get(SIGN_IN)
@declare(RouteFacts(session="begin"))
def show_sign_in(request: Request, serving: ServingDep, query: Annotated[NextQuery, Query()]) -> HTMLResponse:
    """Show the form, and who is signed in already."""
    root, known = serving.settings.root_path, answer_of(request.scope).known
    keyless = known is not None and not known.has_valid_key
    page = sign_in_page(
        root,
        request.scope,
        safe_next(serving.routes, root, query.next),
        keyless=keyless,
        label=serving.sign_in.label if serving.sign_in else None,
    )
    return HTMLResponse(page.html, headers={**HEADERS, "set-cookie": page.cookie})


@router.post(SIGN_IN)
@declare(RouteFacts(session="begin"))
async def sign_in(
    request: Request, serving: ServingDep, query: Annotated[NextQuery, Query()]
) -> RedirectResponse:
    """Begin a session for the holder of a key, with a new id. End the session that they had before."""
    root, scope = serving.settings.root_path, request.scope
    if not is_secure(scope):
        raise Forbidden(INSECURE)
    form = await form_of(request)
    require_token(form, cookies_of(scope).get(form_cookie(root)), SIGN_IN)
    key = serving.admission.sign_in(scope, form.get("key", "").strip())
    begun = partial(begin_session, serving, key, actor_of(request), scope.get(SESSION_KEY))
    token, seconds = await serving.writers.run(begun)
    serving.admission.signed_in(token)
    answer = RedirectResponse(landing(serving, caller_of(key), query.next), _SEE_OTHER)
    answer.headers.append("set-cookie", set_cookie(session_cookie(root), token, seconds))
    answer.headers.append("set-cookie", set_cookie(form_cookie(root), "", 0))
    return answer


@router.post(SIGN_OUT)
@declare(RouteFacts(session="end"))
async def sign_out(request: Request, serving: ServingDep) -> RedirectResponse:
    """End the session in every process."""
    root, session = serving.settings.root_path, request.scope.get(SESSION_KEY)
    form = await form_of(request)
    answer = RedirectResponse(f"{root}/", _SEE_OTHER)
    if session is None or session.state == "none":
        return answer
    require_token(form, session.token, SIGN_OUT)
    if session.state != "over":
        await serving.writers.run(partial(_end, serving, session, actor_of(request)))
    if session.by_issuer and serving.sign_in is not None:
        answer = RedirectResponse(f"{root}{SIGNED_OUT}", _SEE_OTHER)
    answer.headers.append("set-cookie", set_cookie(session_cookie(root), "", 0))
    return answer


def landing(serving: Serving, caller: Caller, wanted: str) -> str:
    """Return the page to go to after signing in: the wanted one, else the work of those who do more than read."""
    root = serving.settings.root_path
    page = safe_next(serving.routes, root, wanted)
    works = any(caller.may(right) for right in ("write", "review", "publish"))
    return f"{root}{WORK}" if works and page == f"{root}/" else page


def begin_session(
    serving: Serving, of: ApiKey | Person, actor: Actor, session: BrowserSession | None
) -> tuple[str, int]:
    """Begin a session and return its token and its length in seconds. Raises Unavailable.

    Args:
        serving: The parts of this process.
        of: The key or the person of the issuer that the session belongs to.
        actor: The sender of the request.
        session: The session that the browser had before; it ends.
    """
    serving.database.refuse_if_away()
    now = serving.clock()
    lasts = timedelta(hours=serving.settings.session_hours)
    if isinstance(of, ApiKey):
        who = Actor(of.owner, of.id, actor.request_id, actor.address)
        if of.expires_at is not None:
            lasts = min(lasts, of.expires_at - now)
    else:
        who = Actor(of.name, None, actor.request_id, actor.address)
    with writing(serving.engine) as connection:
        if session is not None and session.token:
            end_session(connection, session.token)
        token = create_session(connection, of.id if isinstance(of, ApiKey) else of, now, now + lasts)
        record(connection, who, Action("session.begin"), now)
        if isinstance(of, Person) and of.account is not None:
            note_sign_in(connection, of.account, of.shown_name, of.email, who, now)
    serving.freshness.refresh()
    return token, int(lasts.total_seconds())


def _end(serving: Serving, session: BrowserSession, actor: Actor) -> None:
    """End a session. Raises Unavailable."""
    serving.database.refuse_if_away()
    with writing(serving.engine) as connection:
        if end_session(connection, session.token) and session.caller is not None:
            record(connection, actor, Action("session.end"), serving.clock())
