"""The registry of slugs: every address an entity ever had, written when a release is published, never changed.

It prevents a slug from being used for two things, distinguishes removed entities from ones that never existed, and
finds an entity by its UUID in any ladder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select

from app.errors import Conflict, Fault
from app.rubric.index import Index
from app.rubric.releases import Release, Version
from app.rubric.slug_history import History, addresses_of
from app.store.ladder_names import original_slug
from app.store.tables.content import EntityRow
from app.store.tables.identity import LadderRow, ReleaseRow, SlugHistoryRow
from app.store.tables.mapping import table_of

_ENTITY: Final = table_of(EntityRow)
_HISTORY: Final = table_of(SlugHistoryRow)
_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)
_CURE: Final = "Choose a slug that was never used; for the same entity, list its former slugs in `formerly`."


@dataclass(frozen=True, slots=True)
class SlugRecord:
    """An address that an entity of a ladder has or had, and the first release that said so."""

    ladder: str
    kind: str
    slug: str
    uuid: UUID
    version: Version


def find_slug(connection: Connection, ladder: str, kind: str, slug: str) -> tuple[SlugRecord, ...]:
    """Return the entity that has or had that address, as one record; nothing if no entity ever had it."""
    return _find(
        connection, _LADDER.c.slug == original_slug(ladder), _HISTORY.c.kind == kind, _HISTORY.c.slug == slug
    )


def find_entity(connection: Connection, uuid: UUID) -> tuple[SlugRecord, ...]:
    """Return all addresses that the entity ever had, oldest first."""
    return _find(connection, _HISTORY.c.uuid == uuid)


def find_history(
    connection: Connection, ladder: str, base: Release | None, taken: Iterable[str] = ()
) -> History:
    """Return what was published before of a ladder.

    Args:
        connection: Where to look.
        ladder: A slug that the ladder has or had.
        base: The release that the next one builds on.
        taken: Slugs of other ladders (`find_taken_names`), as far as the reader of the findings may know of them.
    """
    known = (
        select(_HISTORY)
        .join_from(_HISTORY, _LADDER, _HISTORY.c.ladder_id == _LADDER.c.id)
        .join(_RELEASE, _HISTORY.c.release_id == _RELEASE.c.id)
        .where(_LADDER.c.slug == original_slug(ladder))
        .order_by(_RELEASE.c.id)
    )
    addresses = {(row.kind, row.slug): row.uuid for row in connection.execute(known)}
    return History(addresses, {} if base is None else _standing(connection, base), frozenset(taken))


def _standing(connection: Connection, base: Release) -> dict[UUID, str]:
    """Return the addresses of the entities in a release, by UUID."""
    mine = (_ENTITY.c.release_id == base.id, _ENTITY.c.uuid.is_not(None))
    chosen = select(_ENTITY.c.uuid, _ENTITY.c.address).where(*mine)
    return {row.uuid: row.address for row in connection.execute(chosen)}


def register(connection: Connection, index: Index, ladder_id: int, release_id: int) -> None:
    """Write the addresses that are new with a release.

    Raises:
        Conflict: Addresses belong to other entities; all of them are listed.
    """
    known = {
        (row.kind, row.slug): row.uuid
        for row in connection.execute(select(_HISTORY).where(_HISTORY.c.ladder_id == ladder_id))
    }
    addresses = dict(addresses_of(index))
    faults = [
        Fault(f"{kind}:{slug} was published as another entity. {_CURE}")
        for (kind, slug), uuid in addresses.items()
        if known.get((kind, slug), uuid) != uuid
    ]
    if faults:
        raise Conflict(f"A slug cannot be used for two things: {faults[0].detail}", faults=faults)
    rows = [
        {"ladder_id": ladder_id, "release_id": release_id, "kind": kind, "slug": slug, "uuid": uuid}
        for (kind, slug), uuid in addresses.items()
        if (kind, slug) not in known
    ]
    if rows:
        connection.execute(insert(_HISTORY), rows)


def _find(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[SlugRecord, ...]:
    version = (_RELEASE.c.major, _RELEASE.c.minor, _RELEASE.c.patch)
    chosen = (
        select(_LADDER.c.slug, _HISTORY.c.kind, _HISTORY.c.slug, _HISTORY.c.uuid, *version)
        .join_from(_HISTORY, _LADDER, _HISTORY.c.ladder_id == _LADDER.c.id)
        .join(_RELEASE, _HISTORY.c.release_id == _RELEASE.c.id)
        .where(*conditions)
    )
    records = (SlugRecord(*row[:4], Version(*row[4:])) for row in connection.execute(chosen))
    return tuple(sorted(records, key=lambda record: (record.version, record.kind, record.slug)))
