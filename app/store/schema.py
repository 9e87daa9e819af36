"""The schema of the database: making it, and telling whether it is the one this version works with."""

from typing import Final, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, text

from app.errors import SchemaMismatch
from app.resources import folder
from app.store.engine import open_engine, reading, sqlite_file, writing

_LOCK: Final = 7_431_965_530_163
"""Key of PostgreSQL's advisory lock that one migrating process holds; any number, but always the same."""


def migrate(database_url: str | URL) -> None:
    """Bring the schema to the newest revision: all of it in one transaction, one process at a time.

    Where it is there already, nothing is written, not even a lock.

    Raises:
        SchemaMismatch: The database is of newer software.
        Unavailable: The database cannot be reached or written, or another process holds it too long.
    """
    engine = open_engine(database_url, migrating=True)
    try:
        if _state(engine) == "current":
            return
        with writing(engine) as connection:
            _wait_for_others(connection)
            if _heads(connection) - _known():
                raise _newer_schema()
            command.upgrade(alembic_config(connection), "head")
            _check_foreign_keys(connection)
    finally:
        engine.dispose()


def has_schema(engine: Engine) -> bool:
    """Whether the database has been migrated at all; False for a SQLite file that is not there."""
    file = sqlite_file(engine.url)
    if file is not None and not file.exists():
        return False
    with reading(engine) as connection:
        return bool(_heads(connection))


def require_current(engine: Engine) -> None:
    """Make sure that the schema is the one this version works with.

    Raises:
        SchemaMismatch: It is older, newer or not there; the detail names the cure.
        Unavailable: The database cannot be reached.
    """
    state = _state(engine)
    if state == "newer":
        raise _newer_schema()
    if state == "none":
        raise SchemaMismatch("The database has no tables yet: run `ladder migrate`.")
    if state == "older":
        raise SchemaMismatch("The database has the tables of an older version: run `ladder migrate`.")


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration on a connection whose transaction the caller has begun and will end."""
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _wait_for_others(connection: Connection) -> None:
    """On PostgreSQL, take turns; on SQLite, the transaction has the write lock already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5min'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '5min'")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _check_foreign_keys(connection: Connection) -> None:
    """Look, before the commit, for what SQLite did not check while tables were rebuilt."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SchemaMismatch(f"The migration was undone: it would have broken {len(broken)} references.")


def _state(engine: Engine) -> Literal["none", "older", "current", "newer"]:
    if not has_schema(engine):
        return "none"
    with reading(engine) as connection:
        heads = _heads(connection)
    if heads == {_script().get_current_head()}:
        return "current"
    return "newer" if heads - _known() else "older"


def _heads(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(folder("migrations")))


def _known() -> set[str]:
    return {revision.revision for revision in _script().walk_revisions()}


def _newer_schema() -> SchemaMismatch:
    return SchemaMismatch("The database has the tables of a newer version: start the newer software.")
