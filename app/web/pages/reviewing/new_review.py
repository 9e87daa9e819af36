"""The page to ask for a review of the draft."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from sqlalchemy import Connection
from starlette.responses import HTMLResponse, Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.review_bodies import NewReview
from app.rubric.reviews import Review, Subject
from app.store.reviews import find_open_review, find_subject, open_review
from app.web.layout.authoring.ladder_pages import LadderPage, page_for, submit, value_of
from app.web.layout.editing.draft_form import FormState
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/reviews/new"
_Page = Annotated[LadderPage, page_for("write", "review")]


@router.get(_PATH)
def show_new_review(page: _Page) -> HTMLResponse:
    """Show the form, or why no review can be opened."""
    return _show(page, page.state)


@router.post(_PATH)
async def send_new_review(page: _Page) -> Response:
    """Open the review, and lead to it."""
    return await submit(page, await page.sent(), partial(_open, page), partial(_show, page))


def _open(page: LadderPage, form: Mapping[str, str]) -> str:
    new = value_of(NewReview, form, optional=("description",))
    with changing_ladder(page.request, page.slug) as change:
        review = open_review(
            change.connection, page.slug, new.title, new.description, change.actor, change.now
        )
    return f"{page.urls.unpinned}/reviews/{review.number}"


def _show(page: LadderPage, state: FormState) -> HTMLResponse:
    def read(connection: Connection) -> tuple[Subject | None, Review | None]:
        return find_subject(connection, page.slug), find_open_review(connection, page.slug)

    subject, standing = page.serving.database.ask(read)
    return show(
        "reviewing/new_review.html",
        status=state.status,
        frame=page.frame(N_("Ask for a review"), "reviews"),
        page=page,
        state=state,
        form=state.sent or {},
        has_draft=subject is not None,
        standing=standing,
    )
