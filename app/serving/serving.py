"""The parts that one process serves from: settings, database, clock, catalog and loaded releases."""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Engine, QueuePool

from app.errors import LadderError
from app.rubric.rules import Finding
from app.serving.access.admission import Admission
from app.serving.access.key_usage import Usage
from app.serving.access.session_cookie import BrowserSessions
from app.serving.answers.answer import Answer
from app.serving.answers.answer_cache import AnswerCache
from app.serving.answers.metrics import Meter
from app.serving.releases.coming_into_force import ForceRecorder
from app.serving.releases.comparison_cache import Comparisons, Diffs
from app.serving.releases.database import Database
from app.serving.releases.drafts import LoadedDrafts
from app.serving.releases.findings_cache import Checks, findings_of
from app.serving.releases.freshness import Freshness
from app.serving.releases.loaded_releases import Loaded, LoadedReleases
from app.serving.route_table import RouteTable
from app.serving.workers import Workers, drawing_workers, write_workers
from app.settings import Settings
from app.store.engine import open_engine

if TYPE_CHECKING:
    from app.serving.access.oidc_keys import Issuer
    from app.serving.access.oidc_sign_in import SignIn
    from app.serving.access.oidc_tokens import Tokens


_WARM_UP_SECONDS: Final = 1.0
_MOST_LOOKS: Final = 100
"""The number of times that closing checks if threads still use the database, 20 ms apart."""
_COLLECT_AFTER: Final = 50_000
"""New objects after which the garbage collector runs."""
_READY_SECONDS: Final = 0.1
"""The longest time that readiness waits for warm-up, which continues after it."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Everything that a request may need."""

    settings: Settings
    routes: RouteTable
    engine: Engine
    database: Database
    clock: Callable[[], datetime]
    freshness: Freshness
    loaded: LoadedReleases
    drafts: LoadedDrafts
    diffs: Diffs
    comparisons: Comparisons
    checks: Checks
    drawing: Workers
    writers: Workers
    cache: AnswerCache
    meter: Meter
    usage: Usage
    force_recorder: ForceRecorder
    issuer: "Issuer | None"
    """The issuer of tokens; None if only keys are accepted."""
    admission: Admission
    sign_in: "SignIn | None"
    """The sign-in at the issuer; None if people sign in with keys only."""

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], datetime], routes: RouteTable) -> "Serving":
        """Put the parts together; nothing is read or connected yet."""
        engine = open_engine(settings.database_url)
        closed = settings.read_access == "key"
        freshness = Freshness(engine, clock, settings.revision_interval, closed=closed)
        database = Database(engine, lambda: freshness.away)
        derived = settings.derived_bytes
        loaded, cache = LoadedReleases(database, settings.release_bytes), AnswerCache(settings.cache_bytes)
        drafts, meter = LoadedDrafts(database, loaded, derived // 2), Meter(cache, loaded)
        usage = Usage(engine, freshness, clock)
        issuer, tokens = _tokens_of(settings, clock)
        sessions = BrowserSessions(database, clock, settings.root_path)
        admission = Admission(settings, freshness, clock, usage, sessions, tokens)
        return cls(
            settings,
            routes,
            engine,
            database,
            clock,
            freshness,
            loaded,
            drafts,
            Diffs(derived // 4),
            Comparisons(derived // 8),
            Checks(derived // 8),
            drawing_workers(),
            write_workers(),
            cache,
            meter,
            usage,
            ForceRecorder(engine, freshness),
            issuer,
            admission,
            _sign_in_of(settings, issuer, tokens),
        )

    def findings_of(self, loaded: Loaded, answer: Answer) -> tuple[Finding, ...]:
        """Return the errors and warnings of a release or draft, as far as the caller may know of them.

        Raises Unavailable if the database is away.
        """

        def sees(ladder: str) -> bool:
            return ladder in answer.catalog.releases or answer.caller.reads_draft(ladder)

        return findings_of(self.checks, self.database, loaded, sees)

    async def start(self) -> None:
        """Make first contact with the database and begin to load what is in force."""
        await asyncio.to_thread(self.freshness.refresh)
        if self.freshness.status == "ok":
            warming = asyncio.create_task(asyncio.to_thread(self._warm_up))
            await asyncio.wait({warming}, timeout=_READY_SECONDS)

    async def watch(self) -> None:
        """Follow changes in the database and hand over metrics, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.usage.run())
            if self.issuer is not None:
                tasks.create_task(self.issuer.run())
            await self.freshness.run(self._after_look)

    def _after_look(self) -> None:
        self.meter.hand_over(reached=self.freshness.away is None)
        self.force_recorder.look()

    async def close(self) -> None:
        """Close connections to the database and end threads."""
        await self.freshness.close()
        self.database.close()
        self.usage.close()
        self.force_recorder.close()
        await self._idle()
        self.engine.dispose()

    async def _idle(self) -> None:
        """Wait for threads that are using the database, but not for long: what they hold would stay open."""
        pool = self.engine.pool
        for _ in range(_MOST_LOOKS):
            if not isinstance(pool, QueuePool) or pool.checkedout() == 0:
                return
            await asyncio.sleep(0.02)

    def _warm_up(self) -> None:
        """Load releases in force for a second, or until memory is full, and exclude them from garbage collection.

        The collector would otherwise walk through these objects again and again.
        """
        self._load_in_force()
        _spare()

    def _load_in_force(self) -> None:
        deadline = time.monotonic() + _WARM_UP_SECONDS
        for release in self.freshness.catalog.in_force.values():
            if time.monotonic() > deadline or self.loaded.full:
                return
            try:
                self.loaded.get(release)
            except LadderError:
                return  # the database went away again; the first reader will see why


def _tokens_of(
    settings: Settings, clock: Callable[[], datetime]
) -> tuple["Issuer", "Tokens"] | tuple[None, None]:
    """Return the configured issuer and the reader of its tokens; two times None without an issuer."""
    if not settings.oidc_issuer:
        return None, None
    # What asks an issuer and checks signatures takes a tenth of a second to load.
    from app.serving.access.oidc_keys import Issuer  # noqa: PLC0415
    from app.serving.access.oidc_tokens import Tokens  # noqa: PLC0415

    issuer = Issuer(settings.oidc_issuer, frozenset(settings.oidc_algorithms.split(",")))
    return issuer, Tokens(settings, issuer, clock)


def _sign_in_of(settings: Settings, issuer: "Issuer | None", tokens: "Tokens | None") -> "SignIn | None":
    """Return the sign-in of people at the issuer; None if it is not configured."""
    if issuer is None or tokens is None or not settings.oidc_client_id:
        return None
    from app.serving.access.oidc_sign_in import SignIn  # noqa: PLC0415 - slow to load, and rarely needed

    return SignIn(settings, issuer, tokens)


@cache
def _spare() -> None:
    """Exclude all present objects from garbage collection, once in a process, and collect less often.

    Ladders, diffs and rows hold no cycles, and the collector would walk through a large one hundreds of times.
    It does not collect before, which would take a third of a second of the start and free a thousand small objects.
    The result is cached because `gc.get_freeze_count` walks through all excluded objects.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def serving_in(scope: object) -> Serving:
    """Return the serving parts of the process that answers an ASGI scope."""
    application = cast("dict[str, Any]", scope)["app"]
    return cast("Serving", application.state.serving)
