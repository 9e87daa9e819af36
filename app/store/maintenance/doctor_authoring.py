"""Verification of drafts, reviews and keys, for `ladder doctor`."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection, and_, func, select

from app.rubric.ladder import Ladder
from app.store.access.rights import RIGHTS
from app.store.ladder_names import find_names
from app.store.maintenance.doctor_problem import Problem
from app.store.tables.authoring import ApiKeyRow, DraftAuthorRow, DraftRow, ReviewEntryRow, ReviewRow
from app.store.tables.mapping import table_of
from app.store.tables.people import PersonGrantRow, PersonRow

_DRAFT: Final = table_of(DraftRow)
_AUTHOR: Final = table_of(DraftAuthorRow)
_REVIEW: Final = table_of(ReviewRow)
_ENTRY: Final = table_of(ReviewEntryRow)
_KEY: Final = table_of(ApiKeyRow)
_PERSON: Final = table_of(PersonRow)
_GRANT: Final = table_of(PersonGrantRow)


def verify_authoring(connection: Connection) -> Iterator[Problem]:
    """Yield every problem outside releases as soon as it is found."""
    yield from _drafts(connection)
    yield from _unnamed_authors(connection)
    yield from _keys(connection)
    yield from _people(connection)
    yield from _open_twice(connection)
    yield from _entries(connection)


def _drafts(connection: Connection) -> Iterator[Problem]:
    """Yield drafts whose content does not match the hash or is not a ladder; one at a time, as they may be large."""
    for slug in connection.execute(select(_DRAFT.c.ladder).order_by(_DRAFT.c.ladder)).scalars().all():
        row = connection.execute(select(_DRAFT).where(_DRAFT.c.ladder == slug)).one()
        found = hashlib.sha256(row.content.encode()).hexdigest()
        if found != row.content_sha256:
            detail = (
                f"was changed: its content has the hash {found}, not {row.content_sha256}: "
                "check it, then save it again or discard it."
            )
            yield Problem("draft-changed", f"{slug}@draft", detail)
        elif not _is_ladder(row.content, {slug} | find_names(connection, slug)):
            detail = "is not a ladder with this slug, now or formerly: discard it, or restore a backup."
            yield Problem("draft-unreadable", f"{slug}@draft", detail)


def _is_ladder(content: str, names: set[str]) -> bool:
    try:
        ladder = Ladder.model_validate_json(content)
        return not names.isdisjoint({ladder.slug, *ladder.formerly})
    except ValidationError:
        return False


def _unnamed_authors(connection: Connection) -> Iterator[Problem]:
    """Yield drafts whose last author is not among their authors, and could approve their own work."""
    mine = and_(_AUTHOR.c.ladder == _DRAFT.c.ladder, _AUTHOR.c.author == _DRAFT.c.changed_by)
    chosen = (
        select(_DRAFT.c.ladder)
        .join_from(_DRAFT, _AUTHOR, mine, isouter=True)
        .where(_AUTHOR.c.author.is_(None))
        .order_by(_DRAFT.c.ladder)
    )
    for slug in connection.execute(chosen).scalars():
        detail = "does not list the last author among its authors: save it again."
        yield Problem("author-missing", f"{slug}@draft", detail)


def _keys(connection: Connection) -> Iterator[Problem]:
    unowned = select(_KEY.c.id).where(func.trim(_KEY.c.owner) == "").order_by(_KEY.c.id)
    for key in connection.execute(unowned).scalars():
        detail = "has no owner, so its actions cannot be attributed: revoke it."
        yield Problem("key-without-owner", key, detail)
    hashes = Counter(connection.execute(select(_KEY.c.secret_sha256)).scalars())
    shared = {digest for digest, number in hashes.items() if number > 1}
    for row in connection.execute(select(_KEY.c.id, _KEY.c.secret_sha256).order_by(_KEY.c.id)):
        if row.secret_sha256 in shared:
            yield Problem(
                "key-twice", row.id, "has the same hash as another key: revoke both and create new ones."
            )


def _people(connection: Connection) -> Iterator[Problem]:
    """Yield people who can never sign in, and grants that nobody can read."""
    nobody = and_(_PERSON.c.subject.is_(None), _PERSON.c.email.is_(None))
    for person in connection.execute(select(_PERSON.c.id).where(nobody).order_by(_PERSON.c.id)).scalars():
        yield Problem("person-without-account", person, "has neither an account nor an address: remove it.")
    for row in connection.execute(select(_GRANT).order_by(_GRANT.c.person_id, _GRANT.c.ladder)):
        unknown = sorted(set(row.rights.split()) - set(RIGHTS))
        if unknown or not row.rights.strip():
            detail = (
                f"has a grant with unknown or no rights ({', '.join(unknown) or 'none'}): grant them anew."
            )
            yield Problem("grant-unreadable", row.person_id, detail)


def _open_twice(connection: Connection) -> Iterator[Problem]:
    """Yield ladders with more than one open review, because there can be only one."""
    chosen = select(_REVIEW.c.ladder).where(_REVIEW.c.closed.is_(None))
    several = chosen.group_by(_REVIEW.c.ladder).having(func.count() > 1).order_by(_REVIEW.c.ladder)
    for slug in connection.execute(several).scalars():
        yield Problem("review-open-twice", slug, "has several open reviews: close all but one.")


def _entries(connection: Connection) -> Iterator[Problem]:
    """Yield reviews whose entries are not numbered from 0 without a gap: one was removed or inserted."""
    place = (_REVIEW.c.ladder, _REVIEW.c.number)
    first, last = func.min(_ENTRY.c.position), func.max(_ENTRY.c.position)
    chosen = (
        select(*place)
        .join_from(_REVIEW, _ENTRY, _ENTRY.c.review_id == _REVIEW.c.id)
        .group_by(*place)
        .having((first != 0) | (last != func.count() - 1))
        .order_by(*place)
    )
    for row in connection.execute(chosen):
        detail = f"review {row.number} has a missing or misplaced entry: restore a backup."
        yield Problem("review-out-of-order", row.ladder, detail)
