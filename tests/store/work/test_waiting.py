"""Content that waits for a person: found by its own person for an hour, taken once, few of each, never copied."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import Engine, text

from app.errors import TooLarge
from app.store.drafts import MAX_CONTENT
from app.store.engine import reading, writing
from app.store.maintenance.copying import copy_all
from app.store.work.waiting import (
    KEPT,
    MOST,
    Waiting,
    find_waiting,
    keep_waiting,
    sweep_waiting,
    take_waiting,
)
from tests.databases import Databases, opened
from tests.store.samples import day

NOW: Final = day(1)
SECOND: Final = timedelta(seconds=1)
UPLOAD: Final = Waiting("ada", "import", b"\x00\xff" * 500, "acme", '"tag"')


def keep(engine: Engine, waiting: Waiting = UPLOAD, now: datetime = NOW) -> str:
    with writing(engine) as connection:
        return keep_waiting(connection, waiting, now)


def find(
    engine: Engine, token: str, person: str = "ada", purpose: str = "import", now: datetime = NOW
) -> Waiting | None:
    with reading(engine) as connection:
        return find_waiting(connection, token, person, purpose, now)


def take(engine: Engine, token: str, person: str = "ada") -> bool:
    with writing(engine) as connection:
        return take_waiting(connection, token, person)


def hashes(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.execute(text("SELECT id_sha256 FROM waiting")).scalars())


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def test_only_its_person_finds_it_by_its_token_and_for_its_purpose(engine: Engine) -> None:
    token = keep(engine)
    assert len(token) == 43
    assert hashes(engine) == {hashed(token)}
    assert find(engine, token) == UPLOAD
    assert find(engine, token, person="bob") is None
    assert find(engine, token, purpose="form") is None
    assert find(engine, hashed(token)) is None


def test_content_for_no_ladder_and_of_no_bytes_comes_back_as_it_was(engine: Engine) -> None:
    empty = Waiting("ada", "new", b"")
    assert find(engine, keep(engine, empty), purpose="new") == empty


def test_it_is_over_after_an_hour_and_the_next_one_sweeps_it_away(engine: Engine) -> None:
    token = keep(engine)
    assert find(engine, token, now=NOW + KEPT - SECOND) == UPLOAD
    assert find(engine, token, now=NOW + KEPT) is None
    assert hashes(engine) == {hashed(token)}
    following = keep(engine, replace(UPLOAD, person="bob"), NOW + KEPT)
    assert hashes(engine) == {hashed(following)}
    with writing(engine) as connection:
        assert sweep_waiting(connection, NOW + 2 * KEPT) == 1


def test_exactly_one_of_several_takes_it(engine: Engine) -> None:
    token = keep(engine)
    assert not take(engine, token, person="bob")
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: take(engine, token), range(4))) == [False, False, False, True]
    assert find(engine, token) is None


def test_a_new_one_takes_the_place_of_the_oldest_of_that_person_and_purpose(engine: Engine) -> None:
    others = [keep(engine, replace(UPLOAD, person="bob")), keep(engine, replace(UPLOAD, purpose="form"))]
    tokens = [keep(engine, now=NOW + number * SECOND) for number in range(MOST + 2)]
    assert hashes(engine) == {hashed(token) for token in (*others, *tokens[2:])}


def test_the_bytes_of_one_person_and_purpose_are_limited(engine: Engine) -> None:
    large = replace(UPLOAD, content=bytes(MAX_CONTENT))
    tokens = [keep(engine, large, NOW + number * SECOND) for number in range(3)]
    assert hashes(engine) == {hashed(token) for token in tokens[1:]}
    with pytest.raises(TooLarge):
        keep(engine, replace(UPLOAD, content=bytes(MAX_CONTENT + 1)))


def test_a_copy_of_the_database_has_nothing_waiting(engine: Engine, databases: Databases) -> None:
    keep(engine)
    with databases.fresh("blank") as url:
        copy_all(engine, url)
        with opened(url) as copy:
            assert hashes(copy) == set()
