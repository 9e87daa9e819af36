"""Stored answers of POST requests with an Idempotency-Key: kept for a day, by caller and key."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Final

import pytest
from sqlalchemy import Engine, text

from app.errors import Invalid
from app.store.engine import reading, writing
from app.store.idempotency import KEPT, MAX_STORED, KeyedRequest, StoredAnswer, find_answer, store_answer
from app.store.revision import hold_revision
from tests.store.samples import day

NOW: Final = day(1)
ASKED: Final = KeyedRequest("ann", "key-1", "00")
ANSWER: Final = StoredAnswer(201, (("location", "/here"), ("x", "ü")), b"{\xff}")
INSTANT: Final = timedelta(microseconds=1)


def find(engine: Engine, request: KeyedRequest = ASKED, at: datetime = NOW) -> StoredAnswer | None:
    with reading(engine) as connection:
        return find_answer(connection, request, at)


def store(
    engine: Engine, request: KeyedRequest = ASKED, answer: StoredAnswer = ANSWER, at: datetime = NOW
) -> None:
    with writing(engine) as connection:
        store_answer(connection, request, answer, at)


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM idempotency")).scalar_one())


def test_an_answer_is_found_for_a_day(engine: Engine) -> None:
    assert find(engine) is None
    store(engine)
    assert find(engine) == ANSWER
    assert find(engine, at=NOW + KEPT - INSTANT) == ANSWER
    assert find(engine, at=NOW + KEPT) is None


def test_a_key_is_for_one_request(engine: Engine) -> None:
    store(engine)
    with pytest.raises(Invalid, match="used for another request"):
        find(engine, replace(ASKED, request_sha256="11"))


def test_an_idempotency_key_belongs_to_one_caller(engine: Engine) -> None:
    store(engine)
    assert find(engine, replace(ASKED, caller="ben", request_sha256="11")) is None


def test_an_answer_is_stored_with_its_action_or_not_at_all(engine: Engine) -> None:
    with suppress(RuntimeError), writing(engine) as connection:
        store_answer(connection, ASKED, ANSWER, NOW)
        raise RuntimeError
    assert find(engine) is None


def test_a_body_over_the_limit_is_not_stored(engine: Engine) -> None:
    store(engine, answer=replace(ANSWER, body=b"x" * MAX_STORED))
    store(engine, replace(ASKED, key="key-2"), replace(ANSWER, body=b"x" * (MAX_STORED + 1)))
    largest, larger = find(engine), find(engine, replace(ASKED, key="key-2"))
    assert largest is not None
    assert len(largest.body) == MAX_STORED
    assert larger == replace(ANSWER, body=b"")


def test_after_a_day_a_key_is_new_and_old_answers_are_deleted(engine: Engine) -> None:
    for number in range(3):
        store(engine, replace(ASKED, key=f"key-{number}"))
    assert rows(engine) == 3
    store(engine, replace(ASKED, request_sha256="11"), at=NOW + KEPT)
    assert rows(engine) == 1


def test_one_of_many_simultaneous_requests_runs_and_the_others_get_its_answer(engine: Engine) -> None:
    start = Barrier(4)

    def ask(_: int) -> str:
        start.wait(10)
        with writing(engine) as connection:
            hold_revision(connection)
            if find_answer(connection, ASKED, NOW) is not None:
                return "answered"
            store_answer(connection, ASKED, ANSWER, NOW)
            return "runs"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, range(4))) == [*["answered"] * 3, "runs"]
