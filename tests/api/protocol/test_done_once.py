"""Requests with an Idempotency-Key to a server that is killed, or whose database is locked: each runs once."""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import text

from app.store.access.keys import create_key
from app.store.audit import Actor
from app.store.drafts import save_draft
from app.store.engine import reading, writing
from app.store.reviews import open_review
from app.store.revision import hold_revision
from tests.api.process import Server, eventually, running
from tests.databases import Databases, opened
from tests.store.samples import small

COMMENTS: Final = "/v1/ladders/small/reviews/1/comments"
ROUNDS: Final = 5
CLIENTS: Final = 3
FAST: Final = {"LADDER_RATE_WRITES": "0", "LADDER_SEED": "false"}


@pytest.fixture
def database(databases: Databases) -> Iterator[tuple[str, str]]:
    """A database with an open review, and a key that may comment."""
    with databases.fresh("migrated") as url:
        with opened(url) as engine, writing(engine) as connection:
            hold_revision(connection)
            now = datetime.now(UTC)
            save_draft(connection, small(), slug="small", expected=0, by="ada", at=now)
            open_review(connection, "small", "Once", None, Actor("ada"), now)
            key, _ = create_key(connection, "bob", ("review",), now)
        yield url, key


def comment(client: httpx.Client, key: str, name: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}", "idempotency-key": name}
    return client.post(COMMENTS, json={"text": name}, headers=headers)


def comments(url: str) -> list[str]:
    """The texts of all comments, in order."""
    with opened(url) as engine, reading(engine) as connection:
        return sorted(connection.execute(text("SELECT text FROM review_entry")).scalars())


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the write lock of a database."""
    with opened(url) as engine, writing(engine) as connection:
        hold_revision(connection)
        yield


def together(act: Callable[[int], httpx.Response], times: int) -> list[httpx.Response]:
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(act, range(times)))


def _send_until_killed(server: Server, key: str, numbers: Iterator[int], sent: list[str]) -> None:
    """Send comments one after another. Each counts as sent before it is, and is sent again after the kill."""
    with server.client() as client, suppress(httpx.TransportError):
        while True:
            sent.append(f"comment-{next(numbers)}")
            comment(client, key, sent[-1])


def test_a_repeated_request_after_a_killed_server_runs_once(
    database: tuple[str, str], tmp_path: Path
) -> None:
    url, key = database
    chance = random.Random(13)  # noqa: S311 - not for secrets
    numbers = iter(range(10**6))
    sent: list[str] = []
    for _ in range(ROUNDS):
        with running(tmp_path, url, **FAST) as server:
            threads = [
                threading.Thread(target=_send_until_killed, args=(server, key, numbers, sent))
                for _ in range(CLIENTS)
            ]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.05, 0.5))
            server.stop(signal.SIGKILL)
            for thread in threads:
                thread.join(30)
    assert len(sent) > ROUNDS * CLIENTS
    with running(tmp_path, url, **FAST) as server, server.client() as client:
        for name in sent:
            again = comment(client, key, name)
            assert again.status_code == 201, again.text
            assert [entry["text"] for entry in again.json()["entries"]] == [name]
    assert comments(url) == sorted(sent)


def test_two_simultaneous_requests_run_once_and_get_the_same_answer(
    database: tuple[str, str], tmp_path: Path
) -> None:
    url, key = database
    with running(tmp_path, url, **FAST) as server, server.client() as client:
        with ThreadPoolExecutor(2) as threads:
            with locked(url):
                waiting = [threads.submit(comment, client, key, "one") for _ in range(2)]
                time.sleep(1)
                assert not any(answer.done() for answer in waiting)
            first, second = (answer.result(30) for answer in waiting)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
    assert comments(url) == ["one"]


def test_a_request_refused_by_a_locked_database_can_be_repeated(
    database: tuple[str, str], tmp_path: Path
) -> None:
    url, key = database
    with running(tmp_path, url, **FAST) as server, server.client() as client:
        with locked(url):
            answers = together(lambda _: comment(client, key, "one"), 2)
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert int(answer.headers["retry-after"]) >= 1
        assert comments(url) == []
        eventually(lambda: comment(client, key, "one").status_code == 201, "it was never done")
    assert comments(url) == ["one"]
