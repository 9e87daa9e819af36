"""The thin ASGI layer in front of FastAPI: what was represented once is answered from memory.

A hot read is a look-up and two sends. A miss runs the ordinary route, once for all who ask at the same time, and
keeps what it gave. Everything that every answer needs is done here and nowhere else: request ids, entity tags,
304, content codings, HEAD, OPTIONS, CORS, the caching and security headers, problem details for what no route
caught, and the access log.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from os import urandom
from re import compile as pattern
from traceback import extract_tb
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BadRequest, Internal, LadderError, NotAcceptable, NotFound, TooLarge
from app.serving.answer import SCOPE_KEY, Answer, link_header
from app.serving.freshness import Freshness
from app.serving.keep import Keep, Kept
from app.serving.negotiate import accepts, choose_coding, matches
from app.serving.problems import MEDIA_TYPE, problem
from app.serving.represent import Coded, Representation

MAX_BODY: Final = 20 * 1024 * 1024
"""Bytes of request body that are read at most."""
_MAX_URL: Final = 8192
_REQUEST_ID: Final = pattern(rb"[A-Za-z0-9._-]{1,64}")
_ENCODED_SLASH: Final = pattern(rb"%2[fF]|%5[cC]|%00|\\")
_ALLOW_ORIGIN: Final = (b"access-control-allow-origin", b"*")
_EXPOSE: Final = (
    b"access-control-expose-headers",
    b"ETag, Link, Deprecation, Sunset, Retry-After, RateLimit, X-Request-ID",
)
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_PREFLIGHT: Final = (
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key",
    ),
    (b"access-control-max-age", b"86400"),
)
_ACCESS: Final = structlog.get_logger("access")
_DEFECTS: Final = structlog.get_logger("defect")

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Request:
    """What the layer needs to know of a request, read from its headers once."""

    method: str
    path: str
    id: bytes
    started: float
    accept: bytes | None = None
    accept_encoding: bytes | None = None
    if_none_match: bytes | None = None
    length: bytes | None = None


@dataclass(slots=True)
class _Captured:
    """What the application answered."""

    status: int
    headers: Headers
    body: bytes


class Layer:
    """Wraps the application; one for each process."""

    def __init__(
        self,
        app: ASGIApp,
        freshness: Freshness,
        keep: Keep,
        allowed: Callable[[str], frozenset[str]],
        root_path: str,
        *,
        log_hits: bool = False,
    ) -> None:
        self._app = app
        self._freshness = freshness
        self._keep = keep
        self._allowed = allowed
        self._root_path = root_path
        self._log_hits = log_hits
        self._running: dict[str, asyncio.Event] = {}
        self._id_prefix = urandom(6).hex()
        self._id_count = count(1)
        self.hits = 0
        """Requests answered from memory."""
        self.misses = 0
        """Reads that ran a route."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = self._read(scope)
        try:
            status, size = await self._answer(scope, receive, send, request)
        except LadderError as error:
            status, size = await self._refuse(send, request, error)
        if status:
            self._log(scope, request, status, size)

    def _read(self, scope: Scope) -> _Request:
        identity: bytes | None = None
        request = _Request(scope["method"], scope["path"], b"", time.perf_counter())
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                request.accept_encoding = value
            elif name == b"if-none-match":
                request.if_none_match = value
            elif name == b"accept":
                request.accept = value
            elif name == b"x-request-id":
                identity = value if _REQUEST_ID.fullmatch(value) else None
            elif name == b"content-length":
                request.length = value
        request.id = identity or f"{self._id_prefix}-{next(self._id_count):x}".encode()
        return request

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request: _Request) -> tuple[int, int]:
        if request.method not in ("GET", "HEAD"):
            return await self._pass(scope, receive, send, request)
        key = self._normalise(scope)
        kept = self._valid(key)
        if kept is not None:
            self.hits += 1
            coded = await self._coded(kept, request)
            await _respond(send, request, coded)
            return (0, 0) if not self._log_hits else (200, len(coded.body))
        return await self._miss(scope, receive, send, request, key)

    def _normalise(self, scope: Scope) -> str:
        """The key of a URL: its path without the prefix, and its parameters in order of name."""
        raw, query = scope["raw_path"], scope["query_string"]
        if len(raw) + len(query) > _MAX_URL:
            raise BadRequest(f"The URL is longer than {_MAX_URL} bytes.")
        path: str = scope["path"]
        if self._root_path and path.startswith(f"{self._root_path}/"):
            path = scope["path"] = path[len(self._root_path) :]
        if b"%" in raw and _ENCODED_SLASH.search(raw):
            raise NotFound("The path holds an encoded slash, backslash or NUL; no resource has one.")
        if not query:
            return path
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
        except (UnicodeDecodeError, ValueError) as error:
            raise BadRequest("The query string is not percent-encoded UTF-8.") from error
        normal = urlencode(sorted(pairs, key=lambda pair: pair[0]))
        scope["query_string"] = normal.encode()
        return f"{path}?{normal}"

    def _valid(self, key: str) -> Kept | None:
        kept = self._keep.get(key)
        if kept is None or kept.catalog is None:
            return kept
        catalog = self._freshness.catalog
        if kept.catalog is catalog or kept.holds(catalog):
            return kept
        self._keep.drop(key)
        return None

    async def _coded(self, kept: Kept, request: _Request) -> Coded:
        representation = kept.representation
        if request.accept is not None and not accepts(request.accept, representation.media_type):
            raise NotAcceptable(f"Only {representation.media_type} can be given here.")
        coding = choose_coding(request.accept_encoding) if representation.compressible else "identity"
        if coding is None:
            raise NotAcceptable(
                "None of the accepted content codings can be given: gzip, br, zstd, identity."
            )
        coded = representation.codings.get(coding)
        if coded is None:
            coded = await asyncio.to_thread(representation.coded, coding)
            self._keep.grew(kept)
        return coded

    async def _miss(
        self, scope: Scope, receive: Receive, send: Send, request: _Request, key: str
    ) -> tuple[int, int]:
        """Run the route, or wait for whoever runs it for the same URL and take what that gave."""
        running = self._running.get(key)
        while running is not None:
            await running.wait()
            kept = self._valid(key)
            if kept is not None:
                self.hits += 1
                coded = await self._coded(kept, request)
                await _respond(send, request, coded)
                return 200, len(coded.body)
            running = self._running.get(key)
        self.misses += 1
        event = self._running[key] = asyncio.Event()
        try:
            captured, answer = await self._run(scope, receive, request)
            kept = self._kept(captured, answer)
            if kept is not None:
                self._keep.put(key, kept)
        finally:
            del self._running[key]
            event.set()
        if kept is None:
            return await self._send(send, request, captured)
        coded = await self._coded(kept, request)
        await _respond(send, request, coded)
        return captured.status, len(coded.body)

    def _kept(self, captured: _Captured, answer: Answer) -> Kept | None:
        if captured.status != 200 or not answer.keepable:  # noqa: PLR2004 - OK
            return None
        headers = [pair for pair in captured.headers if pair[0] != b"content-length"]
        headers += [(b"cache-control", answer.cache_control), _NOSNIFF, _ALLOW_ORIGIN, _EXPOSE]
        if answer.links:
            headers.append((b"link", link_header(answer.links)))
        catalog = answer.seen_catalog if answer.across or answer.unpinned() else None
        representation = Representation.of(captured.body, headers)
        return Kept(representation, answer.unpinned(), answer.across, catalog)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, request: _Request) -> tuple[int, int]:
        """Answer what is not a read."""
        self._normalise(scope)
        if request.method == "OPTIONS":
            return await self._options(scope, send, request)
        if request.length is not None and (not request.length.isdigit() or int(request.length) > MAX_BODY):
            raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
        captured, _ = await self._run(scope, receive, request)
        return await self._send(send, request, captured)

    async def _options(self, scope: Scope, send: Send, request: _Request) -> tuple[int, int]:
        allowed = self._allowed(scope["path"])
        if not allowed:
            raise NotFound("There is nothing at this path.")
        listed = ", ".join(sorted({*allowed, "OPTIONS"})).encode()
        headers = [(b"allow", listed), (b"access-control-allow-methods", listed), *_PREFLIGHT]
        captured = _Captured(204, headers, b"")
        return await self._send(send, request, captured)

    async def _run(self, scope: Scope, receive: Receive, request: _Request) -> tuple[_Captured, Answer]:
        """Run the application on a copy of the scope, as GET where HEAD was asked."""
        answer = Answer(self._freshness)
        method = "GET" if request.method == "HEAD" else request.method
        inner = {**scope, "method": method, SCOPE_KEY: answer, "ladder.request_id": request.id.decode()}
        captured = _Captured(500, [], b"")
        chunks: list[bytes] = []

        async def capture(message: Message) -> None:
            if message["type"] == "http.response.start":
                captured.status, captured.headers = message["status"], list(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))

        try:
            await self._app(inner, _bounded(receive), capture)
        except LadderError:
            raise
        except Exception as error:
            _DEFECTS.error("defect", request_id=request.id.decode(), **_where(error))
            raise Internal("Something went wrong here; it has been logged under the request id.") from error
        captured.body = b"".join(chunks)
        return captured, answer

    async def _send(self, send: Send, request: _Request, captured: _Captured) -> tuple[int, int]:
        """Send an answer that is not kept."""
        headers = [pair for pair in captured.headers if pair[0] not in (b"content-length", b"cache-control")]
        headers += [(b"cache-control", b"no-store"), _NOSNIFF, _ALLOW_ORIGIN, _EXPOSE]
        headers.append((b"x-request-id", request.id))
        if captured.status != 204:  # noqa: PLR2004 - No Content has no length (RFC 9110, 8.6)
            headers.append((b"content-length", str(len(captured.body)).encode()))
        await send({"type": "http.response.start", "status": captured.status, "headers": headers})
        body = b"" if request.method == "HEAD" else captured.body
        await send({"type": "http.response.body", "body": body})
        return captured.status, len(body)

    async def _refuse(self, send: Send, request: _Request, error: LadderError) -> tuple[int, int]:
        """Send the problem details of an error that no route caught."""
        body = problem(error, request.id.decode(), self._root_path)
        headers: Headers = [(b"content-type", MEDIA_TYPE)]
        if error.retry_after is not None:
            headers.append((b"retry-after", str(error.retry_after).encode()))
        captured = _Captured(error.status, headers, body)
        return await self._send(send, request, captured)

    def _log(self, scope: Scope, request: _Request, status: int, size: int) -> None:
        client = scope.get("client")
        _ACCESS.info(
            "request",
            method=request.method,
            path=request.path,
            status=status,
            bytes=size,
            ms=round((time.perf_counter() - request.started) * 1000, 3),
            client=client[0] if client else None,
            request_id=request.id.decode(),
        )


async def _respond(send: Send, request: _Request, coded: Coded) -> None:
    """Send a kept representation, or 304 where the client holds it."""
    identity = (b"x-request-id", request.id)
    if request.if_none_match is not None and matches(request.if_none_match, coded.etag):
        headers = [*coded.not_modified, identity]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*coded.headers, identity]})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else coded.body})


def _bounded(receive: Receive) -> Receive:
    """Refuse a body that turns out too large while it is read (one without Content-Length)."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
        return message

    return bounded


def _where(error: BaseException) -> dict[str, Any]:
    """What a log may say of a defect: its type and places in the code, no values."""
    frames = extract_tb(error.__traceback__)[-6:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places}
