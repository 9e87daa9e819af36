"""The pages to begin a ladder from a file: upload it, look at what was understood, create the ladder."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.protocol.write_transaction import Change
from app.api.reading.reader import ServingDep
from app.errors import Invalid
from app.formats.file_import.contents import Content, OwnTable
from app.formats.file_import.plan import Bases, Import, Imported
from app.formats.importing.understand import Understood
from app.rubric.editing import copy_as
from app.rubric.ladder import Ladder
from app.serving.answers.answer import Answer
from app.serving.serving import Serving
from app.store.work.waiting import take_waiting
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.pages.importing.common import SEE_OTHER, show_over, site_frame, writer_of
from app.web.pages.importing.creating import (
    FIELDS,
    NEW,
    Names,
    blank_form,
    create,
    done_before,
    names_in,
    offered_slugs,
)
from app.web.pages.importing.understood import finding_views, sheet_views, size_of
from app.web.pages.importing.uploads import (
    FILE,
    KINDS,
    UNREADABLE,
    Upload,
    UploadOver,
    drop_upload,
    get_upload,
    keep_upload,
    upload_of,
)
from app.web.translation.ladder_languages import LADDER_LANGUAGES
from app.web.translation.messages import N_

router = page_router()

FROM_FILE: Final = f"{NEW}/file"
_ONE: Final = FROM_FILE + "/{key}"
_PURPOSE: Final = "new"
_TABLE: Final = N_("This table is one part of a ladder. Open that ladder, and import the table there.")
_MOST_NAMED: Final = 60
"""The most levels, and competencies, that are listed by name."""


@router.get(FROM_FILE)
def show_file_form(request: Request) -> HTMLResponse:
    """Show the form to upload a file."""
    return _form(request, writer_of(request))


@router.post(FROM_FILE)
async def upload_file(request: Request, serving: ServingDep) -> Response:
    """Keep the file, and lead to the page that says what was understood."""
    answer = writer_of(request)
    try:
        upload = await upload_of(request, lambda form: check_token(answer, form, _PURPOSE))
        key = await serving.writers.run(partial(_keep, request, upload))
    except UNREADABLE as refused:
        return _form(request, answer, FormErrors.about(refused.detail, FILE), refused.status)
    return RedirectResponse(f"{serving.settings.root_path}{FROM_FILE}/{key}", SEE_OTHER)


@router.get(_ONE)
def show_understood(request: Request, serving: ServingDep, key: str) -> HTMLResponse:
    """Show what was understood of the file, and the form to create the ladder."""
    answer = writer_of(request)
    try:
        upload, _ = get_upload(request, key, _PURPOSE)
    except UploadOver:
        return show_over(request, FROM_FILE)
    imported = _imported(upload.read())
    ladder = imported.ladder
    form = blank_form(
        answer, title=ladder.title, organisation=ladder.organisation or "", language=ladder.language
    )
    return _page(request, serving, answer, upload, imported, form)


@router.post(_ONE)
async def create_from_file(request: Request, serving: ServingDep, key: str) -> Response:
    """Create the ladder, and lead to its draft. If a field is wrong, show the form with the reason."""
    answer = writer_of(request)
    form = dict(await form_of(request))
    check_token(answer, form, _PURPOSE)
    home = serving.settings.root_path + NEW
    if form.get("do") == "cancel":
        await serving.writers.run(partial(drop_upload, request, key))
        return RedirectResponse(home, SEE_OTHER)
    try:
        return RedirectResponse(await serving.writers.run(partial(_create, request, key, form)), SEE_OTHER)
    except UploadOver:
        return show_over(request, FROM_FILE)
    except Invalid as refused:
        errors = FormErrors.of(refused, FIELDS)
        return await run_in_threadpool(_again, request, serving, answer, key, form, errors)


def _keep(request: Request, upload: Upload) -> str:
    """Keep an upload that can become a ladder. Raises one of `UNREADABLE` if it cannot."""
    _imported(upload.read())
    return keep_upload(request, upload, _PURPOSE)


def _imported(contents: tuple[Content, ...]) -> Imported:
    """Return the ladder in a file. Raises as `Import.run`."""
    if any(isinstance(one, OwnTable) for one in contents):
        raise Invalid(_TABLE)
    return Import(None, Bases(), "replace").run(contents)


def _create(request: Request, key: str, form: Mapping[str, str]) -> str:
    """Create the ladder, and return the URL of its draft. Raises as `create`, and UploadOver."""
    purpose = f"{_PURPOSE} {key}"
    try:
        upload, _ = get_upload(request, key, _PURPOSE)
    except UploadOver:
        done = done_before(request, purpose, form)
        if done is None:
            raise
        return done
    contents = upload.read()
    ladder = _imported(contents).ladder
    names = names_in(form, {*LADDER_LANGUAGES, ladder.language})
    if not any(isinstance(one, Understood) for one in contents):
        names = replace(names, suggestion=ladder.slug)

    def take(change: Change) -> None:
        if not take_waiting(change.connection, key, change.identity):
            raise UploadOver

    return create(request, purpose, form, names, partial(_named, ladder, names), take)


def _named(ladder: Ladder, names: Names, slug: str) -> Ladder:
    """Return the ladder of a file under the names of the form. With another slug it is a copy."""
    named: dict[str, object] = {
        "title": names.title,
        "organisation": names.organisation,
        "language": names.language,
    }
    only = ladder.tracks[0] if len(ladder.tracks) == 1 else None
    if only is not None and only.title == ladder.title:  # the track is called as the file, too
        named["tracks"] = (only.model_copy(update={"title": names.title}),)
    own = ladder.model_copy(update=named)
    return own if slug == ladder.slug else copy_as(own, slug, names.title, names.organisation)


def _again(
    request: Request, serving: Serving, answer: Answer, key: str, form: Mapping[str, str], errors: FormErrors
) -> HTMLResponse:
    """Show the form again with what was typed."""
    upload, _ = get_upload(request, key, _PURPOSE)
    return _page(request, serving, answer, upload, _imported(upload.read()), form, errors)


def _form(
    request: Request, answer: Answer, errors: FormErrors | None = None, status: int = 200
) -> HTMLResponse:
    return show(
        "importing/file.html",
        status=status,
        frame=site_frame(request, N_("New ladder from a file")),
        errors=errors or FormErrors(),
        kinds=KINDS,
        token=token_of(answer, _PURPOSE),
    )


def _page(
    request: Request,
    serving: Serving,
    answer: Answer,
    upload: Upload,
    imported: Imported,
    form: Mapping[str, str],
    errors: FormErrors | None = None,
) -> HTMLResponse:
    ladder = imported.ladder
    return show(
        "importing/understood.html",
        status=422 if errors else 200,
        frame=site_frame(request, N_("New ladder from a file")),
        file=upload.file,
        ladder=ladder,
        size=size_of(ladder),
        outline=tuple(_outline(ladder)),
        sheets=sheet_views(imported.tables),
        findings=finding_views(imported.findings),
        values=form,
        errors=errors or FormErrors(),
        languages={ladder.language: ladder.language, **LADDER_LANGUAGES},
        offered=offered_slugs(serving, answer),
        contact=serving.settings.contact,
        token=token_of(answer, _PURPOSE),
    )


def _outline(ladder: Ladder) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield the title of each track, the names of its levels as far as they are listed, and the number of others."""
    tracks = {one.slug: one.title for one in ladder.tracks}
    by_track: dict[str, list[str]] = {}
    for level in ladder.levels:
        name = f"{level.code} {level.title}" if level.code and level.code != level.title else level.title
        by_track.setdefault(tracks.get(level.track or "", ""), []).append(name)
    by_track[""] = by_track.get("", [])
    for title, names in by_track.items():
        if names:
            yield title, tuple(names[:_MOST_NAMED]), max(0, len(names) - _MOST_NAMED)
