"""Reviews: asking others to check a draft, comments and decisions. None of this is part of a release."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi import Path as Given
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.ladders.ladder_checks import changing_ladder, refuse_unknown
from app.api.ladders.numbered_pages import NumberedPage
from app.api.ladders.review_bodies import (
    NewReview,
    ReviewItem,
    ReviewList,
    ReviewResource,
    item,
    resource,
)
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import AuthorDep, DraftReaderDep
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import construct, linked
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import FieldsQuery, PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields
from app.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.rubric.reviews import Entry, Review, Subject
from app.serving.answers.answer import answer_of
from app.store.reviews import (
    find_review_entries,
    find_reviews,
    find_subject,
    get_review,
    open_review,
    withdraw_review,
)

router = resource_router("reviews")

_LIST = "/ladders/{ladder}/reviews"
ONE_REVIEW = _LIST + "/{number}"
_NEWEST: Final = 20
"""Entries that a review is read with."""
REVIEW_ERRORS = (Unauthenticated, Forbidden, NotFound, *COMMON)
_ACTING = (*REVIEW_ERRORS, Conflict)
REVIEW_WRITE_ERRORS = (*_ACTING, BadRequest, Invalid, TooLarge, UnsupportedMediaType)

Number = Annotated[int, Given(ge=1, le=10**9, description="Number of the review.")]


@router.get(_LIST, responses=documented(REVIEW_ERRORS))
def list_reviews(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: NoRelease,
    query: Annotated[PageQuery, Query()],
) -> ReviewList:
    """List reviews.

    Lists the reviews of a ladder, the newest first. Needs a scope that can read drafts.
    """
    refuse_unknown(request, ladder)
    requested_fields(ReviewItem, query.fields)  # also if there is no item to show
    page = NumberedPage.of(request, f"{ladder}/reviews", query)

    def read(connection: Connection) -> tuple[tuple[Review, ...], Subject | None]:
        found = find_reviews(connection, ladder, before=page.before, limit=query.limit + 1)
        return found, find_subject(connection, ladder)

    reviews, subject = serving.database.ask(read)
    shown = reviews[: query.limit]
    items = tuple(item(serving.settings.root_path, review, subject, query.fields) for review in shown)
    links = page.links(shown[-1].number if len(reviews) > len(shown) else None)
    return construct(ReviewList, {"ladder": ladder, "items": items, "links": linked(ReviewList, links)})


@router.post(
    _LIST,
    status_code=201,
    response_model=ReviewResource,
    responses=documented(REVIEW_WRITE_ERRORS),
    openapi_extra=telling(
        NewReview, {"title": "Reliability for L5", "description": "Says what we expect in an outage."}
    ),
)
def create_review(
    request: Request,
    serving: ServingDep,
    _: AuthorDep,
    ladder: NoRelease,
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


@router.get(ONE_REVIEW, responses=documented(REVIEW_ERRORS))
def read_review(
    request: Request,
    serving: ServingDep,
    _: DraftReaderDep,
    ladder: NoRelease,
    number: Number,
    query: Annotated[FieldsQuery, Query()],
) -> ReviewResource:
    """Read a review.

    Returns the review with its newest comments and decisions. Needs a scope that can read drafts.
    """
    refuse_unknown(request, ladder)

    def read(connection: Connection) -> tuple[Review, Subject | None, tuple[Entry, ...]]:
        review = get_review(connection, ladder, number)
        newest = find_review_entries(connection, review, _NEWEST)
        return review, find_subject(connection, ladder), newest

    review, subject, newest = serving.database.ask(read)
    answer_of(request.scope).draft = True
    return resource(serving.settings.root_path, review, subject, newest, query.fields)


@router.post(ONE_REVIEW + "/withdrawal", response_model=ReviewResource, responses=documented(_ACTING))
def create_withdrawal(
    request: Request, serving: ServingDep, _: AuthorDep, ladder: NoRelease, number: Number
) -> Response:
    """Withdraw a review.

    You can withdraw a review that you opened. The draft stays as it is, and another review can be opened.
    """
    with changing_ladder(request, ladder) as change:
        review = get_review(change.connection, ladder, number)
        withdrawn = withdraw_review(change.connection, review, change.actor, change.now)
        return change.answer(resource(serving.settings.root_path, withdrawn, None), status=200)
