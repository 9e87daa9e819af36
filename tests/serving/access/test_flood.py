"""A flood of distinct valid URLs: it evicts no hot answer, and memory stays within the limit."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Final

import pytest

from tests.databases import SqliteDatabases
from tests.serving.asgi import ask, started
from tests.serving.processes import resident

LIMIT: Final = 4_000_000
GZIP: Final = [(b"accept-encoding", b"gzip")]
LEVEL: Final = "/v1/ladders/netflix-engineering@1.0.0/levels/l5"
HOT: Final = (
    "/v1/ladders",
    "/v1/ladders/netflix-engineering",
    "/v1/ladders/netflix-engineering/competencies",
    "/v1/ladders/example-engineering@1.0.0/levels",
    LEVEL,
)
_FIELDS: Final = (
    *("title", "code", "rank", "summary", "scope", "attributes", "years_from", "years_to", "track"),
    *("other_titles", "formerly", "references", "sources", "alignments", "external_ids", "examples"),
)


def distinct(number: int) -> Iterator[str]:
    """Valid URLs, all different: the fields of a level, named in every order."""
    orders = itertools.islice(itertools.permutations(_FIELDS, 4), number)
    return (f"{LEVEL}?fields={','.join(names)}" for names in orders)


async def _flood(url: str, number: int) -> None:
    async with started(url, cache_bytes=LIMIT) as application:
        serving = application.serving
        for hot, _ in itertools.product(HOT, range(3)):
            assert (await ask(application, hot, GZIP)).status == 200
        for flooding in itertools.islice(distinct(number), number // 4):  # until the limit is reached
            await ask(application, flooding)
        full = resident()
        for flooding in itertools.islice(distinct(number), number // 4, None):
            assert (await ask(application, flooding)).status == 200
            assert serving.cache.size <= LIMIT
        assert len(serving.cache) + serving.cache.evictions == number + len(HOT)
        assert serving.cache.evictions > number // 4
        hits = serving.meter.hits
        for hot in HOT:
            await ask(application, hot, GZIP)
        assert serving.meter.hits - hits == len(HOT)
        print(f"{number} URLs: {serving.cache.size} bytes kept, resident {full} then {resident()}")  # noqa: T201 - the figures
        assert resident() - full < LIMIT


def test_a_flood_of_urls_evicts_no_hot_response_and_keeps_to_the_limit(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url:
        asyncio.run(_flood(url, 4_000))


@pytest.mark.soak
def test_a_flood_of_twenty_thousand_urls_evicts_no_hot_response(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url:
        asyncio.run(_flood(url, 20_000))
