"""Reviews: asking for a look at a draft, talking about it, deciding. What is said here is never part of a release."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi import Path as Given
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.ladders.guards import changing_ladder, refuse_unknown
from app.api.ladders.review_bodies import (
    NewComment,
    NewDecision,
    NewReview,
    ReviewItem,
    ReviewList,
    ReviewResource,
    item,
    resource,
)
from app.api.protocol.changing import Change
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import AuthorDep, DraftReaderDep, ReviewerDep
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import construct, linked
from app.api.reading.paging import page_links
from app.api.reading.queries import FieldsQuery, PageQuery, field_names, names
from app.api.reading.reader import ServingDep
from app.errors import (
    BadRequest,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.rubric.entities import walk
from app.rubric.reviews import Review, Subject
from app.serving.answers.answer import answer_of
from app.serving.serving import Serving
from app.store.drafts import get_draft_content
from app.store.history import find_slug
from app.store.reviews import (
    find_reviews,
    find_subject,
    get_review,
    open_review,
    say_in_review,
    withdraw_review,
)

router = resource_router("reviews")

_LIST = "/ladders/{ladder}/reviews"
_ONE = _LIST + "/{number}"
_REFUSED = (Unauthenticated, Forbidden, NotFound, *COMMON)
_ACTING = (*_REFUSED, Conflict)
_WRITING = (*_ACTING, BadRequest, Invalid, TooLarge, UnsupportedMediaType)

Number = Annotated[int, Given(ge=1, le=10**9, description="Number of the review.")]


@router.get(_LIST, responses=documented(_REFUSED))
def list_reviews(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: str,
    query: Annotated[PageQuery, Query()],
) -> ReviewList:
    """List reviews.

    Returns the reviews of a ladder, the newest first. Needs a scope that can read drafts.
    """
    refuse_unknown(request, ladder)
    names("fields", query.fields, field_names(ReviewItem))  # also where there is no item to show
    reviews, subject = serving.database.ask(partial(_all, ladder=ladder))
    identity = cursor.list_identity(f"{ladder}/reviews", {}, None)
    place = cursor.read(query.cursor, identity)
    rest = [review for review in reviews if place is None or review.number < _number(place)]
    chosen = rest[: query.limit]
    root = serving.settings.root_path
    path, asked = f"{root}/v1/ladders/{ladder}/reviews", query.model_dump(exclude_unset=True)
    following = cursor.write(identity, str(chosen[-1].number)) if len(rest) > len(chosen) else None
    answer = answer_of(request.scope)
    answer.draft = True
    links = page_links(answer, path, asked, following)
    items = tuple(item(root, review, subject, query.fields) for review in chosen)
    return construct(ReviewList, {"ladder": ladder, "items": items, "links": linked(ReviewList, links)})


@router.post(
    _LIST,
    status_code=201,
    response_model=ReviewResource,
    responses=documented(_WRITING),
    openapi_extra=telling(
        NewReview, {"title": "Reliability for L5", "description": "Says what we expect in an outage."}
    ),
)
def create_review(
    request: Request,
    serving: ServingDep,
    _: AuthorDep,
    ladder: str,
    body: Annotated[NewReview, Depends(sent(NewReview))],
) -> Response:
    """Open a review.

    Asks others to check the draft. Needs the `write` or `review` scope. A draft can have one open review.
    """
    with changing_ladder(request, ladder) as change:
        connection = change.connection
        review = open_review(connection, ladder, body.title, body.description, change.actor, change.now)
        found = resource(serving.settings.root_path, review, find_subject(connection, ladder))
        return change.answer(found, location=found.links.self_)


@router.get(_ONE, responses=documented(_REFUSED))
def read_review(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: str,
    number: Number,
    query: Annotated[FieldsQuery, Query()],
) -> ReviewResource:
    """Read a review.

    Returns the review with its comments and decisions. Needs a scope that can read drafts.
    """
    refuse_unknown(request, ladder)
    review, subject = serving.database.ask(partial(_one, ladder=ladder, number=number))
    answer_of(request.scope).draft = True
    return resource(serving.settings.root_path, review, subject, query.fields)


@router.post(
    _ONE + "/decisions",
    status_code=201,
    response_model=ReviewResource,
    responses=documented(_WRITING),
    openapi_extra=telling(
        NewDecision, {"decision": "approve", "content_sha256": "0" * 64, "text": "Clear and fair."}
    ),
)
def create_decision(
    request: Request,
    serving: ServingDep,
    _: ReviewerDep,
    ladder: str,
    number: Number,
    body: Annotated[NewDecision, Depends(sent(NewDecision))],
) -> Response:
    """Approve the draft or request changes.

    Needs the `review` scope. A decision applies to the content with the hash in the request. Any later edit cancels
    an approval. A request for changes stands until its author approves. An approval by someone who edited the draft
    does not count.
    """

    def decide(change: Change, subject: Subject | None, review: Review) -> Review:
        if subject is not None and subject.content_sha256 != body.content_sha256 and review.closed is None:
            raise Conflict(
                f"The draft of {ladder!r} has changed. Its content hash is now {subject.content_sha256}. "
                "Read it again, then decide."
            )
        return say_in_review(
            change.connection, review, subject, body.decision, body.text, change.actor, change.now
        )

    return _in_review(request, serving, ladder, number, decide, status=201)


@router.post(
    _ONE + "/comments",
    status_code=201,
    response_model=ReviewResource,
    responses=documented(_WRITING),
    openapi_extra=telling(NewComment, {"text": "Say what mentoring means here.", "about": "level:l5"}),
)
def create_comment(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: str,
    number: Number,
    body: Annotated[NewComment, Depends(sent(NewComment))],
) -> Response:
    """Comment on a review.

    A comment can be about one entity. Needs a scope that can read drafts.
    """

    def comment(change: Change, subject: Subject | None, review: Review) -> Review:
        if body.about is not None and subject is not None:
            _refuse_nothing(change.connection, ladder, body.about)
        actor, now = change.actor, change.now
        return say_in_review(
            change.connection, review, subject, "comment", body.text, actor, now, about=body.about
        )

    return _in_review(request, serving, ladder, number, comment, status=201)


@router.post(_ONE + "/withdrawal", response_model=ReviewResource, responses=documented(_ACTING))
def create_withdrawal(
    request: Request, serving: ServingDep, _: AuthorDep, ladder: str, number: Number
) -> Response:
    """Withdraw a review.

    You can withdraw a review that you opened. The draft stays as it is, and another review can be opened.
    """

    def withdraw(change: Change, _: Subject | None, review: Review) -> Review:
        return withdraw_review(change.connection, review, change.actor, change.now)

    return _in_review(request, serving, ladder, number, withdraw, status=200)


def _in_review(
    request: Request,
    serving: Serving,
    ladder: str,
    number: int,
    act: Callable[[Change, Subject | None, Review], Review],
    *,
    status: int,
) -> Response:
    """Act in a review while nobody else changes the draft."""
    with changing_ladder(request, ladder) as change:
        subject = find_subject(change.connection, ladder)
        review = act(change, subject, get_review(change.connection, ladder, number))
        return change.answer(resource(serving.settings.root_path, review, subject), status=status)


def _refuse_nothing(connection: Connection, ladder: str, about: str) -> None:
    """Raise Invalid for a comment on what neither the draft nor any release has."""
    kind, _, slug = about.partition(":")
    if any(node.target == about for node in walk(get_draft_content(connection, ladder))):
        return
    if not find_slug(connection, ladder, kind, slug):
        what = f"The ladder has no {about[:80]!r}, and never had. Name an entity as `kind:slug`."
        raise Invalid("The body is wrong.", faults=[Fault(what, "/about")])


def _all(connection: Connection, ladder: str) -> tuple[tuple[Review, ...], Subject | None]:
    return find_reviews(connection, ladder), find_subject(connection, ladder)


def _one(connection: Connection, ladder: str, number: int) -> tuple[Review, Subject | None]:
    return get_review(connection, ladder, number), find_subject(connection, ladder)


def _number(place: str) -> int:
    """The number of the review that a page ended with. Raises InvalidParameter where it is none."""
    if not place.isdecimal() or not place.isascii():
        raise cursor.not_a_cursor()
    return int(place)
