"""The registry of slugs: every address an entity ever had, written when a release is published, never changed.

It prevents a slug from being used for two things, distinguishes removed entities from ones that never existed, and
finds an entity by its UUID in any ladder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select

from app.errors import Conflict, Fault
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.releases import Release, Version
from app.store.mapping import table_of
from app.store.tables.authoring import DraftRow
from app.store.tables.content import EntityRow
from app.store.tables.identity import LadderRow, ReleaseRow, SlugHistoryRow

_DRAFT: Final = table_of(DraftRow)
_ENTITY: Final = table_of(EntityRow)
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
    """Return the entity that has or had that address, as one record; None if no entity ever had it."""
    return _find(connection, _LADDER.c.slug == ladder, _HISTORY.c.kind == kind, _HISTORY.c.slug == slug)


def find_entity(connection: Connection, uuid: UUID) -> tuple[SlugRecord, ...]:
    """Return all addresses that the entity ever had, oldest first."""
    return _find(connection, _HISTORY.c.uuid == uuid)


def find_ladder_names(connection: Connection, ladder: str) -> frozenset[str]:
    """Return the slugs that a published ladder has or had."""
    records = _find(connection, _LADDER.c.slug == ladder, _HISTORY.c.kind == "ladder")
    return frozenset(record.slug for record in records)


def refuse_taken_names(connection: Connection, index: Index) -> None:
    """Refuse a ladder whose slug or earlier slugs belong to another ladder, or to the draft of one.

    Raises Conflict.
    """
    uuid, slug = index.nodes[0].uuid, index.ladder.slug
    names = {slug, *index.ladder.formerly}
    owners = (
        select(_HISTORY.c.slug, _LADDER.c.uuid)
        .join_from(_HISTORY, _LADDER, _HISTORY.c.ladder_id == _LADDER.c.id)
        .where(_HISTORY.c.kind == "ladder", _HISTORY.c.slug.in_(names))
    )
    known = {row.slug: row.uuid for row in connection.execute(owners)}
    drafts = select(_DRAFT.c.ladder).where(_DRAFT.c.ladder.in_(names - {slug, *known}))
    taken = {name for name, owner in known.items() if owner != uuid}
    taken.update(connection.execute(drafts).scalars())
    if taken:
        raise Conflict(
            f"The slug {min(taken)!r} belongs or belonged to another ladder. Choose a slug that was never used."
        )


def register(connection: Connection, index: Index, ladder_id: int, release_id: int) -> None:
    """Write the addresses that are new with a release.

    Raises:
        Conflict: Addresses belong to other entities; all of them are listed.
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
        raise Conflict(f"A slug cannot be used for two things: {faults[0].detail}", faults=faults)
    rows = [
        {"ladder_id": ladder_id, "release_id": release_id, "kind": kind, "slug": slug, "uuid": uuid}
        for (kind, slug), uuid in addresses.items()
        if (kind, slug) not in known
    ]
    if rows:
        connection.execute(insert(_HISTORY), rows)


def refuse_gone(connection: Connection, index: Index, standing: Sequence[Release]) -> None:
    """Refuse to give the slug of a removed entity to a new one, which would get the UUID of the removed one.

    A removed entity may come back if it lists its earlier slugs, because they identify it. An expectation has no
    slug: its level, competency and facet identify it.

    Args:
        connection: The transaction to read in.
        index: The content to publish.
        standing: The ladder's releases that are not withdrawn; the new one builds on the last.

    Raises:
        Conflict: Slugs belong to removed entities; all of them are listed.
    """
    before = _uuids(connection, standing[-1:])
    fresh = [node for node in index.nodes if node.uuid is not None and node.uuid not in before]
    if not before or not fresh:
        return
    gone = _uuids(connection, standing[:-1]) - before
    faults = [
        Fault(f"{node.target} was published and removed. {_CURE}", pointer=node.pointer)
        for node in fresh
        if node.uuid in gone and not _says_which(node, gone)
    ]
    if faults:
        raise Conflict(f"A slug cannot be used for two things: {faults[0].detail}", faults=faults)


def _uuids(connection: Connection, releases: Sequence[Release]) -> set[UUID]:
    wanted = _ENTITY.c.release_id.in_([release.id for release in releases])
    chosen = select(_ENTITY.c.uuid).where(wanted, _ENTITY.c.uuid.is_not(None)).distinct()
    return set(connection.execute(chosen).scalars())


def _says_which(node: Node, gone: set[UUID]) -> bool:
    """Return whether this is clearly the earlier entity; a step's address begins with that of its scale."""
    if node.kind == "step" and node.owner is not None and node.owner.uuid in gone:
        return True
    return node.kind == "expectation" or bool(getattr(node.entity, "formerly", ()))


def _addresses(index: Index) -> Iterator[tuple[tuple[str, str], UUID]]:
    """Yield every address of an entity in a release: the current one and the earlier ones it lists."""
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
