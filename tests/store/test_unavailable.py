"""Error messages for a database that is unreachable, missing, locked, read-only or moved."""

import _sqlite3
import ctypes
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url

from app.errors import Invalid, SchemaMismatch, Unavailable
from app.store.engine import open_engine, reading, writing
from app.store.maintenance.migrating import migrate
from app.store.releases import find_ladders
from app.store.search.index import index_missing
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, opened
from tests.store.samples import release, small


def _ladders(engine: Engine) -> tuple[str, ...]:
    with reading(engine) as connection:
        return find_ladders(connection)


def test_only_a_migration_creates_the_folder_of_a_new_file(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/a/b/ladder.db").dispose()
    assert not (tmp_path / "a").exists()
    open_engine(f"sqlite:///{tmp_path}/a/b/ladder.db", migrating=True).dispose()
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="for the database cannot be created: File exists"):
        open_engine(f"sqlite:///{tmp_path}/file/ladder.db", migrating=True)


@pytest.mark.parametrize("prefix", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_works(postgresql_url: str, prefix: str) -> None:
    url = make_url(postgresql_url).set(drivername=prefix).render_as_string(hide_password=False)
    with opened(url) as engine, reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "secret", "http://x:y"]
)
def test_another_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Invalid, match="sqlite:///file or postgresql://") as refusal:
        open_engine(url)
    assert "secret" not in refusal.value.detail


def test_a_read_does_not_create_a_missing_file(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path}/none.db") as engine,
        pytest.raises(Unavailable, match="cannot be opened: check that the file exists"),
    ):
        _ladders(engine)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_postgresql_database_is_reported_as_missing(postgresql_url: str) -> None:
    url = make_url(postgresql_url).set(database="never_made").render_as_string(hide_password=False)
    with opened(url) as engine, pytest.raises(Unavailable, match="does not exist: check LADDER_DATABASE_URL"):
        _ladders(engine)


def test_an_unknown_user_is_reported_as_refused(postgresql_url: str) -> None:
    url = make_url(postgresql_url).set(username="nobody-here").render_as_string(hide_password=False)
    with opened(url) as engine, pytest.raises(Unavailable, match="refuses access: check the user, password"):
        _ladders(engine)


def test_an_unreachable_server_is_reported_without_its_password() -> None:
    with opened("postgresql://user:secret@127.0.0.1:1/ladder") as engine:
        with pytest.raises(Unavailable, match=r"^The database cannot be reached: check LADDER") as refusal:
            _ladders(engine)
        assert refusal.value.__notes__ == ["Database: postgresql://127.0.0.1:1/ladder"]
        assert refusal.value.retry_after == 1


def test_a_database_without_tables_asks_for_migrate(blank_url: str) -> None:
    if blank_url.startswith("sqlite"):
        with closing(sqlite3.connect(blank_url.removeprefix("sqlite:///"))) as other:
            other.execute("PRAGMA user_version = 1")
    with opened(blank_url) as engine, pytest.raises(SchemaMismatch, match="Run `ladder migrate`"):
        _ladders(engine)


def test_a_file_that_is_not_a_database_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "ladder.db"
    file.write_text("levels: []\n" * 100)
    with opened(f"sqlite:///{file}") as engine, pytest.raises(Unavailable, match="is not a SQLite file"):
        _ladders(engine)


def test_a_locked_database_is_waited_for_and_then_given_up(databases: Databases) -> None:
    with databases.fresh("migrated") as url, opened(url) as holder, opened(url) as other:
        with writing(holder) as connection:
            connection.execute(text("UPDATE revision SET number = 1"))
            start = perf_counter()
            with pytest.raises(Unavailable, match="is locked by another writer"):
                release(other, small())
            assert 4 < perf_counter() - start < 15
        release(other, small())
        assert _ladders(other) == ("small",)


def test_reads_continue_during_a_write(databases: Databases) -> None:
    with (
        databases.fresh("migrated") as url,
        opened(url) as holder,
        opened(url) as other,
        writing(holder) as connection,
    ):
        connection.execute(text("UPDATE revision SET number = 1"))
        assert _ladders(other) == ()


@pytest.fixture
def without_fts5() -> Iterator[None]:
    """SQLite as it is where it was built without FTS5: every connection loses its modules."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_drop_modules.argtypes = [ctypes.c_void_p, ctypes.c_void_p]

    def drop(connection: sqlite3.Connection, _: object) -> None:
        handle = ctypes.c_void_p.from_address(
            id(connection) + object.__basicsize__
        )  # the first field of its own
        assert library.sqlite3_drop_modules(handle, None) == sqlite3.SQLITE_OK

    event.listen(Engine, "connect", drop)
    yield
    event.remove(Engine, "connect", drop)


@pytest.mark.usefixtures("without_fts5")
def test_sqlite_without_fts5_is_reported_as_unsuitable(tmp_path: Path, sqlite_file: Path) -> None:
    said = (
        "The database needs SQLite with FTS5, which the SQLite of this Python lacks: use another Python, such as "
        "those of python.org and Debian, or PostgreSQL (LADDER_DATABASE_URL)."
    )
    new = tmp_path / "new.db"
    with pytest.raises(Unavailable) as refused:
        migrate(f"sqlite:///{new}")
    assert str(refused.value) == said
    with closing(sqlite3.connect(new)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    with opened(f"sqlite:///{sqlite_file}") as engine:
        with pytest.raises(Unavailable) as refused:
            index_missing(engine)
        assert str(refused.value) == said
        assert _ladders(engine) == ()


def test_a_moved_file_is_not_read_on(sqlite_file: Path) -> None:
    with opened(f"sqlite:///{sqlite_file}") as engine:
        release(engine, small())
        aside = sqlite_file.with_name("aside.db")
        sqlite_file.rename(aside)
        with pytest.raises(Unavailable, match="cannot be opened"):
            _ladders(engine)
        aside.rename(sqlite_file)
        assert _ladders(engine) == ("small",)


def test_a_file_that_was_replaced_is_read_anew(sqlite_databases: SqliteDatabases, sqlite_file: Path) -> None:
    with sqlite_databases.fresh("migrated") as url, opened(url) as engine:
        release(engine, small("replacement"))
        engine.dispose()
        with opened(f"sqlite:///{sqlite_file}") as serving:
            assert _ladders(serving) == ()
            Path(url.removeprefix("sqlite:///")).replace(sqlite_file)
            assert _ladders(serving) == ("replacement",)


def test_a_read_only_postgresql_is_read_and_not_written(postgresql_databases: PostgresDatabases) -> None:
    with postgresql_databases.fresh("migrated") as url:
        with opened(url) as engine, engine.connect() as connection:
            name = make_url(url).database
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
            connection.commit()
        with opened(url) as engine:
            assert _ladders(engine) == ()
            with pytest.raises(Unavailable, match=r"^The database is read-only"):
                release(engine, small())


def _read_and_write_as_nobody(file: Path, answer: Connection) -> None:
    """Tell what reading and writing gave. Root may write everything, so that somebody else has to try."""
    if os.geteuid() == 0:
        os.setuid(65534)
    with opened(f"sqlite:///{file}") as engine:
        said = []
        for attempt in (_ladders, lambda engine: release(engine, small("other"))):
            try:
                said.append(str(attempt(engine)))
            except Unavailable as error:
                said.append(error.detail)
    answer.send(said)


@pytest.mark.parametrize(
    ("folder_mode", "read", "written"),
    [
        (
            0o777,
            "('small',)",
            "The database is read-only: its file and the folder around it must be writable.",
        ),
        (
            0o555,
            "The database is read-only: its file and the folder around it must be writable.",
            "The database is read-only: its file and the folder around it must be writable.",
        ),
    ],
    ids=["file", "file and folder"],
)
def test_a_read_only_database_is_reported_as_read_only(
    sqlite_file: Path, folder_mode: int, read: str, written: str
) -> None:
    """In a folder that is read-only too, SQLite cannot even read: it keeps a shared index beside the file."""
    with opened(f"sqlite:///{sqlite_file}") as engine:
        release(engine, small())
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # outside the folder of the tests, which only root may enter
        file = Path(folder) / "ladder.db"
        shutil.copyfile(sqlite_file, file)
        file.chmod(0o444)
        Path(folder).chmod(folder_mode)
        answer, sender = Pipe(duplex=False)
        process = get_context("fork").Process(target=_read_and_write_as_nobody, args=(file, sender))
        process.start()
        assert answer.poll(30)
        assert answer.recv() == [read, written]
        process.join()
        Path(folder).chmod(0o700)


def test_a_connection_that_the_server_closed_is_replaced(postgresql_databases: PostgresDatabases) -> None:
    with postgresql_databases.fresh("migrated") as url, opened(url) as engine, opened(url) as other:
        assert _ladders(engine) == ()
        with other.connect() as connection:
            closing_others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> ''"
            )
            assert connection.execute(text(closing_others)).rowcount == 1
        assert _ladders(engine) == ()
