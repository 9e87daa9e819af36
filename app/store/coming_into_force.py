"""The record of releases that came into force, written once for each release.

From then on a release counts as in force in every process, also in one whose clock is behind or was set back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from app.rubric.releases import Release, newly_in_force
from app.store.mapping import table_of
from app.store.releases import find_releases
from app.store.revision import hold_revision, stamp_ladder, take_revision
from app.store.tables.identity import ComingIntoForceRow

_RECORDS: Final = table_of(ComingIntoForceRow)


def record_coming_into_force(
    connection: Connection, ladders: Iterable[str], now: datetime
) -> tuple[Release, ...]:
    """Record which scheduled releases of these ladders have come into force, as part of a write transaction.

    Returns the releases that were not recorded before. If there are none, nothing changes.
    """
    hold_revision(connection)
    found = [release for slug in ladders for release in newly_in_force(find_releases(connection, slug), now)]
    if found:
        revision = take_revision(connection)
        rows = [{"release_id": release.id, "recorded_at": now} for release in found]
        connection.execute(insert(_RECORDS), rows)
        for slug in sorted({release.ladder for release in found}):
            stamp_ladder(connection, slug, revision)
    return tuple(found)


def copy_records(origin: Connection, copy: Connection, release_ids: Mapping[int, int]) -> None:
    """Write the records of another database, whose releases have other ids in this one."""
    rows = [
        {"release_id": release_ids[row.release_id], "recorded_at": row.recorded_at}
        for row in origin.execute(select(_RECORDS))
    ]
    if rows:
        copy.execute(insert(_RECORDS), rows)
