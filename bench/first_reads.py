"""The server time of the first read of each URL, on loaded releases: `python -m bench.first_reads DATABASE_URL`.

Prints a JSON object: milliseconds by URL.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping

from bench.figures import Budget, Figure, Spread, percentile
from bench.inside import run_program, started, timed
from bench.servers import Starter
from bench.urls import all_urls

PART = "First reads, in process, on loaded releases"


def measure_first_reads(starter: Starter, database_url: str, rounds: int) -> Iterator[Figure]:
    """Median and 99th percentile over every URL of both seeds, each round in a new process."""
    taken = []
    for number in range(rounds):
        log = starter.folder / f"first-reads-{number}.log"
        taken.append(run_program("bench.first_reads", starter.cores, log, database_url))
    yield from figures_of(taken)


def figures_of(rounds: list[Mapping[str, float]]) -> Iterator[Figure]:
    """From the milliseconds by URL of each round."""
    count = f"{len(rounds[0])} URLs"
    for percent, budget in ((50, Budget("at most", 2)), (99, None)):
        spread = Spread.of([percentile(list(times.values()), percent) for times in rounds])
        yield Figure(PART, f"first read of each URL, p{percent}", "ms", spread, budget, count)
    slowest = max(rounds[-1], key=lambda url: rounds[-1][url])
    spread = Spread.of([times[slowest] for times in rounds])
    yield Figure(PART, "the slowest of them", "ms", spread, note=slowest)


async def _first_reads(database_url: str) -> dict[str, float]:
    urls = all_urls(database_url)
    async with started(database_url) as application:
        await timed(application, "/v1")  # what any first request builds is not the URL's own cost
        return {url: 1000 * await timed(application, url) for url in urls}


if __name__ == "__main__":
    json.dump(asyncio.run(_first_reads(sys.argv[1])), sys.stdout)
