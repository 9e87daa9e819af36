"""The list of work: drafts with their errors, reviews that wait for the visitor, and what comes into force."""

from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import WORK
from app.web.pages.importing.common import signed_in, site_frame
from app.web.pages.importing.work_list import WorkList
from app.web.translation.messages import N_

router = page_router()

_PAGE: Final = 10
"""The most drafts on a page."""
_MOST: Final = 30
"""The most reviews of one kind, and releases, that are listed."""


class WorkQuery(PageQuery):
    """The part of the list of drafts to show."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.get(WORK)
def show_work(request: Request, serving: ServingDep, query: Annotated[WorkQuery, Query()]) -> HTMLResponse:
    """Show what waits for the visitor."""
    answer = signed_in(request)
    work = WorkList.of(serving, answer)
    start = (query.page - 1) * _PAGE
    following = {"page": query.page + 1} if start + _PAGE < len(work.drafts) else None
    scheduled = work.scheduled()
    return show(
        "importing/work.html",
        frame=site_frame(request, N_("My work")),
        drafts=tuple(work.views(work.drafts[start : start + _PAGE])),
        is_first=query.page == 1,
        next_url=None if following is None else with_query(serving.settings.root_path + WORK, following),
        waiting=work.waiting(_MOST),
        opened=work.opened(_MOST),
        scheduled=(scheduled[:_MOST], len(scheduled[_MOST:])),
        may_write=answer.caller.may("write"),
        may_more=any(answer.caller.may(right) for right in ("write", "review", "publish")),
        contact=serving.settings.contact,
    )
