"""Behind a cache: pinned URLs reach the application once, unpinned ones are revalidated, and it may be down."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest

from app.store.access.keys import create_key
from app.store.engine import writing
from tests.databases import SqliteDatabases, opened
from tests.serving.processes import serving, until
from tests.serving.proxy import Proxied, behind_nginx

HOME: Final = "/v1/ladders/netflix-engineering"
GZIP: Final = {"accept-encoding": "gzip"}
MAX_AGE: Final = 10
"""Seconds for which an unpinned answer is fresh; nginx counts whole ones."""
REVALIDATED_FOR: Final = 30
"""Seconds for which it may be used after that while it is asked for again."""
READERS: Final = 4


@pytest.fixture
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        yield url


@pytest.fixture
def key(seeded: str) -> str:
    with opened(seeded) as engine, writing(engine) as connection:
        return create_key(connection, "ada", ["read"], datetime.now(UTC))[0]


@pytest.fixture
def proxied(seeded: str, tmp_path: Path) -> Iterator[Proxied]:
    with (
        serving(seeded, LADDER_ACCESS_LOG="all", LADDER_LOG_LEVEL="info") as server,
        behind_nginx(server, tmp_path) as found,
    ):
        yield found


def pinned_urls(proxied: Proxied) -> list[str]:
    """The URLs of all competencies and facets of a release."""
    listed = [
        httpx.get(f"{proxied.server.base}{HOME}@1.0.0/{collection}?limit=500", timeout=60).json()["items"]
        for collection in ("competencies", "facets")
    ]
    return [item["links"]["self"] for items in listed for item in items]


def read_all(proxied: Proxied, urls: list[str]) -> Counter[tuple[int, str]]:
    """Read the URLs in turn by several readers at once: how often each status and cache status was met."""

    def read(own: list[str]) -> Counter[tuple[int, str]]:
        with proxied.client() as client:
            answers = (client.get(url, headers=GZIP) for url in own)
            return Counter((answer.status_code, answer.headers["x-cache"]) for answer in answers)

    with ThreadPoolExecutor(READERS) as pool:
        return sum(pool.map(read, (urls[number::READERS] for number in range(READERS))), Counter())


def settled(proxied: Proxied, urls: list[str], least: int) -> Counter[tuple[str, int]]:
    """Wait until at least this many reads are logged, and count those of these URLs that reached the application."""

    def reached() -> Counter[tuple[str, int]]:
        return Counter({asked: times for asked, times in proxied.reached().items() if asked[0] in urls})

    until(lambda: reached().total() >= least, within=5)
    return reached()


@pytest.mark.parametrize("reads", [2_000, pytest.param(50_000, marks=pytest.mark.soak)])
def test_many_reads_of_pinned_urls_reach_the_application_once_each(proxied: Proxied, reads: int) -> None:
    urls = pinned_urls(proxied)
    asked = urls * (reads // len(urls))
    random.Random(1).shuffle(asked)  # noqa: S311 - an order, not a secret
    began = time.monotonic()
    statuses = read_all(proxied, asked)
    seconds = time.monotonic() - began
    reached = settled(proxied, urls, len(urls))
    figures = f"{len(asked)} reads of {len(urls)} pinned URLs in {seconds:.1f} s"
    print(f"{figures} reached the API {reached.total()} times")  # noqa: T201 - the figures
    assert {status for status, _ in statuses} == {200}
    assert reached == Counter({(url, 200): 1 for url in urls})
    assert statuses[200, "HIT"] == len(asked) - len(urls)


def test_codings_are_kept_apart(proxied: Proxied) -> None:
    url = f"{HOME}@1.0.0/document"
    codings = ("gzip", "br", "zstd", "identity")
    with proxied.client() as client:
        for cached in ("MISS", "HIT"):
            answers = {coding: client.get(url, headers={"accept-encoding": coding}) for coding in codings}
            got = {
                coding: answer.headers.get("content-encoding", "identity")
                for coding, answer in answers.items()
            }
            assert got == {coding: coding for coding in codings}
            assert {answer.headers["x-cache"] for answer in answers.values()} == {cached}
            assert {answer.headers["vary"] for answer in answers.values()} == {"accept-encoding"}
            assert len({answer.headers["etag"] for answer in answers.values()}) == len(codings)
    assert settled(proxied, [url], len(codings)) == {(url, 200): len(codings)}


def test_a_client_that_has_a_response_gets_304_from_the_cache(proxied: Proxied) -> None:
    url = f"{HOME}@1.0.0/levels/l5"
    with proxied.client() as client:
        first = client.get(url, headers=GZIP)
        known = client.get(url, headers={**GZIP, "if-none-match": first.headers["etag"]})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])
    assert known.headers["x-request-id"] != first.headers["x-request-id"]
    assert settled(proxied, [url], 1) == {(url, 200): 1}


def test_responses_to_requests_with_a_key_are_not_stored(key: str, proxied: Proxied) -> None:
    url = f"{HOME}@1.0.0/levels/l5?fields=title"
    with proxied.client() as client:
        for _ in range(2):
            answer = client.get(url, headers={"authorization": f"Bearer {key}"})
            assert (answer.status_code, answer.headers["x-cache"]) == (200, "BYPASS")
    until(
        lambda: proxied.reached()[url.partition("?")[0], 200] == 2, within=5
    )  # it is logged once it is sent


def test_an_unpinned_answer_is_revalidated_and_outlives_the_application(proxied: Proxied) -> None:
    _outlives(proxied, MAX_AGE + 1.5)


@pytest.mark.soak
def test_a_cached_response_outlives_the_application_beyond_revalidation(proxied: Proxied) -> None:
    _outlives(proxied, MAX_AGE + REVALIDATED_FOR + 1)


def _outlives(proxied: Proxied, seconds: float) -> None:
    moving, still, pinned = f"{HOME}/levels", f"{HOME}/competencies", f"{HOME}@1.0.0/levels"
    with proxied.client() as client:
        for url in (moving, still, pinned):
            assert [client.get(url, headers=GZIP).headers["x-cache"] for _ in range(2)] == ["MISS", "HIT"]
        time.sleep(seconds)
        again = client.get(moving, headers=GZIP)
        assert (again.status_code, again.headers["x-cache"] in {"STALE", "REVALIDATED"}) == (200, True)
        until(lambda: proxied.reached()[moving, 304] == 1, within=5)
        assert client.get(moving, headers=GZIP).headers["x-cache"] == "HIT"
        assert proxied.reached()[moving, 200] == 1

        proxied.server.process.kill()
        proxied.server.process.wait()
        answers = {url: client.get(url, headers=GZIP) for url in (still, moving, pinned)}
        assert {url: (answer.status_code, answer.headers["x-cache"]) for url, answer in answers.items()} == {
            still: (200, "STALE"),
            moving: (200, "HIT"),
            pinned: (200, "HIT"),
        }
        refused = client.get(f"{HOME}@1.0.0/levels/l5", headers=GZIP)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert (refused.headers["content-type"], refused.headers["retry-after"]) == (
            "application/problem+json",
            "5",
        )
