"""The page of one review: the changes with their comments, the decision, and the conversation."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Path, Query
from starlette.responses import HTMLResponse, Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.review_bodies import NewComment, NewDecision
from app.api.ladders.review_entries import comment, decide
from app.api.protocol.write_transaction import Change
from app.errors import Conflict, Invalid
from app.store.reviews import find_subject, get_review, withdraw_review
from app.web.layout.authoring.ladder_pages import LadderPage, page_for, submit, value_of
from app.web.layout.editing.draft_form import FormState
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.pages.reviewing.review_view import ReviewQuery, view_of
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/reviews/{number}"
_UNKNOWN: Final = N_("Choose whether to approve or to ask for changes.")
_CHANGED: Final = N_(
    "The draft has changed since you opened this page. Read what changed, then decide again."
)
_Page = Annotated[LadderPage, page_for("review", "write", "publish")]
_Number = Annotated[int, Path(ge=1, le=10**9)]


@router.get(_PATH)
def show_review(page: _Page, number: _Number, query: Annotated[ReviewQuery, Query()]) -> HTMLResponse:
    """Show a review."""
    return _show(page, number, query, page.state)


@router.post(_PATH)
async def send_to_review(page: _Page, number: _Number, query: Annotated[ReviewQuery, Query()]) -> Response:
    """Add a comment or a decision, or withdraw the review, and lead back to it."""
    return await submit(
        page, await page.sent(), partial(_act, page, number), partial(_show, page, number, query)
    )


def _act(page: LadderPage, number: int, form: Mapping[str, str]) -> str:
    """Carry out a form, and return the URL to go to. Raises as the functions of the API do."""
    with changing_ladder(page.request, page.slug) as change:
        match form.get("do"):
            case "withdraw":
                page.caller.require("write" if page.may("write") else "review", page.slug)
                review = get_review(change.connection, page.slug, number)
                withdraw_review(change.connection, review, change.actor, change.now)
                return page.url
            case "comment":
                said = comment(change, page.slug, number, value_of(NewComment, form, optional=("target",)))
            case "decide" if "decision" in form:
                page.caller.require("review", page.slug)
                _refuse_unseen(change, page.slug, form)
                said = decide(change, page.slug, number, value_of(NewDecision, form, optional=("text",)))
            case _:
                raise Invalid(_UNKNOWN)
    return f"{page.url}#entry-{said.entry.number}"


def _refuse_unseen(change: Change, ladder: str, form: Mapping[str, str]) -> None:
    """Raise Conflict if the draft is no longer the one that the person decided about."""
    subject = find_subject(change.connection, ladder)
    if subject is not None and subject.content_sha256 != form.get("content_sha256"):
        raise Conflict(_CHANGED)


def _show(page: LadderPage, number: int, query: ReviewQuery, state: FormState) -> HTMLResponse:
    form = state.sent or {}
    view = view_of(page, number, query, form)
    return show(
        "reviewing/review.html",
        status=state.status,
        frame=page.frame(view.review.title, "reviews"),
        page=page,
        state=state,
        form=form,
        query=query,
        view=view,
        draft=view.draft,
        review=view.review,
    )
