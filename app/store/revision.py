"""The revision: a number that grows with every change, so one small query finds out if anything changed.

Its row is also the lock for all changes: while one transaction holds it, the others wait, and then see its changes.
"""

from typing import Final

from sqlalchemy import Connection, select, update

from app.store.ladder_names import original_slug
from app.store.schema_version import lost_revision
from app.store.tables.identity import LadderRow, RevisionRow
from app.store.tables.mapping import table_of

_REVISION: Final = table_of(RevisionRow)
_LADDER: Final = table_of(LadderRow)


def get_revision(connection: Connection) -> int:
    """Return the current revision. Raises SchemaMismatch if its row is missing."""
    return _known(connection.execute(select(_REVISION.c.number)).scalar_one_or_none())


def bump_revision(connection: Connection, ladder: str) -> int:
    """Take the next revision, store it at the ladder, and return it."""
    number = take_revision(connection)
    stamp_ladder(connection, ladder, number)
    return number


def take_revision(connection: Connection) -> int:
    """Take the next revision, which locks the store for other writers until the transaction ends."""
    taken = update(_REVISION).values(number=_REVISION.c.number + 1).returning(_REVISION.c.number)
    return _known(connection.execute(taken).scalar_one_or_none())


def hold_revision(connection: Connection) -> None:
    """Hold the lock for changes until the transaction ends, without counting as a change.

    On SQLite a write transaction does that by itself.
    """
    connection.execute(select(_REVISION.c.number).with_for_update())


def stamp_ladder(connection: Connection, ladder: str, number: int) -> None:
    """Store at a ladder the revision that changed it."""
    connection.execute(update(_LADDER).where(_LADDER.c.slug == original_slug(ladder)).values(revision=number))


def find_ladder_revisions(connection: Connection) -> dict[str, int]:
    """Return the revision of the last change of each ladder, by its original slug."""
    return {row.slug: row.revision for row in connection.execute(select(_LADDER.c.slug, _LADDER.c.revision))}


def set_revision(connection: Connection, number: int) -> None:
    """Set the revision of a copy, which continues from the number of its source."""
    connection.execute(update(_REVISION).values(number=number))


def find_changed_ladders(connection: Connection, since: int) -> tuple[str, ...]:
    """Return the original slugs of ladders that changed after a revision, in order."""
    changed = select(_LADDER.c.slug).where(_LADDER.c.revision > since)
    return tuple(sorted(connection.execute(changed).scalars()))


def _known(number: int | None) -> int:
    if number is None:
        raise lost_revision()
    return number
