"""The bodies of reviews: what is sent, and what is shown of them."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.api.reading.bodies import Body, ListItemLinks, Path, construct, linked, narrowed
from app.api.reading.patterns import SHA256
from app.api.reading.queries import field_names, names
from app.rubric.reviews import (
    Entry,
    EntryKind,
    Review,
    State,
    Subject,
    approvals,
    missing,
    requests,
    state_of,
)
from app.rubric.text import Line, Slug, Target, Text, Value

_LONGEST = 20_000
Long = Annotated[Text, Field(max_length=_LONGEST)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256)]


class ReviewEntry(Body):
    """What somebody said in a review."""

    kind: EntryKind
    """A comment, an approval, or a request for changes. An open list."""
    by: str
    """Who said it."""
    at: datetime
    """When (UTC)."""
    text: str | None = None
    """What they wrote."""
    about: str | None = None
    """The entity that a comment is on, as `kind:slug`."""
    content_sha256: str
    """Hash of the content that they looked at."""
    counts: bool
    """Whether a decision still counts: an approval of this very draft by somebody who changed nothing in it, or a
    request for changes whose maker has not approved since. False for comments."""


class ReviewLinks(Body):
    """Where a review lives and what it is about."""

    self_: Annotated[Path, Field(alias="self")]
    """The review."""
    draft: Path
    """The draft that it is about."""


class ReviewItem(Body):
    """A review in the list of a ladder's reviews."""

    ladder: Slug
    """Slug of the ladder."""
    number: int
    """Its number within the ladder, from 1."""
    title: str
    """What it is about."""
    description: str | None = None
    """What the reviewers should know."""
    state: State
    """Where it stands. An open list."""
    opened_by: str
    """Who asked for it."""
    opened_at: datetime
    """When (UTC)."""
    closed_at: datetime | None = None
    """When it was published, withdrawn or discarded (UTC)."""
    links: ReviewLinks


class ReviewResource(ReviewItem):
    """A review with all that was said in it."""

    content_sha256: str | None = None
    """Hash of the draft as it is now: what a decision is on. Left out once the review is over."""
    authors: tuple[str, ...] = ()
    """Who changed anything in the draft since its base release: their approval alone is not enough."""
    missing: tuple[str, ...] = ()
    """What must still happen before the draft may be published, where review is required."""
    entries: tuple[ReviewEntry, ...]
    """What was said, oldest first."""


class ReviewList(Body):
    """A page of reviews, the newest first."""

    ladder: Slug
    """Slug of the ladder."""
    items: tuple[ReviewItem, ...]
    """The reviews on this page."""
    links: ListItemLinks


class NewReview(Value):
    """A request to look at the draft."""

    title: Annotated[Line, Field(max_length=200)]
    """What it is about, in a few words."""
    description: Long | None = None
    """What the reviewers should know."""


class NewDecision(Value):
    """What a reviewer decides."""

    decision: Literal["approve", "request-changes"]
    """Whether the draft may be published as it is, or must be changed first."""
    content_sha256: Sha256
    """Hash of the content that was looked at, from the review or the draft."""
    text: Long | None = None
    """Why."""


class NewComment(Value):
    """A comment, perhaps on one entity."""

    text: Annotated[Line, Field(max_length=_LONGEST)]
    """What is to be said."""
    about: Target | None = None
    """The entity that it is on, as `kind:slug`: one of the draft, or one that was ever published."""


def item(root: str, review: Review, subject: Subject | None, fields: str | None) -> ReviewItem:
    """A review in a list; `root` is the prefix of URLs, `subject` the draft as it is now.

    Raises InvalidParameter where `fields` names something unknown.
    """
    return construct(ReviewItem, kept(ReviewItem, _told(root, review, subject), fields))


def resource(root: str, review: Review, subject: Subject | None, fields: str | None = None) -> ReviewResource:
    """A review with all that was said in it. Raises as `item` does."""
    standing: tuple[Entry, ...] = ()
    now: dict[str, Any] = {"authors": (), "missing": ()}
    if review.closed is None and subject is not None:
        standing = (*requests(review), *approvals(review, subject))
        now = {
            "content_sha256": subject.content_sha256,
            "authors": tuple(sorted(subject.authors)),
            "missing": missing(review, subject),
        }
    entries = tuple(_entry(entry, counts=entry in standing) for entry in review.entries)
    values = {**_told(root, review, subject), **now, "entries": entries}
    return construct(ReviewResource, kept(ReviewResource, values, fields))


def kept(model: type[Body], values: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """The values that the parameter `fields` names, and those that every body of the class has."""
    return narrowed(model, values, names("fields", fields, field_names(model)))


def _entry(entry: Entry, *, counts: bool) -> ReviewEntry:
    values = asdict(entry)
    del values["draft_number"]
    return construct(ReviewEntry, {**values, "counts": counts})


def _told(root: str, review: Review, subject: Subject | None) -> dict[str, Any]:
    home = f"{root}/v1/ladders/{review.ladder}"
    links = {"self_": f"{home}/reviews/{review.number}", "draft": f"{home}@draft"}
    return {
        "ladder": review.ladder,
        "number": review.number,
        "title": review.title,
        "description": review.description,
        "state": state_of(review, subject),
        "opened_by": review.opened_by,
        "opened_at": review.opened_at,
        "closed_at": review.closed_at,
        "links": linked(ReviewItem, links),
    }
