"""The search pages: results in one ladder or in all ladders in force, with the matches marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qs, urlsplit

from fastapi import Query, Request
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.api.reading.queries import Cursor
from app.api.reading.reader import ServingDep, reader_of
from app.api.reading.urls import COLLECTION_OF, with_query
from app.api.views.search import NOTHING_FOUND, search_ladder, search_ladders
from app.api.views.search_bodies import (
    SearchItem,
    SearchKind,
    SearchList,
    SearchQuery,
    SearchSegment,
    WideSearchItem,
    WideSearchList,
    WideSearchQuery,
)
from app.serving.answers.answer import answer_of
from app.serving.route_table import RouteFacts
from app.web.layout.account import account_of
from app.web.layout.forms import page_url
from app.web.layout.frame import Frame, frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import EMPTY_IS_UNSET, PageQuery, known_query
from app.web.translation.kind_words import kind_word
from app.web.translation.messages import N_

router = page_router()

_PAGE: Final = 20
KINDS: Final[dict[SearchKind, str]] = {
    "level": N_("Levels"),
    "competency": N_("Competencies"),
    "facet": N_("Facets"),
    "expectation": N_("Expectations"),
    "example": N_("Examples"),
    "faq": N_("Questions"),
    "tip": N_("Tips"),
    "page": N_("Texts"),
    "track": N_("Tracks"),
    "scale": N_("Scales"),
    "ladder": N_("Ladders"),
}


class PageSearchQuery(PageQuery):
    """The search that a form sends. Without words, the page shows the form only."""

    q: str = ""
    kind: Annotated[SearchKind | None, EMPTY_IS_UNSET] = None
    cursor: Annotated[Cursor, EMPTY_IS_UNSET] = None

    @property
    def given(self) -> dict[str, object]:
        """The parameters that are set."""
        return {name: value for name, value in self if value}


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result."""

    kind: str
    url: str
    title: tuple[SearchSegment, ...]
    snippet: tuple[SearchSegment, ...]
    ladder: str | None
    """Slug of its ladder in a search through all ladders."""


@router.get("/ladders/{ladder}/search")
@declare(RouteFacts(carries=frozenset({"q", "kind"})))
def show_results(
    request: Request, reading: ReadingDep, ladder: str, query: Annotated[PageSearchQuery, Query()]
) -> HTMLResponse:
    """Show the results in one ladder."""
    found = None
    if query.q.strip():
        reader = reader_of(request, ladder, reading.loaded, f"/v1{reading.path}")
        found = search_ladder(reader, SearchQuery(**query.given, limit=_PAGE))
        reading.answer.links.clear()  # they are links within the API
    hits = []
    for item in () if found is None else found.items:
        node = reading.index.find(item.kind, item.address)
        hits.append(_hit(item, reading.urls.home if node is None else reading.urls.of(node), None))
    frame = frame_of(reading, N_("Search"), api=with_query("/search", query.given) if found else "")
    return _show(frame, f"{reading.urls.home}/search", query, found, hits)


@router.get("/search")
def show_all_results(
    request: Request, serving: ServingDep, query: Annotated[PageSearchQuery, Query()]
) -> HTMLResponse:
    """Show the results in all ladders."""
    root, found = serving.settings.root_path, None
    answer = answer_of(request.scope)
    answer.across = True
    if query.q.strip():
        found = search_ladders(request, serving, WideSearchQuery(**query.given, limit=_PAGE))
        answer.links.clear()
    hits = [
        _hit(item, _entity_url(root, item), item.ladder) for item in (() if found is None else found.items)
    ]
    api = with_query(f"{root}/v1/search", query.given) if found else f"{root}/v1/ladders"
    url = page_url(root, "/search", known_query(request))
    account = account_of(root, answer.session, url)
    frame = Frame(
        root,
        N_("Search · Career Ladder"),
        canonical=serving.settings.absolute(f"{root}/search"),
        api=api,
        account=account,
        language=answer.preferred_language(),
    )
    return _show(frame, f"{root}/search", query, found, hits)


def _show(
    frame: Frame,
    action: str,
    query: PageSearchQuery,
    found: SearchList | WideSearchList | None,
    hits: list[Hit],
) -> HTMLResponse:
    """Return the page. `action` is its path."""
    near, hint = getattr(found, "did_you_mean", None), getattr(found, "hint", None)
    return show(
        "search.html",
        frame=frame,
        action=action,
        query=query,
        kinds=KINDS,
        found=found is not None,
        hits=hits,
        hint=None if hint == NOTHING_FOUND else hint,
        suggestion=None if near is None else (near, with_query(action, {**query.given, "q": near})),
        next_url=None if found is None else _next_url(action, query, vars(found.links)),
    )


def _next_url(action: str, query: PageSearchQuery, links: Mapping[str, str]) -> str | None:
    """Return the URL of the next page of results, from the cursor of the API's next page."""
    cursor = parse_qs(urlsplit(links.get("next") or "").query).get("cursor")
    return with_query(action, {**query.given, "cursor": cursor[0]}) if cursor else None


def _hit(item: SearchItem, url: str, ladder: str | None) -> Hit:
    title, snippet = getattr(item, "title_segments", ()), getattr(item, "snippet", ())  # left out if empty
    return Hit(kind_word(item.kind), url, title, snippet, ladder)


def _entity_url(root: str, item: WideSearchItem) -> str:
    """Return a URL that redirects to the entity, so that its ladder need not be loaded."""
    home = f"{root}/ladders/{item.ladder}"
    return home if item.kind == "ladder" else f"{home}/{COLLECTION_OF[item.kind]}/{item.address}"
