"""The registry of slugs: every address an entity ever had, written at publish and never changed.

It keeps a slug from being used for two things, tells what is gone from what never was, and finds an entity by
its UUID wherever it lives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select

from app.errors import Conflict, Fault
from app.rubric.index import Index
from app.rubric.releases import Version
from app.store.mapping import table_of
from app.store.tables.identity import LadderRow, ReleaseRow, SlugHistoryRow

_HISTORY: Final = table_of(SlugHistoryRow)
_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)
_CURE: Final = "Choose a slug that was never used; for the same entity, list its earlier slugs in `formerly`."


@dataclass(frozen=True, slots=True)
class SlugRecord:
    """An address that an entity of a ladder has or had, and the first release that said so."""

    ladder: str
    kind: str
    slug: str
    uuid: UUID
    version: Version


def find_slug(connection: Connection, ladder: str, kind: str, slug: str) -> tuple[SlugRecord, ...]:
    """Whose address that is or was: one record, or none where it never was one."""
    return _find(connection, _LADDER.c.slug == ladder, _HISTORY.c.kind == kind, _HISTORY.c.slug == slug)


def find_entity(connection: Connection, uuid: UUID) -> tuple[SlugRecord, ...]:
    """All addresses that the entity ever had, oldest first."""
    return _find(connection, _HISTORY.c.uuid == uuid)


def register(connection: Connection, index: Index, ladder_id: int, release_id: int) -> None:
    """Write the addresses that are new with a release.

    Raises:
        Conflict: An address belongs to another entity; all such are listed.
    """
    known = {
        (row.kind, row.slug): row.uuid
        for row in connection.execute(select(_HISTORY).where(_HISTORY.c.ladder_id == ladder_id))
    }
    addresses = dict(_addresses(index))
    faults = [
        Fault(f"{kind}:{slug} was published as another entity. {_CURE}")
        for (kind, slug), uuid in addresses.items()
        if known.get((kind, slug), uuid) != uuid
    ]
    if faults:
        raise Conflict(f"A slug is never used for two things: {faults[0].detail}", faults=faults)
    rows = [
        {"ladder_id": ladder_id, "release_id": release_id, "kind": kind, "slug": slug, "uuid": uuid}
        for (kind, slug), uuid in addresses.items()
        if (kind, slug) not in known
    ]
    if rows:
        connection.execute(insert(_HISTORY), rows)


def _addresses(index: Index) -> Iterator[tuple[tuple[str, str], UUID]]:
    """Every address that a release gives an entity: today's, and the earlier ones it lists."""
    for (kind, former), node in index.renamed.items():
        if node.uuid is not None:
            yield (kind, former), node.uuid
    for node in index.nodes:
        if node.uuid is not None:
            yield (node.kind, node.address), node.uuid


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
