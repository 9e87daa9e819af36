"""Reviews in the store: opening one, what is said in it, closing it, and what it says about a draft.

Whoever writes here holds the revision first (`hold_revision`), so that no draft changes under a decision.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from app.errors import Conflict, Forbidden, NotFound
from app.rubric.people import same_person
from app.rubric.reviews import Closing, Entry, EntryKind, Review, Subject, refuse_illegal
from app.store.audit import Action, Actor, record
from app.store.drafts import find_draft_head
from app.store.mapping import table_of
from app.store.tables.authoring import DraftAuthorRow, ReviewEntryRow, ReviewRow

_REVIEW: Final = table_of(ReviewRow)
_ENTRY: Final = table_of(ReviewEntryRow)
_AUTHOR: Final = table_of(DraftAuthorRow)


def find_reviews(connection: Connection, ladder: str) -> tuple[Review, ...]:
    """Return the reviews of a ladder, newest first, in two statements."""
    return _find(connection, _REVIEW.c.ladder == ladder)


def get_review(connection: Connection, ladder: str, number: int) -> Review:
    """Return one review. Raises NotFound if no review has that number."""
    found = _find(connection, _REVIEW.c.ladder == ladder, _REVIEW.c.number == number)
    if not found:
        raise NotFound(f"There is no review {number} of {ladder!r}; /v1/ladders/{ladder}/reviews lists all.")
    return found[0]


def find_open_review(connection: Connection, ladder: str) -> Review | None:
    """Return the open review of a ladder; there is at most one."""
    found = _find(connection, _REVIEW.c.ladder == ladder, _REVIEW.c.closed.is_(None))
    return found[0] if found else None


def find_subject(connection: Connection, ladder: str) -> Subject | None:
    """Return the parts of a draft that a review needs; None if nobody has edited it."""
    head = find_draft_head(connection, ladder)
    if head is None:
        return None
    authors = connection.execute(select(_AUTHOR.c.author).where(_AUTHOR.c.ladder == ladder)).scalars()
    return Subject(head.content_sha256, head.number, frozenset(authors))


def open_review(
    connection: Connection, ladder: str, title: str, description: str | None, actor: Actor, at: datetime
) -> Review:
    """Ask for a look at the draft of a ladder.

    Raises Conflict where nobody has changed the draft yet, or where a review of it is open already.
    """
    subject = find_subject(connection, ladder)
    if subject is None:
        raise Conflict(f"Nobody has changed the draft of {ladder!r} yet: there is nothing to review.")
    standing = find_open_review(connection, ladder)
    if standing is not None:
        raise Conflict(f"{standing.name} is already open. Continue there, or withdraw it first.")
    newest = select(func.coalesce(func.max(_REVIEW.c.number), 0)).where(_REVIEW.c.ladder == ladder)
    number = connection.execute(newest).scalar_one() + 1
    review = Review(ladder, number, title, description, actor.who, at)
    row = {
        "ladder": ladder,
        "number": number,
        "title": title,
        "description": description,
        "opened_by": actor.who,
        "opened_at": at,
    }
    connection.execute(insert(_REVIEW), row)
    action = Action("review.open", ladder, str(number), None, subject.content_sha256)
    record(connection, actor, action, at)
    return review


def say_in_review(
    connection: Connection,
    review: Review,
    subject: Subject | None,
    kind: EntryKind,
    text: str | None,
    actor: Actor,
    at: datetime,
    *,
    about: str | None = None,
) -> Review:
    """Add a comment or decision, and return the review with it. Raises Conflict if the review is closed."""
    refuse_illegal(review, subject, kind)
    assert subject is not None  # noqa: S101 - a review is open as long as there is a draft
    entry = Entry(kind, actor.who, at, text, about, subject.content_sha256, subject.number)
    identity = select(_REVIEW.c.id).where(_this(review)).scalar_subquery()
    row = {
        "kind": kind,
        "by": entry.by,
        "at": at,
        "text": text,
        "about": about,
        "content_sha256": entry.content_sha256,
        "draft_number": entry.draft_number,
    }
    connection.execute(insert(_ENTRY).values(review_id=identity, position=len(review.entries), **row))
    action = Action(f"review.{kind}", review.ladder, str(review.number), None, subject.content_sha256)
    record(connection, actor, action, at)
    return replace(review, entries=(*review.entries, entry))


def withdraw_review(connection: Connection, review: Review, actor: Actor, at: datetime) -> Review:
    """Close a review unfinished. Raises Conflict where it is over, Forbidden for all but who opened it."""
    refuse_illegal(review, None, "withdraw")
    if not same_person(actor.who, review.opened_by):
        raise Forbidden(f"{review.name} was opened by {review.opened_by}; nobody else can withdraw it.")
    return _close(connection, review, "withdrawn", actor, at)


def close_open_review(
    connection: Connection, ladder: str, why: Closing, actor: Actor, at: datetime
) -> Review | None:
    """Close the open review of a ladder, for its draft is published or discarded; None where none is open."""
    review = find_open_review(connection, ladder)
    return None if review is None else _close(connection, review, why, actor, at)


def _close(connection: Connection, review: Review, why: Closing, actor: Actor, at: datetime) -> Review:
    connection.execute(update(_REVIEW).where(_this(review)).values(closed=why, closed_at=at))
    action = Action("review.close", review.ladder, str(review.number), detail={"why": why})
    record(connection, actor, action, at)
    return replace(review, closed=why, closed_at=at)


def _this(review: Review) -> ColumnElement[bool]:
    return (_REVIEW.c.ladder == review.ladder) & (_REVIEW.c.number == review.number)


def _find(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Review, ...]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    said = (
        select(_ENTRY)
        .join_from(_ENTRY, _REVIEW, _ENTRY.c.review_id == _REVIEW.c.id)
        .where(*conditions)
        .order_by(_ENTRY.c.review_id, _ENTRY.c.position)
    )
    for row in connection.execute(said):
        entries[row.review_id].append(
            Entry(row.kind, row.by, row.at, row.text, row.about, row.content_sha256, row.draft_number)
        )
    chosen = select(_REVIEW).where(*conditions).order_by(_REVIEW.c.ladder, _REVIEW.c.number.desc())
    return tuple(
        Review(
            ladder=row.ladder,
            number=row.number,
            title=row.title,
            description=row.description,
            opened_by=row.opened_by,
            opened_at=row.opened_at,
            entries=tuple(entries[row.id]),
            closed=row.closed,
            closed_at=row.closed_at,
        )
        for row in connection.execute(chosen)
    )
