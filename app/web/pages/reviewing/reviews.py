"""The page of all reviews of a ladder."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

from app.rubric.reviews import Review, State, Subject, state_of
from app.store.reviews import find_open_review, find_reviews, find_subject
from app.web.layout.authoring.ladder_pages import LadderPage, page_for
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_

router = page_router()

STATE_WORDS: Final[Mapping[State, str]] = {
    "open": N_("waiting for review"),
    "changes-requested": N_("changes requested"),
    "approved": N_("approved"),
    "published": N_("published"),
    "withdrawn": N_("withdrawn"),
    "discarded": N_("draft discarded"),
}
"""The state of a review, in the words of a page."""
_MOST: Final = 30


class ReviewsQuery(PageQuery):
    """The reviews to show."""

    before: Annotated[int | None, Field(ge=1, le=10**9)] = None
    """Show only reviews with a lower number."""


@router.get("/ladders/{ladder}/reviews")
def show_reviews(
    page: Annotated[LadderPage, page_for("review", "write", "publish")],
    query: Annotated[ReviewsQuery, Query()],
) -> HTMLResponse:
    """Show the reviews of a ladder, the newest first."""

    def read(connection: Connection) -> tuple[tuple[Review, ...], Subject | None, Review | None]:
        found = find_reviews(connection, page.slug, before=query.before, limit=_MOST + 1)
        return found, find_subject(connection, page.slug), find_open_review(connection, page.slug)

    reviews, subject, standing = page.serving.database.ask(read)
    entries = [(one, STATE_WORDS[state_of(one, subject)]) for one in reviews[:_MOST]]
    is_more = len(reviews) > _MOST
    return show(
        "reviewing/reviews.html",
        frame=page.frame(N_("Reviews"), "reviews"),
        page=page,
        entries=entries,
        older=f"{page.url}?before={entries[-1][0].number}" if is_more else None,
        has_draft=subject is not None,
        may_open=standing is None and subject is not None and (page.may("write") or page.may("review")),
    )
