"""What one process serves from: settings, database, clock, catalog and loaded releases, held together."""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from app.errors import LadderError
from app.serving.database import Database
from app.serving.freshness import Freshness
from app.serving.keep import Keep
from app.serving.loaded import LoadedReleases
from app.serving.metrics import Meter
from app.settings import Settings
from app.store.engine import open_engine

_WARM_UP_SECONDS: Final = 1.0
_READY_SECONDS: Final = 0.2
"""How long readiness waits for warm-up, which goes on behind it."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Everything a request may need beside itself."""

    settings: Settings
    engine: Engine
    database: Database
    clock: Callable[[], datetime]
    freshness: Freshness
    loaded: LoadedReleases
    keep: Keep
    meter: Meter

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], datetime]) -> "Serving":
        """Put the parts together; nothing is read or connected yet."""
        engine = open_engine(settings.database_url)
        freshness = Freshness(engine, clock, settings.revision_interval)
        database = Database(engine, lambda: freshness.reason)
        loaded, keep = LoadedReleases(database, settings.release_bytes), Keep(settings.cache_bytes)
        return cls(settings, engine, database, clock, freshness, loaded, keep, Meter(keep, loaded))

    async def start(self) -> None:
        """Make first contact with the database and begin to load what is in force."""
        await asyncio.to_thread(self.freshness.refresh)
        if self.freshness.status == "ok":
            warming = asyncio.create_task(asyncio.to_thread(self._warm_up))
            await asyncio.wait({warming}, timeout=_READY_SECONDS)

    async def watch(self) -> None:
        """Stay fresh, and hand over what was counted, until cancelled."""
        await self.freshness.run(lambda: self.meter.hand_over(reached=self.freshness.status == "ok"))

    async def close(self) -> None:
        """Let go of the database."""
        await self.freshness.close()
        self.database.close()
        self.engine.dispose()

    def _warm_up(self) -> None:
        """Load what is in force for a second, or until there is no room, and spare all of it the collector.

        What lives as long as the process would else be walked through again and again while requests come and go.
        """
        self._load_in_force()
        gc.collect()
        gc.freeze()

    def _load_in_force(self) -> None:
        deadline = time.monotonic() + _WARM_UP_SECONDS
        for release in self.freshness.catalog.in_force.values():
            if time.monotonic() > deadline or self.loaded.full:
                return
            try:
                self.loaded.get(release)
            except LadderError:
                return  # the database went away again; the first reader will see why
