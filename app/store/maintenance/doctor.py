"""Verification of releases, their registry and their search index, for `ladder doctor`.

Stored hashes are not trusted: every content hash is computed again from the rows.
"""

from collections.abc import Container, Generator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from app.errors import SchemaMismatch
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.last_changes import of_places
from app.rubric.releases import Release, base_of, latest, standing_base_of
from app.store.last_changes import compute_last_changes
from app.store.loading import load_content, load_last_changes
from app.store.maintenance.doctor_authoring import verify_authoring
from app.store.maintenance.doctor_problem import Problem
from app.store.maintenance.seal_triggers import find_missing_seals
from app.store.releases import find_ladders, find_releases
from app.store.revision import get_revision
from app.store.search.index import find_unindexed, index_differs
from app.store.tables.content import EntityRow
from app.store.tables.identity import LadderRow, ReleaseRow, SlugHistoryRow
from app.store.tables.mapping import table_of

__all__ = ["Problem", "verify"]

_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)
_ENTITY: Final = table_of(EntityRow)
_HISTORY: Final = table_of(SlugHistoryRow)
_NUMBER: Final = (_RELEASE.c.major, _RELEASE.c.minor, _RELEASE.c.patch)
_UNREADABLE: Final = (LookupError, TypeError, ValueError)
"""The errors that values raise if this software cannot have written them."""


def verify(connection: Connection) -> Iterator[Problem]:
    """Yield every problem as soon as it is found. This takes about twice as long as loading every release."""
    for missing in find_missing_seals(connection):
        yield Problem(
            "seal-missing",
            "database",
            f"{missing}: restore a backup, or copy everything into a new database.",
        )
    yield from _broken_references(connection)
    yield from _revision(connection)
    yield from _unsealed(connection)
    yield from _unregistered(connection)
    unindexed = frozenset(find_unindexed(connection))
    for ladder in find_ladders(connection):
        yield from _ladder(connection, ladder, unindexed)
    yield from verify_authoring(connection)


def _broken_references(connection: Connection) -> Iterator[Problem]:
    """Yield broken foreign keys on SQLite, where other programs leave them unchecked by default."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        detail = f"a row of {row[0]} refers to a missing row of {row[2]}: restore a backup."
        yield Problem("broken-reference", "database", detail)


def _revision(connection: Connection) -> Iterator[Problem]:
    try:
        get_revision(connection)
    except SchemaMismatch:
        detail = "the row of the table revision is missing, so nothing can be published: restore a backup."
        yield Problem("revision-missing", "database", detail)


def _unsealed(connection: Connection) -> Iterator[Problem]:
    chosen = (
        select(_LADDER.c.slug, *_NUMBER)
        .join_from(_RELEASE, _LADDER, _RELEASE.c.ladder_id == _LADDER.c.id)
        .where(~_RELEASE.c.sealed)
        .order_by(_RELEASE.c.id)
    )
    for row in connection.execute(chosen):
        place = f"{row.slug}@{row.major}.{row.minor}.{row.patch}"
        yield Problem(
            "unsealed", place, "was written but never sealed, so no reader sees it: delete its rows."
        )


def _unregistered(connection: Connection) -> Iterator[Problem]:
    """Yield addresses of a release that are missing in the registry, or belong to another entity there."""
    mine = (
        _HISTORY.c.ladder_id == _RELEASE.c.ladder_id,
        _HISTORY.c.kind == _ENTITY.c.kind,
        _HISTORY.c.slug == _ENTITY.c.address,
    )
    chosen = (
        select(_LADDER.c.slug, *_NUMBER, _ENTITY.c.kind, _ENTITY.c.address)
        .join_from(_ENTITY, _RELEASE, _ENTITY.c.release_id == _RELEASE.c.id)
        .join(_LADDER, _RELEASE.c.ladder_id == _LADDER.c.id)
        .outerjoin(_HISTORY, and_(*mine))
        .where(_RELEASE.c.sealed, _ENTITY.c.uuid.is_not(None))
        .where(or_(_HISTORY.c.uuid.is_(None), _HISTORY.c.uuid != _ENTITY.c.uuid))
        .order_by(_RELEASE.c.id, _ENTITY.c.id)
    )
    for row in connection.execute(chosen):
        place = f"{row.slug}@{row.major}.{row.minor}.{row.patch}"
        detail = (
            f"{row.kind}:{row.address} is not in the registry of slugs: copy everything into a new database."
        )
        yield Problem("unregistered", place, detail)


def _ladder(connection: Connection, ladder: str, unindexed: Container[int]) -> Iterator[Problem]:
    try:
        line = find_releases(connection, ladder)
    except _UNREADABLE as error:
        detail = f"its releases cannot be read from their rows ({type(error).__name__}): restore a backup."
        yield Problem("unreadable", ladder, detail)
        return
    misplaced = tuple(_out_of_line(line))
    yield from misplaced
    based = all(problem.code != "wrong-base" for problem in misplaced)
    before: tuple[Release, Index] | None = None
    for release in line:
        index = yield from _release(connection, release, unindexed)
        if index is not None and based:
            yield from _last_changes(connection, line, (release, index), before)
            before = release, index


def _out_of_line(line: Sequence[Release]) -> Iterator[Problem]:
    """Yield releases that have no base although they must, and those that come into force before it."""
    moment = datetime.max.replace(tzinfo=UTC)
    for release in line:
        base = base_of(line, release)
        earlier = [one for one in line if one.id < release.id]
        if base not in earlier and (base is not None or latest(earlier, release.published_at) is not None):
            detail = "does not build on a release that was published before it: restore a backup."
            yield Problem("wrong-base", _named(release), detail)
        elif base is not None and base.version > release.version:
            detail = f"has a lower number than {base.version}, on which it builds: restore a backup."
            yield Problem("wrong-base", _named(release), detail)
        base = standing_base_of(line, release, moment)
        if base is None or release.withdrawn_at(moment):
            continue
        if release.effective_from < base.effective_from:
            detail = f"comes into force before {base.version}, on which it builds: publish another release."
            yield Problem("out-of-line", _named(release), detail)


def _release(
    connection: Connection, release: Release, unindexed: Container[int]
) -> Generator[Problem, None, Index | None]:
    """Yield the problems of one release, and return its content; None if it cannot be trusted."""
    try:
        content = load_content(connection, release)
        found = content_sha256(canonical(content))
    except _UNREADABLE as error:
        detail = f"cannot be read from its rows ({type(error).__name__}): restore a backup."
        yield Problem("unreadable", _named(release), detail)
        return None
    index = Index.of(content)
    if found != release.content_sha256:
        detail = (
            f"was changed: its rows have the hash {found}, not {release.content_sha256}: restore a backup."
        )
        yield Problem("changed", _named(release), detail)
        return None
    if release.id in unindexed:
        detail = "is missing in the search index, or an older version indexed it: run `ladder migrate`."
        yield Problem("unindexed", _named(release), detail)
    elif index_differs(connection, release.id, index):
        detail = "differs from its entries in the search index: run `ladder migrate --reindex`."
        yield Problem("index-changed", _named(release), detail)
    return index


def _last_changes(
    connection: Connection,
    line: Sequence[Release],
    shown: tuple[Release, Index],
    before: tuple[Release, Index] | None,
) -> Iterator[Problem]:
    """Yield the problem of a release that says of an entity another last change than follows from its base.

    `before` is the release that was verified last, which is often the base.
    """
    release, index = shown
    base = base_of(line, release)
    base_index = before[1] if before is not None and before[0] == base else None
    try:
        places = load_last_changes(connection, release.id)
        found = None if places is None else of_places(index, places)
        expected = compute_last_changes(connection, release, index, base, base_index)
    except _UNREADABLE:
        found, expected = {}, None
    if found is None:
        detail = "does not say when its entities last changed: run `ladder migrate`."
        yield Problem("unrecorded", _named(release), detail)
    elif found != expected:
        detail = "says of an entity that it last changed in another release: run `ladder migrate --reindex`."
        yield Problem("last-changes-differ", _named(release), detail)


def _named(release: Release) -> str:
    return f"{release.ladder}@{release.version}"
