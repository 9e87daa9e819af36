"""Reviews of a draft: their states, what may happen in each, and whether a review lets the draft be published.

Pure functions of the decisions in a review and of the draft as it is now. A decision applies to the content that its
author read. Any later edit cancels an approval, even one that restores the approved content.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from app.errors import Conflict
from app.rubric.people import identity_of, same_person

EntryKind = Literal["comment", "approve", "request-changes"]
Closing = Literal["published", "withdrawn", "discarded"]
State = Literal["open", "changes-requested", "approved", "published", "withdrawn", "discarded"]
Act = Literal["comment", "approve", "request-changes", "edit", "publish", "withdraw", "discard"]

STATES: Final[tuple[State, ...]] = get_args(State)
ACTS: Final[tuple[Act, ...]] = get_args(Act)
_CLOSES: Final[Mapping[Act, tuple[State, ...]]] = {
    "publish": ("published",),
    "withdraw": ("withdrawn",),
    "discard": ("discarded",),
}

TRANSITIONS: Final[Mapping[State, Mapping[Act, tuple[State, ...]]]] = {
    "open": {
        "comment": ("open",),
        "approve": ("approved", "open"),
        "request-changes": ("changes-requested",),
        "edit": ("open",),
        **_CLOSES,
    },
    "changes-requested": {
        "comment": ("changes-requested",),
        "approve": ("approved", "changes-requested", "open"),
        "request-changes": ("changes-requested",),
        "edit": ("changes-requested",),
        **_CLOSES,
    },
    "approved": {
        "comment": ("approved",),
        "approve": ("approved",),
        "request-changes": ("changes-requested",),
        "edit": ("open",),
        **_CLOSES,
    },
    "published": {},
    "withdrawn": {},
    "discarded": {},
}
"""Which states each act may lead to; an act that is not there is illegal. Whose approval it is decides which one:
that of somebody who changed the draft, or one beside a standing request for changes, approves nothing yet."""

_DOING: Final[Mapping[Act, str]] = {
    "comment": "commented on",
    "approve": "approved",
    "request-changes": "sent back",
    "edit": "edited",
    "publish": "published",
    "withdraw": "withdrawn",
    "discard": "discarded",
}
_NEEDED: Final = "Someone who has not edited the draft must approve it."


@dataclass(frozen=True, slots=True)
class Subject:
    """The draft that a review is about."""

    content_sha256: str
    number: int
    """Grows with every edit, so that content which came back is not the content that was approved."""
    authors: frozenset[str]
    """Everybody who edited it since the base release."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment or a decision in a review."""

    kind: EntryKind
    by: str
    at: datetime
    """When (UTC)."""
    text: str | None
    about: str | None
    """The entity that a comment is on, as `kind:slug`."""
    content_sha256: str
    """Hash of the content that they read."""
    draft_number: int
    """The number of the draft that they read."""
    number: int = 0
    """Counts within the review, from 1."""


@dataclass(frozen=True, slots=True)
class Review:
    """A request to check a draft, and the decisions on it."""

    ladder: str
    number: int
    title: str
    description: str | None
    opened_by: str
    opened_at: datetime
    """When (UTC)."""
    decisions: tuple[Entry, ...] = ()
    """Approvals and requests for changes, oldest first. Comments decide nothing and are read in pages."""
    closed: Closing | None = None
    """Why it is over; None as long as it is open."""
    closed_at: datetime | None = None
    entry_count: int = 0
    """Number of comments and decisions."""

    @property
    def name(self) -> str:
        """The name of the review in messages."""
        return f"Review {self.number} of {self.ladder!r}"


def is_author(name: str, subject: Subject) -> bool:
    """Return whether somebody edited the draft."""
    return any(same_person(name, author) for author in subject.authors)


def last_decisions(review: Review) -> tuple[Entry, ...]:
    """Return the last decision of each person, oldest first. It replaces their earlier decisions."""
    last = {identity_of(entry.by): entry for entry in review.decisions}
    return tuple(sorted(last.values(), key=review.decisions.index))


def requests(review: Review) -> tuple[Entry, ...]:
    """Return the requests for changes that stand: each until the person who made it approves."""
    return tuple(entry for entry in last_decisions(review) if entry.kind == "request-changes")


def approvals(review: Review, subject: Subject) -> tuple[Entry, ...]:
    """Return the approvals that count: of this draft as it is, by people who did not edit it."""
    return tuple(
        entry
        for entry in last_decisions(review)
        if entry.kind == "approve"
        and (entry.content_sha256, entry.draft_number) == (subject.content_sha256, subject.number)
        and not is_author(entry.by, subject)
    )


def state_of(review: Review, subject: Subject | None) -> State:
    """Return the state of a review; `subject` is the draft as it is now, None if there is no draft any more."""
    if review.closed is not None:
        return review.closed
    if requests(review):
        return "changes-requested"
    return "approved" if subject is not None and approvals(review, subject) else "open"


def refuse_illegal(review: Review, subject: Subject | None, act: Act) -> None:
    """Raise Conflict if the state of the review does not allow the act."""
    state = state_of(review, subject)
    if act not in TRANSITIONS[state]:
        raise Conflict(f"{review.name} is {state} and cannot be {_DOING[act]} any more. Open a new one.")


def missing(review: Review | None, subject: Subject) -> tuple[str, ...]:
    """Return what must still happen before a draft that needs a review can be published; empty if nothing."""
    if review is None or review.closed is not None:
        return ("No review is open. Open one and have it approved by someone who has not edited the draft.",)
    found = [f"{entry.by} requested changes and must approve." for entry in requests(review)]
    if not approvals(review, subject):
        found.append(_no_approval(review, subject))
    return tuple(found)


def _no_approval(review: Review, subject: Subject) -> str:
    given = [entry for entry in last_decisions(review) if entry.kind == "approve"]
    voided = [entry.by for entry in given if not is_author(entry.by, subject)]
    if voided:
        return f"The draft was edited after {_listed(voided)} approved. {_NEEDED}"
    if given:
        own = _listed([entry.by for entry in given])
        return f"{own} approved, but also edited the draft. {_NEEDED}"
    return f"Nobody has approved this content. {_NEEDED}"


def _listed(people: list[str]) -> str:
    return " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
