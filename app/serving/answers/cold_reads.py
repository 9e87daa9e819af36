"""Reads that are not hot: answered from memory if possible, else by one run of the route for all who ask."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.types import Receive, Scope, Send

from app.errors import NotAcceptable
from app.serving.answers.answer import Answer
from app.serving.answers.answer_cache import AnswerCache, CachedAnswer
from app.serving.answers.conditional import not_modified
from app.serving.answers.metrics import Meter
from app.serving.answers.negotiation import accepts, choose_coding
from app.serving.answers.representation import Coded
from app.serving.answers.request import Incoming
from app.serving.answers.response_headers import Captured, cached_of, draft_of, send_coded, send_once
from app.serving.answers.route_runner import Routes
from app.serving.releases.deprecation_headers import Headers, announced
from app.serving.releases.freshness import Freshness

_CODERS: Final = 2
"""Threads that compress: few, because each takes a core, and apart, so that nothing else waits behind them."""


class Reads:
    """Answers reads; one for each process, used from its event loop only."""

    def __init__(
        self, routes: Routes, freshness: Freshness, cache: AnswerCache, meter: Meter, root_path: str
    ) -> None:
        self._routes = routes
        self._freshness = freshness
        self._cache = cache
        self._meter = meter
        self._root_path = root_path
        self._running: dict[str, asyncio.Future[CachedAnswer | None]] = {}
        self._coders = ThreadPoolExecutor(_CODERS, "coding")

    async def send(
        self, scope: Scope, receive: Receive, send: Send, incoming: Incoming, key: str, answer: Answer
    ) -> tuple[int, int]:
        """Answer a read from memory, or by its route. Return the status and the number of bytes in the body."""
        incoming.refuse_long_lists()
        if answer.session is not None:
            return await self._signed_in(scope, receive, send, incoming, answer)
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
        known = incoming.if_none_match is not None and not_modified(incoming.if_none_match, coded.etag)
        notice: Headers = ()
        newest = self._freshness.newest  # None before the first contact
        if kept.pinned and newest is not None and newest.notices:
            notice = announced(newest.notices, kept.pinned, self._root_path)
        await send_coded(send, incoming, coded, notice, known=known)
        return (304, 0) if known else (200, 0 if incoming.head else len(coded.body))

    async def _signed_in(
        self, scope: Scope, receive: Receive, send: Send, incoming: Incoming, answer: Answer
    ) -> tuple[int, int]:
        """Answer somebody who is signed in to the pages: not kept, not shared, never 304, and not compressed.

        The length of a compressed page could reveal its secrets to whoever can add text to the page (BREACH).
        """
        self._meter.misses += 1
        captured = await self._routes.run(scope, receive, incoming, answer)
        return captured.status, await send_once(send, incoming, captured, answer.session)

    async def _miss(
        self, scope: Scope, receive: Receive, incoming: Incoming, key: str, answer: Answer
    ) -> tuple[CachedAnswer | None, Captured]:
        """Run the route and keep its response. Simultaneous requests for the same URL wait for this run.

        If the response cannot be kept, the waiting requests run the route for themselves, all at the same time.
        """
        first = key not in self._running
        running = self._running.setdefault(key, asyncio.get_running_loop().create_future())
        self._meter.misses += 1
        kept = None
        try:
            captured = await self._routes.run(scope, receive, incoming, answer)
            kept = cached_of(captured, answer)
            if kept is not None:
                self._cache.put(key, kept)
            return kept, captured
        finally:
            if first:
                del self._running[key]
                running.set_result(kept)

    def _valid(self, key: str) -> CachedAnswer | None:
        kept = self._cache.get(key)
        if kept is None or kept.catalog is None:
            return kept
        catalog = self._freshness.catalog
        if kept.catalog is catalog or kept.holds(catalog):
            return kept
        self._cache.drop(key)
        return None

    async def _coded(self, kept: CachedAnswer, incoming: Incoming) -> Coded:
        """Return the representation in the coding that the client prefers; compress it in a thread."""
        representation = kept.representation
        chosen = representation.negotiated or representation.by_url
        if not chosen and not accepts(incoming.accept, representation.media_type):
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
            self._cache.grew(kept)
        return coded
