"""Times at which keys were last used: noted when a request is admitted, written in the background.

No request waits for the write. If the database is not available, the times are lost without an error: they only help
people to find unused keys.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.errors import LadderError
from app.serving.releases.freshness import Freshness
from app.store.access.keys import note_uses
from app.store.engine import writing

SELDOM: Final = timedelta(minutes=1)
"""A key's last use is written at most this often."""
_PAUSE: Final = 10.0
"""Seconds between two looks at what was noted."""


class Usage:
    """The last uses of keys that one process saw."""

    def __init__(self, engine: Engine, freshness: Freshness, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._freshness = freshness
        self._clock = clock
        self._noted: dict[str, datetime] = {}
        self._due: dict[str, datetime] = {}
        self._forgotten = clock()
        self._thread = ThreadPoolExecutor(1, "usage")

    def note(self, key: str) -> None:
        """Note that a key was used, by its id."""
        now, before = self._clock(), self._noted.get(key)
        if before is None or now - before >= SELDOM:
            self._noted[key] = self._due[key] = now

    async def run(self) -> None:
        """Write what was noted, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_PAUSE)
            self._ask_again()
            await loop.run_in_executor(self._thread, self.write)

    def write(self) -> None:
        """Write what was noted since the last time. Never raises."""
        due, self._due = self._due, {}
        if due and self._freshness.reason is None:
            with suppress(LadderError, SQLAlchemyError):
                self._write(due)

    def close(self) -> None:
        """Write no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask_again(self) -> None:
        """Let every key be admitted the long way again, once a minute: hot reads note nothing."""
        newest, now = self._freshness.newest, self._clock()
        if newest is not None and now - self._forgotten >= SELDOM:
            newest.admitted.clear()
            self._forgotten = now

    def _write(self, due: Mapping[str, datetime]) -> None:
        with writing(self._engine) as connection:
            note_uses(connection, due, SELDOM)
