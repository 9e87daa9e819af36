"""The thin ASGI layer in front of FastAPI: what was represented once is answered from memory.

A hot read is a look-up and two sends. A miss runs the ordinary route, once for all who ask at the same time, and
keeps the response. What every response needs is done here: admission, request ids, limits, problem details for errors
that no route handled, and the access log. `cold_reads.py` adds entity tags, 304, content codings and caching headers.
"""

import time
from collections.abc import Sequence
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import LadderError, NotFound, TooLarge
from app.serving.access.session_cookie import SESSION_KEY
from app.serving.answers.answer import Answer
from app.serving.answers.answer_cache import AnswerCache
from app.serving.answers.cold_reads import Reads
from app.serving.answers.extensions import extension_for
from app.serving.answers.hot_reads import Admission, HotReads
from app.serving.answers.metrics import Meter
from app.serving.answers.request import (
    BODY_TOO_LARGE,
    MOST_HEADERS,
    Incoming,
    PageLanguages,
    joined,
    normalise,
    note_language,
)
from app.serving.answers.response_headers import EMPTY, Captured, options, refusal, send_once, tagged
from app.serving.answers.route_runner import Present, Routes
from app.serving.releases.freshness import Freshness
from app.serving.route_table import RouteFacts, RouteTable, facts_in
from app.store.drafts import MAX_CONTENT

_READS: Final = frozenset({"GET", "HEAD"})
_START: Final = "http.response.start"
_ACCESS: Final = structlog.get_logger("access")


class Layer:
    """The layer around the application; one for each process."""

    def __init__(  # noqa: PLR0913 - what it stands between, each by its name
        self,
        app: ASGIApp,
        freshness: Freshness,
        cache: AnswerCache,
        routes: RouteTable,
        root_path: str,
        meter: Meter,
        *,
        admit: Admission,
        base_url: str | None = None,
        languages: Sequence[str] = ("en",),
        log_hits: bool = False,
        present: Present | None = None,
    ) -> None:
        self._app = app
        self._present = present or (lambda _, captured: captured)
        """Shows errors; by default as problem details."""
        self._freshness = freshness
        self._table = routes
        self._root_path = root_path
        self.base_url = root_path if base_url is None else base_url
        """The start of the URLs in errors: the public URL of the service, or only the path prefix."""
        self._meter = meter
        self._admit = admit
        self._languages = PageLanguages(languages, routes.machine_paths)
        self._hot_reads = HotReads(freshness, cache, meter, admit, routes, root_path, self._languages)
        self.hot = None if log_hits else self._hot_reads
        """Finds hot reads; None if every request is logged, because hot reads are not."""
        self.open_paths = routes.open_paths
        self._routes = Routes(app, self._present)
        self._reads = Reads(self._routes, freshness, cache, meter, root_path)

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
        """Return the two messages of a hot read; None sends the request the long way."""
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
        """Answer the long way. Every error becomes problem details."""
        incoming = Incoming.of(scope, self._hot_reads.new_id())
        try:
            url, known = normalise(scope, self._root_path, self._table), self._freshness.newest
            language = self._languages.choose(url, incoming.accept_language)
            note_language(scope, language)
            caller, facts = await self._admit(scope, known), facts_in(scope)
            answer = Answer(
                self._freshness,
                caller,
                known,
                scope.get(SESSION_KEY),
                facts.page,
                fixed=facts.fixed,
                by_url=facts.by_url,
                language=language,
            )
            key = answer.view + url + self._languages.key(language)
            key += self._form(scope, incoming, answer, facts)
            length = incoming.content_length
            if length is not None and (not length.isdigit() or int(length) > MAX_CONTENT):
                raise TooLarge(BODY_TOO_LARGE)
            if incoming.method in _READS:
                status, size = await self._reads.send(scope, receive, send, incoming, key, answer)
            else:
                captured = tagged(await self._pass(scope, receive, incoming, answer), answer)
                status, size = captured.status, await send_once(send, incoming, captured, answer.session)
        except LadderError as error:
            captured = self._present(scope, refusal(error, incoming.id, self.base_url))
            status, size = captured.status, await send_once(send, incoming, captured, scope.get(SESSION_KEY))
        seconds = time.perf_counter() - incoming.started
        self._meter.answered(incoming.method, status, seconds)
        self._log(scope, incoming, status, size, seconds)

    @staticmethod
    def _form(scope: Scope, incoming: Incoming, answer: Answer, facts: RouteFacts) -> str:
        """Change the path to that of the format that Accept chooses, if the route offers several.

        Return the part of the key that names the format. Raises NotAcceptable.
        """
        if not facts.formats or incoming.method not in _READS:
            return ""
        incoming.refuse_long_lists()
        answer.negotiated = True
        extension = extension_for(incoming.accept, facts.formats)
        scope["path"] += extension
        return f"\0{extension}" if extension else ""  # NUL is in no URL that `normalise` lets pass

    async def _pass(self, scope: Scope, receive: Receive, incoming: Incoming, answer: Answer) -> Captured:
        """Answer a request that is not a read."""
        if incoming.method == "OPTIONS":
            allowed = self._table.methods(scope["path"])
            if not allowed:
                raise NotFound("This path does not exist.")
            return options(allowed)
        return await self._routes.run(scope, receive, incoming, answer)

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
