"""Reviews in the store: each is there as it was made, numbers count within a ladder, and one is open at most."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from app.errors import Conflict, Forbidden, NotFound
from app.rubric.reviews import Entry, Review, Subject
from app.store.audit import Actor
from app.store.drafts import save_draft
from app.store.engine import reading, writing
from app.store.reviews import (
    close_open_review,
    find_open_review,
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


@pytest.fixture
def subject(engine: Engine) -> Subject:
    """A draft that ada and bob changed."""
    with writing(engine) as connection:
        save_draft(connection, small(title="One"), slug="small", expected=0, by="ada", at=day(1))
        save_draft(connection, small(title="Two"), slug="small", expected=1, by="bob", at=day(1))
        found = find_subject(connection, "small")
    assert found is not None
    return found


def test_a_draft_is_looked_at_with_all_who_changed_it(engine: Engine, subject: Subject) -> None:
    assert (subject.number, subject.authors) == (2, frozenset({"ada", "bob"}))
    with reading(engine) as connection:
        assert find_subject(connection, "other") is None


def test_a_review_comes_back_as_it_was_made(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        made = open_review(connection, "small", "Title\n", "Why.", ADA, day(2))
        made = say_in_review(
            connection, made, subject, "comment", " Odd  text.", BOB, day(3), about="level:l1"
        )
        made = say_in_review(connection, made, subject, "approve", None, BOB, day(4))
        closed = close_open_review(connection, "small", "published", ADA, day(5))
    entries = (
        Entry("comment", "bob", day(3), " Odd  text.", "level:l1", subject.content_sha256, 2),
        Entry("approve", "bob", day(4), None, None, subject.content_sha256, 2),
    )
    whole = Review("small", 1, "Title\n", "Why.", "ada", day(2), entries, "published", day(5))
    assert closed == whole
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
        with pytest.raises(NotFound, match="There is no review 3 of 'small'"):
            get_review(connection, "small", 3)


def test_only_who_opened_a_review_withdraws_it(engine: Engine, subject: Subject) -> None:
    del subject
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        with pytest.raises(Forbidden, match="was opened by ada"):
            withdraw_review(connection, review, BOB, day(2))
        assert withdraw_review(connection, review, Actor("Ada "), day(2)).closed == "withdrawn"


def test_nothing_is_said_in_a_review_that_is_over(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        open_review(connection, "small", "First", None, ADA, day(1))
        over = close_open_review(connection, "small", "discarded", ADA, day(2))
        assert over is not None
        with pytest.raises(Conflict, match="Review 1 of 'small' is discarded"):
            say_in_review(connection, over, subject, "comment", "Late.", BOB, day(3))
        assert close_open_review(connection, "small", "discarded", ADA, day(2)) is None


def test_of_several_who_open_a_review_at_once_one_does(engine: Engine, subject: Subject) -> None:
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


def test_what_was_said_stays_said(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        say_in_review(connection, review, subject, "request-changes", "No.", BOB, day(2))
    for statement in ("UPDATE review_entry SET kind = 'approve'", "DELETE FROM review_entry"):
        with pytest.raises(DBAPIError, match="review_entry"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_each_step_is_logged(engine: Engine, subject: Subject) -> None:
    with writing(engine) as connection:
        review = open_review(connection, "small", "First", None, ADA, day(1))
        review = say_in_review(connection, review, subject, "comment", "Hm.", BOB, day(2))
        review = say_in_review(connection, review, subject, "request-changes", None, BOB, day(3))
        review = say_in_review(connection, review, subject, "approve", None, BOB, day(4))
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


def test_a_draft_that_nobody_changed_has_no_review(engine: Engine) -> None:
    said = "Nobody has changed the draft of 'small' yet: there is nothing to review."
    with pytest.raises(Conflict, match=re.escape(said)), writing(engine) as connection:
        open_review(connection, "small", "Early", None, ADA, day(1))
