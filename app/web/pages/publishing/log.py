"""The page of a ladder's audit log, in sentences, by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Annotated, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.rubric.index import Index
from app.store.audit import AuditFilter, AuditRecord, find_entries
from app.web.layout.authoring.ladder_pages import LadderPage, page_for
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.pages.publishing.log_sentences import sentence_of
from app.web.translation.messages import N_

router = page_router()

_MOST: Final = 50


class LogQuery(PageQuery):
    """The entries to show."""

    before: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    """Show only older entries than that with this number."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry, in words."""

    at: datetime
    """The time, in the time zone of the organisation."""
    words: str
    more: tuple[str, ...]
    url: str | None
    """The page about what was done; None if there is none."""


@router.get("/ladders/{ladder}/log")
def show_log(
    page: Annotated[LadderPage, page_for("admin")], query: Annotated[LogQuery, Query()]
) -> HTMLResponse:
    """Show the log, the newest entries first."""
    wanted = AuditFilter(ladder=page.slug, below=query.before, ladders=page.caller.where("admin"))
    found = page.serving.database.ask(partial(find_entries, wanted=wanted, limit=_MOST + 1))
    shown = found[:_MOST]
    zone = page.serving.settings.zone
    index = page.index()
    days = groupby(shown, key=lambda entry: entry.at.astimezone(zone).date())
    return show(
        "publishing/log.html",
        frame=page.frame(N_("Log"), "log"),
        page=page,
        days=[tuple(_entries(page, entries, index)) for _, entries in days],
        zone=zone.key.replace("_", " "),
        older=f"{page.url}?before={shown[-1].id}" if len(found) > _MOST else None,
    )


def _entries(page: LadderPage, entries: Iterable[AuditRecord], index: Index | None) -> Iterator[LogEntry]:
    for entry in entries:
        words, more = sentence_of(entry, index)
        yield LogEntry(entry.at.astimezone(page.serving.settings.zone), words, more, _url(page, entry))


def _url(page: LadderPage, entry: AuditRecord) -> str | None:
    """Return the page about what was done; None if there is none."""
    subject, _, _ = entry.action.name.partition(".")
    match subject:
        case "review":
            return f"{page.urls.unpinned}/reviews/{entry.action.target}"
        case "release":
            return f"{page.urls.unpinned}@{entry.action.target}"
        case _:
            return None
