"""Drafts: the one editable version of each ladder, a single row beside the releases and in none of their tables.

A draft holds what has the shape of a ladder and may break every rule. Where nobody has edited yet there is no row,
and the draft reads as the newest release that is not withdrawn; the first write makes the row and fixes its base.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Invalid, NotFound, PreconditionFailed, TooLarge
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import Release, latest, present_moment
from app.store.loading import load_content
from app.store.mapping import table_of
from app.store.releases import find_latest, find_releases
from app.store.revision import hold_revision
from app.store.tables.authoring import DraftAuthorRow, DraftRow
from app.store.tables.identity import LadderRow, SlugHistoryRow

MAX_CONTENT: Final = 20 * 1024 * 1024
"""Most bytes of a draft's canonical JSON, and of the body of any request."""
_DRAFT: Final = table_of(DraftRow)
_AUTHOR: Final = table_of(DraftAuthorRow)
_LADDER: Final = table_of(LadderRow)
_HISTORY: Final = table_of(SlugHistoryRow)
_FACTS: Final = tuple(column for column in _DRAFT.c if column is not _DRAFT.c.content)
_HEAD: Final = (_DRAFT.c.number, _DRAFT.c.base_id, _DRAFT.c.content_sha256)


@dataclass(frozen=True, slots=True)
class Draft:
    """The editable version of a ladder, and what it builds on."""

    ladder: Ladder
    base: Release | None
    """The release it builds on; None where the ladder was never published."""
    number: int
    """Grows with every write, from 1; 0 where nobody has edited yet."""
    content_sha256: str
    """SHA-256 of its canonical JSON, in hexadecimal."""
    changed_by: str | None = None
    """Who wrote last; None where nobody has edited yet."""
    changed_at: datetime | None = None
    """When (UTC)."""
    authors: frozenset[str] = frozenset()
    """Everybody who changed anything since the base."""

    @property
    def base_sha256(self) -> str | None:
        """Return the content hash of the base; None if there is none."""
        return None if self.base is None else self.base.content_sha256


@dataclass(frozen=True, slots=True)
class DraftContent:
    """Content for a draft with its canonical form, made before the write lock is taken."""

    ladder: Ladder
    json: bytes
    """Canonical JSON (RFC 8785)."""
    sha256: str
    """SHA-256 of that, in hexadecimal."""

    @classmethod
    def of(cls, ladder: Ladder) -> "DraftContent":
        """Return the content of a ladder. Raises TooLarge if it is longer than `MAX_CONTENT` bytes."""
        content = canonical(ladder)
        if len(content) > MAX_CONTENT:
            raise TooLarge(f"The draft would hold {len(content):,} bytes; it may hold {MAX_CONTENT:,}.")
        return cls(ladder, content, content_sha256(content))


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A draft's row without its content."""

    number: int
    base_id: int | None
    content_sha256: str


def find_draft_ladders(connection: Connection) -> tuple[str, ...]:
    """Return the slugs of ladders with an edited draft, in order."""
    return tuple(sorted(connection.execute(select(_DRAFT.c.ladder)).scalars()))


def find_draft_head(connection: Connection, slug: str) -> DraftHead | None:
    """Return a draft without its content, in one small query; None if nobody has edited it."""
    row = connection.execute(select(*_HEAD).where(_DRAFT.c.ladder == slug)).one_or_none()
    return None if row is None else DraftHead(*row)


def get_draft_content(connection: Connection, slug: str) -> Ladder:
    """Return the content of an edited draft. Raises NotFound if nobody has edited it."""
    return Ladder.model_validate_json(get_draft_json(connection, slug))


def get_draft_json(connection: Connection, slug: str) -> str:
    """Return the canonical JSON of an edited draft. Raises NotFound if nobody has edited it."""
    content: str | None = connection.execute(
        select(_DRAFT.c.content).where(_DRAFT.c.ladder == slug)
    ).scalar_one_or_none()
    if content is None:
        raise no_draft(slug)
    return content


def get_draft(connection: Connection, slug: str, now: datetime) -> Draft:
    """Return the draft of a ladder. Raises NotFound if it has neither a draft nor a release that is not withdrawn."""
    line = find_releases(connection, slug)
    row = connection.execute(select(_DRAFT).where(_DRAFT.c.ladder == slug)).one_or_none()
    if row is not None:
        return _edited(connection, row, line)
    base = latest(line, present_moment(line, now))
    if base is None:
        raise no_draft(slug)
    return Draft(load_content(connection, base), base, 0, base.content_sha256)


def hold_draft(connection: Connection, slug: str, now: datetime) -> Draft:
    """Return the draft for a transaction that writes it; until that ends, nobody else writes or publishes.

    Raises NotFound as `get_draft` does.
    """
    hold_revision(connection)
    return get_draft(connection, slug, now)


def is_current(connection: Connection, draft: Draft, now: datetime) -> bool:
    """Return whether nobody has written, published or discarded the draft since it was read."""
    slug = draft.ladder.slug
    head = find_draft_head(connection, slug)
    if head is None:
        return draft.number == 0 and draft.base == find_latest(connection, slug, now)
    base_id = None if draft.base is None else draft.base.id
    return head == DraftHead(draft.number, base_id, draft.content_sha256)


def hold_slug(connection: Connection, slug: str, *, fresh: bool) -> bool:
    """Hold a slug for the first draft of its ladder; gives whether the ladder was ever published.

    `fresh` asks for a slug that no ladder has or had. Raises Conflict where it is or was another ladder's, or where
    somebody writes a draft of it.
    """
    hold_revision(connection)
    registered = (_HISTORY.c.kind == "ladder", _HISTORY.c.slug == slug)
    owner = select(_LADDER.c.slug).join_from(_HISTORY, _LADDER, _HISTORY.c.ladder_id == _LADDER.c.id)
    known = connection.execute(owner.where(*registered)).scalars().first()
    taken = known is not None if fresh else known not in {None, slug}
    if taken or find_draft_head(connection, slug) is not None:
        raise Conflict(f"The slug {slug!r} is or was a ladder's already. Choose one that was never used.")
    return known is not None


def save_draft(
    connection: Connection,
    new: DraftContent | Ladder,
    *,
    slug: str,
    expected: int,
    by: str,
    at: datetime,
    rebase: bool = False,
) -> Draft:
    """Write a draft; part of the caller's write transaction.

    Args:
        connection: Where to write.
        new: The new content, which may break rules.
        slug: The ladder whose draft it is.
        expected: The number of the draft that the change was made to; 0 where nobody had edited yet.
        by: Who writes.
        at: When; UTC and aware.
        rebase: Whether the draft builds on the newest release from now on. The first write does so in any case.

    Raises:
        Invalid: The content bears another slug.
        PreconditionFailed: The draft is not the expected one any more; nothing was written.
        TooLarge: The canonical JSON is longer than `MAX_CONTENT` bytes.
    """
    content = DraftContent.of(new) if isinstance(new, Ladder) else new
    if content.ladder.slug != slug:
        raise Invalid(f"The draft of {slug!r} keeps that slug; write `slug: {slug}`.")
    row: dict[str, object] = {
        "number": expected + 1,
        "content": content.json.decode(),
        "content_sha256": content.sha256,
        "changed_by": by,
        "changed_at": at,
    }
    if expected == 0 or rebase:
        base = find_latest(connection, slug, at)
        row["base_id"] = base.id if base is not None else None
    _write(connection, slug, expected, row)
    _add_author(connection, slug, by)
    written = connection.execute(select(*_FACTS).where(_DRAFT.c.ladder == slug)).one()
    return _edited(connection, written, find_releases(connection, slug), content.ladder)


def delete_draft(connection: Connection, slug: str) -> None:
    """Take a draft away, with the names of its authors. Raises NotFound where nobody has edited one."""
    connection.execute(delete(_AUTHOR).where(_AUTHOR.c.ladder == slug))
    if connection.execute(delete(_DRAFT).where(_DRAFT.c.ladder == slug)).rowcount == 0:
        raise no_draft(slug)


def no_draft(slug: str) -> NotFound:
    """Return the error for a ladder that has nothing to edit."""
    return NotFound(
        f"There is no draft of {slug[:80]!r}; POST /v1/ladders begins a ladder with an empty one."
    )


def _edited(
    connection: Connection, row: Row[Any], line: Iterable[Release], ladder: Ladder | None = None
) -> Draft:
    """Return the draft in a row; `ladder` is its content, if already read."""
    names = connection.execute(select(_AUTHOR.c.author).where(_AUTHOR.c.ladder == row.ladder)).scalars()
    return Draft(
        ladder=ladder or Ladder.model_validate_json(row.content),
        base=next((release for release in line if release.id == row.base_id), None),
        number=row.number,
        content_sha256=row.content_sha256,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        authors=frozenset(names),
    )


def _write(connection: Connection, slug: str, expected: int, row: dict[str, object]) -> None:
    """Insert the first row of a draft, or update the one with the expected number."""
    if expected == 0:
        try:
            connection.execute(insert(_DRAFT).values(ladder=slug, **row))
        except IntegrityError:
            raise _moved_on(slug) from None
        return
    known = (_DRAFT.c.ladder == slug, _DRAFT.c.number == expected)
    if connection.execute(update(_DRAFT).where(*known).values(row)).rowcount == 0:
        raise _moved_on(slug)


def _moved_on(slug: str) -> PreconditionFailed:
    return PreconditionFailed(
        f"Somebody else wrote the draft of {slug!r} meanwhile: read it, then decide again."
    )


def _add_author(connection: Connection, slug: str, by: str) -> None:
    known = select(_AUTHOR.c.author).where(_AUTHOR.c.ladder == slug, _AUTHOR.c.author == by)
    if connection.execute(known).one_or_none() is None:
        connection.execute(insert(_AUTHOR).values(ladder=slug, author=by))
