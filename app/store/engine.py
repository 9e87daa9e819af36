"""Connections to the database, and every difference between SQLite and PostgreSQL.

`reading` opens one consistent snapshot, `writing` one transaction that is committed whole or not at all. Errors
of the database leave both as `Unavailable`: no other room knows a driver's errors.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app.errors import Invalid, Unavailable
from app.store.driver_errors import translated
from app.store.schema_version import require_writable

_BUSY_SECONDS: Final = 5
_POOL_SECONDS: Final = 5
_POSTGRES_LIMITS: Final = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}


def open_engine(database_url: str | URL, *, migrating: bool = False) -> Engine:
    """Return an engine for the database; it does not connect yet.

    Args:
        database_url: `sqlite:///file`, `postgresql://…` or `postgres://…`.
        migrating: True for a migration. Then a missing SQLite file is created with its folder, and
            foreign keys are not checked there, because a migration that rebuilds a table drops the one that others
            refer to. Otherwise a missing file is an error.

    Raises:
        Invalid: The URL has none of these forms.
        Unavailable: The folder of the SQLite file cannot be created.
    """
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, migrating=migrating)
    return _postgres_engine(url, migrating=migrating)


def parse_url(database_url: str | URL) -> URL:
    """Return the URL with the driver we use. Raises Invalid, without the URL, because it may contain a password."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise Invalid(
            "The database URL cannot be read. Write sqlite:///file or postgresql://… (LADDER_DATABASE_URL)."
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url.set(drivername="sqlite")
    if backend in {"postgresql", "postgres"}:
        _refuse_unknown_options(url)
        return url.set(drivername="postgresql+psycopg")
    raise Invalid(
        "The database URL must be sqlite:///file or postgresql://… (LADDER_DATABASE_URL). "
        "SQLite in memory is not supported."
    )


def _refuse_unknown_options(url: URL) -> None:
    """Raise Invalid for options that the PostgreSQL library does not know, without their values."""
    if not url.query:
        return
    from psycopg.pq import Conninfo  # noqa: PLC0415 - the library takes long to load, and SQLite needs none

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    unknown = sorted(url.query.keys() - known)
    if unknown:
        named = ", ".join(repr(name[:80]) for name in unknown)
        raise Invalid(
            f"The database URL has an option that the PostgreSQL library does not know: {named}. "
            "Correct it or leave it out. Examples of options: sslmode, connect_timeout."
        )


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL."""
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None


def is_sqlite(engine: Engine) -> bool:
    """Return whether the database is SQLite; otherwise it is PostgreSQL."""
    return engine.dialect.name == "sqlite"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a read-only transaction, which sees one state of the database throughout.

    Raises:
        Unavailable: The database cannot be reached, is locked or missing.
        SchemaMismatch: It lacks tables that this version reads.
    """
    with _transaction(engine, read_only=True) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction: committed at the end, rolled back on any error.

    Raises:
        Unavailable: The database cannot be reached, is locked, read-only or missing.
        SchemaMismatch: Its schema is not the one this version works with.
    """
    with _transaction(engine, read_only=False) as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, *, read_only: bool) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            connection.execution_options(read_only=read_only)
            with connection.begin():
                if not read_only and not connection.get_execution_options().get("migrating", False):
                    require_writable(connection)
                yield connection
    except SQLAlchemyError as error:
        fault = translated(error, engine.url)
        if fault is None:
            raise
        raise fault from error


def _postgres_engine(url: URL, *, migrating: bool) -> Engine:
    limits = " ".join(f"-c {name}={value}" for name, value in _POSTGRES_LIMITS.items())
    defaults: dict[str, object] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,  # milliseconds until a peer that fell silent counts as gone
        "options": limits,
        "application_name": "career-ladder-api",
    }
    arguments = {name: value for name, value in defaults.items() if name not in url.query}
    engine = create_engine(
        url,
        connect_args=arguments,
        pool_pre_ping=True,
        pool_timeout=_POOL_SECONDS,
        execution_options={"migrating": migrating},
    )
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _begin_postgres(connection: Connection) -> None:
    """Make it read-only with a statement: with options of the connection, later writes would ask for READ WRITE."""
    if connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _sqlite_engine(url: URL, *, migrating: bool) -> Engine:
    file = Path(url.database or "").absolute()
    if migrating:
        _create_folder(file.parent)
    creator = partial(_connect_sqlite, file, migrating=migrating)
    engine = create_engine(
        url, creator=creator, pool_timeout=_POOL_SECONDS, execution_options={"migrating": migrating}
    )
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "connect", partial(_remember_file, file))
    event.listen(engine, "checkout", partial(_refuse_moved_file, file))
    return engine


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The folder {folder} for the database cannot be created: {error.strerror}. Check LADDER_DATABASE_URL."
        ) from error


def _connect_sqlite(file: Path, *, migrating: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(os.fsencode(file))}?mode={'rwc' if migrating else 'rw'}",
        uri=True,
        timeout=_BUSY_SECONDS,  # SQLite's busy timeout
        isolation_level=None,  # otherwise Python begins and commits by itself, and a rollback does not undo DDL
        check_same_thread=False,  # the pool hands a connection to one thread at a time
    )
    try:
        _switch_to_wal(connection)
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if migrating else 'ON'}")
        # In WAL mode NORMAL syncs at checkpoints only: a power cut could take back an acknowledged publish.
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Set write-ahead logging, which the file stores, so that readers and the writer do not block each other.

    SQLite ignores the busy timeout if two processes do this to a new file at once.
    """
    give_up = time.monotonic() + _BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a transaction that asks for it midway fails instead of waiting.

    `query_only` is set only if the previous transaction had another value: setting it makes SQLite prepare every
    statement again, and a long one takes longer to prepare than to run.
    """
    read_only = connection.get_execution_options().get("read_only", False)
    if connection.info.get("read_only") is not read_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.info["read_only"] = read_only
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _remember_file(file: Path, _connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    entry.info["file"] = _identity(file)


def _refuse_moved_file(
    file: Path, _connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Refuse a connection whose file was moved away or replaced: it would still read the old file."""
    if entry.info["file"] != _identity(file):
        raise DisconnectionError("The database file was moved or replaced")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
