"""The server time of the first read of each URL, on loaded releases: `python -m bench.first_reads DATABASE_URL`.

Prints a JSON object: by URL, the milliseconds by the clock and those of processor time.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping

from bench.figures import Budget, Figure, Spread, percentile
from bench.inside import run_rounds, started, timed
from bench.servers import Starter
from bench.urls import all_urls

PART = "First reads, in process, on loaded releases"


def measure_first_reads(starter: Starter, database_url: str, rounds: int) -> Iterator[Figure]:
    """Median and 99th percentile over every URL of both seeds, each round in a new process."""
    taken = run_rounds("first_reads", starter, rounds, database_url)
    yield from figures_of(taken)


def figures_of(rounds: list[Mapping[str, tuple[float, float]]]) -> Iterator[Figure]:
    """From the milliseconds by URL of each round."""
    for percent, budget in ((50, Budget("at most", 1)), (99, None)):
        clock, busy = (
            Spread.of([percentile([took[which] for took in times.values()], percent) for times in rounds])
            for which in (0, 1)
        )
        note = f"{len(rounds[0])} URLs, {busy.middle:.2f} ms of processor time"
        yield Figure(PART, f"first read of each URL, p{percent}", "ms", clock, budget, note)
    slowest = max(rounds[-1], key=lambda url: rounds[-1][url])
    spread = Spread.of([times[slowest][0] for times in rounds])
    yield Figure(PART, "the slowest of them", "ms", spread, note=slowest)


async def _first_reads(database_url: str) -> dict[str, tuple[float, float]]:
    urls = all_urls(database_url)
    async with started(database_url) as application:
        for path in ("/v1", "/docs"):  # what any first request builds is not the URL's own cost
            await timed(application, path)
        laps = {url: await timed(application, url) for url in urls}
    return {url: (1000 * taken.clock, 1000 * taken.busy) for url, taken in laps.items()}


if __name__ == "__main__":
    json.dump(asyncio.run(_first_reads(sys.argv[1])), sys.stdout)
