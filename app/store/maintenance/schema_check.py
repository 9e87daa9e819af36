"""The comparison of a database's schema with the one this version needs."""

from sqlalchemy import Engine

from app.store.engine import reading, sqlite_file
from app.store.schema_version import Schema, mismatch, schema_of


def schema_state(engine: Engine) -> Schema:
    """Compare the schema of a database with this version's; `none` also if the SQLite file does not exist.

    Raises Unavailable if the database cannot be reached.
    """
    file = sqlite_file(engine.url)
    if file is not None and not file.exists():
        return "none"
    with reading(engine) as connection:
        return schema_of(connection)


def has_schema(engine: Engine) -> bool:
    """Return whether the database has been migrated at all; False if the SQLite file does not exist."""
    return schema_state(engine) != "none"


def require_current(engine: Engine) -> None:
    """Check that the schema is the one this version works with.

    Raises:
        SchemaMismatch: It is older, newer or missing; the detail names the fix.
        Unavailable: The database cannot be reached.
    """
    error = mismatch(schema_state(engine))
    if error is not None:
        raise error
