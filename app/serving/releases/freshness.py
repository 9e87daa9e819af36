"""The newest catalog: one row tells that something changed, and only then are releases read.

The picture of all releases (the catalog) is swapped whole, so a request sees one state from start to end. Dates
ahead need no database: the catalog says until when it holds, and is looked at anew at that moment.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import chain
from threading import Lock
from typing import Final, Literal

import structlog
from sqlalchemy import Connection, Engine

from app.errors import LadderError, SchemaMismatch, Unavailable
from app.rubric.releases import Release
from app.serving.callers import granted_rights
from app.serving.releases.catalog import Catalog
from app.store.access.keys import find_keys
from app.store.engine import reading
from app.store.ladder_names import find_other_names
from app.store.ladder_settings import find_settings
from app.store.releases import find_releases
from app.store.revision import find_changed_ladders
from app.store.schema_version import State, look

Clock = Callable[[], datetime]
Status = Literal["starting", "ok", "degraded", "stopping"]

_MANY: Final = 50
"""From this many changed ladders on, all are read in one statement instead of one by one."""

_PATIENCE: Final = 1.5
"""Seconds that a look at the database may take before it counts as away."""
_SILENT: Final = "The database does not answer."

_log = structlog.get_logger("freshness")


class Freshness:
    """The newest catalog of one process, and whether the database could be asked lately."""

    def __init__(self, engine: Engine, clock: Clock, interval: float, *, closed: bool = False) -> None:
        self._engine = engine
        self._clock = clock
        self._interval = interval
        self._closed = closed
        self._catalog: Catalog | None = None
        self._swapping = Lock()
        self._stopping = False
        self._thread = ThreadPoolExecutor(1, "freshness")
        self._looking: asyncio.Future[None] | None = None
        self._jitter = random.Random()  # noqa: S311 - spreads the looks of many processes; no secret
        self.away: str | None = "The database has not been reached yet."
        """Why the database cannot be asked; None while it can."""
        self._mismatch: str | None = None
        """Why nothing can be written, if the schema has changed since the start."""

    @property
    def status(self) -> Status:
        """Return `starting` before first contact, `degraded` while the database is away, `stopping` at the end."""
        if self._stopping:
            return "stopping"
        if self._catalog is None:
            return "starting"
        return "ok" if self.reason is None else "degraded"

    @property
    def reason(self) -> str | None:
        """Return why the status is not `ok`: the database is away, or its schema allows only reads."""
        return self.away or self._mismatch

    @property
    def newest(self) -> Catalog | None:
        """Return the newest known catalog; None before first contact."""
        return self._catalog

    @property
    def catalog(self) -> Catalog:
        """Return the newest known catalog. Raises Unavailable before first contact with the database."""
        if self._catalog is None:
            raise Unavailable(self.away or "Not ready yet.", retry_after=1)
        return self._catalog

    def refresh(self) -> None:
        """Look at the revision row, and read what changed. Never raises: `status` tells."""
        try:
            self._read()
        except LadderError as error:
            self._note(error.detail)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
            self._note(f"The database could not be read ({type(error).__name__}).")
        else:
            self._note(None)
        self._tick()

    def stop(self) -> None:
        """Say from now on that this process is going away."""
        self._stopping = True
        self.away = "This process is shutting down."

    async def close(self) -> None:
        """End the last look, so that nothing uses the database any more; waits two seconds for it at most."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._looking is not None and not self._looking.done():
            await asyncio.wait({self._looking}, timeout=2)

    async def run(self, after: Callable[[], None]) -> None:
        """Refresh until cancelled, and call `after` each time: at each interval, jittered, and on dates ahead.

        Nothing here waits for the database. While one look hangs, none other begins, and dates ahead are kept.
        """
        since = 0.0
        while True:
            await asyncio.sleep(self._pause())
            self._tick()
            if self._looking is None or self._looking.done():
                self._looking = asyncio.get_running_loop().run_in_executor(self._thread, self.refresh)
                since = time.monotonic()
            elif self.away is None and time.monotonic() - since > _PATIENCE:
                self._note(_SILENT)
            after()

    def _note(self, reason: str | None) -> None:
        """Remember whether the database is away, and why; say in the log what is new about it."""
        if self._stopping:
            return
        if reason is None and self.away is not None:
            _log.info("database reached", was=self.away)
        elif reason != self.away:
            _log.warning("database away", reason=reason)
        self.away = reason

    def _check_schema(self, error: SchemaMismatch | None) -> None:
        """Note whether the schema still fits. Raises SchemaMismatch at first contact; later, reads continue."""
        if error is not None and self._catalog is None:
            raise error
        reason = (
            None if error is None else f"{error.detail} Until then, reads continue and writes are refused."
        )
        if reason != self._mismatch:
            _log.warning("schema changed", reason=reason or "The schema fits again.")
        self._mismatch = reason

    def _read(self) -> None:
        known = self._catalog
        with reading(self._engine) as connection:
            state = look(connection) if known is None else look(connection, known.revision, known.landmark)
            self._check_schema(state.mismatch)
            if known is not None and state.revision == known.revision and not state.restored:
                return
            catalog = self._catalog_of(connection, state, known)
        self._show(catalog, known, restored=state.restored)

    def _catalog_of(self, connection: Connection, state: State, known: Catalog | None) -> Catalog:
        """Return the catalog of a database: of the known one, only ladders that have changed are read again."""
        releases: Iterable[Release]
        changed = () if known is None else find_changed_ladders(connection, known.revision)
        if known is None or state.restored or len(changed) >= _MANY:
            releases = find_releases(connection)
        else:
            fresh = {slug: find_releases(connection, slug) for slug in changed}
            releases = chain.from_iterable({**known.lines, **fresh}.values())
        generation = 0 if known is None else known.generation + state.restored
        catalog = Catalog.of(
            state.revision,
            releases,
            self._clock(),
            find_keys(connection),
            find_settings(connection),
            find_other_names(connection),
            closed=self._closed,
            generation=generation,
        )
        return replace(catalog, granted=granted_rights(connection))

    def _show(self, catalog: Catalog, known: Catalog | None, *, restored: bool) -> None:
        """Swap the catalog, after this thread has computed what the event loop will ask of it."""
        _ = catalog.in_force, catalog.valid_until, catalog.public_view, catalog.notices
        if restored:
            _log.warning("database restored", revision=catalog.revision)
        with self._swapping:
            newest = self._catalog
            if newest is known or newest is None or newest.revision <= catalog.revision:
                self._catalog = catalog  # else somebody who looked later was quicker

    def _tick(self) -> None:
        """Move the catalog to the present moment if a date ahead has been reached."""
        with self._swapping:
            catalog, now = self._catalog, self._clock()
            if catalog is not None and catalog.valid_until is not None and catalog.valid_until <= now:
                self._catalog = catalog.at(now)

    def _pause(self) -> float:
        pause = self._interval * self._jitter.uniform(0.8, 1.0)
        catalog = self._catalog
        if catalog is None or catalog.valid_until is None:
            return pause
        ahead = (catalog.valid_until - self._clock()).total_seconds()
        return min(pause, max(ahead, 0.01))
