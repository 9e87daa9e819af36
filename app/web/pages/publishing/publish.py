"""The page that publishes a draft: a checklist, number and date, and a page to confirm what will happen."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from app.api.reading.patterns import SELECTOR
from app.errors import Conflict
from app.rubric.releases import Release
from app.web.layout.authoring.ladder_pages import LadderPage, page_for, submit
from app.web.layout.editing.draft_form import FormState
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.pages.publishing.publish_form import PublishForm, form_for
from app.web.pages.publishing.publish_once import plan_of, publish_once, published_before
from app.web.pages.publishing.what_happens import what_happens
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/publish"
_NOTHING: Final = N_("The draft has no changes.")
_Page = Annotated[LadderPage, page_for("publish", at_draft=True)]


class PublishQuery(PageQuery):
    """The query parameters of the page."""

    corrects: Annotated[str | None, Field(pattern=SELECTOR)] = None
    """The release in force to correct while another is scheduled; None publishes the next release."""


@router.get(_PATH)
def show_publish(page: _Page, query: Annotated[PublishQuery, Query()]) -> HTMLResponse:
    """Show the checklist and the form."""
    return _show(page, query.corrects, page.state)


@router.post(_PATH)
async def send_publish(page: _Page, query: Annotated[PublishQuery, Query()]) -> Response:
    """Show what will happen, or publish and lead to the releases."""
    return await submit(
        page, await page.sent(), partial(_act, page, query.corrects), partial(_show, page, query.corrects)
    )


def _act(page: LadderPage, corrects: str | None, sent: Mapping[str, str]) -> str | Response:
    form = form_for(page, corrects)
    if sent.get("do") == "edit":
        return _show(page, corrects, FormState(sent))
    if sent.get("do") == "publish" and form.subject is None:
        return _released(page, published_before(page, *form.wanted(sent), Conflict(_NOTHING)))
    options = form.options(sent)
    if sent.get("do") == "publish":
        return _released(page, publish_once(page, options))
    return _confirm(page, form, sent, what_happens(page, plan_of(page, options), form.sides))


def _released(page: LadderPage, release: Release) -> str:
    """Return the URL of a release in the list of releases."""
    return f"{page.urls.root}/ladders/{release.ladder}/releases#release:{release.version}"


def _confirm(page: LadderPage, form: PublishForm, sent: Mapping[str, str], happens: object) -> HTMLResponse:
    return show(
        "publishing/confirm.html",
        frame=page.frame(N_("Publish the draft"), "publish"),
        page=page,
        action=form.url,
        sent={name: sent[name] for name in form.names if name in sent},
        happens=happens,
        language=form.sides.after.ladder.language,
    )


def _show(page: LadderPage, corrects: str | None, state: FormState) -> HTMLResponse:
    form = form_for(page, corrects)
    return show(
        "publishing/publish.html",
        status=state.status,
        frame=page.frame(N_("Publish the draft"), "publish"),
        page=page,
        state=state,
        form=form,
        values={**form.first_values, **(state.sent or {})},
        zone=page.serving.settings.time_zone,
    )
