"""Recording that scheduled releases have come into force, by the first process that sees the date pass.

The record is written in a thread of its own: it waits for the write lock, and nothing waits for it.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.errors import LadderError
from app.rubric.releases import newly_in_force
from app.serving.releases.catalog import Catalog
from app.serving.releases.freshness import Freshness
from app.store.engine import writing
from app.store.release_events import record_coming_into_force

_RETRY_SECONDS: Final = 30.0
"""Seconds until the next attempt after one that failed: the database may be locked or read-only for a while."""
_MOST_LADDERS: Final = 100
"""Ladders whose releases are recorded in one transaction."""
_log = structlog.get_logger("coming into force")


class ForceRecorder:
    """Writes the records of one process."""

    def __init__(self, engine: Engine, freshness: Freshness) -> None:
        self._engine = engine
        self._freshness = freshness
        self._thread = ThreadPoolExecutor(1, "coming-into-force")
        self._checked: Catalog | None = None
        self._running: Future[None] | None = None
        self._next_attempt = 0.0

    def look(self) -> None:
        """Begin to record what has come into force since the last look. Returns at once."""
        catalog = self._freshness.newest
        idle = self._running is None or self._running.done()
        if catalog is None or catalog is self._checked or not idle or self._freshness.reason is not None:
            return
        if time.monotonic() >= self._next_attempt:
            self._running = self._thread.submit(self.record, catalog)

    def record(self, catalog: Catalog) -> None:
        """Record what has come into force by the moment of a catalog. Never raises."""
        due = [slug for slug, line in catalog.lines.items() if newly_in_force(line, catalog.moment)]
        try:
            for start in range(0, len(due), _MOST_LADDERS):
                with writing(self._engine) as connection:
                    record_coming_into_force(connection, due[start : start + _MOST_LADDERS], catalog.moment)
        except (LadderError, SQLAlchemyError) as error:
            self._next_attempt = time.monotonic() + _RETRY_SECONDS
            _log.warning("not recorded", ladders=len(due), error=type(error).__name__)
        else:
            self._checked = catalog

    def close(self) -> None:
        """Begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
