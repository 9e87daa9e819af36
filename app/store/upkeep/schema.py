"""The schema of the database: telling whether it is the one this version works with."""

from typing import Final, Literal

from sqlalchemy import Connection, Engine, inspect, text

from app.errors import SchemaMismatch
from app.resources import folder
from app.store.engine import reading, sqlite_file

REVISION: Final = "2026_11_27_search"
"""The newest of the migrations: the schema that this version works with."""

State = Literal["none", "older", "current", "newer"]


def schema_state(engine: Engine) -> State:
    """How the schema of a database compares with this version's; `none` also for a SQLite file that is not there.

    Raises Unavailable where the database cannot be reached.
    """
    file = sqlite_file(engine.url)
    if file is not None and not file.exists():
        return "none"
    with reading(engine) as connection:
        return state_of(connection)


def state_of(connection: Connection) -> State:
    """The same, as a transaction sees it."""
    if not inspect(connection).has_table("alembic_version"):
        return "none"
    found = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if not found:
        return "none"
    if found == {REVISION}:
        return "current"
    return "newer" if found - _known() else "older"


def has_schema(engine: Engine) -> bool:
    """Whether the database has been migrated at all; False for a SQLite file that is not there."""
    return schema_state(engine) != "none"


def require_current(engine: Engine) -> None:
    """Make sure that the schema is the one this version works with.

    Raises:
        SchemaMismatch: It is older, newer or not there; the detail names the cure.
        Unavailable: The database cannot be reached.
    """
    state = schema_state(engine)
    if state == "newer":
        raise newer_schema()
    if state == "none":
        raise SchemaMismatch("The database has no tables yet: run `ladder migrate`.")
    if state == "older":
        raise SchemaMismatch("The database has the tables of an older version: run `ladder migrate`.")


def newer_schema() -> SchemaMismatch:
    """The error of a database that newer software has migrated."""
    return SchemaMismatch("The database has the tables of a newer version: start the newer software.")


def _known() -> set[str]:
    """The revisions of this version: each migration's file bears its name."""
    return {file.stem for file in (folder("migrations") / "versions").glob("*.py")}
