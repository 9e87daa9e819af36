"""Reviews: which state follows from what was said, what is illegal then, and whose approval counts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict
from app.rubric.people import Account
from app.rubric.reviews import (
    ACTS,
    STATES,
    TRANSITIONS,
    Act,
    Closing,
    Entry,
    EntryKind,
    Review,
    State,
    Subject,
    approvals,
    missing,
    refuse_illegal,
    requests,
    state_of,
)

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
DRAFT: Final = Subject("a" * 64, 3, frozenset({"Ada", "Bob"}))
OPEN: Final = Review("acme", 1, "Clearer", None, "Ada", NOW)
CLOSES: Final[dict[Act, Closing]] = {
    "publish": "published",
    "withdraw": "withdrawn",
    "discard": "discarded",
}
PEOPLE: Final = ("Ada", "Cleo", "Dan")
"""The first of them changed the draft."""


def said(review: Review, kind: EntryKind, by: str, subject: Subject = DRAFT) -> Review:
    """The review with one more entry, on the draft as it is then."""
    if kind == "comment":
        return replace(review, entry_count=review.entry_count + 1)
    number = review.entry_count + 1
    entry = Entry(kind, by, NOW, None, None, subject.content_sha256, subject.number, number)
    return replace(review, decisions=(*review.decisions, entry), entry_count=number)


def edited(subject: Subject, content: str = "b") -> Subject:
    """The draft after an edit by one of its authors."""
    return replace(subject, content_sha256=content * 64, number=subject.number + 1)


IN_STATE: Final[dict[State, Review]] = {
    "open": OPEN,
    "changes-requested": said(OPEN, "request-changes", "Cleo"),
    "approved": said(OPEN, "approve", "Cleo"),
    "published": replace(OPEN, closed="published"),
    "withdrawn": replace(OPEN, closed="withdrawn"),
    "discarded": replace(OPEN, closed="discarded"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_reached(state: State) -> None:
    assert state_of(IN_STATE[state], DRAFT) == state


@pytest.mark.parametrize(
    ("state", "act"), [(state, act) for state in STATES for act in ACTS if act not in TRANSITIONS[state]]
)
def test_every_illegal_transition_is_refused(state: State, act: Act) -> None:
    with pytest.raises(
        Conflict, match=f"Review 1 of 'acme' is {state}, so it cannot be .*\\. Open"
    ) as refusal:
        refuse_illegal(IN_STATE[state], DRAFT, act)
    assert refusal.value.detail.endswith("Open a new one.")


@pytest.mark.parametrize(
    ("state", "act"), [(state, act) for state in STATES for act in ACTS if act in TRANSITIONS[state]]
)
def test_every_legal_transition_is_let_through(state: State, act: Act) -> None:
    refuse_illegal(IN_STATE[state], DRAFT, act)


def test_what_is_over_stays_as_it_is() -> None:
    over = ("published", "withdrawn", "discarded")
    assert {state: set(acts) for state, acts in TRANSITIONS.items()} == {
        state: set() if state in over else set(ACTS) for state in STATES
    }


def _after(review: Review, subject: Subject, act: Act, by: str) -> tuple[Review, Subject]:
    """The review and the draft once somebody has acted."""
    if act == "edit":
        return review, edited(subject)
    if act in CLOSES:
        return replace(review, closed=CLOSES[act]), subject
    assert act in ("comment", "approve", "request-changes")
    return said(review, act, by, subject), subject


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), max_size=12))
def test_any_course_of_a_review_keeps_to_the_table(acts: list[tuple[Act, str]]) -> None:
    review, subject = OPEN, DRAFT
    for act, by in acts:
        state = state_of(review, subject)
        if act not in TRANSITIONS[state]:
            continue
        review, subject = _after(review, subject, act, by)
        assert state_of(review, subject) in TRANSITIONS[state][act], (state, act, by)


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.just("Ada")), max_size=12))
def test_an_author_alone_never_gets_a_draft_approved(acts: list[tuple[Act, str]]) -> None:
    review, subject = OPEN, DRAFT
    for act, by in acts:
        if act in TRANSITIONS[state_of(review, subject)]:
            review, subject = _after(review, subject, act, by)
        assert state_of(review, subject) != "approved"
        assert missing(review, subject) != ()


@given(
    order=st.permutations([("approve", "Ada"), ("approve", "Cleo"), ("comment", "Dan"), ("approve", "Bob")])
)
def test_one_approval_by_somebody_else_is_enough_in_any_order(order: list[tuple[EntryKind, str]]) -> None:
    review = OPEN
    for kind, by in order:
        review = said(review, kind, by)
    assert (state_of(review, DRAFT), missing(review, DRAFT)) == ("approved", ())
    assert [entry.by for entry in approvals(review, DRAFT)] == ["Cleo"]


@pytest.mark.parametrize("name", ["ada", " Ada ", "ADA", "\uff21da", "A\u200bda", "\u00adAda"])
def test_an_author_by_another_spelling_is_the_same_person(name: str) -> None:
    assert state_of(said(OPEN, "approve", name), DRAFT) == "open"


def test_an_edit_voids_an_approval_and_none_renews_it() -> None:
    review = said(OPEN, "approve", "Cleo")
    assert state_of(review, DRAFT) == "approved"
    for content in ("b", "a"):  # the second brings the approved content back
        after = replace(edited(DRAFT, content), number=DRAFT.number + (1 if content == "b" else 2))
        assert state_of(review, after) == "open"
        assert missing(review, after) == (
            "The draft was edited after Cleo approved. Someone who has not edited the draft must approve it.",
        )


def test_who_approved_and_then_changed_the_draft_is_an_author() -> None:
    review = said(said(OPEN, "approve", "Cleo"), "approve", "Dan")
    after = replace(DRAFT, authors=DRAFT.authors | {"Cleo"})
    assert [entry.by for entry in approvals(review, after)] == ["Dan"]


def test_a_request_for_changes_stands_until_its_maker_approves() -> None:
    review = said(said(OPEN, "request-changes", "Cleo"), "approve", "Dan")
    assert state_of(review, DRAFT) == "changes-requested"
    after = edited(DRAFT)
    assert [entry.by for entry in requests(review)] == ["Cleo"]
    assert missing(review, after) == (
        "Cleo requested changes and must approve.",
        "The draft was edited after Dan approved. Someone who has not edited the draft must approve it.",
    )
    assert state_of(said(review, "approve", "Cleo", after), after) == "approved"


def test_what_is_missing_is_named() -> None:
    needed = "Someone who has not edited the draft must approve it."
    assert missing(None, DRAFT) == (
        "No review is open. Open one and have it approved by someone who has not edited the draft.",
    )
    assert missing(IN_STATE["withdrawn"], DRAFT) == missing(None, DRAFT)
    assert missing(OPEN, DRAFT) == (f"Nobody has approved this content. {needed}",)
    both = said(said(OPEN, "approve", "Ada"), "approve", "Bob")
    assert missing(both, DRAFT) == (f"Ada and Bob approved, but also edited the draft. {needed}",)


def by_key(kind: EntryKind, owner: str, *creators: str) -> Entry:
    """A decision on the draft that was sent with a key."""
    return Entry(kind, owner, NOW, None, None, DRAFT.content_sha256, DRAFT.number, 1, (owner, *creators))


def test_an_approval_with_a_key_that_an_author_created_does_not_count() -> None:
    review = replace(OPEN, decisions=(by_key("approve", "Robot", "Ada"),), entry_count=1)
    assert approvals(review, DRAFT) == ()
    assert missing(review, DRAFT) == (
        (
            "Robot approved with a key that Ada created. A key also counts as its creator, who is an author here. "
            "Someone who has not edited the draft must approve it."
        ),
    )


def test_an_approval_with_a_key_that_nobody_of_the_authors_created_counts() -> None:
    review = replace(OPEN, decisions=(by_key("approve", "Robot", "Dan"),), entry_count=1)
    assert len(approvals(review, DRAFT)) == 1


def test_a_person_with_a_new_name_is_the_same_person_by_their_account() -> None:
    account = Account("https://login.example", "248289761001")
    draft = replace(DRAFT, authors=frozenset({"ada@old.example", account.identity}))
    said_now = Entry(
        "approve",
        "ada@new.example",
        NOW,
        None,
        None,
        draft.content_sha256,
        draft.number,
        2,
        (account.identity, "ada@new.example"),
    )
    asked = replace(
        said_now, kind="request-changes", by="ada@old.example", people=(account.identity, "ada@old.example")
    )
    review = replace(OPEN, decisions=(asked, said_now), entry_count=2)
    assert requests(review) == ()
    assert approvals(review, draft) == ()


def test_a_key_that_somebody_created_does_not_lift_the_request_of_its_owner() -> None:
    """Dan creates a key for Cleo. With it, Dan cannot answer for her; Cleo still can."""
    asked = by_key("request-changes", "Cleo")
    as_cleo = replace(by_key("approve", "Cleo", "Dan"), number=2)
    review = replace(OPEN, decisions=(asked, as_cleo), entry_count=2)
    assert requests(review) == (asked,)
    herself = replace(by_key("approve", "Cleo"), number=3)
    answered = replace(review, decisions=(asked, as_cleo, herself), entry_count=3)
    assert requests(answered) == ()


def test_the_same_key_replaces_its_own_decision() -> None:
    asked = by_key("request-changes", "Robot", "Dan")
    approved = replace(by_key("approve", "Robot", "Dan"), number=2)
    review = replace(OPEN, decisions=(asked, approved), entry_count=2)
    assert (requests(review), approvals(review, DRAFT)) == ((), (approved,))
