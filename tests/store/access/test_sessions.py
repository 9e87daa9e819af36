"""Sessions in the store: stored as a hash, and ended by time, by their owner, and with their key."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import Engine, text

from app.rubric.people import Account
from app.store.access.keys import create_key, revoke_key, rotate_key
from app.store.access.sessions import (
    MOST,
    REMEMBERED,
    Person,
    Session,
    create_session,
    end_session,
    end_sessions_of,
    find_ended_session,
    find_session,
    sweep_sessions,
)
from app.store.engine import reading, writing
from app.store.maintenance.copying import copy_all
from tests.databases import Databases, opened
from tests.store.samples import day

NOW: Final = day(1)
LATER: Final = NOW + timedelta(hours=12)
INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Keyed:
    """A database, and a key in it."""

    engine: Engine
    key_id: str

    def begin(self, now: datetime = NOW, expires_at: datetime = LATER) -> str:
        with writing(self.engine) as connection:
            return create_session(connection, self.key_id, now, expires_at)

    def find(self, token: str, now: datetime = NOW) -> Session | None:
        with reading(self.engine) as connection:
            return find_session(connection, token, now)

    def rows(self) -> list[tuple[str, str]]:
        with reading(self.engine) as connection:
            found = connection.execute(text("SELECT id_sha256, key_id FROM session ORDER BY created_at"))
            return [(row[0], row[1]) for row in found]


@pytest.fixture
def keyed(engine: Engine) -> Keyed:
    return Keyed(engine, new_key(engine))


def new_key(engine: Engine) -> str:
    with writing(engine) as connection:
        return create_key(connection, "Ada", ["write"], NOW)[1].id


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def test_a_session_is_found_by_its_token_and_stored_as_its_hash_alone(keyed: Keyed) -> None:
    token = keyed.begin()
    assert len(token) == 43
    assert keyed.find(token) == Session(keyed.key_id, NOW, LATER)
    assert keyed.rows() == [(hashed(token), keyed.key_id)]
    assert keyed.find(hashed(token)) is None
    assert keyed.find(token[:-1]) is None
    assert keyed.find("") is None


def test_no_two_sessions_have_one_token(keyed: Keyed) -> None:
    assert len({keyed.begin() for _ in range(5)}) == 5


def test_a_session_ends_at_its_moment_and_is_swept_away_hours_later(keyed: Keyed) -> None:
    token = keyed.begin()
    assert keyed.find(token, LATER - INSTANT) is not None
    assert keyed.find(token, LATER) is None
    other = keyed.begin(LATER, LATER + timedelta(days=1))
    assert len(keyed.rows()) == 2
    following = keyed.begin(LATER + REMEMBERED, LATER + timedelta(days=1))
    assert {hashed_id for hashed_id, _ in keyed.rows()} == {hashed(other), hashed(following)}


def test_an_ended_session_is_remembered_for_hours_by_the_hash_of_its_token(keyed: Keyed) -> None:
    token = keyed.begin()
    with reading(keyed.engine) as connection:
        assert find_ended_session(connection, hashed(token), LATER - INSTANT) is None
        ended = find_ended_session(connection, hashed(token), LATER)
        assert ended is not None
        assert ended.key_id == keyed.key_id
        assert find_ended_session(connection, token, LATER) is None
        assert find_ended_session(connection, hashed(token), LATER + REMEMBERED) is None


def test_sweeping_takes_what_ended_hours_ago_and_nothing_else(keyed: Keyed) -> None:
    keyed.begin(NOW, NOW + timedelta(hours=1))
    lasting = keyed.begin()
    with writing(keyed.engine) as connection:
        assert sweep_sessions(connection, NOW + timedelta(hours=1)) == 0
        assert sweep_sessions(connection, NOW + timedelta(hours=1) + REMEMBERED) == 1
    assert keyed.rows() == [(hashed(lasting), keyed.key_id)]


def test_ending_a_session_ends_that_one(keyed: Keyed) -> None:
    token, other = keyed.begin(), keyed.begin()
    with writing(keyed.engine) as connection:
        assert end_session(connection, token) is True
        assert end_session(connection, token) is False
    assert keyed.find(token) is None
    assert keyed.find(other) is not None


def test_the_sessions_of_a_key_end_together(keyed: Keyed) -> None:
    other = Keyed(keyed.engine, new_key(keyed.engine))
    mine, theirs = [keyed.begin(), keyed.begin()], other.begin()
    with writing(keyed.engine) as connection:
        assert end_sessions_of(connection, keyed.key_id) == 2
    assert [keyed.find(token) for token in mine] == [None, None]
    assert other.find(theirs) is not None


def test_a_revoked_key_takes_its_sessions_along(keyed: Keyed) -> None:
    token = keyed.begin()
    with writing(keyed.engine) as connection:
        revoke_key(connection, keyed.key_id, NOW)
    assert keyed.find(token) is None


def test_a_rotated_key_takes_its_sessions_along_unless_it_has_a_time_of_grace(keyed: Keyed) -> None:
    token = keyed.begin()
    with writing(keyed.engine) as connection:
        rotate_key(connection, keyed.key_id, NOW, grace=timedelta(hours=1))
    assert keyed.find(token) is not None
    with writing(keyed.engine) as connection:
        rotate_key(connection, keyed.key_id, NOW)
    assert keyed.find(token) is None


def test_a_key_has_so_many_sessions_and_the_oldest_makes_room(keyed: Keyed) -> None:
    tokens = [keyed.begin(NOW + second * timedelta(seconds=1)) for second in range(MOST + 2)]
    assert [row[0] for row in keyed.rows()] == [hashed(token) for token in tokens[2:]]


def test_the_sessions_of_an_account_make_no_room_for_another_of_the_same_name(engine: Engine) -> None:
    ada, other = (Person("Ada", "Ada", "[]", Account("https://id.example", sub)) for sub in ("1", "2"))
    with writing(engine) as connection:
        token = create_session(connection, ada, NOW, LATER)
        for second in range(1, MOST + 2):
            create_session(connection, other, NOW + second * timedelta(seconds=1), LATER)
        found = find_session(connection, token, NOW)
        assert found is not None
        assert found.person == ada
        number = connection.execute(text("SELECT count(*) FROM session")).scalar_one()
        assert number == MOST + 1


def test_a_copy_holds_no_session(keyed: Keyed, databases: Databases) -> None:
    keyed.begin()
    with databases.fresh("blank") as url:
        copy_all(keyed.engine, url)
        with opened(url) as copy, reading(copy) as connection:
            assert connection.execute(text("SELECT count(*) FROM api_key")).scalar_one() == 1
            assert connection.execute(text("SELECT count(*) FROM session")).scalar_one() == 0
