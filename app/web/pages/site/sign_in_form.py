"""The sign-in page: requested by its URL, or shown in place of a page that needs rights."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from app.api.reading.urls import with_query
from app.serving.access.session_cookie import (
    SESSION_KEY,
    TOKEN,
    cookies_of,
    form_cookie,
    new_token,
    set_cookie,
)
from app.serving.answers.request import language_in
from app.web.layout.account import account_of
from app.web.layout.forms import form_token
from app.web.layout.frame import Frame
from app.web.layout.rendering import render
from app.web.navigation.urls import SIGN_IN
from app.web.pages.site.https_check import INSECURE, is_secure
from app.web.translation.languages import LANGUAGES
from app.web.translation.messages import N_

_LASTING: Final = 24 * 60 * 60
"""Seconds until the form expires."""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The sign-in page, and the cookie that protects its form."""

    html: str
    cookie: str


def sign_in_page(
    root: str,
    scope: Scope,
    next_url: str,
    detail: str | None = None,
    *,
    keyless: bool = False,
    label: str | None = None,
) -> SignInPage:
    """Return the sign-in page. Over plain http it explains why there is no form.

    Args:
        root: The prefix of all URLs.
        scope: The request.
        next_url: The URL of the page to go to after signing in.
        detail: The reason if the page is shown in place of another.
        keyless: True if no key exists yet.
        label: Name of the issuer where people can sign in; None if they sign in with keys only.
    """
    name = form_cookie(root)
    secret = cookies_of(scope).get(name, "")
    if not TOKEN.fullmatch(secret):  # keep a valid one, so that a form in another tab stays valid
        secret = new_token()
    html = render(
        "sign_in.html",
        frame=Frame(
            root,
            N_("Sign in · Career Ladder"),
            account=account_of(root, scope.get(SESSION_KEY), next_url),
            language=language_in(scope, LANGUAGES[0]),
        ),
        action=with_query(f"{root}{SIGN_IN}", {"next": next_url}),
        token=form_token(secret, SIGN_IN),
        detail=detail,
        keyless=keyless,
        label=label,
        start=with_query(f"{root}{SIGN_IN}/start", {"next": next_url}),
        insecure=None if is_secure(scope) else INSECURE,
    )
    return SignInPage(html, set_cookie(name, secret, _LASTING))
