"""Comments and decisions of a review: reading them in pages, and adding one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.ladders.ladder_checks import changing_ladder, refuse_unknown
from app.api.ladders.numbered_pages import NumberedPage
from app.api.ladders.review_bodies import (
    NewComment,
    NewDecision,
    ReviewEntry,
    ReviewEntryList,
    ReviewResource,
    entry_bodies,
    resource,
)
from app.api.ladders.reviews import ONE_REVIEW, REVIEW_ERRORS, REVIEW_WRITE_ERRORS, Number
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import documented
from app.api.protocol.rights import DraftReaderDep, ReviewerDep
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import Change
from app.api.reading.bodies import construct, linked
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields
from app.errors import Conflict, Fault, Invalid
from app.rubric.entities import walk
from app.rubric.reviews import Entry, EntryKind, Review, Subject
from app.serving.serving import Serving
from app.store.drafts import get_draft_content
from app.store.reviews import find_review_entries, find_subject, get_review, say_in_review
from app.store.slug_history import find_slug

router = resource_router("reviews")


@router.get(ONE_REVIEW + "/entries", responses=documented(REVIEW_ERRORS))
def list_review_entries(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: NoRelease,
    number: Number,
    query: Annotated[PageQuery, Query()],
) -> ReviewEntryList:
    """List comments and decisions.

    Lists the comments and decisions of a review, the newest first. A page with long texts has fewer items than
    `limit`. Needs a scope that can read drafts.
    """
    refuse_unknown(request, ladder)
    requested_fields(ReviewEntry, query.fields)  # also if there is no item to show
    page = NumberedPage.of(request, f"{ladder}/reviews/{number}/entries", query)

    def read(connection: Connection) -> tuple[Review, Subject | None, tuple[Entry, ...]]:
        review = get_review(connection, ladder, number)
        entries = find_review_entries(connection, review, query.limit, before=page.before)
        return review, find_subject(connection, ladder), entries

    review, subject, entries = serving.database.ask(read)
    items = entry_bodies(review, subject, entries, query.fields)
    last = entries[-1].number if entries else 1
    values = {"ladder": ladder, "number": number, "items": items}
    links = linked(ReviewEntryList, page.links(last if last > 1 else None))
    return construct(ReviewEntryList, {**values, "links": links})


@router.post(
    ONE_REVIEW + "/decisions",
    status_code=201,
    response_model=ReviewResource,
    responses=documented(REVIEW_WRITE_ERRORS),
    openapi_extra=telling(
        NewDecision, {"decision": "approve", "content_sha256": "0" * 64, "text": "Clear and fair."}
    ),
)
def create_decision(
    request: Request,
    serving: ServingDep,
    _: ReviewerDep,
    ladder: NoRelease,
    number: Number,
    body: Annotated[NewDecision, Depends(sent(NewDecision))],
) -> Response:
    """Approve the draft or request changes.

    Needs the `review` scope. A decision applies to the content with the hash in the request. Any later edit cancels
    an approval. A request for changes stands until its author approves. An approval by someone who edited the draft
    does not count.
    """
    with changing_ladder(request, ladder) as change:
        return _answer(serving, change, decide(change, ladder, number, body))


@router.post(
    ONE_REVIEW + "/comments",
    status_code=201,
    response_model=ReviewResource,
    responses=documented(REVIEW_WRITE_ERRORS),
    openapi_extra=telling(NewComment, {"text": "Say what mentoring means here.", "target": "level:l5"}),
)
def create_comment(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: NoRelease,
    number: Number,
    body: Annotated[NewComment, Depends(sent(NewComment))],
) -> Response:
    """Comment on a review.

    A comment can be about one entity. Needs a scope that can read drafts.
    """
    with changing_ladder(request, ladder) as change:
        return _answer(serving, change, comment(change, ladder, number, body))


@dataclass(frozen=True, slots=True)
class Said:
    """A new comment or decision, with its review and the draft that it is about."""

    entry: Entry
    review: Review
    subject: Subject | None


def decide(change: Change, ladder: str, number: int, new: NewDecision) -> Said:
    """Add a decision to a review. Raises NotFound, and Conflict if the draft has changed or the review is closed."""
    subject = find_subject(change.connection, ladder)
    review = get_review(change.connection, ladder, number)
    if subject is not None and subject.content_sha256 != new.content_sha256 and review.closed is None:
        raise Conflict(
            f"The draft of {ladder!r} has changed. Its content hash is now {subject.content_sha256}. "
            "Read it again, then decide."
        )
    return _say(change, review, subject, new.decision, new.text)


def comment(change: Change, ladder: str, number: int, new: NewComment) -> Said:
    """Add a comment to a review.

    Raises NotFound, Conflict if the review is closed, and Invalid if the comment is about an unknown entity.
    """
    subject = find_subject(change.connection, ladder)
    review = get_review(change.connection, ladder, number)
    if new.target is not None and subject is not None:
        _refuse_nothing(change.connection, ladder, new.target)
    return _say(change, review, subject, "comment", new.text, new.target)


def _say(
    change: Change,
    review: Review,
    subject: Subject | None,
    kind: EntryKind,
    text: str | None,
    about: str | None = None,
) -> Said:
    """Add an entry to a review. Nobody else changes the draft in the meantime."""
    connection = change.connection
    entry = say_in_review(connection, review, subject, kind, text, change.actor, change.now, about=about)
    return Said(entry, get_review(connection, review.ladder, review.number), subject)


def _answer(serving: Serving, change: Change, said: Said) -> Response:
    """Return the response with the review and its new entry only."""
    return change.answer(resource(serving.settings.root_path, said.review, said.subject, [said.entry]))


def _refuse_nothing(connection: Connection, ladder: str, about: str) -> None:
    """Raise Invalid for a comment about an entity that neither the draft nor any release has."""
    kind, _, slug = about.partition(":")
    if any(node.target == about for node in walk(get_draft_content(connection, ladder))):
        return
    if not find_slug(connection, ladder, kind, slug):
        what = f"The ladder does not have {about[:80]!r} and never had it. Name an entity as `kind:slug`."
        raise Invalid("The body has an error.", faults=[Fault(what, "/target")])
