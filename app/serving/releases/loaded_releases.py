"""Releases in memory: each loaded once into its frozen value and kept as long as there is room.

A published release never changes, so what is loaded needs no invalidation. A draft looks the same to whoever reads
it; `drafts.py` loads it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property, partial
from threading import RLock
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection

from app.errors import NotFound, Unavailable
from app.rubric.canonical import canonical
from app.rubric.entities import Node, named_entity
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.last_changes import Earlier, LastChanges, Places, of_places
from app.rubric.releases import Release, Version
from app.serving.releases.database import MOST_WAITS, PATIENCE, Database, restored, silent
from app.store.loading import load_content, load_last_changes
from app.store.releases import find_releases

_EXPANSION = 13
"""Bytes of memory for each byte of a ladder's JSON: 8 for values, index and strings, 5 for what views derive
and write of them at most (measured on the seeds)."""

_UNREADABLE: Final = (LookupError, TypeError, ValueError)
"""The errors of rows that this software cannot have written, as while a file is being overwritten."""
_log = structlog.get_logger("releases")

DRAFT: Final = "draft"
"""The label of a draft, in the place of a release number."""


class Loaded(Protocol):
    """A ladder in memory, as one release or the draft has it."""

    @property
    def slug(self) -> str:
        """Return the slug by which URLs name the ladder; the content of a draft may have the next one."""

    @property
    def ladder(self) -> Ladder:
        """Return the content."""

    @property
    def index(self) -> Index:
        """Return the look-up that all views share."""

    @property
    def label(self) -> str:
        """Return the number of the release, or `draft`."""

    @property
    def content_sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""

    @property
    def since(self) -> Version | None:
        """Return the release up to which the registry of slugs holds for this content; None if there is none."""

    def changed_in(self, node: Node) -> str | None:
        """Return the release in which an entity last changed; None if it is not known, or changed in the draft."""


@dataclass(frozen=True)
class LoadedRelease:
    """One release: what is known about it, its content, and the look-up over that content."""

    release: Release
    ladder: Ladder
    places: Places
    """The places of its entities by the release of their last change."""

    @cached_property
    def index(self) -> Index:
        """Return the look-up that all views share."""
        return Index.of(self.ladder)

    @cached_property
    def last_changes(self) -> LastChanges:
        """Return the release in which each entity last changed, where it is recorded."""
        return of_places(self.index, self.places)

    @property
    def slug(self) -> str:
        """Return the ladder's slug in this release."""
        return self.release.ladder

    @property
    def label(self) -> str:
        """Return the number of the release."""
        return str(self.release.version)

    @property
    def content_sha256(self) -> str:
        """Return the content hash of the release."""
        return self.release.content_sha256

    @property
    def since(self) -> Version | None:
        """Return the number of the release itself."""
        return self.release.version

    def changed_in(self, node: Node) -> str | None:
        """Return the number of the release in which an entity last changed; None if it is not recorded."""
        shown = named_entity(node)
        return None if shown is None or shown.uuid is None else self.last_changes.get(shown.uuid)

    @cached_property
    def content(self) -> bytes:
        """Return the canonical JSON, whose SHA-256 is the content hash."""
        return canonical(self.ladder)

    @cached_property
    def size(self) -> int:
        """Return the estimated bytes of memory."""
        return memory_of(self.ladder)


@dataclass(frozen=True, slots=True)
class LoadedDraft:
    """One state of a draft."""

    slug: str
    """The ladder's present slug."""
    index: Index
    base: Release | None
    """The release it builds on; None if the ladder was never published."""
    number: int
    """Grows with every write, from 1; 0 if nobody has edited yet."""
    content_sha256: str
    load: Callable[[Release], LoadedRelease]
    """Loads the release it builds on, if somebody asks when an entity changed."""

    def changed_in(self, node: Node) -> str | None:
        """Return the release in which an entity last changed; None if it differs from the base."""
        if self.base is None:
            return None
        base = self.load(self.base)
        return Earlier(base.index, base.last_changes).of(self.index, node)

    @property
    def ladder(self) -> Ladder:
        """Return the content."""
        return self.index.ladder

    @property
    def label(self) -> str:
        """Return `draft`, as in its URLs."""
        return DRAFT

    @property
    def since(self) -> Version | None:
        """Return the number of the release that it builds on."""
        return None if self.base is None else self.base.version


def _loaded(connection: Connection, release: Release) -> LoadedRelease:
    """Return a release with its content, which may have another id by now in a database that was restored.

    Raises Unavailable if the database does not have the release any more, or if its rows make no ladder.
    """
    try:
        try:
            stored, ladder = release, load_content(connection, release)
        except NotFound:
            stored = _same_release(connection, release)
            ladder = load_content(connection, stored)
        return LoadedRelease(release, ladder, load_last_changes(connection, stored.id) or {})
    except _UNREADABLE as error:
        _log.warning("unreadable release", release=release.identity, error=type(error).__name__)
        raise Unavailable(
            f"{release.ladder}@{release.version} cannot be read from the database.", retry_after=1
        ) from error


def _same_release(connection: Connection, release: Release) -> Release:
    """Return the release of the same number and content. Raises Unavailable if there is none."""
    line = find_releases(connection, release.ladder)
    found = next((one for one in line if one.identity == release.identity), None)
    if found is None:
        raise restored()
    return found


def memory_of(ladder: Ladder) -> int:
    """Return the estimated bytes of a ladder with its index and what views derive from it."""
    return len(ladder.model_dump_json()) * _EXPANSION


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
        """Return the release if it is in memory; None otherwise."""
        with self._lock:
            loaded = self._loaded.get(release.identity)
            if loaded is not None:
                self._loaded.move_to_end(release.identity)
            return loaded

    def get(self, release: Release) -> LoadedRelease:
        """Return the release. Requests at the same time share one load.

        Raises Unavailable where it is not in memory and the database is away.
        """
        return self.peek(release) or self._database.wait(self._begin(release))

    async def fetch(self, release: Release) -> LoadedRelease:
        """Return the release without blocking the event loop: waiting for the database takes no thread."""
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
        """Return whether another release would evict one."""
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
        loaded = _loaded(connection, release)
        size = loaded.size
        with self._lock:
            if release.identity not in self._loaded:
                self._loaded[release.identity] = loaded
                self.size += size
            while self.size > self._limit and len(self._loaded) > 1:
                _, dropped = self._loaded.popitem(last=False)
                self.size -= dropped.size
        return loaded
