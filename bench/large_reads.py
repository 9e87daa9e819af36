"""The first reads of very large ladders: `python -m bench.large_reads DATABASE_URL`, in a process of its own.

Prints a JSON object: by ladder and URL, the milliseconds by the clock and those of processor time.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.rubric.index import Index
from app.rubric.releases import FIRST
from app.store.engine import open_engine, writing
from app.store.inserting import NewRelease
from app.store.releases import publish
from bench import databases
from bench.figures import Budget, Figure, Spread
from bench.generate import long_track, slug_of, wide
from bench.inside import run_rounds, started, timed
from bench.servers import Starter

PART: Final = "First reads of very large ladders, in process, on loaded releases"
_NAMES: Final = {slug_of(0): "700 levels", slug_of(1): "190 competencies by 200 levels"}
_BUDGET: Final = Budget("at most", 300)
_FILES: Final = (".csv", ".md", ".svg", ".xlsx")
"""The ends of URLs of files that hold everything. They have no budget."""

Times = Mapping[str, Mapping[str, tuple[float, float]]]


def measure_large_reads(starter: Starter, rounds: int) -> Iterator[Figure]:
    """Yield the time of each read, each round in a new process."""
    database_url = databases.empty(starter.folder, "large-reads")
    engine = open_engine(database_url)
    for ladder in (long_track(0), wide(1)):
        with writing(engine) as connection:
            publish(connection, NewRelease.of(ladder, FIRST, databases.PUBLISHED))
    engine.dispose()
    yield from figures_of(run_rounds("large_reads", starter, rounds, database_url))


def figures_of(rounds: Sequence[Times]) -> Iterator[Figure]:
    """Yield a figure for each URL from the milliseconds of each round."""
    for ladder, times in rounds[0].items():
        for url in times:
            clock, busy = (Spread.of([taken[ladder][url][which] for taken in rounds]) for which in (0, 1))
            budget = None if url.partition("?")[0].endswith(_FILES) else _BUDGET
            note = f"{busy.middle:.0f} ms of processor time"
            yield Figure(PART, f"{url.rpartition('@')[2]}, {_NAMES[ladder]}", "ms", clock, budget, note)


async def _reads(database_url: str) -> dict[str, dict[str, tuple[float, float]]]:
    async with started(database_url) as application:
        for path in ("/v1", "/docs"):  # what any first request builds is not the URL's own cost
            await timed(application, path)
        found: dict[str, dict[str, tuple[float, float]]] = {}
        for slug, release in application.serving.freshness.catalog.in_force.items():
            index = application.serving.loaded.get(release).index
            found[slug] = {}
            for url in _urls(f"{slug}@{release.version}", index):
                taken = await timed(application, url)
                found[slug][url] = 1000 * taken.clock, 1000 * taken.busy
        return found


def _urls(name: str, index: Index) -> Iterator[str]:
    """Yield the views and pages of a ladder; the most expensive levels are the highest."""
    home, page, levels = f"/v1/ladders/{name}", f"/ladders/{name}", list(index.levels)
    top, middle = levels[-1], levels[len(levels) // 2]
    pair = f"from={middle}&to={top}"
    yield from (f"{home}/matrix", f"{home}/matrix?rows=facets", f"{home}/levels/{top}/effective")
    yield from (f"{home}/levels/{middle}/next", f"{home}/compare?{pair}", f"{home}/levels/{top}/radar.svg")
    yield from (f"{home}/matrix.md", f"{home}/matrix.csv", f"{home}/matrix.csv?rows=facets")
    yield from (f"{home}/statements.csv", f"{home}/workbook.xlsx")
    yield from (page, f"{page}/matrix", f"{page}/levels/{top}", f"{page}/compare?{pair}")
    yield from (f"{page}/competencies/craft-1", f"{page}/print?part=competencies")


if __name__ == "__main__":
    json.dump(asyncio.run(_reads(sys.argv[1])), sys.stdout)
