"""Writing the last changes of releases that were published before they were recorded, and of all after a doubt."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Engine, delete, select

from app.rubric.index import Index
from app.rubric.releases import Release, base_of
from app.store.engine import reading, writing
from app.store.last_changes import record_last_changes
from app.store.loading import load_rows
from app.store.releases import find_releases
from app.store.revision import hold_revision
from app.store.tables.derived import LastChangesRow
from app.store.tables.identity import ReleaseRow
from app.store.tables.mapping import table_of

_RELEASE: Final = table_of(ReleaseRow)
_TABLE: Final = table_of(LastChangesRow)


def find_unrecorded(connection: Connection) -> tuple[Release, ...]:
    """Return the releases without a row, oldest first."""
    missing = select(_RELEASE.c.id).where(
        _RELEASE.c.sealed, _RELEASE.c.id.not_in(select(_TABLE.c.release_id))
    )
    ids = set(connection.execute(missing).scalars())
    if not ids:
        return ()
    return tuple(sorted((one for one in find_releases(connection) if one.id in ids), key=lambda one: one.id))


def record_missing(engine: Engine, on_release: Callable[[int], None] = lambda _: None) -> int:
    """Write the missing rows, one transaction each, and return their number.

    Several processes may do this at once. After each transaction, `on_release` gets the number of finished releases.

    Raises Unavailable if the database cannot be reached or written.
    """
    with reading(engine) as connection:
        missing = find_unrecorded(connection)
    for done, release in enumerate(missing, 1):
        with writing(engine) as connection:
            hold_revision(connection)
            known = select(_TABLE.c.release_id).where(_TABLE.c.release_id == release.id)
            if connection.execute(known).first() is None:  # otherwise another process was faster
                index = Index.of(load_rows(connection, release.id))
                base = base_of(find_releases(connection, release.original), release)
                record_last_changes(connection, release, index, base)
        on_release(done)
    return len(missing)


def forget_last_changes(engine: Engine) -> None:
    """Delete all rows, so that `record_missing` writes them again. Until then, no entity says when it changed."""
    with writing(engine) as connection:
        connection.execute(delete(_TABLE))
