"""Drafts: the one editable version of each ladder, stored in a single row, apart from the tables of releases.

A draft has the shape of a ladder and may break every rule. If nobody has edited it yet, it has no row and reads as
the newest release that is not withdrawn. The first write inserts the row and sets its base.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Connection, Row, cast, delete, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Fault, Invalid, InvalidLadder, NotFound, PreconditionFailed, TooLarge
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import Release, Version, latest, present_moment
from app.rubric.rules.size import oversized
from app.rubric.text import MAX_SLUG
from app.store.engine import is_sqlite
from app.store.ladder_names import find_names, original_slug
from app.store.loading import load_content
from app.store.releases import find_latest, find_releases
from app.store.revision import hold_revision
from app.store.tables.authoring import DraftAuthorRow, DraftRow
from app.store.tables.mapping import table_of

MAX_CONTENT: Final = 20 * 1024 * 1024
"""The size limit in bytes of a draft's canonical JSON, and of the body of any request."""
_MOST_NUMBERED: Final = 100
"""The most slugs that differ by a number only."""
_DRAFT: Final = table_of(DraftRow)
_AUTHOR: Final = table_of(DraftAuthorRow)
_FACTS: Final = tuple(column for column in _DRAFT.c if column is not _DRAFT.c.content)
_HEAD: Final = (_DRAFT.c.number, _DRAFT.c.base_id, _DRAFT.c.content_sha256)


@dataclass(frozen=True, slots=True)
class Draft:
    """The editable version of a ladder, and its base."""

    slug: str
    """The slug by which the ladder was asked for. The one in the content may differ: it is the next release's."""
    ladder: Ladder
    base: Release | None
    """The release it builds on; None if the ladder was never published."""
    number: int
    """A number that grows with every write, from 1; 0 if nobody has edited yet."""
    content_sha256: str
    """SHA-256 of its canonical JSON, in hexadecimal."""
    changed_by: str | None = None
    """The last author; None if nobody has edited yet."""
    changed_at: datetime | None = None
    """The time of the last write (UTC)."""
    authors: frozenset[str] = frozenset()
    """All authors since the base."""

    @property
    def base_version(self) -> Version | None:
        """Return the number of the base; None if there is none."""
        return None if self.base is None else self.base.version

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
    """SHA-256 of the canonical JSON, in hexadecimal."""

    @classmethod
    def of(cls, ladder: Ladder) -> "DraftContent":
        """Return the content of a ladder.

        Raises InvalidLadder if it has more of something than a release may have, TooLarge if it is longer than
        `MAX_CONTENT` bytes.
        """
        faults = [Fault(finding.message, pointer=finding.path) for finding in oversized(ladder)]
        if faults:
            raise InvalidLadder(
                "The draft would be too large to publish. Nothing was written.", faults=faults
            )
        content = canonical(ladder)
        if len(content) > MAX_CONTENT:
            raise TooLarge(f"The draft would have {len(content):,} bytes. The limit is {MAX_CONTENT:,}.")
        return cls(ladder, content, content_sha256(content))


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A draft's row without its content."""

    number: int
    base_id: int | None
    content_sha256: str


def find_draft_ladders(connection: Connection) -> tuple[str, ...]:
    """Return the original slugs of ladders with an edited draft, in order."""
    return tuple(sorted(connection.execute(select(_DRAFT.c.ladder)).scalars()))


def find_draft_titles(connection: Connection, slugs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the original slug and title of those of the ladders that have an edited draft, in order of slug."""
    as_json = type_coerce if is_sqlite(connection.engine) else cast
    title = as_json(_DRAFT.c.content, JSON)["title"].as_string()
    rows = connection.execute(select(_DRAFT.c.ladder, title).where(_DRAFT.c.ladder.in_(sorted(slugs))))
    return tuple(sorted((slug, found) for slug, found in rows))


def find_draft_head(connection: Connection, slug: str) -> DraftHead | None:
    """Return a draft without its content, in one small query; None if nobody has edited it."""
    row = connection.execute(select(*_HEAD).where(_DRAFT.c.ladder == original_slug(slug))).one_or_none()
    return None if row is None else DraftHead(*row)


def get_draft_content(connection: Connection, slug: str) -> Ladder:
    """Return the content of an edited draft. Raises NotFound if nobody has edited it."""
    return Ladder.model_validate_json(get_draft_json(connection, slug))


def get_draft_json(connection: Connection, slug: str) -> str:
    """Return the canonical JSON of an edited draft. Raises NotFound if nobody has edited it."""
    content: str | None = connection.execute(
        select(_DRAFT.c.content).where(_DRAFT.c.ladder == original_slug(slug))
    ).scalar_one_or_none()
    if content is None:
        raise no_draft(slug)
    return content


def get_draft(connection: Connection, slug: str, now: datetime) -> Draft:
    """Return the draft of a ladder. Raises NotFound if it has neither a draft nor a release that is not withdrawn."""
    line = find_releases(connection, slug)
    row = connection.execute(select(_DRAFT).where(_DRAFT.c.ladder == original_slug(slug))).one_or_none()
    if row is not None:
        return _edited(connection, slug, row, line)
    base = latest(line, present_moment(line, now))
    if base is None:
        raise no_draft(slug)
    return Draft(slug, load_content(connection, base), base, 0, base.content_sha256)


def hold_draft(connection: Connection, slug: str, now: datetime) -> Draft:
    """Return the draft, and lock it: until the write transaction ends, nobody else writes or publishes.

    Raises NotFound as `get_draft` does.
    """
    hold_revision(connection)
    return get_draft(connection, slug, now)


def is_current(connection: Connection, draft: Draft, now: datetime) -> bool:
    """Return whether nobody has written, published or discarded the draft since it was read."""
    head = find_draft_head(connection, draft.slug)
    if head is None:
        return draft.number == 0 and draft.base == find_latest(connection, draft.slug, now)
    base_id = None if draft.base is None else draft.base.id
    return head == DraftHead(draft.number, base_id, draft.content_sha256)


def hold_slug(connection: Connection, slug: str, *, fresh: bool) -> bool:
    """Reserve a slug for the first draft of its ladder, and return whether the ladder was ever published.

    With `fresh`, no ladder may have the slug or have had it. Raises Conflict if one has, or if a draft of it exists.
    """
    hold_revision(connection)
    names = find_names(connection, slug)
    if (fresh and names) or find_draft_head(connection, slug) is not None:
        raise Conflict(
            f"The slug {slug!r} already belongs or belonged to a ladder. Choose one that was never used."
        )
    return bool(names)


def find_free_slug(connection: Connection, wanted: str) -> str:
    """Return a slug that no ladder has or had: the wanted one, or the first with a number behind it.

    Someone else may take it before it is used. Raises Conflict if a hundred are taken.
    """
    for number in range(1, _MOST_NUMBERED + 1):
        slug = wanted if number == 1 else f"{wanted[: MAX_SLUG - 4].rstrip('-')}-{number}"
        if not find_names(connection, slug) and find_draft_head(connection, slug) is None:
            return slug
    raise Conflict(f"Too many ladders are called {wanted!r}. Choose another title.")


def save_draft(
    connection: Connection,
    new: DraftContent | Ladder,
    *,
    slug: str,
    expected: int,
    by: str,
    at: datetime,
    people: Iterable[str] = (),
    rebase: bool = False,
) -> Draft:
    """Write a draft in the caller's write transaction.

    Args:
        connection: The write transaction.
        new: The new content, which may break rules.
        slug: The ladder whose draft it is.
        expected: The number of the draft that was changed; 0 if nobody had edited yet.
        by: The author.
        at: The time of the write; UTC and aware.
        people: Everybody that the author counts as in reviews; empty for the author alone.
        rebase: True to make the newest release that is not withdrawn the base. The first write does so in any
            case.

    Raises:
        Invalid: The content has another slug and does not say that the ladder is renamed.
        PreconditionFailed: The draft is no longer the expected one; nothing was written.
        TooLarge: The canonical JSON is longer than `MAX_CONTENT` bytes.
    """
    content = DraftContent.of(new) if isinstance(new, Ladder) else new
    _refuse_other_ladder(content.ladder, slug, find_names(connection, slug))
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
    _add_authors(connection, slug, {by, *people})
    written = connection.execute(select(*_FACTS).where(_DRAFT.c.ladder == original_slug(slug))).one()
    return _edited(connection, slug, written, find_releases(connection, slug), content.ladder)


def delete_draft(connection: Connection, slug: str) -> None:
    """Delete a draft and the names of its authors. Raises NotFound if there is no edited draft."""
    connection.execute(delete(_AUTHOR).where(_AUTHOR.c.ladder == original_slug(slug)))
    if connection.execute(delete(_DRAFT).where(_DRAFT.c.ladder == original_slug(slug))).rowcount == 0:
        raise no_draft(slug)


def no_draft(slug: str) -> NotFound:
    """Return the error for a ladder that has nothing to edit."""
    return NotFound(
        f"There is no draft of {slug[:80]!r}. POST /v1/ladders creates a ladder with an empty draft."
    )


def _refuse_other_ladder(ladder: Ladder, slug: str, names: frozenset[str]) -> None:
    """Raise Invalid if a content for the draft of a ladder is not of that ladder, which has or had these slugs."""
    if ladder.slug in (names or {slug}) or not names.isdisjoint(ladder.formerly):
        return
    if names:
        detail = (
            f"To rename the ladder, add its slug {slug!r} to `formerly`. Otherwise, set `slug` to {slug!r}."
        )
    else:
        detail = (
            f"Set `slug` to {slug!r}. A ladder can be renamed after its first release. Before, create a ladder with "
            "the other slug and discard this draft."
        )
    raise Invalid(detail, faults=[Fault(detail, "/slug")])


def _edited(
    connection: Connection, slug: str, row: Row[Any], line: Iterable[Release], ladder: Ladder | None = None
) -> Draft:
    """Return the draft in a row; `ladder` is its content, if already read."""
    names = connection.execute(select(_AUTHOR.c.author).where(_AUTHOR.c.ladder == row.ladder)).scalars()
    return Draft(
        slug=slug,
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
            connection.execute(insert(_DRAFT).values(ladder=original_slug(slug), **row))
        except IntegrityError:
            raise _moved_on(slug) from None
        return
    known = (_DRAFT.c.ladder == original_slug(slug), _DRAFT.c.number == expected)
    if connection.execute(update(_DRAFT).where(*known).values(row)).rowcount == 0:
        raise _moved_on(slug)


def _moved_on(slug: str) -> PreconditionFailed:
    return PreconditionFailed(
        f"Someone else has changed the draft of {slug!r}. Read it again, then repeat your change."
    )


def _add_authors(connection: Connection, slug: str, people: AbstractSet[str]) -> None:
    of_draft = _AUTHOR.c.ladder == original_slug(slug)
    known = connection.execute(
        select(_AUTHOR.c.author).where(of_draft, _AUTHOR.c.author.in_(people))
    ).scalars()
    for author in sorted(people - set(known)):
        connection.execute(insert(_AUTHOR).values(ladder=original_slug(slug), author=author))
