"""Reviews in the store: each is stored unchanged and numbered within its ladder, and at most one is open."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from app.errors import Conflict, Forbidden, NotFound
from app.rubric.reviews import Entry, EntryKind, Review, Subject
from app.store import reviews
from app.store.audit import Actor
from app.store.drafts import save_draft
from app.store.engine import reading, writing
from app.store.reviews import (
    close_open_review,
    find_open_review,
    find_review_entries,
    find_reviews,
    find_subject,
    get_review,
    open_review,
    say_in_review,
    withdraw_review,
)
from app.store.revision import get_revision, hold_revision
from app.store.tables import METADATA
from tests.store.samples import day, small

ADA, BOB = Actor("ada"), Actor("bob")


def say(
    connection: Connection,
    subject: Subject,
    kind: EntryKind,
    text: str | None,
    actor: Actor,
    at: datetime,
    **more: str,
) -> Entry:
    """Say something in the open review of the ladder, as it is now."""
    review = find_open_review(connection, "small")
    assert review is not None
    return say_in_review(connection, review, subject, kind, text, actor, at, **more)


@pytest.fixture
def subject(engine: Engine) -> Subject:
    """A draft that ada and bob changed."""
    with writing(engine) as connection:
        save_draft(connection, small(title="One"), slug="small", expected=0, by="ada", at=day(1))
        save_draft(connection, small(title="Two"), slug="small", expected=1, by="bob", at=day(1))
        found = find_subject(connection, "small")
    assert found is not None
    return found


def test_a_review_knows_all_authors_of_the_draft(engine: Engine, subject: Subject) -> None:
    assert (subject.number, subject.authors) == (2, frozenset({"ada", "bob"}))
    with reading(engine) as connection:
        assert find_subject(connection, "other") is None


def test_a_review_comes_back_as_it_was_made(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        open_review(connection, "small", "Title\n", "Why.", ADA, day(2))
        comment = say(connection, subject, "comment", " Odd  text.", BOB, day(3), about="level:l1")
        approval = say(connection, subject, "approve", "Good.", BOB, day(4))
        closed = close_open_review(connection, "small", "published", ADA, day(5))
    digest = subject.content_sha256
    assert comment == Entry("comment", "bob", day(3), " Odd  text.", "level:l1", digest, 2, 1)
    assert approval == Entry("approve", "bob", day(4), "Good.", None, digest, 2, 2)
    decisions = (replace(approval, text=None),)
    whole = Review("small", 1, "Title\n", "Why.", "ada", day(2), decisions, "published", day(5), 2)
    assert closed == whole
    with reading(engine) as connection:
        assert find_review_entries(connection, whole, 10) == (approval, comment)
    with reading(engine) as connection:
        assert get_review(connection, "small", 1) == whole
        assert find_reviews(connection, "small") == (whole,)
        assert find_open_review(connection, "small") is None


def test_reviews_are_numbered_within_their_ladder_and_come_newest_first(
    engine: Engine, subject: Subject
) -> None:
    del subject
    with writing(engine) as connection:
        save_draft(connection, small("other"), slug="other", expected=0, by="ada", at=day(1))
        open_review(connection, "other", "Other", None, ADA, day(1))
        first = open_review(connection, "small", "First", None, ADA, day(1))
        gone = withdraw_review(connection, first, ADA, day(2))
        second = open_review(connection, "small", "Second", None, BOB, day(3))
        assert (gone.closed, gone.closed_at) == ("withdrawn", day(2))
        assert find_reviews(connection, "small") == (second, gone)
        assert find_open_review(connection, "small") == second
        with pytest.raises(NotFound, match="'small' has no review 3"):
            get_review(connection, "small", 3)


def test_only_its_opener_can_withdraw_a_review(engine: Engine, subject: Subject) -> None:
    del subject
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        with pytest.raises(Forbidden, match="ada opened"):
            withdraw_review(connection, review, BOB, day(2))
        assert withdraw_review(connection, review, Actor("Ada "), day(2)).closed == "withdrawn"


def test_a_closed_review_takes_no_entries(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        open_review(connection, "small", "First", None, ADA, day(1))
        over = close_open_review(connection, "small", "discarded", ADA, day(2))
        assert over is not None
        with pytest.raises(Conflict, match="Review 1 of 'small' is discarded"):
            say_in_review(connection, over, subject, "comment", "Late.", BOB, day(3))
        assert close_open_review(connection, "small", "discarded", ADA, day(2)) is None


def test_one_of_several_simultaneous_reviews_is_opened(engine: Engine, subject: Subject) -> None:
    del subject

    def begin(number: int) -> str:
        try:
            with writing(engine) as connection:
                hold_revision(connection)
                return f"opened {open_review(connection, 'small', f'{number}', None, ADA, day(1)).number}"
        except Conflict as conflict:
            return conflict.detail

    with ThreadPoolExecutor(8) as crowd:
        said = sorted(crowd.map(begin, range(8)))
    refused = "Review 1 of 'small' is already open. Continue there, or withdraw it first."
    assert said == [*[refused] * 7, "opened 1"]


def test_reviews_are_no_change_that_other_processes_must_learn_of(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        before = get_revision(connection)
        review = open_review(connection, "small", "First", None, ADA, day(1))
        say_in_review(connection, review, subject, "approve", None, BOB, day(2))
        assert get_revision(connection) == before


def test_entries_cannot_be_changed(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        say_in_review(connection, review, subject, "request-changes", "No.", BOB, day(2))
    for statement in ("UPDATE review_entry SET kind = 'approve'", "DELETE FROM review_entry"):
        with pytest.raises(DBAPIError, match="review_entry"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_each_step_is_logged(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        say(connection, subject, "comment", "Hm.", BOB, day(2))
        say(connection, subject, "request-changes", None, BOB, day(3))
        say(connection, subject, "approve", None, BOB, day(4))
        withdraw_review(connection, review, ADA, day(5))
    audit = METADATA.tables["audit"]
    columns = (audit.c[name] for name in ("who", "action", "ladder", "target", "after_sha256", "detail"))
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(select(*columns).order_by(audit.c.id))]
    seen = subject.content_sha256
    assert rows == [
        ("ada", "review.open", "small", "1", seen, None),
        ("bob", "review.comment", "small", "1", seen, None),
        ("bob", "review.request-changes", "small", "1", seen, None),
        ("bob", "review.approve", "small", "1", seen, None),
        ("ada", "review.close", "small", "1", None, '{"why": "withdrawn"}'),
    ]


def test_an_unedited_draft_cannot_be_reviewed(engine: Engine) -> None:
    said = "The draft of 'small' has no changes to review."
    with pytest.raises(Conflict, match=re.escape(said)), writing(engine) as connection:
        open_review(connection, "small", "Early", None, ADA, day(1))


def test_entries_are_read_in_pages_the_newest_first(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        said = [say(connection, subject, "comment", f"{n}", BOB, day(2)) for n in range(5)]
        assert [entry.number for entry in said] == [1, 2, 3, 4, 5]
        assert find_review_entries(connection, review, 2) == (said[4], said[3])
        assert find_review_entries(connection, review, 2, before=4) == (said[2], said[1])
        assert find_review_entries(connection, review, 2, before=2) == (said[0],)
        assert find_review_entries(connection, review, 2, before=1) == ()


def test_a_page_of_entries_ends_before_its_texts_are_too_long(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        for length in (10, 30, 10, 10):
            say(connection, subject, "comment", "x" * length, BOB, day(2))
        pages = [
            find_review_entries(connection, review, 9, before=before, longest=25) for before in (None, 3, 2)
        ]
    assert [[entry.number for entry in page] for page in pages] == [[4, 3], [2], [1]]


@pytest.mark.parametrize(("kind", "limit"), [("comment", "MAX_COMMENTS"), ("approve", "MAX_DECISIONS")])
def test_a_review_has_a_limited_number_of_comments_and_of_decisions(
    engine: Engine, subject: Subject, monkeypatch: pytest.MonkeyPatch, kind: EntryKind, limit: str
) -> None:
    monkeypatch.setattr(reviews, limit, 2)
    with writing(engine) as connection:
        open_review(connection, "small", "First", None, ADA, day(1))
        for _ in range(2):
            say(connection, subject, kind, "x", BOB, day(2))
        with pytest.raises(Conflict, match="That is the most a review can have"):
            say(connection, subject, kind, "x", BOB, day(2))
        say(connection, subject, "comment" if kind == "approve" else "request-changes", "x", BOB, day(2))


def test_a_list_of_reviews_reads_no_more_than_its_page(engine: Engine, subject: Subject) -> None:
    del subject
    with writing(engine) as connection:
        for number in range(1, 6):
            made = open_review(connection, "small", f"{number}", None, ADA, day(1))
            withdraw_review(connection, made, ADA, day(1))
        page = find_reviews(connection, "small", before=5, limit=2)
    assert [review.number for review in page] == [4, 3]
