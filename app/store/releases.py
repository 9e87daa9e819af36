"""Releases in the store: finding and publishing them, and adding events to them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, true

from app.errors import Conflict, Invalid, NotFound
from app.rubric.release_line import Position, position_of
from app.rubric.releases import Event, Release, Version, latest, present_moment, rfc3339
from app.store.inserting import NewRelease, add_ladder, insert_release, known_ladder
from app.store.ladder_names import find_original, original_slug, refuse_taken_names
from app.store.last_changes import record_last_changes
from app.store.revision import bump_revision, stamp_ladder, take_revision
from app.store.tables.content import EntityRow
from app.store.tables.identity import ComingIntoForceRow, LadderRow, ReleaseEventRow, ReleaseRow
from app.store.tables.mapping import table_of

_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)
_EVENT: Final = table_of(ReleaseEventRow)
_RECORDS: Final = table_of(ComingIntoForceRow)
_ROOT: Final = table_of(EntityRow).alias("root")
_SUCCESSOR: Final = _RELEASE.alias("successor")
_BASE: Final = _RELEASE.alias("base")
_RELEASES: Final = (
    select(
        _LADDER.c.slug,
        _ROOT.c.address,
        _RELEASE,
        _RECORDS.c.recorded_at,
        _BASE.c.major.label("base_major"),
        _BASE.c.minor.label("base_minor"),
        _BASE.c.patch.label("base_patch"),
    )
    .join_from(_RELEASE, _LADDER, _RELEASE.c.ladder_id == _LADDER.c.id)
    .join(_ROOT, (_ROOT.c.release_id == _RELEASE.c.id) & (_ROOT.c.id == 0))
    .outerjoin(_RECORDS, _RECORDS.c.release_id == _RELEASE.c.id)
    .outerjoin(_BASE, _RELEASE.c.base_id == _BASE.c.id)
    .where(_RELEASE.c.sealed)
)
_EVENTS: Final = (
    select(_EVENT, _SUCCESSOR.c.major, _SUCCESSOR.c.minor, _SUCCESSOR.c.patch)
    .join_from(_EVENT, _RELEASE, _EVENT.c.release_id == _RELEASE.c.id)
    .join(_LADDER, _RELEASE.c.ladder_id == _LADDER.c.id)
    .outerjoin(_SUCCESSOR, _EVENT.c.successor_id == _SUCCESSOR.c.id)
    .order_by(_EVENT.c.release_id, _EVENT.c.position)
)
"""The statement for all releases, built once, because building it takes longer than running it."""


def find_ladders(connection: Connection) -> tuple[str, ...]:
    """Return the original slugs of all ladders, in order."""
    return tuple(sorted(connection.execute(select(_LADDER.c.slug)).scalars()))


def find_releases(connection: Connection, ladder: str | None = None) -> tuple[Release, ...]:
    """Return the releases of one ladder or of all, ordered by ladder and number, in two statements."""
    return _find(connection, true() if ladder is None else _LADDER.c.slug == original_slug(ladder))


def find_latest(connection: Connection, ladder: str, now: datetime) -> Release | None:
    """Return the newest release of a ladder that is not withdrawn; None if there is none."""
    line = find_releases(connection, ladder)
    return latest(line, present_moment(line, now))


def count_releases(connection: Connection) -> int:
    """Return the number of releases, readable or not."""
    return connection.execute(select(func.count()).where(_RELEASE.c.sealed)).scalar_one()


def get_release(connection: Connection, ladder: str, version: Version) -> Release:
    """Return one release. Raises NotFound if no release has that number."""
    number = (_RELEASE.c.major == version.major, _RELEASE.c.minor == version.minor)
    found = _find(
        connection, _LADDER.c.slug == original_slug(ladder), *number, _RELEASE.c.patch == version.patch
    )
    if not found:
        raise NotFound(f"There is no release {ladder}@{version}.")
    return found[0]


def publish(connection: Connection, new: NewRelease, revision: int | None = None) -> Release:
    """Publish a ladder as a release in the caller's write transaction. The rules are not checked again.

    `revision` is the one that the transaction has already taken; None takes the next.

    Raises:
        Conflict: The number or the content does not follow the base, or a slug belongs to another entity, or the
            release to correct is not in force, or no release is scheduled after it.
        Invalid: `effective_from` does not fit, or the release to correct does not exist.
        InvalidLadder: A reference leads nowhere, or two entities have the same slug.
    """
    if revision is None:
        revision = take_revision(connection)
    original = new.original or find_original(connection, *new.ladder.names)
    position = place(connection, new, original)
    ladder_id = known_ladder(connection, original)
    if ladder_id is None:
        ladder_id = add_ladder(connection, new.ladder, original, revision)
    stamp_ladder(connection, original, revision)
    made = insert_release(connection, ladder_id, replace(new, original=original), position.base)
    record_last_changes(connection, made, new.index, position.base, new.base_index)
    return made


def place(connection: Connection, new: NewRelease, original: str) -> Position:
    """Return the position of a new release in the line of its ladder, by the original slug. Raises as `publish`."""
    refuse_taken_names(connection, new.ladder, original)
    line = find_releases(connection, original)
    position = position_of(new.ladder.slug, line, new.published_at, new.corrects)
    _refuse_out_of_line(new, position)
    return position


def append_event(connection: Connection, release: Release, event: Event, now: datetime) -> None:
    """Add an event to a release in the caller's write transaction, dated `now` or earlier. Events are permanent.

    Raises:
        NotFound: The release does not exist.
        Conflict: The event is a withdrawal, and the release has already been withdrawn.
        Invalid: The event is older than the release or its newest event, or in the future; its sunset is before
            the event, or the event is a withdrawal; its successor is not another release of the ladder.
    """
    bump_revision(connection, release.ladder)
    _refuse_untimely(get_release(connection, release.ladder, release.version), event, now)
    _refuse_sunset(event)
    bring_event(connection, release, event)


def bring_event(connection: Connection, release: Release, event: Event) -> None:
    """Insert an event of another database unchanged, whatever its date. Raises like `append_event`."""
    known = get_release(connection, release.ladder, release.version)
    if event.kind == "withdrawn" and any(earlier.kind == "withdrawn" for earlier in known.events):
        raise Conflict(f"{release.ladder}@{release.version} has already been withdrawn.")
    row = {
        "release_id": known.id,
        "position": len(known.events),
        "kind": event.kind,
        "at": event.at,
        "reason": event.reason,
        "successor_id": _successor_id(connection, known, event.successor),
        "sunset": event.sunset,
        "effective_from": event.effective_from,
    }
    connection.execute(insert(_EVENT), row)


def _refuse_untimely(release: Release, event: Event, now: datetime) -> None:
    name = f"{release.ladder}@{release.version}"
    if event.at > now:
        raise Invalid(
            f"{rfc3339(event.at)} is in the future. An event of {name} must be dated now or earlier."
        )
    if event.at < release.published_at:
        raise Invalid(
            f"{name} was published after {rfc3339(event.at)}. Date the event after the publication."
        )
    if release.events and event.at < release.events[-1].at:
        newest = rfc3339(release.events[-1].at)
        raise Invalid(f"The newest event of {name} is from {newest}. Date the new event {newest} or later.")


def _refuse_sunset(event: Event) -> None:
    """Raise Invalid for a sunset before the deprecation (RFC 9745, 4)."""
    if event.sunset is None:
        return
    if event.kind == "withdrawn":
        raise Invalid(
            "A withdrawal takes effect at once and has no sunset. Leave it out, or deprecate the release."
        )
    if event.kind == "rescheduled":
        raise Invalid("A rescheduling has no sunset. Leave `sunset` out.")
    if event.sunset < event.at:
        raise Invalid(
            f"The sunset {rfc3339(event.sunset)} is before the deprecation. Choose {rfc3339(event.at)} or later."
        )


def _successor_id(connection: Connection, release: Release, successor: Version | None) -> int | None:
    if successor is None:
        return None
    found = {other.version: other.id for other in find_releases(connection, release.ladder)}
    if successor == release.version or successor not in found:
        raise Invalid(
            f"{successor} cannot succeed {release.version}. Name another release of {release.ladder!r}."
        )
    return found[successor]


def _refuse_out_of_line(new: NewRelease, position: Position) -> None:
    position.refuse(new.version)
    if new.effective_from < new.published_at:
        raise Invalid(
            f"effective_from {rfc3339(new.effective_from)} is before published_at "
            f"{rfc3339(new.published_at)}. A release cannot come into force before it is published."
        )
    position.refuse_date(new.effective_from)
    if position.base is not None and new.content_sha256 == position.base.content_sha256:
        raise Conflict(
            f"Nothing changed: the content is that of {position.ladder}@{position.base.version}, so no release was "
            "made."
        )


def _find(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Release, ...]:
    events = _events(connection, *conditions)
    releases = (
        Release(
            id=row.id,
            ladder=row.address,
            original=row.slug,
            version=Version(row.major, row.minor, row.patch),
            notes=row.notes,
            published_at=row.published_at,
            effective_from=_effective_from(row.effective_from, events[row.id]),
            content_sha256=row.content_sha256,
            base=None if row.base_id is None else Version(row.base_major, row.base_minor, row.base_patch),
            came_into_force=row.recorded_at is not None,
            events=tuple(events[row.id]),
            minimum=None if row.minimum is None else Version.parse(row.minimum),
            because=row.because,
            title=row.title,
            summary=row.summary,
            language=row.language,
        )
        for row in connection.execute(_RELEASES.where(*conditions))
    )
    return tuple(sorted(releases, key=lambda release: (release.original, release.version)))


def _effective_from(published: datetime, events: Sequence[Event]) -> datetime:
    """Return the date of the last rescheduling, or else the date at publish."""
    moved = [event.effective_from for event in events if event.effective_from is not None]
    return moved[-1] if moved else published


def _events(connection: Connection, *conditions: ColumnElement[bool]) -> dict[int, list[Event]]:
    events: dict[int, list[Event]] = defaultdict(list)
    for row in connection.execute(_EVENTS.where(*conditions)):
        follows = None if row.successor_id is None else Version(row.major, row.minor, row.patch)
        events[row.release_id].append(
            Event(row.kind, row.at, row.reason, follows, row.sunset, row.effective_from)
        )
    return events
