"""The request and response bodies of reviews."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.api.reading.bodies import Body, ListItemLinks, Path, construct, linked
from app.api.reading.patterns import SHA256
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.rubric.people import shown_names
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
    """A comment or a decision in a review."""

    number: int
    """Its number within the review, from 1."""
    kind: EntryKind
    """A comment, an approval, or a request for changes. More values may be added."""
    by: str
    """The author."""
    at: datetime
    """The time (UTC)."""
    text: str | None = None
    """The text."""
    target: str | None = None
    """The entity that a comment is about, as `kind:slug`."""
    content_sha256: str
    """Hash of the draft at that time."""
    valid: bool
    """`true` if a decision counts now. An approval counts if the draft has not changed since, and the reviewer did
    not edit it. A request for changes counts until the reviewer approves. False for comments."""


class ReviewLinks(Body):
    """Links of a review."""

    self_: Annotated[Path, Field(alias="self")]
    """The review."""
    draft: Path
    """The draft that it is about."""
    entries: Path
    """All comments and decisions, in pages."""


class ReviewItem(Body):
    """A review in the list of a ladder's reviews."""

    ladder: Slug
    """Slug of the ladder."""
    number: int
    """The number of the review within the ladder, from 1."""
    title: str
    """The subject of the review."""
    description: str | None = None
    """Notes for the reviewers."""
    status: State
    """The state of the review. More values may be added."""
    opened_by: str
    """The person or machine that opened it."""
    opened_at: datetime
    """The time (UTC)."""
    closed_at: datetime | None = None
    """The time when it was closed (UTC): the draft was published or discarded, or the review was withdrawn."""
    links: ReviewLinks


class ReviewResource(ReviewItem):
    """A review with its newest comments and decisions."""

    content_sha256: str | None = None
    """Hash of the draft as it is now, for a decision. Left out once the review is closed."""
    authors: tuple[str, ...] = ()
    """Everyone who has edited the draft since its base release. Their approvals do not count."""
    missing: tuple[str, ...] = ()
    """The conditions that are not met yet, if the ladder requires a review before publishing."""
    entry_count: int
    """Number of comments and decisions."""
    entries: tuple[ReviewEntry, ...]
    """The newest comments and decisions, newest first. In the response to a POST: only the new one. `links.entries`
    lists all."""


class ReviewList(Body):
    """One page of reviews, the newest first."""

    ladder: Slug
    """Slug of the ladder."""
    items: tuple[ReviewItem, ...]
    """The reviews on this page."""
    links: ListItemLinks


class ReviewEntryList(Body):
    """One page of comments and decisions, the newest first."""

    ladder: Slug
    """Slug of the ladder."""
    number: int
    """Number of the review."""
    items: tuple[ReviewEntry, ...]
    """The comments and decisions on this page."""
    links: ListItemLinks


class NewReview(Value):
    """A request to check the draft."""

    title: Annotated[Line, Field(max_length=200)]
    """The subject of the review, in a few words."""
    description: Long | None = None
    """Notes for the reviewers."""


class NewDecision(Value):
    """A decision of a reviewer."""

    decision: Literal["approve", "request-changes"]
    """`approve`: the draft can be published as it is. `request-changes`: it must be changed first."""
    content_sha256: Sha256
    """Hash of the draft that you read; `content_sha256` of the review or the draft."""
    text: Long | None = None
    """The reason."""


class NewComment(Value):
    """A comment on a review."""

    text: Annotated[Line, Field(max_length=_LONGEST)]
    """The comment."""
    target: Target | None = None
    """The entity that the comment is about, as `kind:slug`. It is in the draft, or was ever published."""


def item(root: str, review: Review, subject: Subject | None, fields: str | None) -> ReviewItem:
    """Return a review as an item of a list.

    Args:
        root: Prefix of URLs.
        review: The review.
        subject: The draft as it is now.
        fields: The parameter `fields`.

    Raises:
        InvalidParameter: `fields` names an unknown field.
    """
    return construct(ReviewItem, kept(ReviewItem, _facts(root, review, subject), fields))


def resource(
    root: str,
    review: Review,
    subject: Subject | None,
    entries: Sequence[Entry] = (),
    fields: str | None = None,
) -> ReviewResource:
    """Return a review with some of its entries. Arguments and errors are those of `item`."""
    now: dict[str, Any] = {"authors": (), "missing": ()}
    if review.closed is None and subject is not None:
        now = {
            "content_sha256": subject.content_sha256,
            "authors": shown_names(subject.authors),
            "missing": missing(review, subject),
        }
    shown = {"entry_count": review.entry_count, "entries": entry_bodies(review, subject, entries)}
    values = {**_facts(root, review, subject), **now, **shown}
    return construct(ReviewResource, kept(ReviewResource, values, fields))


def entry_bodies(
    review: Review, subject: Subject | None, entries: Sequence[Entry], fields: str | None = None
) -> tuple[ReviewEntry, ...]:
    """Return comments and decisions as they are shown. Raises InvalidParameter as `item`."""
    standing: set[int] = set()
    if review.closed is None and subject is not None:
        standing = {entry.number for entry in (*requests(review), *approvals(review, subject))}
    bodies = []
    for entry in entries:
        values = {**asdict(entry), "valid": entry.number in standing}
        values["target"] = values.pop("about")
        del values["draft_number"], values["people"]
        bodies.append(construct(ReviewEntry, kept(ReviewEntry, values, fields)))
    return tuple(bodies)


def kept(model: type[Body], values: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """Return the values that the parameter `fields` names, and the required ones of the class."""
    return select_fields(model, values, requested_fields(model, fields))


def _facts(root: str, review: Review, subject: Subject | None) -> dict[str, Any]:
    home = f"{root}/v1/ladders/{review.ladder}"
    this = f"{home}/reviews/{review.number}"
    links = {"self_": this, "draft": f"{home}@draft", "entries": f"{this}/entries"}
    return {
        "ladder": review.ladder,
        "number": review.number,
        "title": review.title,
        "description": review.description,
        "status": state_of(review, subject),
        "opened_by": review.opened_by,
        "opened_at": review.opened_at,
        "closed_at": review.closed_at,
        "links": linked(ReviewItem, links),
    }
