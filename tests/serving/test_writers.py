"""Writers that wait for the database: bounded in number, refused in time, and never in the way of reads."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from app.serving.workers import MOST_WAITING, WRITES
from app.store.access.keys import create_key
from app.store.engine import writing
from app.store.revision import take_revision
from tests.databases import SqliteDatabases, opened
from tests.serving.outages import Losable, losable_postgresql, losable_sqlite
from tests.serving.processes import Server, problem_of, serving, until
from tests.store.samples import release, small

WRITERS: Final = 70
MORE: Final = WRITES + MOST_WAITING
LEVELS: Final = "/v1/ladders/netflix-engineering@1.0.0/levels"
LOADED: Final = tuple(f"{LEVELS}?limit={number}" for number in range(1, 31))
"""URLs of a release that is in memory; none was read before."""
NOT_LOADED: Final = tuple(f"/v1/ladders/other@1.0.0/levels?limit={number}" for number in range(1, 4))
WRITE_SECONDS: Final = 17.0
"""Seconds in which each writer is answered: five to wait for its turn, and for the lock five, or ten on PostgreSQL,
which limits the wait for the row and the wait for the transaction that holds it separately."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def losable(request: pytest.FixtureRequest) -> Iterator[Losable]:
    sqlite: SqliteDatabases = request.getfixturevalue("sqlite_databases")
    with losable_sqlite(sqlite) if request.param == "sqlite" else losable_postgresql() as found:
        with opened(found.url) as engine:
            release(engine, small("other"), "1.0.0")
        yield found


@contextmanager
def another_writer(url: str) -> Iterator[None]:
    """A transaction of another program that has changed something and does not end."""
    with opened(url) as engine, writing(engine) as connection:
        take_revision(connection)
        yield


def test_first_reads_do_not_wait_behind_writers_at_a_locked_database(losable: Losable) -> None:
    key = key_of(losable)
    with serving(losable.url) as server, ThreadPoolExecutor(WRITERS) as pool:
        assert server.get(LEVELS).status_code == 200
        with another_writer(losable.url):
            answers = [pool.submit(write, server, key, number) for number in range(WRITERS)]
            time.sleep(0.3)
            reads = [timed(server, path) for path in (*LOADED, *NOT_LOADED)]
            assert {answer.status_code for answer, _ in reads} == {200}
            assert max(seconds for _, seconds in reads) < 1
            refused_in_time(answers)
        assert until(lambda: write(server, key, 0)[0].status_code == 201, within=5) < 5


def test_first_reads_do_not_wait_behind_writers_at_a_silent_database(losable: Losable) -> None:
    key = key_of(losable)
    with serving(losable.url) as server, ThreadPoolExecutor(WRITERS) as pool:
        assert server.get(LEVELS).status_code == 200
        with losable.ways["silent"]():
            answers = [pool.submit(write, server, key, number) for number in range(WRITERS)]
            time.sleep(0.3)
            reads = [timed(server, path) for path in LOADED]
            assert {answer.status_code for answer, _ in reads} == {200}
            assert max(seconds for _, seconds in reads) < 1
            time.sleep(1)
        for answer in answers:
            assert answer.result()[0].status_code in {201, 503}


def test_writers_beyond_the_queue_are_refused_at_once(losable: Losable) -> None:
    key = key_of(losable)
    with serving(losable.url) as server, ThreadPoolExecutor(2 * MORE) as pool:
        with another_writer(losable.url):
            answers = [pool.submit(write, server, key, number) for number in range(MORE + 40)]
            refused_in_time(answers)
        seconds = sorted(answer.result()[1] for answer in answers)
        assert seconds[30] < 4


def key_of(losable: Losable) -> str:
    with opened(losable.url) as engine, writing(engine) as connection:
        key, _ = create_key(connection, "Ada", ["write"], datetime.now(UTC))
        return key


def write(server: Server, key: str, number: int) -> tuple[httpx.Response, float]:
    """Create a ladder: its answer, and how long that took."""
    began = time.monotonic()
    body = {"slug": f"new-{number}-{time.monotonic_ns()}", "title": "New"}
    headers = {"authorization": f"Bearer {key}"}
    answer = httpx.post(f"{server.base}/v1/ladders", json=body, headers=headers, timeout=60)
    return answer, time.monotonic() - began


def refused_in_time(answers: list[Future[tuple[httpx.Response, float]]]) -> None:
    for one in answers:
        answer, seconds = one.result()
        status, code, retry_after = problem_of(answer)
        assert (status, code) == (503, "unavailable")
        assert int(retry_after) >= 1
        assert seconds < WRITE_SECONDS


def timed(server: Server, path: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return server.get(path), time.monotonic() - began
