"""Mixed load with publishes for a long time: no error, and no growth of memory.

`make test` runs it for eight seconds, `make soak` for ten minutes or SOAK_SECONDS.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

import httpx
import pytest

from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from tests.databases import SqliteDatabases, opened
from tests.serving.processes import Server, resident, serving
from tests.store.samples import large, release

HOMES: Final = (
    "/v1/ladders/netflix-engineering",
    "/v1/ladders/example-engineering@1.1.0",
    "/v1/ladders/living",
)
PLACES: Final = (
    "",
    "/document",
    "/levels",
    "/competencies",
    "/expectations?limit=20",
    "/tracks",
    "/releases",
)
CODINGS: Final = ("gzip", "br", "zstd", "identity")
LIMITS: Final = {"LADDER_CACHE_BYTES": "4000000", "LADDER_RELEASE_BYTES": "4000000"}
"""So small that memory is full long before the end."""
READERS: Final = 3
PAUSE: Final = 0.005
"""Seconds between two requests of a reader: the load lasts, and leaves the servers time to answer in."""
WARM_UP: Final = 0.4
"""The share of the time after which memory grows little: it settles, the later the more is published."""
READING: Final = 0.8
"""The share of the time after which nothing is published, so memory must not grow at all."""
WORKERS: Final = 2
SETTLING: Final = 20_000_000
"""Bytes that all workers together may grow after the warm-up, while releases are published."""


@dataclass
class Watched:
    """The responses that readers got, and the memory of the workers."""

    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    """Answers and failures that were not to be."""
    resident: list[int] = field(default_factory=list)
    """Bytes of all workers together, at equal distances of time."""
    published: int = 0


def living(number: int) -> Ladder:
    return large(200, "living", f"Living, number {number}")


def ask(
    client: httpx.Client, dice: random.Random, known: dict[str, str]
) -> tuple[str, httpx.Response, set[int]]:
    """One request of the mix: what was asked, what came, and which statuses are right."""
    headers = {"accept-encoding": dice.choice(CODINGS)}
    path = dice.choice(HOMES) + dice.choice(PLACES)
    kind = dice.random()
    if kind < 0.1:  # mostly a first read
        path = f"{HOMES[1]}/examples?limit={dice.randint(1, 500)}&fields=slug,title"
    elif kind < 0.15:
        return path, client.get(f"{HOMES[0]}/levels/none-{dice.randint(1, 999)}"), {404}
    elif kind < 0.2:
        return path, client.head(path.replace("@1.1.0/releases", "/releases"), headers=headers), {200}
    path = path.replace("@1.1.0/releases", "/releases")
    answer = client.get(path, headers={**headers, "if-none-match": known.get(path, '"none"')})
    known[path] = answer.headers.get("etag", "")
    return path, answer, {200, 304}


def read(server: Server, ending: Event, watched: Watched, seed: int) -> None:
    dice, known = random.Random(seed), dict[str, str]()  # noqa: S311 - a mix of requests, no secret
    newest = Version(0, 0, 0)
    with server.client() as client:
        while not ending.wait(PAUSE):
            try:
                path, answer, right = ask(client, dice, known)
            except httpx.HTTPError as error:
                watched.wrong.append(repr(error))
                continue
            watched.answers += 1
            if answer.status_code not in right:
                watched.wrong.append(f"{answer.status_code} {path} {answer.text[:200]}")
            if path == HOMES[2] and answer.status_code == 200 and answer.content:
                seen = Version.parse(answer.json()["release"])
                if seen < newest:  # one connection asks one worker, whose time runs forward
                    watched.wrong.append(f"{seen} after {newest}")
                newest = seen


@contextmanager
def readers(server: Server, watched: Watched) -> Iterator[None]:
    ending = Event()
    threads = [Thread(target=read, args=(server, ending, watched, seed)) for seed in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def soak(databases: SqliteDatabases, seconds: float) -> Watched:
    watched = Watched()
    with databases.fresh("seeded") as url, opened(url) as engine:
        release(engine, living(0))
        with serving(url, workers=WORKERS, **LIMITS) as server, readers(server, watched):
            start = time.monotonic()
            while (passed := time.monotonic() - start) < seconds:
                if passed < READING * seconds:
                    watched.published += 1
                    number, now = watched.published, datetime.now(UTC)
                    release(engine, living(number), f"1.0.{number}", published=now)
                for _ in range(4):
                    time.sleep(min(seconds / 80, 1))
                    watched.resident.append(sum(resident(pid) for pid in server.pids()))
            assert '"level": "error"' not in server.logged()
    return watched


def growth(resident: list[int]) -> int:
    """Return bytes by which memory grew in a part of the time: a line through its measures, from start to end."""
    middle, mean = (len(resident) - 1) / 2, sum(resident) / len(resident)
    spread = sum((place - middle) ** 2 for place in range(len(resident)))
    slope = sum((place - middle) * (held - mean) for place, held in enumerate(resident)) / spread
    return int(slope * (len(resident) - 1))


def verdict(watched: Watched, most: int) -> None:
    measures = len(watched.resident)
    settled, reading = (int(measures * share) for share in (WARM_UP, READING))
    publishing, quiet = growth(watched.resident[settled:reading]), growth(watched.resident[reading:])
    print(  # noqa: T201 - the figures
        f"{watched.answers} answers, {watched.published} publishes, resident {watched.resident[0]} at first, "
        f"{watched.resident[-1]} at last, growth after warm-up {publishing} bytes, "
        f"after the last publish {quiet}"
    )
    assert watched.wrong == []
    assert watched.answers > 500
    assert publishing < max(most, SETTLING)
    assert quiet < most


def test_eight_seconds_of_mixed_load_give_no_error(sqlite_databases: SqliteDatabases) -> None:
    """Too short to tell a leak from a warm-up; only gross growth would show."""
    verdict(soak(sqlite_databases, 8), most=60_000_000)


@pytest.mark.soak
def test_ten_minutes_of_mixed_load_give_no_error_and_no_growth(sqlite_databases: SqliteDatabases) -> None:
    verdict(soak(sqlite_databases, float(os.environ.get("SOAK_SECONDS", "600"))), most=2_000_000)
