"""What POSTs with an Idempotency-Key were answered: kept for a day, by caller and key."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Final

import pytest
from sqlalchemy import Engine, text

from app.errors import Conflict, Invalid
from app.store.engine import reading, writing
from app.store.idempotency import ABANDONED, KEPT, Answered, Once, begin_once, forget_once, keep_answer
from tests.store.samples import day

NOW: Final = day(1)
ASKED: Final = Once("ann", "key-1", "00")
ANSWER: Final = Answered(201, (("location", "/here"), ("x", "ü")), b"{\xff}")
INSTANT: Final = timedelta(microseconds=1)


def begin(engine: Engine, once: Once = ASKED, at: datetime = NOW) -> Answered | None:
    with writing(engine) as connection:
        return begin_once(connection, once, at)


def keep(engine: Engine, once: Once = ASKED, answered: Answered = ANSWER) -> None:
    with writing(engine) as connection:
        keep_answer(connection, once, answered)


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM idempotency")).scalar_one())


def test_the_first_runs_and_the_next_is_given_its_answer(engine: Engine) -> None:
    assert begin(engine) is None
    keep(engine)
    assert begin(engine) == ANSWER
    assert begin(engine, at=NOW + KEPT - INSTANT) == ANSWER


def test_while_the_first_is_running_the_next_must_wait(engine: Engine) -> None:
    begin(engine)
    with pytest.raises(Conflict, match="is running"):
        begin(engine, at=NOW + ABANDONED - INSTANT)


def test_who_runs_for_more_than_a_minute_is_gone(engine: Engine) -> None:
    begin(engine)
    later = NOW + ABANDONED
    assert begin(engine, at=later) is None
    with pytest.raises(Conflict):
        begin(engine, at=later + ABANDONED - INSTANT)


def test_a_key_is_for_one_request(engine: Engine) -> None:
    other = replace(ASKED, request_sha256="11")
    begin(engine)
    with pytest.raises(Invalid, match="used for another request"):
        begin(engine, other)
    keep(engine)
    with pytest.raises(Invalid, match="used for another request"):
        begin(engine, other)


def test_a_key_is_one_callers(engine: Engine) -> None:
    begin(engine)
    keep(engine)
    assert begin(engine, replace(ASKED, caller="ben", request_sha256="11")) is None


def test_what_was_refused_may_be_asked_again(engine: Engine) -> None:
    begin(engine)
    with writing(engine) as connection:
        forget_once(connection, ASKED)
    assert begin(engine, replace(ASKED, request_sha256="11")) is None


def test_what_was_answered_is_not_forgotten(engine: Engine) -> None:
    begin(engine)
    keep(engine)
    with writing(engine) as connection:
        forget_once(connection, ASKED)
    assert begin(engine) == ANSWER


def test_after_a_day_a_key_is_new_and_old_rows_are_gone(engine: Engine) -> None:
    for number in range(3):
        begin(engine, replace(ASKED, key=f"key-{number}"))
    assert rows(engine) == 3
    assert begin(engine, at=NOW + KEPT) is None
    assert rows(engine) == 1


def test_of_many_at_once_one_runs(engine: Engine) -> None:
    start = Barrier(4)

    def ask(_: int) -> str:
        start.wait(10)
        try:
            return "runs" if begin(engine) is None else "answered"
        except Conflict:
            return "told to wait"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, range(4))) == ["runs", *["told to wait"] * 3]
