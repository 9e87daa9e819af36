"""Headers that every response has, and the two messages that send a response (ASGI 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.types import Send

from app.errors import LadderError, NotAcceptable
from app.serving.access.session_cookie import BrowserSession
from app.serving.answers.answer import Answer, link_header
from app.serving.answers.answer_cache import CachedAnswer
from app.serving.answers.conditional import not_modified
from app.serving.answers.negotiation import accepts
from app.serving.answers.problems import MEDIA_TYPE, headers_of, problem
from app.serving.answers.representation import Coded, Representation, strong_tag
from app.serving.answers.request import Incoming

Headers = list[tuple[bytes, bytes]]

_OK: Final = 200
_CREATED: Final = 201
_NO_CONTENT: Final = 204
_NOT_MODIFIED: Final = 304
_ON_ALL: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Deprecation, Sunset, Retry-After, RateLimit, X-Request-ID",
    ),
)
_SET_HERE: Final = frozenset({b"content-length", b"cache-control", *(name for name, _ in _ON_ALL)})
EMPTY: Final = {"type": "http.response.body", "body": b""}
"""The message of an empty body."""
_PREFLIGHT: Final = (
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key",
    ),
    (b"access-control-max-age", b"86400"),
)


@dataclass(slots=True)
class Captured:
    """A response of the application."""

    status: int
    headers: Headers
    body: bytes


def cached_of(captured: Captured, answer: Answer) -> CachedAnswer | None:
    """Return the representation to keep; None for errors and for responses that must not be kept."""
    if captured.status != _OK or not answer.keepable:
        return None
    headers = [pair for pair in captured.headers if pair[0] not in _SET_HERE]
    headers += [(b"cache-control", answer.cache_control), *_ON_ALL]
    if answer.links:
        headers.append((b"link", link_header(answer.links)))
    catalog = answer.known if answer.across or answer.unpinned() else None
    representation = Representation.of(
        captured.body, headers, negotiated=answer.negotiated, by_url=answer.by_url
    )
    return CachedAnswer(representation, answer.unpinned(), answer.across, catalog, answer.named)


def draft_of(captured: Captured, answer: Answer, incoming: Incoming) -> Captured:
    """Return the response to a read that is not kept, with its links. For a draft, it has a tag, or is 304.

    It is never compressed, so that one state has one tag. Raises NotAcceptable.
    """
    if captured.status != _OK:
        return captured
    if not answer.draft:
        linked = [(b"link", link_header(answer.links))] if answer.links else []
        return Captured(captured.status, [*captured.headers, *linked], captured.body)
    media_type = next((value for name, value in captured.headers if name == b"content-type"), b"")
    plain = media_type.partition(b";")[0].decode("ascii")
    chosen = answer.negotiated or answer.by_url
    if not chosen and not accepts(incoming.accept, plain):
        raise NotAcceptable(f"Only {plain} can be given here.")
    tag = answer.etag or strong_tag(captured.body)
    headers = [*captured.headers, (b"etag", tag.encode())]
    if answer.links:
        headers.append((b"link", link_header(answer.links)))
    known = incoming.if_none_match
    if known is not None and answer.revalidates and not_modified(known, tag.encode()):
        kept = [pair for pair in headers if pair[0] in {b"etag", b"link", b"vary"}]
        return Captured(_NOT_MODIFIED, kept, b"")
    return Captured(captured.status, headers, captured.body)


def tagged(captured: Captured, answer: Answer) -> Captured:
    """Return the response to a write, with the entity tag of what was written."""
    if answer.etag is not None and captured.status in {_OK, _CREATED}:
        captured.headers.append((b"etag", answer.etag.encode()))
    return captured


def options(allowed: frozenset[str]) -> Captured:
    """Return the response to OPTIONS, also for a CORS preflight."""
    listed = ", ".join(sorted({*allowed, "OPTIONS"})).encode()
    headers = [(b"allow", listed), (b"access-control-allow-methods", listed), *_PREFLIGHT]
    return Captured(_NO_CONTENT, headers, b"")


def refusal(error: LadderError, request_id: bytes, base_url: str) -> Captured:
    """Return the problem details of an error that no route handled; `base_url` is that of the service."""
    asked = headers_of(error).items()
    headers: Headers = [
        (b"content-type", MEDIA_TYPE),
        *((name.encode(), value.encode()) for name, value in asked),
    ]
    return Captured(error.status, headers, problem(error, request_id.decode(), base_url))


def plain_headers(captured: Captured, request_id: bytes, session: BrowserSession | None = None) -> Headers:
    """Return all headers of a response that is not kept, to a visitor of the pages or to anybody else."""
    headers = [pair for pair in captured.headers if pair[0] not in _SET_HERE]
    headers += [(b"cache-control", b"no-store"), *_ON_ALL] if session is None else session.headers(headers)
    headers.append((b"x-request-id", request_id))
    if captured.status not in {_NO_CONTENT, _NOT_MODIFIED}:  # they have no body (RFC 9110, 8.6)
        headers.append((b"content-length", str(len(captured.body)).encode()))
    return headers


async def send_once(
    send: Send, incoming: Incoming, captured: Captured, session: BrowserSession | None = None
) -> int:
    """Send a response that is not kept and return the size of its body."""
    headers = plain_headers(captured, incoming.id, session)
    await send({"type": "http.response.start", "status": captured.status, "headers": headers})
    body = b"" if incoming.head else captured.body
    await send({"type": "http.response.body", "body": body})
    return len(body)


async def send_coded(
    send: Send, incoming: Incoming, coded: Coded, notice: Iterable[tuple[bytes, bytes]], *, known: bool
) -> None:
    """Send a representation, or 304 if the client has it; `notice` is sent with either."""
    status, headers = (304, coded.not_modified) if known else (200, coded.headers)
    named = [*headers, *notice, (b"x-request-id", incoming.id)]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send(EMPTY if known or incoming.head else coded.message)
