"""Writing a release into its tables: unsealed, then all its rows, then sealed, within one transaction."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from app.errors import Conflict, Internal
from app.rubric.canonical import canonical, content_sha256
from app.rubric.entities import walk
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Lowered, Release, Version
from app.store.history import register
from app.store.loading import load_rows
from app.store.mapping import table_of
from app.store.rows import root_columns, rows_of
from app.store.tables.identity import LadderRow, ReleaseRow

_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said about a release beside its content. All times are UTC and aware."""

    version: Version
    notes: str | None
    published_at: datetime
    effective_from: datetime
    content_sha256: str
    lowered: tuple[Lowered, ...] = ()


def known_ladder(connection: Connection, ladder: Ladder) -> int | None:
    """The id of the ladder's row; None where this is its first release.

    Raises:
        Conflict: The slug is another ladder's, or the ladder is known by another slug.
    """
    slug, uuid = ladder.slug, _uuid(ladder)
    known = connection.execute(
        select(_LADDER).where(or_(_LADDER.c.slug == slug, _LADDER.c.uuid == uuid))
    ).all()
    if not known:
        return None
    if any(row.slug == slug and row.uuid != uuid for row in known):
        raise Conflict(
            f"The slug {slug!r} is another ladder's. Choose a slug that was never used; "
            "if it is the same ladder, list its earlier slugs in `formerly`."
        )
    (row,) = known
    if row.slug != slug:
        raise Conflict(
            f"The ladder is known as {row.slug!r} and keeps that slug: publish it as {row.slug!r}."
        )
    return int(row.id)


def add_ladder(connection: Connection, ladder: Ladder, revision: int) -> int:
    """Write the ladder's row at its first release; gives its id."""
    added = insert(_LADDER).values(slug=ladder.slug, uuid=_uuid(ladder), revision=revision)
    return int(connection.execute(added.returning(_LADDER.c.id)).scalar_one())


def insert_release(connection: Connection, ladder_id: int, ladder: Ladder, new: Particulars) -> Release:
    """Write a release whole and seal it.

    Raises:
        Conflict: A slug was used for another entity before.
        InvalidLadder: A name leads nowhere, or two entities bear one.
        Internal: The rows do not give back the content; nothing may be sealed then.
    """
    index = Index.of(ladder)
    release_id = _insert_unsealed(connection, ladder_id, ladder, new)
    for table, rows in rows_of(index, release_id).items():
        connection.execute(insert(table), rows)
    register(connection, index, ladder_id, release_id)
    if content_sha256(canonical(load_rows(connection, release_id))) != new.content_sha256:
        raise Internal(
            f"{ladder.slug}@{new.version} would not read as it was written; nothing was published."
        )
    connection.execute(update(_RELEASE).where(_RELEASE.c.id == release_id).values(sealed=True))
    return Release(
        id=release_id,
        ladder=ladder.slug,
        version=new.version,
        notes=new.notes,
        published_at=new.published_at,
        effective_from=new.effective_from,
        content_sha256=new.content_sha256,
        lowered=new.lowered,
        title=ladder.title,
        summary=ladder.summary,
        language=ladder.language,
    )


def _insert_unsealed(connection: Connection, ladder_id: int, ladder: Ladder, new: Particulars) -> int:
    row = {
        "ladder_id": ladder_id,
        "major": new.version.major,
        "minor": new.version.minor,
        "patch": new.version.patch,
        "notes": new.notes,
        "published_at": new.published_at,
        "effective_from": new.effective_from,
        "content_sha256": new.content_sha256,
        "sealed": False,
        "lowered": json.dumps([asdict(one) for one in new.lowered], ensure_ascii=False)
        if new.lowered
        else None,
        **root_columns(ladder),
    }
    added = insert(_RELEASE).values(row).returning(_RELEASE.c.id)
    return int(connection.execute(added).scalar_one())


def _uuid(ladder: Ladder) -> UUID | None:
    return next(walk(ladder)).uuid
