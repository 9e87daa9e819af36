"""Events of releases: deprecation, withdrawal, rescheduling, and the record that a release came into force.

Once recorded, a release counts as in force in every process, also in one whose clock is behind or was set back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from app.errors import Conflict, Invalid
from app.rubric.releases import Event, Release, newly_in_force, present_moment, rfc3339, standing_base_of
from app.store.audit import Action, Actor, record
from app.store.releases import append_event, find_releases, get_release
from app.store.revision import hold_revision, stamp_ladder, take_revision
from app.store.tables.identity import ComingIntoForceRow
from app.store.tables.mapping import table_of

_RECORDS: Final = table_of(ComingIntoForceRow)
_ACTIONS: Final = {
    "deprecated": "release.deprecate",
    "withdrawn": "release.withdraw",
    "rescheduled": "release.reschedule",
}
"""The names of the actions in the audit log, by kind of event."""


def announce(connection: Connection, release: Release, event: Event, actor: Actor) -> Release:
    """Add an event to a release in the caller's write transaction, dated now, and return the release with it.

    Clocks differ between machines, so the event is never dated before anything recorded about the ladder. Raises like
    `append_event`.
    """
    known = get_release(connection, release.ladder, release.version)
    line = find_releases(connection, known.ladder)
    dated = replace(event, at=present_moment(line, event.at))
    if dated.effective_from is not None:
        _refuse_date(line, known, dated.effective_from, dated.at)
    append_event(connection, known, dated, now=dated.at)
    detail = {
        "reason": event.reason,
        "successor": None if event.successor is None else str(event.successor),
        "sunset": None if event.sunset is None else rfc3339(event.sunset),
        "effective_from": None if event.effective_from is None else rfc3339(event.effective_from),
    }
    action = _ACTIONS[event.kind]
    told = {name: value for name, value in detail.items() if value is not None}
    record(connection, actor, Action(action, known.ladder, str(known.version), detail=told), dated.at)
    date = dated.effective_from or known.effective_from
    return replace(known, events=(*known.events, dated), effective_from=date)


def _refuse_date(line: Sequence[Release], release: Release, date: datetime, now: datetime) -> None:
    """Raise Conflict if a release cannot be rescheduled any more, or Invalid if it cannot be to that date."""
    name, moment = f"{release.ladder}@{release.version}", present_moment(line, now)
    if release.withdrawn_at(moment):
        raise Conflict(f"{name} was withdrawn, so it has no date to change.")
    if release.effective_from <= moment:
        since = rfc3339(release.effective_from)
        raise Conflict(
            f"{name} came into force at {since}, so its date cannot be changed. Publish a new release."
        )
    if date <= moment:
        raise Invalid(f"{rfc3339(date)} is not in the future. Choose a date after {rfc3339(moment)}.")
    base = standing_base_of(line, release, moment)
    after = [
        other
        for other in line
        if not other.withdrawn_at(moment) and standing_base_of(line, other, moment) == release
    ]
    if base is not None and date < base.effective_from:
        first = rfc3339(base.effective_from)
        raise Invalid(
            f"{name} builds on {base.version}, which comes into force at {first}. Choose that or later."
        )
    following = min(after, key=lambda other: other.effective_from, default=None)
    if following is not None and date > following.effective_from:
        last = rfc3339(following.effective_from)
        raise Invalid(
            f"{following.version} builds on {release.version} and comes into force at {last}. Choose that or earlier."
        )


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
