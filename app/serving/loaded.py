"""Releases in memory: each loaded once into its frozen value and kept as long as there is room.

A published release never changes, so what is loaded needs no invalidation.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property, partial
from threading import RLock

from sqlalchemy import Connection

from app.errors import Unavailable
from app.rubric.canonical import canonical
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.database import MOST_WAITS, PATIENCE, Database, silent
from app.store.loading import load_content

_EXPANSION = 8
"""Bytes of memory for each byte of a ladder's JSON: values, index and strings (measured on the seeds)."""


@dataclass(frozen=True)
class LoadedRelease:
    """One release: what is known about it, its content, and the look-up over that content."""

    release: Release
    ladder: Ladder

    @cached_property
    def index(self) -> Index:
        """The look-up that all views share."""
        return Index.of(self.ladder)

    @cached_property
    def content(self) -> bytes:
        """The canonical JSON, whose SHA-256 is the content hash."""
        return canonical(self.ladder)

    @cached_property
    def size(self) -> int:
        """Estimated bytes of memory."""
        return len(self.ladder.model_dump_json()) * _EXPANSION


class LoadedReleases:
    """A bounded store of loaded releases, for many threads."""

    def __init__(self, database: Database, limit: int) -> None:
        self._database = database
        self._limit = limit
        self._lock = RLock()
        self._loaded: OrderedDict[str, LoadedRelease] = OrderedDict()
        self._loading: dict[str, Future[LoadedRelease]] = {}
        self.size = 0
        """Estimated bytes held."""

    def peek(self, release: Release) -> LoadedRelease | None:
        """The release if it is in memory."""
        with self._lock:
            loaded = self._loaded.get(release.identity)
            if loaded is not None:
                self._loaded.move_to_end(release.identity)
            return loaded

    def get(self, release: Release) -> LoadedRelease:
        """The release, loaded at most once however many ask at the same time.

        Raises Unavailable where it is not in memory and the database is away.
        """
        return self.peek(release) or self._database.wait(self._begin(release))

    async def fetch(self, release: Release) -> LoadedRelease:
        """The same on the event loop, so that who waits for the database takes no thread from a route."""
        loaded = self.peek(release)
        if loaded is not None:
            return loaded
        loading = asyncio.wrap_future(self._begin(release))
        # Unlike a timeout around it, this does not cancel what others wait for as well.
        for _ in range(MOST_WAITS):
            await asyncio.wait({loading}, timeout=PATIENCE)
            if loading.done():
                return loading.result()
            try:
                self._database.refuse_if_away()
            except Unavailable:
                break
        # No one will ask how it ended; looking at it keeps asyncio from complaining of that.
        loading.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise silent()

    @property
    def full(self) -> bool:
        """Whether another release would push one out."""
        return self.size >= self._limit

    def _begin(self, release: Release) -> Future[LoadedRelease]:
        with self._lock:
            future = self._loading.get(release.identity)
            if future is None:
                future = self._database.begin(partial(self._load, release))
                self._loading[release.identity] = future
                future.add_done_callback(lambda _: self._end(release))
            return future

    def _end(self, release: Release) -> None:
        with self._lock:
            del self._loading[release.identity]

    def _load(self, release: Release, connection: Connection) -> LoadedRelease:
        loaded = LoadedRelease(release, load_content(connection, release))
        size = loaded.size
        with self._lock:
            if release.identity not in self._loaded:
                self._loaded[release.identity] = loaded
                self.size += size
            while self.size > self._limit and len(self._loaded) > 1:
                _, dropped = self._loaded.popitem(last=False)
                self.size -= dropped.size
        return loaded
