"""Releases in memory: each loaded once into its frozen value and kept as long as there is room.

A published release never changes, so what is loaded needs no invalidation.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from sqlalchemy import Engine

from app.errors import Unavailable
from app.rubric.canonical import canonical
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.store.engine import reading
from app.store.releases import load_content

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
    """A bounded store of loaded releases, for many threads.

    `away` says why the database is known to be away, if it is: then none waits for it to find out again.
    """

    def __init__(self, engine: Engine, limit: int, away: Callable[[], str | None]) -> None:
        self._engine = engine
        self._limit = limit
        self._away = away
        self._lock = Lock()
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
        with self._lock:
            loaded = self._loaded.get(release.identity)
            if loaded is not None:
                self._loaded.move_to_end(release.identity)
                return loaded
            future = self._loading.get(release.identity)
            mine = future is None
            if future is None:
                self._refuse_if_away()
                future = self._loading[release.identity] = Future()
        if mine:
            self._load_into(future, release)
        return future.result()

    def _refuse_if_away(self) -> None:
        reason = self._away()
        if reason is not None:
            raise Unavailable(reason, retry_after=1)

    @property
    def full(self) -> bool:
        """Whether another release would push one out."""
        return self.size >= self._limit

    def _load_into(self, future: Future[LoadedRelease], release: Release) -> None:
        try:
            with reading(self._engine) as connection:
                loaded = LoadedRelease(release, load_content(connection, release))
            self._keep(loaded)
            future.set_result(loaded)
        except BaseException as error:  # noqa: BLE001 - whoever waits must learn of any failure
            future.set_exception(error)
        finally:
            with self._lock:
                del self._loading[release.identity]

    def _keep(self, loaded: LoadedRelease) -> None:
        size = loaded.size
        with self._lock:
            self._loaded[loaded.release.identity] = loaded
            self.size += size
            while self.size > self._limit and len(self._loaded) > 1:
                _, dropped = self._loaded.popitem(last=False)
                self.size -= dropped.size
