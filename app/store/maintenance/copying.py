"""Copying a whole database into another, of the same or the other engine, and backups.

The source is read in one snapshot, and others may write to it during the copy. Every release is checked against its
hash. Numbers, dates, hashes, events and the registry stay the same; ladders and releases get new ids in the store.
Drafts, reviews, settings, keys and the audit log are copied row by row (`row_copies.py`).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, inspect, literal, select

from app.errors import Conflict, Unavailable
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.releases import Release, Version
from app.store.engine import open_engine, reading, sqlite_file, writing
from app.store.inserting import NewRelease, add_ladder, insert_release, known_ladder
from app.store.last_changes import copy_last_changes
from app.store.loading import load_content
from app.store.maintenance.migrating import migrate
from app.store.maintenance.row_copies import copy_rows
from app.store.maintenance.schema_check import has_schema, require_current
from app.store.release_events import copy_records
from app.store.releases import bring_event, find_releases
from app.store.revision import find_ladder_revisions, get_revision, set_revision, take_revision
from app.store.tables import METADATA


@dataclass(frozen=True, slots=True)
class Copied:
    """The numbers of copied rows."""

    releases: int
    drafts: int
    reviews: int
    keys: int
    audit_entries: int


def _unheard(_release: Release) -> None:
    """Do nothing with the progress."""


def copy_all(
    source: Engine, target_url: str | URL, on_release: Callable[[Release], None] = _unheard
) -> Copied:
    """Copy everything into an empty database, or nothing at all. The schema is created there if it is missing.

    Args:
        source: The database to copy from.
        target_url: The database to copy into.
        on_release: Called with each release once it is written.

    Raises:
        Conflict: The target is not empty.
        SchemaMismatch: The source does not have the schema of this version.
        Internal: A release has another hash in the copy, or rows differ from the source. Nothing is copied then.
        Unavailable: One of the databases cannot be reached or written.
    """
    require_current(source)
    target = open_engine(target_url)
    try:
        _refuse_occupied(target)
        migrate(target_url)
        with reading(source) as origin, writing(target) as copy:
            return _copy(origin, copy, on_release)
    finally:
        target.dispose()


def backup(source: Engine, path: Path) -> None:
    """Write a consistent copy as a SQLite file; the server may keep running.

    The file gets its name only when it is complete and on the disk.

    Raises:
        Conflict: The path already exists.
        Unavailable: The file cannot be written, or the source cannot be read.
    """
    if os.path.lexists(path):
        raise _taken(path)
    unfinished = path.absolute().with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        copy_all(source, URL.create("sqlite", database=str(unfinished)))
        _sync(unfinished)
        os.link(unfinished, path)  # a rename would replace a file that was created in the meantime
        _sync(path.absolute().parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written: {error.strerror}. Choose another path, or make the folder writable."
        ) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)


def _copy(origin: Connection, copy: Connection, on_release: Callable[[Release], None]) -> Copied:
    taken = take_revision(copy)
    if _holds_anything(copy):
        raise _occupied()
    releases = sorted(find_releases(origin), key=lambda release: release.id)  # in order of publication
    # Never below the target's own revision, or a process that already serves it would not notice the copy.
    revisions = {slug: max(number, taken) for slug, number in find_ladder_revisions(origin).items()}
    copies: dict[tuple[str, Version | None], Release] = {}
    for release in releases:
        base = copies.get((release.original, release.base))
        copied = _copy_release(origin, copy, release, base, revisions[release.original])
        copies[release.original, release.version] = copied
        on_release(release)
    release_ids = {one.id: copies[one.original, one.version].id for one in releases}
    for release in releases:  # after all releases, because an event may name a later release as successor
        for event in release.events:
            bring_event(copy, release, event)
    copy_records(origin, copy, release_ids)
    rows = copy_rows(origin, copy, release_ids)
    set_revision(copy, max(get_revision(origin), taken))
    return Copied(len(releases), rows["draft"], rows["review"], rows["api_key"], rows["audit"])


def _copy_release(
    origin: Connection, copy: Connection, release: Release, base: Release | None, revision: int
) -> Release:
    """Write one release that builds on `base` in the copy, and return it as it is there."""
    ladder = load_content(origin, release)
    new = NewRelease(
        Index.of(ladder),
        release.version,
        release.notes,
        release.published_at,
        release.effective_from,
        release.content_sha256,
        release.minimum,
        release.because,
        original=release.original,
    )
    if content_sha256(canonical(ladder)) != new.content_sha256:
        raise new.unlike()
    ladder_id = known_ladder(copy, release.original)
    if ladder_id is None:
        ladder_id = add_ladder(copy, ladder, release.original, revision)
    made = insert_release(copy, ladder_id, new, base)
    copy_last_changes(origin, copy, release.id, made.id)
    return made


def _refuse_occupied(target: Engine) -> None:
    """Refuse a database that has rows, or tables that are not ours."""
    file = sqlite_file(target.url)
    if file is not None and not file.exists():
        return
    migrated = has_schema(target)
    with reading(target) as connection:
        if _holds_anything(connection) if migrated else inspect(connection).get_table_names():
            raise _occupied()


def _holds_anything(connection: Connection) -> bool:
    """Return whether any of our tables has a row, apart from the revision."""
    tables = (table for name, table in METADATA.tables.items() if name != "revision")
    return any(connection.execute(select(literal(1)).select_from(table).limit(1)).first() for table in tables)


def _occupied() -> Conflict:
    return Conflict("The target database is not empty. Name a new one. Nothing was copied.")


def _taken(path: Path) -> Conflict:
    return Conflict(f"{path} already exists. Name a new file.")


def _sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
