"""Reviews of a draft: their states, the actions that each state allows, and the approval that publishing needs.

These are pure functions of a review and the current draft. A decision applies to the content that its
author read. Any later edit cancels an approval, even one that restores the approved content.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from app.errors import Conflict
from app.rubric.people import identity_of, share_a_person, shown_names

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
"""The states that each action may lead to. An action that is missing is not allowed. An approval does not lead to
`approved` if the reviewer edited the draft, or if someone else's request for changes is still open."""

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
    """A number that grows with every edit, so that restored content does not count as approved."""
    authors: frozenset[str]
    """Everyone who edited it since the base release."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment or a decision in a review."""

    kind: EntryKind
    by: str
    at: datetime
    """The time (UTC)."""
    text: str | None
    about: str | None
    """The entity that a comment is about, as `kind:slug`."""
    content_sha256: str
    """Hash of the content that they read."""
    draft_number: int
    """The number of the draft that they read."""
    number: int = 0
    """The number of the entry within the review, from 1."""
    people: tuple[str, ...] = ()
    """Everybody that the sender counts as: first the sender, then the creators of their key. Empty for `by` alone."""

    @property
    def sender(self) -> frozenset[str]:
        """The names and the identity of the sender alone."""
        return frozenset((self.by, *self.people[:1]))


@dataclass(frozen=True, slots=True)
class Review:
    """A request to check a draft, and the decisions on it."""

    ladder: str
    number: int
    title: str
    description: str | None
    opened_by: str
    opened_at: datetime
    """The time (UTC)."""
    decisions: tuple[Entry, ...] = ()
    """Approvals and requests for changes, oldest first. Comments decide nothing and are read in pages."""
    closed: Closing | None = None
    """The reason it was closed; None while it is open."""
    closed_at: datetime | None = None
    entry_count: int = 0
    """Number of comments and decisions."""

    @property
    def name(self) -> str:
        """The name of the review in messages."""
        return f"Review {self.number} of {self.ladder!r}"


def counts_as_author(entry: Entry, subject: Subject) -> bool:
    """Return whether somebody that the sender of an entry counts as has edited the draft."""
    return share_a_person((entry.by, *entry.people), subject.authors)


def last_decisions(review: Review) -> tuple[Entry, ...]:
    """Return the last decision of each person, oldest first. It replaces their earlier decisions.

    A decision with a key that somebody else created for a person does not replace the person's own decision.
    """
    last: dict[int, Entry] = {}
    everybody: dict[int, frozenset[str]] = {}
    places = defaultdict[str, set[int]](set)
    for place, entry in enumerate(review.decisions):
        names = _identities(entry.sender)
        creators = _identities(entry.people[1:]) - names
        for earlier in set[int]().union(*(places[name] for name in names)):
            if creators <= everybody[earlier]:
                last.pop(earlier, None)
        for name in names:
            places[name].add(place)
        everybody[place] = _identities((entry.by, *entry.people))
        last[place] = entry
    return tuple(last.values())


def _identities(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(identity_of, names))


def requests(review: Review) -> tuple[Entry, ...]:
    """Return the open requests for changes. Each stays open until the person who made it approves."""
    return tuple(entry for entry in last_decisions(review) if entry.kind == "request-changes")


def approvals(review: Review, subject: Subject) -> tuple[Entry, ...]:
    """Return the approvals that count: of the current draft, by people who have not edited it."""
    return tuple(
        entry
        for entry in last_decisions(review)
        if entry.kind == "approve"
        and (entry.content_sha256, entry.draft_number) == (subject.content_sha256, subject.number)
        and not counts_as_author(entry, subject)
    )


def state_of(review: Review, subject: Subject | None) -> State:
    """Return the state of a review; `subject` is the current draft, None if it no longer exists."""
    if review.closed is not None:
        return review.closed
    if requests(review):
        return "changes-requested"
    return "approved" if subject is not None and approvals(review, subject) else "open"


def refuse_illegal(review: Review, subject: Subject | None, act: Act) -> None:
    """Raise Conflict if the state of the review does not allow the act."""
    state = state_of(review, subject)
    if act not in TRANSITIONS[state]:
        raise Conflict(f"{review.name} is {state}, so it cannot be {_DOING[act]}. Open a new one.")


def missing(review: Review | None, subject: Subject) -> tuple[str, ...]:
    """Return the missing steps before a draft that requires a review can be published; empty if there are none."""
    if review is None or review.closed is not None:
        return ("No review is open. Open one and have it approved by someone who has not edited the draft.",)
    found = [f"{entry.by} requested changes and must approve." for entry in requests(review)]
    if not approvals(review, subject):
        found.append(_no_approval(review, subject))
    return tuple(found)


def _no_approval(review: Review, subject: Subject) -> str:
    given = [entry for entry in last_decisions(review) if entry.kind == "approve"]
    voided = [entry.by for entry in given if not counts_as_author(entry, subject)]
    if voided:
        return f"The draft was edited after {_listed(voided)} approved. {_NEEDED}"
    own = [entry.by for entry in given if share_a_person(entry.sender, subject.authors)]
    if own:
        return f"{_listed(own)} approved, but also edited the draft. {_NEEDED}"
    if given:
        return _approved_by_key(given[-1], subject)
    return f"Nobody has approved this content. {_NEEDED}"


def _approved_by_key(entry: Entry, subject: Subject) -> str:
    """Return why an approval does not count that was given with a key whose creator counts as an author."""
    authors = {identity_of(author) for author in subject.authors}
    named = [name for name in shown_names(entry.people) if identity_of(name) in authors]
    creator = _listed(named) if named else "an author of the draft"
    return (
        f"{entry.by} approved with a key that {creator} created. A key also counts as its creator, "
        f"who is an author here. {_NEEDED}"
    )


def _listed(people: list[str]) -> str:
    return " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
