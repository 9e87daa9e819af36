"""What every answer carries, and the two messages in which one is sent (ASGI 3)."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Send

from app.errors import LadderError
from app.serving.answer import Answer, link_header
from app.serving.incoming import Incoming
from app.serving.keep import Kept
from app.serving.problems import MEDIA_TYPE, problem
from app.serving.represent import Coded, Representation

Headers = list[tuple[bytes, bytes]]

_OK: Final = 200
_NO_CONTENT: Final = 204
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
    """What the application answered."""

    status: int
    headers: Headers
    body: bytes


def kept_of(captured: Captured, answer: Answer) -> Kept | None:
    """The representation to keep; None for errors and for what must not be answered from memory."""
    if captured.status != _OK or not answer.keepable:
        return None
    headers = [pair for pair in captured.headers if pair[0] not in _SET_HERE]
    headers += [(b"cache-control", answer.cache_control), *_ON_ALL]
    if answer.links:
        headers.append((b"link", link_header(answer.links)))
    catalog = answer.known if answer.across or answer.unpinned() else None
    representation = Representation.of(captured.body, headers)
    return Kept(representation, answer.unpinned(), answer.across, catalog)


def options(allowed: frozenset[str]) -> Captured:
    """The answer to OPTIONS, a CORS preflight included."""
    listed = ", ".join(sorted({*allowed, "OPTIONS"})).encode()
    headers = [(b"allow", listed), (b"access-control-allow-methods", listed), *_PREFLIGHT]
    return Captured(_NO_CONTENT, headers, b"")


def refusal(error: LadderError, request_id: bytes, root_path: str) -> Captured:
    """The problem details of an error that no route caught."""
    headers: Headers = [(b"content-type", MEDIA_TYPE)]
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    return Captured(error.status, headers, problem(error, request_id.decode(), root_path))


async def send_once(send: Send, incoming: Incoming, captured: Captured) -> int:
    """Send an answer that is not kept; gives the bytes of its body."""
    headers = [pair for pair in captured.headers if pair[0] not in _SET_HERE]
    headers += [(b"cache-control", b"no-store"), *_ON_ALL, (b"x-request-id", incoming.id)]
    if captured.status != _NO_CONTENT:  # it has no length (RFC 9110, 8.6)
        headers.append((b"content-length", str(len(captured.body)).encode()))
    await send({"type": "http.response.start", "status": captured.status, "headers": headers})
    body = b"" if incoming.head else captured.body
    await send({"type": "http.response.body", "body": body})
    return len(body)


async def send_coded(send: Send, incoming: Incoming, coded: Coded, *, known: bool) -> None:
    """Send a kept representation, or 304 where the caller knows it."""
    status, headers = (304, coded.not_modified) if known else (200, coded.headers)
    named = [*headers, (b"x-request-id", incoming.id)]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send(EMPTY if known or incoming.head else coded.message)
