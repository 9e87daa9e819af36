"""Request and response bodies of reviews."""

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
    """A comment or decision in a review."""

    kind: EntryKind
    """A comment, an approval, or a request for changes. More kinds may be added."""
    by: str
    """The author of the entry."""
    at: datetime
    """When the entry was made (UTC)."""
    text: str | None = None
    """The text of the entry."""
    about: str | None = None
    """The entity that a comment is about, as `kind:slug`."""
    content_sha256: str
    """Hash of the content that the entry is about."""
    counts: bool
    """Whether a decision still counts: an approval of this very draft by somebody who changed nothing in it, or a
    request for changes whose maker has not approved since. False for comments."""


class ReviewLinks(Body):
    """Links of a review."""

    self_: Annotated[Path, Field(alias="self")]
    """The review."""
    draft: Path
    """The draft under review."""


class ReviewItem(Body):
    """A review in the list of a ladder's reviews."""

    ladder: Slug
    """Slug of the ladder."""
    number: int
    """Number of the review within the ladder, starting at 1."""
    title: str
    """Title of the review."""
    description: str | None = None
    """What reviewers should know."""
    state: State
    """State of the review. More states may be added."""
    opened_by: str
    """The person who opened the review."""
    opened_at: datetime
    """When the review was opened (UTC)."""
    closed_at: datetime | None = None
    """When the draft was published or discarded, or the review withdrawn (UTC)."""
    links: ReviewLinks


class ReviewResource(ReviewItem):
    """A review with its comments and decisions."""

    content_sha256: str | None = None
    """Hash of the current draft, which a decision must name. Left out once the review is closed."""
    authors: tuple[str, ...] = ()
    """The people who edited the draft since its base release. Their approval alone is not enough."""
    missing: tuple[str, ...] = ()
    """What is missing before the draft can be published, if the ladder needs a review."""
    entries: tuple[ReviewEntry, ...]
    """Comments and decisions, the oldest first."""


class ReviewList(Body):
    """One page of reviews, the newest first."""

    ladder: Slug
    """Slug of the ladder."""
    items: tuple[ReviewItem, ...]
    """The reviews on this page."""
    links: ListItemLinks


class NewReview(Value):
    """A new review."""

    title: Annotated[Line, Field(max_length=200)]
    """Title of the review, in a few words."""
    description: Long | None = None
    """What reviewers should know."""


class NewDecision(Value):
    """A decision on the draft."""

    decision: Literal["approve", "request-changes"]
    """`approve`: the draft can be published as it is. `request-changes`: it must be changed first."""
    content_sha256: Sha256
    """Hash of the content that you reviewed, from the review or the draft."""
    text: Long | None = None
    """The reason."""


class NewComment(Value):
    """A comment on a review or on one entity."""

    text: Annotated[Line, Field(max_length=_LONGEST)]
    """The text of the comment."""
    about: Target | None = None
    """The entity that the comment is about, as `kind:slug`: one in the draft or in any release."""


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
