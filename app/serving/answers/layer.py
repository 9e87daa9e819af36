"""The thin ASGI layer in front of FastAPI: what was represented once is answered from memory.

A hot read is a look-up and two sends. A miss runs the ordinary route, once for all who ask at the same time, and
keeps what it gave. What every answer needs is done here and nowhere else: admission, request ids, entity tags, 304,
content codings, HEAD, OPTIONS, CORS, caching headers, problem details for what no route caught, the access log.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from traceback import extract_tb
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Internal, LadderError, NotAcceptable, NotFound, TooLarge
from app.serving.access.visits import visit_of
from app.serving.answers.answer import SCOPE_KEY, Answer
from app.serving.answers.extensions import extension_for
from app.serving.answers.hot import Admission, HotReads
from app.serving.answers.incoming import BODY_TOO_LARGE, MOST_HEADERS, Incoming, joined, normalise
from app.serving.answers.keep import Keep, Kept
from app.serving.answers.metrics import Meter
from app.serving.answers.negotiation import accepts, choose_coding, matches
from app.serving.answers.outgoing import (
    EMPTY,
    Captured,
    draft_of,
    kept_of,
    options,
    refusal,
    send_coded,
    send_once,
    tagged,
)
from app.serving.answers.representation import Coded
from app.serving.releases.freshness import Freshness
from app.serving.releases.notices import Headers, announced
from app.serving.route_table import RouteFacts, RouteTable, facts_in
from app.store.drafts import MAX_CONTENT

_CODERS: Final = 2
"""Threads that compress: few, since each takes a core, and their own, so that nothing else waits behind them."""
_READS: Final = frozenset({"GET", "HEAD"})
_START: Final = "http.response.start"
_REFUSED: Final = 400
"""From this status on, an answer is a refusal."""
_ACCESS: Final = structlog.get_logger("access")
_DEFECTS: Final = structlog.get_logger("defect")


class Layer:
    """Wraps the application; one for each process."""

    def __init__(  # noqa: PLR0913 - what it stands between, each by its name
        self,
        app: ASGIApp,
        freshness: Freshness,
        keep: Keep,
        routes: RouteTable,
        root_path: str,
        meter: Meter,
        *,
        admit: Admission,
        log_hits: bool = False,
        present: Callable[[Scope, Captured], Captured] | None = None,
    ) -> None:
        self._app = app
        self._present = present or (lambda _, captured: captured)
        """How a refusal is shown; as problem details where nobody says."""
        self._freshness = freshness
        self._keep = keep
        self._routes = routes
        self._root_path = root_path
        self._meter = meter
        self._admit = admit
        self._hot_reads = HotReads(freshness, keep, meter, admit, root_path)
        self.hot = None if log_hits else self._hot_reads
        """Where hot reads are looked up; None where every request must be logged: then none is hot."""
        self._running: dict[str, asyncio.Future[Kept | None]] = {}
        self._coders = ThreadPoolExecutor(_CODERS, "coding")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hot = self._hot(scope)
        if hot is None:
            await self._serve(scope, receive, send)
            return
        await send(hot[0])
        await send(hot[1])

    def _hot(self, scope: Scope) -> tuple[Message, Message] | None:
        """The two messages of a hot read; None sends the request the long way."""
        method, query, hot = scope["method"], scope["query_string"], self.hot
        fields = scope["headers"]
        if hot is None or method not in _READS or b"%" in scope["raw_path"] or len(fields) > MOST_HEADERS:
            return None
        path = scope["path"]
        target = f"{path}?{query.decode('latin-1')}" if query else path
        hit = hot.find(target, fields, joined(fields), scope.get("client"))
        if hit is None:
            return None
        coded, known, notice, identity = hit
        named = (*notice, (b"x-request-id", identity))
        if known:
            return {"type": _START, "status": 304, "headers": [*coded.not_modified, *named]}, EMPTY
        start = {"type": _START, "status": 200, "headers": [*coded.headers, *named]}
        return start, (EMPTY if method == "HEAD" else coded.message)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the long way; whatever goes wrong becomes problem details."""
        incoming = Incoming.of(scope, self._hot_reads.new_id())
        try:
            url, known = normalise(scope, self._root_path, self._routes), self._freshness.newest
            caller, facts = await self._admit(scope, known), facts_in(scope)
            answer = Answer(self._freshness, caller, known, visit_of(scope), facts.page, fixed=facts.fixed)
            key = answer.view + url + self._form(scope, incoming, answer, facts)
            length = incoming.content_length
            if length is not None and (not length.isdigit() or int(length) > MAX_CONTENT):
                raise TooLarge(BODY_TOO_LARGE)
            if incoming.method in _READS:
                status, size = await self._read(scope, receive, send, incoming, key, answer)
            else:
                captured = tagged(await self._pass(scope, receive, incoming, answer), answer)
                status, size = captured.status, await send_once(send, incoming, captured, answer.visit)
        except LadderError as error:
            captured = self._present(scope, refusal(error, incoming.id, self._root_path))
            status, size = captured.status, await send_once(send, incoming, captured, visit_of(scope))
        seconds = time.perf_counter() - incoming.started
        self._meter.answered(incoming.method, status, seconds)
        self._log(scope, incoming, status, size, seconds)

    @staticmethod
    def _form(scope: Scope, incoming: Incoming, answer: Answer, facts: RouteFacts) -> str:
        """Turn the request into one for the format that Accept chooses, if the route offers several.

        Returns what names that format in the key. Raises NotAcceptable.
        """
        if not facts.formats or incoming.method not in _READS:
            return ""
        incoming.refuse_long_lists()
        answer.negotiated = True
        extension = extension_for(incoming.accept, facts.formats)
        scope["path"] += extension
        return f"\0{extension}" if extension else ""  # NUL is in no URL that `normalise` lets pass

    async def _read(
        self, scope: Scope, receive: Receive, send: Send, incoming: Incoming, key: str, answer: Answer
    ) -> tuple[int, int]:
        """Answer a read from memory, or run the route; gives the status and the bytes of the body."""
        incoming.refuse_long_lists()
        if answer.visit is not None:
            return await self._visited(scope, receive, send, incoming, answer)
        kept = self._valid(key)
        running = self._running.get(key)
        if kept is None and running is not None:
            kept = await asyncio.shield(running)
        if kept is None:
            kept, captured = await self._miss(scope, receive, incoming, key, answer)
            if kept is None:
                captured = draft_of(captured, answer, incoming)
                return captured.status, await send_once(send, incoming, captured)
        coded = await self._coded(kept, incoming)
        known = incoming.if_none_match is not None and matches(incoming.if_none_match, coded.etag)
        notice: Headers = ()
        if kept.pinned:  # what is pinned to nothing needs no catalog, and is there before the first contact
            notice = announced(self._freshness.catalog.notices, kept.pinned, self._root_path)
        await send_coded(send, incoming, coded, notice, known=known)
        return (304, 0) if known else (200, 0 if incoming.head else len(coded.body))

    async def _visited(
        self, scope: Scope, receive: Receive, send: Send, incoming: Incoming, answer: Answer
    ) -> tuple[int, int]:
        """Answer a visitor of the pages. It is theirs alone: not kept, not shared, never 304, and not compressed.

        Compressing what holds a secret beside what others may have put in tells its letters by the length.
        """
        self._meter.misses += 1
        captured = await self._run(scope, receive, incoming, answer)
        return captured.status, await send_once(send, incoming, captured, answer.visit)

    async def _miss(
        self, scope: Scope, receive: Receive, incoming: Incoming, key: str, answer: Answer
    ) -> tuple[Kept | None, Captured]:
        """Run the route and keep what it gave. Whoever asks for the same meanwhile waits for this run.

        Where it gave nothing to keep, those who waited run the route for themselves, all at the same time.
        """
        first = key not in self._running
        running = self._running.setdefault(key, asyncio.get_running_loop().create_future())
        self._meter.misses += 1
        kept = None
        try:
            captured = await self._run(scope, receive, incoming, answer)
            kept = kept_of(captured, answer)
            if kept is not None:
                self._keep.put(key, kept)
            return kept, captured
        finally:
            if first:
                del self._running[key]
                running.set_result(kept)

    def _valid(self, key: str) -> Kept | None:
        kept = self._keep.get(key)
        if kept is None or kept.catalog is None:
            return kept
        catalog = self._freshness.catalog
        if kept.catalog is catalog or kept.holds(catalog):
            return kept
        self._keep.drop(key)
        return None

    async def _coded(self, kept: Kept, incoming: Incoming) -> Coded:
        """The kept representation in the coding the caller prefers, made off the event loop if need be."""
        representation = kept.representation
        if not representation.negotiated and not accepts(incoming.accept, representation.media_type):
            raise NotAcceptable(f"Only {representation.media_type} can be given here.")
        coding = choose_coding(incoming.accept_encoding) if representation.compressible else "identity"
        if coding is None:
            raise NotAcceptable(
                "None of the accepted content codings can be given: gzip, br, zstd, identity."
            )
        coded = representation.codings.get(coding)
        if coded is None:
            if coding == "identity" and representation.plain_at_once:
                coded = representation.coded(coding)
            else:
                loop = asyncio.get_running_loop()
                coded = await loop.run_in_executor(self._coders, representation.coded, coding)
            self._keep.grew(kept)
        return coded

    async def _pass(self, scope: Scope, receive: Receive, incoming: Incoming, answer: Answer) -> Captured:
        """Answer what is not a read."""
        if incoming.method == "OPTIONS":
            allowed = self._routes.methods(scope["path"])
            if not allowed:
                raise NotFound("This path does not exist.")
            return options(allowed)
        return await self._run(scope, receive, incoming, answer)

    async def _run(self, scope: Scope, receive: Receive, incoming: Incoming, answer: Answer) -> Captured:
        """Run the application on a copy of the scope, as GET where HEAD was asked."""
        method = "GET" if incoming.head else incoming.method
        inner = {**scope, "method": method, SCOPE_KEY: answer, "ladder.request_id": incoming.id.decode()}
        captured = Captured(500, [], b"")
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
            _DEFECTS.error("defect", request_id=incoming.id.decode(), **_where(error))
            raise Internal("Something went wrong here; it has been logged under the request id.") from error
        captured.body = b"".join(chunks)
        if method == "GET":
            vary = answer.varies(captured.status)
            captured.headers += [(b"vary", b", ".join(vary))] if vary else []
        return captured if captured.status < _REFUSED else self._present(scope, captured)

    def _log(self, scope: Scope, incoming: Incoming, status: int, size: int, seconds: float) -> None:
        client = scope.get("client")
        _ACCESS.info(
            "request",
            method=incoming.method,
            path=incoming.path,
            status=status,
            bytes=size,
            ms=round(seconds * 1000, 3),
            client=client[0] if client else None,
            request_id=incoming.id.decode(),
        )


def _bounded(receive: Receive) -> Receive:
    """Refuse a body that turns out too large while it is read (one without Content-Length)."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_CONTENT:
            raise TooLarge(BODY_TOO_LARGE)
        return message

    return bounded


def _where(error: BaseException) -> dict[str, object]:
    """What a log may say of a defect: its type and places in the code, no values."""
    frames = extract_tb(error.__traceback__)[-6:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places}
