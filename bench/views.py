"""The server time of the first read of each view: `python -m bench.views DATABASE_URL`, in a process of its own.

Every URL is asked for once, of a pinned release: each level's `effective` and `next`, `compare` of every two levels,
and the `matrix` whole and by slices. Prints a JSON object: by ladder and view, for each URL the milliseconds by the
clock and those of processor time.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final

from app.rubric.entities import walk
from app.rubric.index import Index
from app.rubric.releases import FIRST
from app.store.engine import open_engine, writing
from app.store.inserting import NewRelease
from app.store.releases import publish
from bench.databases import PUBLISHED
from bench.figures import Budget, Figure, Spread, percentile
from bench.generate import ENTITIES_300, generate, slug_of
from bench.inside import run_rounds, started, timed
from bench.servers import Starter

PART: Final = "First reads of views, in process, on loaded releases"
BUDGETED: Final = slug_of(0)
"""The ladder of 300 entities, for which the budget is; the others show how it goes on."""

Times = Mapping[str, Mapping[str, Sequence[tuple[float, float]]]]


def measure_views(starter: Starter, database_url: str, rounds: int) -> Iterator[Figure]:
    """Yield the median of each view over all its URLs, each round in a new process; adds a ladder to the database."""
    engine, ladder = open_engine(database_url), generate(0, ENTITIES_300)
    with writing(engine) as connection:
        publish(connection, NewRelease.of(ladder, FIRST, PUBLISHED))
    engine.dispose()
    taken = run_rounds("views", starter, rounds, database_url)
    yield from figures_of(taken, len(list(walk(ladder))))


def figures_of(rounds: Sequence[Times], entities: int) -> Iterator[Figure]:
    """From the times of each round; `entities` is how many the ladder with the budget has."""
    for ladder in sorted(rounds[0], key=lambda slug: slug != BUDGETED):
        named, budget = ladder, None
        if ladder == BUDGETED:
            named, budget = f"{entities} entities", Budget("at most", 2)
        for view, asked in rounds[0][ladder].items():
            clock, busy = (
                Spread.of([percentile([took[which] for took in times[ladder][view]], 50) for times in rounds])
                for which in (0, 1)
            )
            note = f"{len(asked)} URLs, {busy.middle:.2f} ms of processor time"
            yield Figure(PART, f"{view}, {named}, p50", "ms", clock, budget, note)


async def _views(database_url: str) -> dict[str, dict[str, list[tuple[float, float]]]]:
    async with started(database_url) as application:
        for path in ("/v1", "/docs"):  # what any first request builds is not the URL's own cost
            await timed(application, path)
        found: dict[str, dict[str, list[tuple[float, float]]]] = {}
        serving = application.serving
        for slug, release in serving.freshness.catalog.in_force.items():
            index = serving.loaded.get(release).index
            found[slug] = {}
            for view, urls in _urls(f"/v1/ladders/{slug}@{release.version}", index).items():
                laps = [await timed(application, url) for url in urls]
                found[slug][view] = [(1000 * lap.clock, 1000 * lap.busy) for lap in laps]
        return {
            slug: {view: times for view, times in views.items() if times} for slug, views in found.items()
        }


def _urls(home: str, index: Index) -> dict[str, list[str]]:
    levels, matrix = list(index.levels), f"{home}/matrix"
    slices = [f"track={track}" for track in index.tracks] + [f"level={level}" for level in levels]
    slices += [f"competency={competency}" for competency in index.competencies]
    return {
        "effective": [f"{home}/levels/{level}/effective" for level in levels],
        "next": [f"{home}/levels/{level}/next" for level in levels],
        "compare": [f"{home}/compare?from={one}&to={other}" for one, other in permutations(levels, 2)],
        "matrix": [matrix, *(f"{matrix}?{one}" for one in slices)],
        "matrix by facets": [f"{matrix}?rows=facets", *(f"{matrix}?{one}&rows=facets" for one in slices)],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(_views(sys.argv[1])), sys.stdout)
