"""Forms: read, known to be ours, and where they lead next.

A form is ours if the browser says that this site sent it (`Sec-Fetch-Site`, else `Origin`), and if it holds a token
that is made of a cookie. Another site can neither read that cookie nor set one of its name, which begins `__Host-`.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from fastapi import Request

from app.api.protocol.request_bodies import body_within, media_type_of
from app.errors import BadRequest, Forbidden
from app.serving.access.visits import is_place

TOKEN: Final = "token"  # noqa: S105 - the name of a field
_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 16 * 1024
_MOST_FIELDS: Final = 10
_LONGEST_NEXT: Final = 2048
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path on this host: no second slash, no backslash, no control character, nothing that a browser would drop."""


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form that was sent from a page of ours.

    Raises:
        Forbidden: Another site sent it.
        UnsupportedMediaType: It is no form.
        TooLarge: It is longer than any form of ours.
        BadRequest: It does not parse.
    """
    if not _is_ours(request.headers):
        raise Forbidden("This form was sent from another site. Open the page here, and send it from there.")
    media_type_of(request, _MEDIA_TYPE)
    body = await body_within(request, _LONGEST, f"A form holds at most {_LONGEST:,} bytes. Send less.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise BadRequest("The form is not percent-encoded UTF-8.") from None
    return dict(pairs)


def form_token(secret: str, purpose: str) -> str:
    """The token of a form for one purpose, bound to whoever has the cookie with that secret."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256").hex()


def require_token(form: Mapping[str, str], secret: str | None, purpose: str) -> None:
    """Raise Forbidden unless a form holds the token that belongs to the cookie that came with it."""
    if secret is None:
        raise Forbidden(
            "Your browser sent no cookie with this form. Allow cookies for this site, and open it by https: over "
            "plain http browsers keep them for localhost only. Then open the page again."
        )
    given = form.get(TOKEN, "").encode()
    if not hmac.compare_digest(form_token(secret, purpose).encode(), given):
        raise Forbidden("This form was open for too long. Open the page again, and send it from there.")


def here(root: str, path: str, query: str) -> str:
    """The URL of a page by its path, without the prefix, and its parameters."""
    url = root + quote(path, safe="/@:")
    return f"{url}?{query}" if query else url


def safe_next(root: str, wanted: str) -> str:
    """Where to go after signing in: a page of the explorer, or the start where anything else is wanted."""
    path = unquote(wanted.partition("?")[0])
    local = len(wanted) <= _LONGEST_NEXT and _LOCAL.fullmatch(wanted) is not None and "#" not in wanted
    straight = {".", ".."}.isdisjoint(path.split("/")) and "\\" not in path
    if local and straight and path.startswith(f"{root}/") and is_place(path.removeprefix(root)):
        return wanted
    return f"{root}/"


def _is_ours(headers: Mapping[str, str]) -> bool:
    """Whether this site sent a request, as far as the browser says; the token has to be right in any case."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
