"""The revision grows with every change, and names the changed ladders."""

import pytest
from sqlalchemy import Engine

from app.errors import SchemaMismatch
from app.rubric.releases import Event
from app.store.engine import reading, writing
from app.store.revision import bump_revision, find_changed_ladders, get_revision
from tests.store.samples import day, release, say, small


def test_every_change_takes_the_next_revision_and_stamps_its_ladder(engine: Engine) -> None:
    made = release(engine, small("a"))
    release(engine, small("b"))
    with reading(engine) as connection:
        assert get_revision(connection) == 2
        assert find_changed_ladders(connection, 0) == ("a", "b")
        assert find_changed_ladders(connection, 1) == ("b",)
        assert find_changed_ladders(connection, 2) == ()
    say(engine, made, Event("withdrawn", day(2), "Wrong."))
    release(engine, small("b", "B"), "1.0.1", published=day(2))
    with reading(engine) as connection:
        assert get_revision(connection) == 4
        assert find_changed_ladders(connection, 2) == ("a", "b")


def test_a_change_that_is_rolled_back_takes_none(engine: Engine) -> None:
    release(engine, small())
    with pytest.raises(ZeroDivisionError):
        _bump_and_fail(engine)
    with reading(engine) as connection:
        assert get_revision(connection) == 1


def _bump_and_fail(engine: Engine) -> None:
    with writing(engine) as connection:
        assert bump_revision(connection, "small") == 2
        raise ZeroDivisionError


def test_a_lost_revision_is_reported(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM revision")
    with reading(engine) as connection, pytest.raises(SchemaMismatch, match="has lost its revision"):
        get_revision(connection)
