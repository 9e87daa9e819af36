"""The version of the database schema, as a transaction sees it.

Every write transaction checks it first, so that a server does not write into tables that a newer version has
migrated while it was running.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, inspect, text

from app.errors import SchemaMismatch
from app.packaged_files import folder

REVISION: Final = "2026_12_10_granted_rights"
"""The newest migration: this version of the software works with this schema."""

_VERSION: Final = text("SELECT version_num FROM alembic_version")
_STATE: Final = text(
    "SELECT number, (SELECT max(version_num) FROM alembic_version) AS version, "
    'EXISTS (SELECT 1 FROM "release" WHERE id = :id AND content_sha256 = :content_sha256) AS still_there '
    "FROM revision"
)
_LOCKED_VERSION: Final = text("SELECT version_num FROM alembic_version FOR KEY SHARE")
"""On PostgreSQL a migration waits for transactions that hold this lock, and they wait for a migration."""

Schema = Literal["none", "older", "current", "newer"]


def schema_of(connection: Connection) -> Schema:
    """Compare the schema with the one this version works with."""
    if not inspect(connection).has_table("alembic_version"):
        return "none"
    found = set(connection.execute(_VERSION).scalars())
    if not found:
        return "none"
    if found == {REVISION}:
        return "current"
    return "newer" if found - _known() else "older"


def mismatch(state: Schema) -> SchemaMismatch | None:
    """Return the error for a schema that does not match, with its fix; None for the current schema."""
    if state == "newer":
        return newer_schema()
    if state == "none":
        return SchemaMismatch("The database has no tables yet. Run `ladder migrate`.")
    if state == "older":
        return SchemaMismatch("The database schema is older than this version. Run `ladder migrate`.")
    return None


def newer_schema() -> SchemaMismatch:
    """Return the error for a database that newer software has migrated."""
    return SchemaMismatch("The database schema is newer than this version. Start the newer software.")


class Landmark(NamedTuple):
    """The newest release that was read from a database: another database, or an older copy, does not have it."""

    id: int
    content_sha256: str


NO_LANDMARK: Final = Landmark(0, "")
"""The landmark of a database without releases."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a database, found by one small query."""

    revision: int
    mismatch: SchemaMismatch | None
    """The error if the schema does not match."""
    restored: bool
    """True if the database is another one, or an older copy, than the one that was read before."""


def look(connection: Connection, revision: int = 0, landmark: Landmark = NO_LANDMARK) -> State:
    """Return the state of the database, compared with the revision and the landmark that were read before.

    Raises SchemaMismatch if there is no revision.
    """
    row = connection.execute(_STATE, landmark._asdict()).one_or_none()
    if row is None:
        raise lost_revision()
    error = None if row.version == REVISION else mismatch(schema_of(connection))
    restored = row.number < revision or (landmark != NO_LANDMARK and not row.still_there)
    return State(row.number, error, restored)


def lost_revision() -> SchemaMismatch:
    """Return the error for a database without its revision."""
    return SchemaMismatch("The database has lost its revision. Restore a backup, or run `ladder doctor`.")


def require_writable(connection: Connection) -> None:
    """Check at the start of a write transaction that the schema matches, and keep it unchanged until the end.

    Raises SchemaMismatch if it does not match.
    """
    statement = _LOCKED_VERSION if connection.dialect.name == "postgresql" else _VERSION
    if connection.execute(statement).scalars().all() != [REVISION]:
        error = mismatch(schema_of(connection))
        if error is not None:
            raise error


def hold_schema(connection: Connection) -> None:
    """Let a migration wait for running write transactions, and let new ones wait for the migration.

    On SQLite a write transaction does that by itself.
    """
    if connection.dialect.name == "postgresql" and inspect(connection).has_table("alembic_version"):
        connection.execute(text("LOCK TABLE alembic_version IN EXCLUSIVE MODE"))


def _known() -> set[str]:
    """Return the revisions that this version knows: the names of the migration files."""
    return {file.stem for file in (folder("migrations") / "versions").glob("*.py")}
