"""Migration of a database's schema to the newest revision.

It is separate from `schema.py`, because a server with a current schema does not need to import Alembic.
"""

from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text

from app.errors import SchemaMismatch
from app.packaged_files import folder
from app.store.engine import open_engine, writing
from app.store.maintenance.schema_check import schema_state
from app.store.schema_version import hold_schema, newer_schema, schema_of

_LOCK: Final = 7_431_965_530_163
"""The key of PostgreSQL's advisory lock that a migrating process holds: any number, but always the same."""


def migrate(database_url: str | URL) -> None:
    """Migrate the schema to the newest revision, in one transaction, one process at a time.

    If the schema is current, nothing is written, not even a lock.

    Raises:
        SchemaMismatch: Newer software has migrated the database.
        Unavailable: The database cannot be reached or written, or another process locks it for too long.
    """
    engine = open_engine(database_url, migrating=True)
    try:
        if schema_state(engine) == "current":
            return
        with writing(engine) as connection:
            _wait_for_others(connection)
            hold_schema(connection)
            if schema_of(connection) == "newer":
                raise newer_schema()
            command.upgrade(alembic_config(connection), "head")
            _check_foreign_keys(connection)
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for a connection whose transaction the caller begins and ends."""
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _wait_for_others(connection: Connection) -> None:
    """Wait for other migrations on PostgreSQL; on SQLite, the transaction already has the write lock."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5min'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '5min'")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _check_foreign_keys(connection: Connection) -> None:
    """Check foreign keys before the commit, because SQLite did not while tables were rebuilt."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SchemaMismatch(
                f"The migration was rolled back, because it would have broken {len(broken)} references."
            )
