"""Reading of forms, protection against cross-site requests, and the page to go to after a form.

A form is accepted if the browser says that this site sent it (`Sec-Fetch-Site`, else `Origin`), and if it holds a
token derived from a cookie. Another site can neither read that cookie nor set one with its `__Host-` name.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from fastapi import Request

from app.api.protocol.request_bodies import body_within, media_type_of
from app.errors import BadRequest, Forbidden
from app.serving.answers.answer import Answer
from app.serving.route_table import RouteTable

TOKEN: Final = "token"  # noqa: S105 - the name of a field
_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 16 * 1024
_MOST_FIELDS: Final = 10
_LONGEST_NEXT: Final = 2048
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path on this host: no second slash, no backslash, no control character, nothing that browsers drop."""


async def form_of(
    request: Request, longest: int = _LONGEST, most_fields: int = _MOST_FIELDS
) -> Mapping[str, str]:
    """Return the fields of a form that one of our pages sent.

    Args:
        request: The request.
        longest: The most bytes of the form.
        most_fields: The most fields of the form.

    Raises:
        Forbidden: Another site sent it.
        UnsupportedMediaType: The body is not a form.
        TooLarge: The body is longer than any of our forms.
        BadRequest: The body cannot be parsed, or has too many fields.
    """
    refuse_other_sites(request)
    media_type_of(request, _MEDIA_TYPE)
    body = await body_within(request, longest, f"This form can hold at most {longest:,} bytes.")
    if body.count(b"&") >= most_fields:
        raise BadRequest(f"This form can hold at most {most_fields:,} fields.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("The form is not percent-encoded UTF-8.") from None
    return dict(pairs)


def refuse_other_sites(request: Request) -> None:
    """Raise Forbidden if another site sent a form."""
    if not _is_ours(request.headers):
        raise Forbidden(
            "This form was sent from another site. Open the page on this site and send the form again."
        )


def form_token(secret: str, purpose: str) -> str:
    """Return the token of a form for one purpose, bound to the browser that has the cookie with that secret."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256").hex()


def require_token(form: Mapping[str, str], secret: str | None, purpose: str) -> None:
    """Raise Forbidden unless a form holds the token that belongs to the cookie sent with it."""
    if secret is None:
        raise Forbidden(
            "Your browser sent no cookie with this form. Allow cookies for this site, then open the page again."
        )
    given = form.get(TOKEN, "").encode()
    if not hmac.compare_digest(form_token(secret, purpose).encode(), given):
        raise Forbidden("This form has expired. Open the page again and send the form from there.")


def token_of(answer: Answer, purpose: str) -> str:
    """Return the token of a form; empty without a session, from which no form is accepted."""
    return "" if answer.session is None else form_token(answer.session.token, purpose)


def check_token(answer: Answer, form: Mapping[str, str], purpose: str) -> None:
    """Raise Forbidden unless a form holds the token that `token_of` gave."""
    require_token(form, None if answer.session is None else answer.session.token, purpose)


def page_url(root: str, path: str, query: str) -> str:
    """Return the URL of a page from its path without the prefix, and its query string."""
    url = root + quote(path, safe="/@:")
    return f"{url}?{query}" if query else url


def safe_next(routes: RouteTable, root: str, wanted: str) -> str:
    """Return the page to go to after signing in: the wanted one if it is a page of the explorer, else the start."""
    path = unquote(wanted.partition("?")[0])
    local = len(wanted) <= _LONGEST_NEXT and _LOCAL.fullmatch(wanted) is not None and "#" not in wanted
    straight = {".", ".."}.isdisjoint(path.split("/")) and "\\" not in path
    if (
        local
        and straight
        and path.startswith(f"{root}/")
        and routes.find(path.removeprefix(root), "GET").page
    ):
        return wanted
    return f"{root}/"


def _is_ours(headers: Mapping[str, str]) -> bool:
    """Tell whether this site sent a request, as far as the browser says. The token is checked in any case."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
