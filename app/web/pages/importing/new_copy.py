"""The page to begin a ladder as a copy of another one that the visitor may read."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.reader import ServingDep, load
from app.api.reading.urls import with_query
from app.errors import Invalid
from app.rubric.editing import copy_as
from app.rubric.ladder import Ladder
from app.rubric.releases import latest
from app.rubric.text import folded
from app.serving.answers.answer import Answer
from app.serving.releases.catalog import Catalog
from app.serving.releases.loaded_releases import DRAFT, Loaded
from app.serving.serving import Serving
from app.web.layout.draft_notice import drafts_for, titled
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.pages.importing.common import SEE_OTHER, site_frame, writer_of
from app.web.pages.importing.creating import (
    FIELDS,
    NEW,
    Names,
    blank_form,
    create,
    names_in,
    offered_slugs,
)
from app.web.translation.ladder_languages import LADDER_LANGUAGES
from app.web.translation.messages import N_

router = page_router()

COPY: Final = f"{NEW}/copy"
_PURPOSE: Final = "copy of a ladder"
_MOST: Final = 50
"""The most ladders that are listed. A search finds the others."""


class CopyQuery(PageQuery):
    """The ladder to copy, or the words to find it by."""

    of: str | None = None
    q: str = ""


@router.get(COPY)
async def show_copy(
    request: Request, serving: ServingDep, query: Annotated[CopyQuery, Query()]
) -> HTMLResponse:
    """Show the ladders to copy, or the form for the copy of one."""
    answer = writer_of(request)
    if query.of is None:
        return await run_in_threadpool(_choose, request, serving, answer, query.q)
    _, loaded = await load(request, query.of)
    form = blank_form(
        answer,
        title=loaded.ladder.title,
        organisation=loaded.ladder.organisation or "",
        language=loaded.ladder.language,
        of=query.of,
    )
    return await run_in_threadpool(_page, request, serving, answer, loaded, form)


@router.post(COPY)
async def create_copy(request: Request, serving: ServingDep) -> Response:
    """Create the copy, and lead to its draft. If a field is wrong, show the form with the reason."""
    answer = writer_of(request)
    form = dict(await form_of(request))
    check_token(answer, form, _PURPOSE)
    _, loaded = await load(request, form.get("of", ""))
    try:
        names = names_in({**form, "language": loaded.ladder.language}, (loaded.ladder.language,))
        make = partial(_copied, loaded.ladder, names)
        url = await serving.writers.run(partial(create, request, _PURPOSE, form, names, make))
    except Invalid as refused:
        errors = FormErrors.of(refused, FIELDS)
        return await run_in_threadpool(_page, request, serving, answer, loaded, form, errors, refused.status)
    return RedirectResponse(url, SEE_OTHER)


def _copied(ladder: Ladder, names: Names, slug: str) -> Ladder:
    return copy_as(ladder, slug, names.title, names.organisation)


def _choose(request: Request, serving: Serving, answer: Answer, words: str) -> HTMLResponse:
    """Show the ladders that the visitor may read, by title."""
    wanted = folded(words)
    found = sorted(
        (one for one in _readable(serving, answer) if wanted in folded(one[0])),
        key=lambda one: (folded(one[0]), one[1]),
    )
    path = f"{serving.settings.root_path}{COPY}"
    return show(
        "importing/choose.html",
        frame=site_frame(request, N_("Copy a ladder")),
        path=path,
        words=words,
        ladders=[(title, language, with_query(path, {"of": of})) for title, of, language in found[:_MOST]],
        more=max(0, len(found) - _MOST),
    )


def _readable(serving: Serving, answer: Answer) -> Iterator[tuple[str, str, str]]:
    """Yield the title of each ladder with the release or draft to copy, and its language."""
    catalog = answer.catalog
    for slug in catalog.releases:
        reference = _newest(catalog, slug)
        if reference is not None:
            release = catalog.shown(slug)
            yield release.title, reference, release.language
    drafts = drafts_for(serving, answer) - catalog.releases.keys()
    yield from ((title, f"{slug}@{DRAFT}", "") for slug, title in titled(serving, drafts))


def _newest(catalog: Catalog, slug: str) -> str | None:
    """Return the release in force, else the newest one; None if all are withdrawn."""
    if slug in catalog.in_force:
        return slug
    return f"{slug}@latest" if latest(catalog.releases[slug], catalog.moment_of(slug)) else None


def _page(
    request: Request,
    serving: Serving,
    answer: Answer,
    loaded: Loaded,
    form: Mapping[str, str],
    errors: FormErrors | None = None,
    status: int = 200,
) -> HTMLResponse:
    return show(
        "importing/copy.html",
        status=status,
        frame=site_frame(request, N_("Copy a ladder")),
        original=loaded.ladder,
        label=loaded.label,
        values=form,
        errors=errors or FormErrors(),
        languages=LADDER_LANGUAGES,
        offered=offered_slugs(serving, answer),
        contact=serving.settings.contact,
        token=token_of(answer, _PURPOSE),
    )
