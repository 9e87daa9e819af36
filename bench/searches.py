"""Searching many ladders, on both engines: `python -m bench.searches DATABASE_URL` asks in a process of its own.

Prints a JSON object: by question, the milliseconds by the clock and those of this process's time, for each asking.
Each asks for another number of hits, so that none is answered from memory.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from app.store.engine import open_engine
from app.store.maintenance.copying import copy_all
from bench import databases
from bench.contest import tell
from bench.figures import Budget, Figure, Spread, percentile
from bench.inside import run_program, started, timed
from bench.servers import Starter
from tests.databases import PostgresDatabases, postgres_server

LADDERS: Final = 1_000
QUICK: Final = 100
QUESTIONS: Final = {
    "a rare word": "777",
    "a name among many": "guild 500",
    "a common word": "harvests",
    "the most common word": "calm",
    "two common words": "harvests calm",
    "a phrase": '"calm voice"',
    "a beginning": "lant*",
    "a common name": "G1",
    "many words": "builds shared bridges sailors week",
    "nothing": "zyzzyva",
}
"""Words of `generate.py`: `calm` is in more than a third of all entities, `777` in one."""
_LIMITS: Final = range(30, 61)

Times = Mapping[str, Sequence[tuple[float, float]]]


def measure_searches(starter: Starter, count: int) -> Iterator[Figure]:
    """Yield the server time of searches that nobody asked before, over so many ladders."""
    tell(f"  a database of {count:,} ladders (kept for the next time)")
    sqlite = databases.ladders(starter.folder, count)
    yield from figures_of("SQLite", count, _asked(starter, sqlite, "sqlite"))
    tell("  the same copied into PostgreSQL")
    with postgres_server() as server:
        postgres = PostgresDatabases(server)
        with postgres.fresh("blank") as url:
            source = open_engine(sqlite)
            copy_all(source, url)
            source.dispose()
            yield from figures_of("PostgreSQL", count, _asked(starter, url, "postgresql"))
        postgres.close()


def figures_of(engine: str, count: int, times: Times) -> Iterator[Figure]:
    """Yield the median over all, which has the budget, and the median of each question."""
    part = f"Searching {count:,} ladders, on {engine}"
    everything = [clock for asked in times.values() for clock, _ in asked]
    yield Figure(
        part,
        "search across ladders, p50 over all",
        "ms",
        Spread.of([percentile(everything, 50)]),
        Budget("at most", 10),
        f"{len(times)} questions, each asked {len(_LIMITS)} times; p99 {percentile(everything, 99):.3g} ms",
    )
    for question, asked in times.items():
        note = (
            f"`{QUESTIONS[question]}`, {percentile([busy for _, busy in asked], 50):.2g} ms of processor time"
        )
        yield Figure(part, question, "ms", Spread.of([clock for clock, _ in asked]), note=note)


def _asked(starter: Starter, database_url: str, engine: str) -> Times:
    log = starter.folder / f"searches-{engine}.log"
    found: Times = run_program("bench.searches", starter.cores, log, database_url)
    return found


async def _searches(database_url: str) -> Times:
    async with started(database_url) as application:
        for question in QUESTIONS.values():
            await timed(application, f"/v1/search?{urlencode({'q': question})}")
        found = {}
        for name, question in QUESTIONS.items():
            urls = [f"/v1/search?{urlencode({'q': question, 'limit': limit})}" for limit in _LIMITS]
            laps = [await timed(application, url) for url in urls]
            found[name] = [(1000 * lap.clock, 1000 * lap.busy) for lap in laps]
        return found


if __name__ == "__main__":
    json.dump(asyncio.run(_searches(sys.argv[1])), sys.stdout)
