"""Reviews of a draft: in which state one is, what may happen to it then, and whether it lets a publish pass.

Pure functions over what was said in a review and over the draft as it is now. A decision speaks of the content that
its maker looked at: an edit afterwards voids an approval for good, even where a later edit brings that content back.
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


@dataclass(frozen=True, slots=True)
class Subject:
    """The draft that is looked at, as far as a review asks."""

    content_sha256: str
    number: int
    """Grows with every edit, so that content which came back is not the content that was approved."""
    authors: frozenset[str]
    """Everybody who changed anything since the base release."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody said in a review."""

    kind: EntryKind
    by: str
    at: datetime
    """When (UTC)."""
    text: str | None
    about: str | None
    """The entity that a comment is on, as `kind:slug`."""
    content_sha256: str
    """The content that was looked at."""
    draft_number: int
    """The number of the draft that was looked at."""


@dataclass(frozen=True, slots=True)
class Review:
    """A request to look at a draft, and all that was said to it."""

    ladder: str
    number: int
    title: str
    description: str | None
    opened_by: str
    opened_at: datetime
    """When (UTC)."""
    entries: tuple[Entry, ...] = ()
    """Oldest first."""
    closed: Closing | None = None
    """Why it is over; None as long as it is open."""
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"Review {self.number} of {self.ladder!r}"


def is_author(name: str, subject: Subject) -> bool:
    """Whether somebody changed anything in the draft."""
    return any(same_person(name, author) for author in subject.authors)


def decisions(review: Review) -> tuple[Entry, ...]:
    """The last decision of each person, oldest first: an earlier one is taken back by it."""
    last = {identity_of(entry.by): entry for entry in review.entries if entry.kind != "comment"}
    return tuple(sorted(last.values(), key=review.entries.index))


def requests(review: Review) -> tuple[Entry, ...]:
    """The requests for changes that stand: each until the person who made it approves."""
    return tuple(entry for entry in decisions(review) if entry.kind == "request-changes")


def approvals(review: Review, subject: Subject) -> tuple[Entry, ...]:
    """The approvals that count: of this very draft, by people who changed nothing in it."""
    return tuple(
        entry
        for entry in decisions(review)
        if entry.kind == "approve"
        and (entry.content_sha256, entry.draft_number) == (subject.content_sha256, subject.number)
        and not is_author(entry.by, subject)
    )


def state_of(review: Review, subject: Subject | None) -> State:
    """In which state a review is; `subject` is the draft as it is now, None where there is none any more."""
    if review.closed is not None:
        return review.closed
    if requests(review):
        return "changes-requested"
    return "approved" if subject is not None and approvals(review, subject) else "open"


def refuse_illegal(review: Review, subject: Subject | None, act: Act) -> None:
    """Raise Conflict where the review's state does not allow that act."""
    state = state_of(review, subject)
    if act not in TRANSITIONS[state]:
        raise Conflict(f"{review.name} is {state} and cannot be {_DOING[act]} any more. Open a new one.")


def missing(review: Review | None, subject: Subject) -> tuple[str, ...]:
    """What must still happen before the draft may be published where review is required; empty if nothing must."""
    if review is None or review.closed is not None:
        return ("No review is open. Open one, and let somebody approve who changed nothing.",)
    found = [f"{entry.by} asked for changes, and must approve." for entry in requests(review)]
    if not approvals(review, subject):
        found.append(_no_approval(review, subject))
    return tuple(found)


def _no_approval(review: Review, subject: Subject) -> str:
    given = [entry for entry in decisions(review) if entry.kind == "approve"]
    voided = [entry.by for entry in given if not is_author(entry.by, subject)]
    if voided:
        return f"The draft was edited after {_listed(voided)} approved. Somebody who changed nothing must approve."
    if given:
        own = _listed([entry.by for entry in given])
        return f"{own} approved and changed the draft. Somebody who changed nothing must approve."
    return "Nobody has approved this content. Somebody who changed nothing must approve."


def _listed(people: list[str]) -> str:
    return " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
