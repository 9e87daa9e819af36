"""Many ladders in one database: hot reads, start, memory, and the list of all ladders."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench import databases
from bench.contest import Pace, Result, compete, tell
from bench.contestants.replay import Replay
from bench.figures import Budget, Figure, Spread
from bench.generate import slug_of
from bench.load import Target
from bench.machine import Cores
from bench.servers import Server, Starter, get, resident_megabytes

PART: Final = "Many ladders in the database"
FULL: Final = (1, 100, 10_000)
QUICK: Final = (1, 100)
_LEVEL: Final = f"/v1/ladders/{slug_of(0)}/levels/g1"
_PAGE: Final = 400
"""Ladders on a page, which is the last one's length too where there are 10,000."""
_REPEATS: Final = 10
"""First reads of either page: each asks for one ladder more than the one before, which is another URL."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The costs of a number of ladders."""

    ladders: int
    start: Spread
    """Seconds from the process's start to its first answer."""
    start_busy: float
    """Seconds of processor time of that, in the middle round."""
    memory: float
    """MB held after the load."""
    first_page: Spread
    """Milliseconds of a first read of a page of some 400 ladders."""
    last_page: Spread


def measure_scale(starter: Starter, counts: Sequence[int], pace: Pace, cores: Cores) -> list[Figure]:
    """Run all servers at the same time, with load on one at a time."""
    for count in counts:
        tell(f"  a database of {count:,} ladders (kept for the next time)")
        databases.ladders(starter.folder, count)
    urls = {count: databases.ladders(starter.folder, count) for count in counts}
    starts = {count: [_start(starter, url) for _ in range(pace.rounds)] for count, url in urls.items()}
    with ExitStack() as stack:
        servers = {count: stack.enter_context(starter.ladder(url)) for count, url in urls.items()}
        bare = stack.enter_context(starter.bare(Replay(servers[counts[0]].origin, {}, (_LEVEL,))))
        targets = {
            str(count): Target(server.origin + _LEVEL, {}, None, server.process)
            for count, server in servers.items()
        }
        result = compete(
            {"bare": Target(bare.origin + _LEVEL, {}, None, bare.process), **targets}, pace, cores
        )
        crowds = [_crowd(count, starts[count], servers[count]) for count in counts]
    return list(figures_of(crowds, result))


def _start(starter: Starter, database_url: str) -> Server:
    """Start a server, stop it, and return its costs."""
    with starter.ladder(database_url) as server:
        return server


def _crowd(count: int, starts: Sequence[Server], server: Server) -> Crowd:
    """Return the times of the pages, and the memory after pages and load."""
    cursor, limits = _last_cursor(server.origin), range(_PAGE + 1, _PAGE + 1 + 2 * _REPEATS)
    pages = [
        [1000 * get(server.origin, f"/v1/ladders?limit={limit}{which}")[1] for limit in chosen]
        for which, chosen in (("", limits[:_REPEATS]), (cursor, limits[_REPEATS:]))
    ]
    return Crowd(
        count,
        Spread.of([one.start_seconds for one in starts]),
        median(one.start_busy for one in starts),
        resident_megabytes(server.process),
        *map(Spread.of, pages),
    )


def _last_cursor(origin: str) -> str:
    """Return the cursor of the last page; empty if the first page is the last."""
    path = f"/v1/ladders?limit={_PAGE}"
    while True:
        links = json.loads(get(origin, path)[0])["links"]
        if "next" not in links:
            return "".join(f"&{part}" for part in path.partition("?")[2].split("&") if "cursor=" in part)
        path = links["next"]


def figures_of(crowds: Sequence[Crowd], result: Result) -> Iterator[Figure]:
    """Yield each count of ladders beside one ladder; the budgets are those of 10,000."""
    few = crowds[0]
    for crowd in crowds:
        many = f"{crowd.ladders:,} ladders" if crowd.ladders > 1 else "1 ladder"
        name = str(crowd.ladders)
        note = f"ours {result.rate(name).middle:,.0f}/s"
        yield Figure(PART, f"hot read beside bare, {many}", "x", result.ratio(name, "bare"), note=note)
        if crowd is not few:
            ratio, thrift = (of(name, str(few.ladders)) for of in (result.ratio, result.thrift))
            note = "" if thrift is None else f"{thrift.middle:.2f} x by processor time"
            title, least = f"hot read beside that with 1 ladder, {many}", Budget("at least", 0.9)
            yield Figure(PART, title, "x", ratio, least, note)
        busy = f"{crowd.start_busy:.2f} s of processor time"
        yield Figure(PART, f"start, {many}", "s", crowd.start, Budget("at most", 1.5), busy)
        memory = Spread.of([crowd.memory])
        yield Figure(PART, f"resident memory, {many}", "MB", memory, Budget("at most", 200), "after the load")
        yield Figure(PART, f"first page of /v1/ladders, {many}", "ms", crowd.first_page, note="a first read")
        yield Figure(PART, f"last page of /v1/ladders, {many}", "ms", crowd.last_page, note="a first read")
