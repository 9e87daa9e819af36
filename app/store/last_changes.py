"""The release in which each entity of a release last changed, in the store.

The row of a release is written when the release is published, and follows from that of the release it builds on.
`maintenance/missing_rows.py` writes the rows of releases that were published before there was such a table.
"""

import json
from typing import Final

from sqlalchemy import Connection, insert, select

from app.rubric.index import Index
from app.rubric.last_changes import Earlier, LastChanges, last_changes, of_places, places_of
from app.rubric.releases import Release
from app.store.loading import load_last_changes, load_rows
from app.store.tables.derived import LastChangesRow
from app.store.tables.mapping import table_of

_TABLE: Final = table_of(LastChangesRow)


def record_last_changes(
    connection: Connection,
    release: Release,
    index: Index,
    base: Release | None,
    base_index: Index | None = None,
) -> None:
    """Write the row of a release. If that of its base is missing, neither is written until `ladder migrate`.

    Args:
        connection: A write transaction.
        release: The release.
        index: Its content.
        base: The release that it builds on; None if there was none.
        base_index: The content of `base`, if it is known; None to load it.
    """
    found = compute_last_changes(connection, release, index, base, base_index)
    if found is not None:
        connection.execute(
            insert(_TABLE),
            {
                "release_id": release.id,
                "entities": json.dumps(places_of(index, found), separators=(",", ":")),
            },
        )


def compute_last_changes(
    connection: Connection,
    release: Release,
    index: Index,
    base: Release | None,
    base_index: Index | None = None,
) -> LastChanges | None:
    """Return what the row of a release should say; None if the row of its base is missing."""
    if base is None:
        return last_changes(index, release.version, None)
    before = base_index or Index.of(load_rows(connection, base.id))
    known = load_last_changes(connection, base.id)
    if known is None:
        return None
    return last_changes(index, release.version, Earlier(before, of_places(before, known)))


def copy_last_changes(origin: Connection, copy: Connection, release_id: int, copied_id: int) -> None:
    """Copy the row of a release, if there is one. Entities have the same ids in every copy of a release."""
    row = origin.execute(select(_TABLE.c.entities).where(_TABLE.c.release_id == release_id)).one_or_none()
    if row is not None:
        copy.execute(insert(_TABLE), {"release_id": copied_id, "entities": row.entities})
