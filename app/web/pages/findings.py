"""The page of errors and warnings of a draft or release. Each links to the entity that it is about."""

from typing import Annotated, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.serving.route_table import RouteFacts
from app.web.layout.draft_notice import findings_of
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_

router = page_router()


_MOST: Final = 80


class FindingsQuery(PageQuery):
    """The findings to show."""

    skip: Annotated[int, Field(ge=0, le=10**6)] = 0
    """The number of findings on earlier pages."""


@router.get("/ladders/{ladder}/findings")
@declare(RouteFacts(carries=frozenset()))
def show_findings(reading: ReadingDep, query: Annotated[FindingsQuery, Query()]) -> HTMLResponse:
    """Show errors and warnings, errors first."""
    found = findings_of(reading)
    end = query.skip + _MOST
    return show(
        "findings.html",
        frame=frame_of(reading, N_("Errors and warnings"), description=""),
        reading=reading,
        found=found[query.skip : end],
        more=reading.urls.below("/findings", {"skip": end}) if end < len(found) else None,
    )
