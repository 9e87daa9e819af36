"""The page that asks before a draft is discarded."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.reader import ServingDep
from app.api.writing.draft_writes import drop_draft
from app.errors import Conflict, NotFound, PreconditionFailed
from app.rubric.people import shown_names
from app.serving.answers.answer import Answer
from app.store.drafts import Draft
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.frame import frame_of_ladder
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.urls import WORK
from app.web.pages.importing.common import SEE_OTHER, writer_of_draft
from app.web.pages.importing.draft_import import DraftImport, tag_of
from app.web.translation.messages import N_

router = page_router()

DISCARD: Final = "/ladders/{ladder}/discard"


@router.get(DISCARD)
def show_discard(request: Request, ladder: str) -> HTMLResponse:
    """Ask whether to discard the draft."""
    answer, slug = writer_of_draft(request, ladder)
    return _page(request, answer, slug)


@router.post(DISCARD)
async def discard(request: Request, serving: ServingDep, ladder: str) -> Response:
    """Discard the draft that the page showed, and lead to the list of work. If it has changed, ask again."""
    answer, slug = writer_of_draft(request, ladder)
    form = dict(await form_of(request))
    check_token(answer, form, _purpose(slug))
    try:
        await serving.writers.run(partial(_discard, request, slug, form))
    except PreconditionFailed:
        return await run_in_threadpool(_page, request, answer, slug, is_changed=True)
    return RedirectResponse(serving.settings.root_path + WORK, SEE_OTHER)


def _discard(request: Request, slug: str, form: Mapping[str, str]) -> None:
    """Discard the draft, unless it has changed. A draft that is discarded already stays so. Raises Unavailable."""

    def check(draft: Draft) -> None:
        if draft.number == 0:
            raise Conflict("Nobody has edited the draft.")
        if form.get("tag") != _state(draft):
            raise PreconditionFailed("The draft has changed.", etag=tag_of(draft))

    try:
        drop_draft(request, slug, check)
    except (Conflict, NotFound):
        return


def _page(request: Request, answer: Answer, slug: str, *, is_changed: bool = False) -> HTMLResponse:
    work = DraftImport(request, slug)
    frame = frame_of_ladder(
        work.serving, answer, slug, N_("Discard the draft"), "", "/discard", for_authors=True
    )
    return show(
        "importing/discard.html",
        status=409 if is_changed else 200,
        frame=frame,
        draft=work.draft,
        authors=shown_names(work.draft.authors),
        is_changed=is_changed,
        action=f"{work.home}/discard",
        back=work.serving.settings.root_path + WORK,
        tag=_state(work.draft),
        token=token_of(answer, _purpose(slug)),
    )


def _state(draft: Draft) -> str:
    """Return what the form names the draft by. The number tells a new draft with the same text from an old one."""
    return f"{draft.number} {tag_of(draft)}"


def _purpose(slug: str) -> str:
    return f"discard {slug}"
