"""Reviews in the store: opening and closing them, and adding comments and decisions.

Callers that write hold the revision first (`hold_revision`), so no draft changes during a decision. Texts are read in
pages only, so a review with many long comments costs no more than any other.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, func, insert, select, update

from app.errors import Conflict, Forbidden, NotFound
from app.rubric.people import same_person
from app.rubric.reviews import Closing, Entry, EntryKind, Review, Subject, refuse_illegal
from app.store.audit import Action, Actor, record
from app.store.drafts import find_draft_head
from app.store.ladder_names import original_slug
from app.store.tables.authoring import DraftAuthorRow, ReviewEntryRow, ReviewRow
from app.store.tables.mapping import table_of

MAX_COMMENTS: Final = 1_000
"""Most comments in a review."""
MAX_DECISIONS: Final = 1_000
"""Most decisions in a review."""
MAX_PAGE_TEXT: Final = 1_000_000
"""Most characters of text in a page of entries, unless one entry alone is longer."""
_REVIEW: Final = table_of(ReviewRow)
_ENTRY: Final = table_of(ReviewEntryRow)
_AUTHOR: Final = table_of(DraftAuthorRow)


def find_reviews(
    connection: Connection, ladder: str, *, before: int | None = None, limit: int | None = None
) -> tuple[Review, ...]:
    """Return reviews of a ladder, the newest first, in three statements.

    Args:
        connection: Where to read.
        ladder: Slug of the ladder.
        before: Return only reviews with a lower number.
        limit: Return at most this many.
    """
    older = () if before is None else (_REVIEW.c.number < before,)
    return _find(connection, ladder, *older, limit=limit)


def get_review(connection: Connection, ladder: str, number: int) -> Review:
    """Return a review. Raises NotFound."""
    found = _find(connection, ladder, _REVIEW.c.number == number)
    if not found:
        raise NotFound(
            f"{ladder!r} has no review {number}. GET /v1/ladders/{ladder}/reviews lists its reviews."
        )
    return found[0]


def find_open_review(connection: Connection, ladder: str) -> Review | None:
    """Return the open review of a ladder, if there is one."""
    found = _find(connection, ladder, _REVIEW.c.closed.is_(None))
    return found[0] if found else None


def find_open_reviews(connection: Connection) -> tuple[Review, ...]:
    """Return the open reviews of all ladders, the oldest first. Each names its ladder by the original slug."""
    chosen = select(_REVIEW).where(_REVIEW.c.closed.is_(None)).order_by(_REVIEW.c.opened_at, _REVIEW.c.id)
    return _reviews(connection, chosen)


def find_review_entries(
    connection: Connection,
    review: Review,
    limit: int,
    *,
    before: int | None = None,
    longest: int = MAX_PAGE_TEXT,
) -> tuple[Entry, ...]:
    """Return a page of comments and decisions with their texts, the newest first.

    A page ends early if its texts are longer than `longest` together.

    Args:
        connection: Where to read.
        review: The review.
        limit: Return at most this many.
        before: Return only entries with a lower number.
        longest: The most characters of all texts, unless one entry alone is longer.
    """
    older = () if before is None else (_ENTRY.c.position < before - 1,)
    chosen = select(_ENTRY).where(_ENTRY.c.review_id == _id_of(review), *older)
    rows = connection.execute(chosen.order_by(_ENTRY.c.position.desc()).limit(limit))
    return tuple(_entry(row, row.text) for row in _within(rows, longest))


def find_comments_about(
    connection: Connection, review: Review, targets: Iterable[str], limit: int
) -> tuple[Entry, ...]:
    """Return the newest comments on a review that are about some entities, the newest first.

    Args:
        connection: Where to read.
        review: The review.
        targets: The entities, as `kind:slug`.
        limit: Return at most this many, and fewer if their texts are long.
    """
    chosen = select(_ENTRY).where(_ENTRY.c.review_id == _id_of(review), _ENTRY.c.about.in_(sorted(targets)))
    rows = connection.execute(chosen.order_by(_ENTRY.c.position.desc()).limit(limit))
    return tuple(_entry(row, row.text) for row in _within(rows))


def find_subject(connection: Connection, ladder: str) -> Subject | None:
    """Return what a review needs to know of a ladder's draft; None if nobody has edited it."""
    head = find_draft_head(connection, ladder)
    if head is None:
        return None
    authors = connection.execute(
        select(_AUTHOR.c.author).where(_AUTHOR.c.ladder == original_slug(ladder))
    ).scalars()
    return Subject(head.content_sha256, head.number, frozenset(authors))


def open_review(
    connection: Connection, ladder: str, title: str, description: str | None, actor: Actor, at: datetime
) -> Review:
    """Open a review of the draft of a ladder.

    Raises Conflict if nobody has edited the draft, or if it has an open review.
    """
    subject = find_subject(connection, ladder)
    if subject is None:
        raise Conflict(f"The draft of {ladder!r} has no changes to review.")
    standing = find_open_review(connection, ladder)
    if standing is not None:
        raise Conflict(f"{standing.name} is already open. Continue there, or withdraw it first.")
    newest = select(func.coalesce(func.max(_REVIEW.c.number), 0)).where(
        _REVIEW.c.ladder == original_slug(ladder)
    )
    number = connection.execute(newest).scalar_one() + 1
    review = Review(ladder, number, title, description, actor.who, at)
    row = {
        "number": number,
        "title": title,
        "description": description,
        "opened_by": actor.who,
        "opened_at": at,
    }
    connection.execute(insert(_REVIEW).values(ladder=original_slug(ladder), **row))
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
) -> Entry:
    """Add a comment or a decision to a review, and return it.

    Raises Conflict if the review is closed, or has as many comments or decisions as a review can have.
    """
    refuse_illegal(review, subject, kind)
    assert subject is not None  # noqa: S101 - an open review has a draft
    _refuse_full(review, kind)
    row = {
        "kind": kind,
        "by": actor.who,
        "at": at,
        "text": text,
        "about": about,
        "content_sha256": subject.content_sha256,
        "draft_number": subject.number,
        "people": json.dumps(actor.people) if actor.people else None,
    }
    position = review.entry_count
    connection.execute(insert(_ENTRY).values(review_id=_id_of(review), position=position, **row))
    action = Action(f"review.{kind}", review.ladder, str(review.number), None, subject.content_sha256)
    record(connection, actor, action, at)
    number = position + 1
    return Entry(
        kind, actor.who, at, text, about, subject.content_sha256, subject.number, number, actor.people
    )


def withdraw_review(connection: Connection, review: Review, actor: Actor, at: datetime) -> Review:
    """Withdraw a review.

    Raises Conflict if the review is closed, Forbidden if someone else opened it.
    """
    refuse_illegal(review, None, "withdraw")
    if not same_person(actor.who, review.opened_by):
        raise Forbidden(f"{review.opened_by} opened {review.name}, so nobody else can withdraw it.")
    return _close(connection, review, "withdrawn", actor, at)


def close_open_review(
    connection: Connection, ladder: str, why: Closing, actor: Actor, at: datetime
) -> Review | None:
    """Close the open review of a ladder, if there is one, because its draft is published or discarded."""
    review = find_open_review(connection, ladder)
    return None if review is None else _close(connection, review, why, actor, at)


def _refuse_full(review: Review, kind: EntryKind) -> None:
    comments = review.entry_count - len(review.decisions)
    word, count, most = (
        ("comments", comments, MAX_COMMENTS)
        if kind == "comment"
        else ("decisions", len(review.decisions), MAX_DECISIONS)
    )
    if count >= most:
        raise Conflict(
            f"{review.name} has {count:,} {word}. That is the most a review can have: withdraw it and open another."
        )


def _close(connection: Connection, review: Review, why: Closing, actor: Actor, at: datetime) -> Review:
    this = (_REVIEW.c.ladder == original_slug(review.ladder)) & (_REVIEW.c.number == review.number)
    connection.execute(update(_REVIEW).where(this).values(closed=why, closed_at=at))
    action = Action("review.close", review.ladder, str(review.number), detail={"why": why})
    record(connection, actor, action, at)
    return replace(review, closed=why, closed_at=at)


def _find(
    connection: Connection, ladder: str, *conditions: ColumnElement[bool], limit: int | None = None
) -> tuple[Review, ...]:
    mine = _REVIEW.c.ladder == original_slug(ladder)
    chosen = select(_REVIEW).where(mine, *conditions).order_by(_REVIEW.c.number.desc()).limit(limit)
    return _reviews(connection, chosen, ladder)


def _reviews(connection: Connection, chosen: Select[Any], ladder: str | None = None) -> tuple[Review, ...]:
    """Return chosen reviews, in three statements. They name their ladder as it is given."""
    rows = connection.execute(chosen).all()
    counts, decisions = _counts(connection, rows), _decisions(connection, rows)
    return tuple(
        Review(
            ladder=ladder or row.ladder,
            number=row.number,
            title=row.title,
            description=row.description,
            opened_by=row.opened_by,
            opened_at=row.opened_at,
            decisions=tuple(decisions[row.id]),
            closed=row.closed,
            closed_at=row.closed_at,
            entry_count=counts.get(row.id, 0),
        )
        for row in rows
    )


def _counts(connection: Connection, reviews: Iterable[Row[Any]]) -> dict[int, int]:
    counted = (
        select(_ENTRY.c.review_id, func.count().label("entries"))
        .where(_ENTRY.c.review_id.in_([row.id for row in reviews]))
        .group_by(_ENTRY.c.review_id)
    )
    return {row.review_id: row.entries for row in connection.execute(counted)}


def _decisions(connection: Connection, reviews: Iterable[Row[Any]]) -> dict[int, list[Entry]]:
    """Return the decisions of each review, oldest first, without their texts."""
    columns = [column for column in _ENTRY.c if column is not _ENTRY.c.text]
    chosen = (
        select(*columns)
        .where(_ENTRY.c.review_id.in_([row.id for row in reviews]), _ENTRY.c.kind != "comment")
        .order_by(_ENTRY.c.review_id, _ENTRY.c.position)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in connection.execute(chosen):
        found[row.review_id].append(_entry(row, None))
    return found


def _entry(row: Row[Any], text: str | None) -> Entry:
    people = () if row.people is None else tuple(json.loads(row.people))
    place = (row.draft_number, row.position + 1)
    return Entry(row.kind, row.by, row.at, text, row.about, row.content_sha256, *place, people)


def _within(rows: Iterable[Row[Any]], longest: int = MAX_PAGE_TEXT) -> Iterable[Row[Any]]:
    """Yield rows until their texts are too long for a page, and one row at least."""
    length = 0
    for place, row in enumerate(rows):
        length += len(row.text or "")
        if place and length > longest:
            return
        yield row


def _id_of(review: Review) -> ScalarSelect[Any]:
    this = (_REVIEW.c.ladder == original_slug(review.ladder), _REVIEW.c.number == review.number)
    return select(_REVIEW.c.id).where(*this).scalar_subquery()
