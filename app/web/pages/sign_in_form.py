"""The page to sign in: asked for, or shown where a page needs somebody who may see it."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from app.api.reading.urls import with_query
from app.serving.access.visits import SIGN_IN, TOKEN, cookies_of, form_cookie, new_token, set_cookie, visit_of
from app.web.layout.account import account_of
from app.web.layout.forms import form_token
from app.web.layout.frame import Frame
from app.web.layout.rendering import render

_LASTING: Final = 24 * 60 * 60
"""Seconds that the form may be open."""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The page, and the cookie that vouches for its form."""

    html: str
    cookie: str


def sign_in_page(
    root: str, scope: Scope, following: str, detail: str | None = None, *, keyless: bool = False
) -> SignInPage:
    """The page to sign in.

    Args:
        root: The prefix of all URLs.
        scope: The request.
        following: The URL of the page to go to afterwards.
        detail: Why the page is shown, where it was not asked for.
        keyless: Whether nobody has a key yet.
    """
    name = form_cookie(root)
    secret = cookies_of(scope).get(name, "")
    if not TOKEN.fullmatch(secret):  # else another form that is open somewhere would not be ours any more
        secret = new_token()
    html = render(
        "sign_in.html",
        frame=Frame(root, "Sign in · Career Ladder", account=account_of(root, visit_of(scope), following)),
        action=with_query(f"{root}{SIGN_IN}", {"next": following}),
        again=following,
        token=form_token(secret, SIGN_IN),
        detail=detail,
        keyless=keyless,
    )
    return SignInPage(html, set_cookie(name, secret, _LASTING))
