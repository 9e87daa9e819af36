"""Signing in with the company account: to the issuer and back, and the page after signing out there."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from app.api.protocol.rights import actor_of
from app.api.protocol.routing import declare
from app.api.reading.reader import ServingDep
from app.errors import BadRequest, Forbidden, NotFound
from app.serving.access.session_cookie import (
    SESSION_KEY,
    cookies_of,
    session_cookie,
    set_cookie,
    sign_in_cookie,
)
from app.serving.access.sign_in_state import EXPIRED, MAX_AGE, Begun
from app.serving.answers.answer import answer_of
from app.serving.callers import grants_as_json
from app.serving.route_table import RouteFacts
from app.serving.serving import Serving
from app.store.access.sessions import Person
from app.web.layout.forms import safe_next
from app.web.layout.frame import Frame
from app.web.layout.rendering import HEADERS, render
from app.web.navigation.page_router import plain_router
from app.web.navigation.urls import SIGN_IN, SIGNED_OUT
from app.web.pages.site.https_check import INSECURE, is_secure
from app.web.pages.site.sign_in import NextQuery, begin_session, landing
from app.web.translation.messages import N_

if TYPE_CHECKING:
    from app.serving.access.oidc_sign_in import SignIn

router = plain_router()

_SEE_OTHER: Final = 303
_NONE: Final = "People sign in with keys here. Open /sign-in."


@router.get(f"{SIGN_IN}/start")
@declare(RouteFacts(session="begin"))
async def start_sign_in(
    request: Request, serving: ServingDep, query: Annotated[NextQuery, Query()]
) -> RedirectResponse:
    """Send the browser to the issuer.

    Raises:
        NotFound: No client of an issuer is configured.
        Forbidden: The browser came over plain http and would not keep the cookie.
        Unavailable: The issuer cannot be reached.
    """
    root, sign_in = serving.settings.root_path, _configured(serving)
    if not is_secure(request.scope):
        raise Forbidden(INSECURE)
    url, begun = await sign_in.begin(safe_next(serving.routes, root, query.next))
    answer = RedirectResponse(url, _SEE_OTHER)
    answer.headers.append("set-cookie", set_cookie(sign_in_cookie(root), begun.as_cookie(), MAX_AGE))
    return answer


@router.get(f"{SIGN_IN}/callback")
@declare(RouteFacts(session="begin"))
async def finish_sign_in(request: Request, serving: ServingDep) -> RedirectResponse:
    """Begin a session for the person that the issuer signed in. End the session that the browser had before.

    Raises the errors of `SignIn.finish`, and BadRequest without the cookie of a sign-in.
    """
    root, scope, sign_in = serving.settings.root_path, request.scope, _configured(serving)
    carried = cookies_of(scope).get(sign_in_cookie(root))
    if carried is None:
        raise BadRequest(EXPIRED)
    begun = Begun.of_cookie(carried)
    signed_in = await sign_in.finish(begun, dict(request.query_params))
    caller = signed_in.caller
    grants = grants_as_json(caller.grants)
    person = Person(
        caller.name, signed_in.shown_name, grants, caller.account, caller.no_groups, signed_in.email
    )
    keep = partial(begin_session, serving, person, actor_of(request), scope.get(SESSION_KEY))
    token, seconds = await serving.writers.run(keep)
    serving.admission.signed_in(token)
    answer = RedirectResponse(landing(serving, caller, begun.next_url), _SEE_OTHER)
    answer.headers.append("set-cookie", set_cookie(session_cookie(root), token, seconds))
    answer.headers.append("set-cookie", set_cookie(sign_in_cookie(root), "", 0))
    return answer


@router.get(SIGNED_OUT)
@declare(RouteFacts(session="begin"))
async def show_signed_out(request: Request, serving: ServingDep) -> HTMLResponse:
    """Say that the person is signed out here, and go on to sign out at the issuer.

    A form may not lead to another site, so a page in between does.
    """
    sign_in = _configured(serving)
    html = render(
        "signed_out.html",
        frame=Frame(
            serving.settings.root_path,
            N_("Signed out · Career Ladder"),
            language=answer_of(request.scope).preferred_language(),
        ),
        label=sign_in.label,
        end_url=await sign_in.end_url(),
    )
    return HTMLResponse(html, headers=HEADERS)


def _configured(serving: Serving) -> "SignIn":
    if serving.sign_in is None:
        raise NotFound(_NONE)
    return serving.sign_in
