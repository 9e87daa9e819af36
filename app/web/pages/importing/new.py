"""The page to begin a ladder: empty, from a file, or from a copy."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.reader import ServingDep
from app.errors import Invalid
from app.rubric.ladder import Ladder
from app.serving.answers.answer import Answer
from app.serving.serving import Serving
from app.web.layout.form_errors import FormErrors
from app.web.layout.forms import check_token, form_of, token_of
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
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

_PURPOSE: Final = "new ladder"


@router.get(NEW)
def show_new(request: Request, serving: ServingDep) -> HTMLResponse:
    """Show the ways to begin a ladder."""
    answer = writer_of(request)
    return _page(request, serving, answer, blank_form(answer))


@router.post(NEW)
async def create_empty(request: Request, serving: ServingDep) -> Response:
    """Create an empty ladder, and lead to its draft. If a field is wrong, show the form with the reason."""
    answer = writer_of(request)
    form = dict(await form_of(request))
    check_token(answer, form, _PURPOSE)
    try:
        names = names_in(form)
        url = await serving.writers.run(
            partial(create, request, _PURPOSE, form, names, partial(_empty, names))
        )
    except Invalid as refused:
        return _page(request, serving, answer, form, FormErrors.of(refused, FIELDS), refused.status)
    return RedirectResponse(f"{url}/edit", SEE_OTHER)


def _empty(names: Names, slug: str) -> Ladder:
    return Ladder(slug=slug, title=names.title, organisation=names.organisation, language=names.language)


def _page(
    request: Request,
    serving: Serving,
    answer: Answer,
    form: Mapping[str, str],
    errors: FormErrors | None = None,
    status: int = 200,
) -> HTMLResponse:
    offered = offered_slugs(serving, answer)
    return show(
        "importing/new.html",
        status=status,
        frame=site_frame(request, N_("New ladder")),
        values=form,
        errors=errors or FormErrors(),
        languages=LADDER_LANGUAGES,
        offered=offered,
        contact=serving.settings.contact,
        token=token_of(answer, _PURPOSE),
    )
