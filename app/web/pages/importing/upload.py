"""The pages to import a file into a draft: upload it, look at what would change, and merge or replace."""

from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.reader import ServingDep
from app.errors import Conflict, PreconditionFailed
from app.formats.file_import.plan import Mode
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import DRAFT
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.frame import Frame, frame_of_ladder
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import PageUrls
from app.web.pages.importing.common import SEE_OTHER, show_over, writer_of_draft
from app.web.pages.importing.draft_import import DraftImport
from app.web.pages.importing.preview import preview_of
from app.web.pages.importing.uploads import FILE, KINDS, UNREADABLE, UploadOver, upload_of
from app.web.translation.messages import N_

router = page_router()

IMPORT: Final = "/ladders/{ladder}/import"
_ONE: Final = IMPORT + "/{key}"


class ModeQuery(PageQuery):
    """The way to take the file."""

    mode: Mode = "merge"


@router.get(IMPORT)
def show_import_form(request: Request, ladder: str) -> HTMLResponse:
    """Show the form to upload a file."""
    answer, slug = writer_of_draft(request, ladder)
    work = DraftImport(request, slug)
    _ = work.draft
    return _form(work, answer)


@router.post(IMPORT)
async def upload_for_draft(request: Request, serving: ServingDep, ladder: str) -> Response:
    """Keep the file, and lead to the page that says what it would change."""
    answer, slug = writer_of_draft(request, ladder)
    work = DraftImport(request, slug)
    try:
        upload = await upload_of(request, lambda form: check_token(answer, form, work.purpose))
        url = await serving.writers.run(partial(work.keep, upload))
    except (*UNREADABLE, Conflict) as refused:
        errors = FormErrors.about(refused.detail, FILE)
        return await run_in_threadpool(_form, work, answer, errors, refused.status)
    return RedirectResponse(url, SEE_OTHER)


@router.get(_ONE)
def show_preview(
    request: Request, ladder: str, key: str, query: Annotated[ModeQuery, Query()]
) -> HTMLResponse:
    """Show what was understood of the file, and what it would change."""
    answer, slug = writer_of_draft(request, ladder)
    work = DraftImport(request, slug)
    try:
        upload, is_current = work.find(key)
    except UploadOver:
        return _over(request, slug)
    if not is_current:
        return _changed(work, answer, key)
    return show(
        "importing/preview.html",
        frame=_frame(work, answer, N_("Check the import")),
        urls=PageUrls(work.serving.settings.root_path, f"{slug}@{DRAFT}"),
        preview=preview_of(work.serving, answer, work.draft, work.plan(upload, work.draft, query.mode)),
        file=upload.file,
        mode=query.mode,
        action=f"{work.home}/import/{key}",
        token=token_of(answer, work.purpose),
    )


@router.post(_ONE)
async def confirm_import(request: Request, serving: ServingDep, ladder: str, key: str) -> Response:
    """Import the file into the draft, and lead to the draft."""
    answer, slug = writer_of_draft(request, ladder)
    work = DraftImport(request, slug)
    form = dict(await form_of(request))
    check_token(answer, form, work.purpose)
    does = {"cancel": partial(work.cancel, key), "again": partial(work.again, key)}
    try:
        url = await serving.writers.run(does.get(form.get("do", ""), partial(work.confirm, key, form)))
    except UploadOver:
        return _over(request, slug)
    except PreconditionFailed:
        return await run_in_threadpool(_changed, work, answer, key)
    return RedirectResponse(url, SEE_OTHER)


def _form(
    work: DraftImport, answer: Answer, errors: FormErrors | None = None, status: int = 200
) -> HTMLResponse:
    return show(
        "importing/import.html",
        status=status,
        frame=_frame(work, answer, N_("Import a file")),
        urls=PageUrls(work.serving.settings.root_path, f"{work.slug}@{DRAFT}"),
        errors=errors or FormErrors(),
        kinds=KINDS,
        token=token_of(answer, work.purpose),
    )


def _changed(work: DraftImport, answer: Answer, key: str) -> HTMLResponse:
    """Show that the draft has changed since the upload, with a way to look again."""
    return show(
        "importing/changed.html",
        status=409,
        frame=_frame(work, answer, N_("The draft has changed")),
        action=f"{work.home}/import/{key}",
        draft=DraftImport(work.request, work.slug).draft,
        token=token_of(answer, work.purpose),
    )


def _over(request: Request, slug: str) -> HTMLResponse:
    return show_over(request, f"/ladders/{slug}@{DRAFT}/import")


def _frame(work: DraftImport, answer: Answer, title: str) -> Frame:
    return frame_of_ladder(work.serving, answer, work.slug, title, "", "/import", for_authors=True)
