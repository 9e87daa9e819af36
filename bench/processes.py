"""Measurements with several processes: news of a publish, and throughput of two workers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Final

from app.rubric.ladder import Ladder
from app.store.audit import Actor
from app.store.engine import open_engine, writing
from app.store.publishing import PublishRequest, carry_out, plan_release
from bench import databases
from bench.cases import LEVEL
from bench.contest import Pace, compete
from bench.contestants.replay import Replay
from bench.figures import Budget, Figure, Spread
from bench.generate import generate
from bench.load import Target
from bench.machine import Cores
from bench.servers import ROOT, Server, Starter, get

NEWS: Final = "News of a publish, on SQLite"
WORKERS: Final = "Two workers beside one"
_PATIENCE: Final = 10
"""Seconds after which a publish counts as never seen."""


def measure_news(starter: Starter, rounds: int) -> Iterator[Figure]:
    """Publish in this process; ask two servers until both have it."""
    url = databases.empty(starter.folder, "news")
    _publish(url, generate(0))
    with starter.ladder(url) as one, starter.ladder(url) as other:
        seconds = [_until_seen(url, number, (one, other)) for number in range(1, rounds + 1)]
    name = "a publish seen by both of two other processes"
    yield Figure(NEWS, name, "s", Spread.of(seconds), Budget("at most", 1))


def measure_workers(starter: Starter, database_url: str, pace: Pace, load: Cores) -> Iterator[Figure]:
    """Yield the same load on one worker and on two, for ours and for the bare application.

    Where the machine has two cores only, the load takes its share of both: the bare figure tells how much.
    """
    if not _has_workers():
        name = "throughput of 2 workers beside 1"
        yield Figure(WORKERS, name, "x", None, note="`ladder serve` has no --workers")
        return
    with ExitStack() as stack:
        ours = {n: stack.enter_context(starter.ladder(database_url, "--workers", str(n))) for n in (1, 2)}
        taken = Replay(ours[1].origin, {}, (LEVEL,))
        bare = {n: stack.enter_context(starter.bare(taken, "--workers", str(n))) for n in (1, 2)}
        servers = {f"ours {n}": ours[n] for n in ours} | {f"bare {n}": bare[n] for n in bare}
        targets = {name: Target(server.origin + LEVEL, {}) for name, server in servers.items()}
        result = compete(targets, pace, load)
    for name in ("ours", "bare"):
        rates = " and ".join(f"{result.rate(f'{name} {n}').middle:,.0f}/s" for n in (1, 2))
        yield Figure(
            WORKERS, f"{name}: 2 workers beside 1", "x", result.ratio(f"{name} 2", f"{name} 1"), note=rates
        )


def _has_workers() -> bool:
    command = (sys.executable, "-m", "app", "serve", "--help")
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return "--workers" in done.stdout


def _publish(database_url: str, ladder: Ladder) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        now = datetime.now(UTC)
        wish = PublishRequest(now, "minor" if ladder.attribution else None)
        carry_out(
            connection, plan_release(connection, ladder, wish, require_review=False), Actor("bench"), now
        )
    engine.dispose()


def _until_seen(database_url: str, number: int, servers: tuple[Server, ...]) -> float:
    """Publish a next release; gives the seconds until the last server answers with it."""
    ladder = generate(0).model_copy(update={"attribution": f"Edition {number}"})
    _publish(database_url, ladder)
    started = time.perf_counter()
    waiting = set(servers)
    while waiting and time.perf_counter() - started < _PATIENCE:
        for server in tuple(waiting):
            body = json.loads(get(server.origin, f"/v1/ladders/{ladder.slug}")[0])
            if body["release"] == f"1.{number}.0":
                waiting.remove(server)
        time.sleep(0.005)
    return time.perf_counter() - started
