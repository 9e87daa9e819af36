"""Connections: every reader sees one state, and every write is applied completely or not at all."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.errors import Unavailable
from app.store.engine import reading, writing
from app.store.releases import find_releases
from tests.databases import opened
from tests.store.samples import day, release, small


def test_a_reader_sees_one_state_from_start_to_end(engine: Engine) -> None:
    release(engine, small())
    with reading(engine) as connection:
        before = find_releases(connection)
        release(engine, small(title="Two"), "1.0.1", published=day(2))
        assert find_releases(connection) == before
    with reading(engine) as connection:
        assert len(find_releases(connection)) == 2


def _set_revision(transaction: AbstractContextManager[Transaction], *statements: str) -> None:
    with transaction as connection:
        connection.execute(text("UPDATE revision SET number = 7"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_reader_cannot_write(engine: Engine) -> None:
    """Nor where the same connection has written before, or read."""
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(Unavailable, match=r"^The database is read-only"):
                _set_revision(reading(engine))
        _set_revision(writing(engine))


def test_a_failed_write_changes_nothing(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        _set_revision(writing(engine), "INSERT INTO revision (id, number) VALUES (1, 1)")
    with reading(engine) as connection:
        assert connection.execute(text("SELECT number FROM revision")).scalar_one() == 0


def test_foreign_keys_are_checked(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text("INSERT INTO entity VALUES (77, 0, 'level', 'l1', NULL)"))


def test_sqlite_syncs_every_commit_to_the_disk(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine, reading(engine) as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert modes == ["wal", 2, 1, 5000]
