"""Searching: what is found in one ladder, or in all that are in force, with what matches marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from app.api.reading.queries import Cursor
from app.api.reading.reader import ServingDep, reader_of
from app.api.reading.urls import COLLECTION_OF, with_query
from app.api.views.search import search_ladder, search_ladders
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
from app.web.layout.account import account_of
from app.web.layout.forms import here
from app.web.layout.frame import Frame, frame_of
from app.web.layout.query_values import EMPTY_IS_UNSET
from app.web.layout.rendering import show
from app.web.navigation.reader import ReadingDep

router = APIRouter(include_in_schema=False)

_PAGE: Final = 20
KINDS: Final[dict[SearchKind, str]] = {
    "level": "Levels",
    "competency": "Competencies",
    "facet": "Facets",
    "expectation": "Expectations",
    "example": "Examples",
    "faq": "Questions",
    "tip": "Tips",
    "page": "Texts",
    "track": "Tracks",
    "scale": "Scales",
    "ladder": "Ladders",
}
_NAMES: Final = {"faq": "question", "page": "text"}


class PageSearchQuery(BaseModel):
    """What is looked for, as a form sends it; nothing asked shows the form alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = ""
    kind: Annotated[SearchKind | None, EMPTY_IS_UNSET] = None
    cursor: Annotated[Cursor, EMPTY_IS_UNSET] = None

    @property
    def asked(self) -> dict[str, object]:
        """The parameters that were given."""
        return {name: value for name, value in self if value}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    kind: str
    url: str
    title: tuple[SearchSegment, ...]
    snippet: tuple[SearchSegment, ...]
    ladder: str | None
    """Slug of its ladder, where it may be any."""


@router.get("/ladders/{ladder}/search")
def show_found(
    request: Request, reading: ReadingDep, ladder: str, query: Annotated[PageSearchQuery, Query()]
) -> HTMLResponse:
    """Show what is found in one ladder."""
    found = None
    if query.q.strip():
        reader = reader_of(request, ladder, reading.loaded, f"/v1{reading.path}")
        found = search_ladder(reader, SearchQuery(**query.asked, limit=_PAGE))
        reading.answer.links.clear()  # they lead on in the API
    hits = []
    for item in () if found is None else found.items:
        node = reading.index.find(item.kind, item.address)
        hits.append(_hit(item, reading.urls.home if node is None else reading.urls.of(node), None))
    frame = frame_of(reading, "Search", api=with_query("/search", query.asked) if found else "")
    return _show(frame, f"{reading.urls.home}/search", query, found, hits)


@router.get("/search")
def show_found_anywhere(
    request: Request, serving: ServingDep, query: Annotated[PageSearchQuery, Query()]
) -> HTMLResponse:
    """Show what is found in all ladders."""
    root, found = serving.settings.root_path, None
    answer = answer_of(request.scope)
    answer.across = True
    if query.q.strip():
        found = search_ladders(request, serving, WideSearchQuery(**query.asked, limit=_PAGE))
        answer.links.clear()
    hits = [_hit(item, _place(root, item), item.ladder) for item in (() if found is None else found.items)]
    api = with_query(f"{root}/v1/search", query.asked) if found else f"{root}/v1/ladders"
    url = here(root, "/search", request.scope["query_string"].decode("ascii"))
    account = account_of(root, answer.visit, url)
    frame = Frame(root, "Search · Career Ladder", canonical=f"{root}/search", api=api, account=account)
    return _show(frame, f"{root}/search", query, found, hits)


def _show(
    frame: Frame,
    action: str,
    query: PageSearchQuery,
    found: SearchList | WideSearchList | None,
    hits: list[Hit],
) -> HTMLResponse:
    """The page; `action` is its path."""
    meant = getattr(found, "did_you_mean", None)
    return show(
        "search.html",
        frame=frame,
        action=action,
        asked=query,
        kinds=KINDS,
        found=found is not None,
        hits=hits,
        hint=getattr(found, "hint", None),
        meant=None if meant is None else (meant, with_query(action, {**query.asked, "q": meant})),
        following=None if found is None else _following(action, query, vars(found.links)),
    )


def _following(action: str, query: PageSearchQuery, links: Mapping[str, str]) -> str | None:
    """The next page: it goes on where the API's does."""
    following = parse_qs(urlsplit(links.get("next") or "").query).get("cursor")
    return with_query(action, {**query.asked, "cursor": following[0]}) if following else None


def _hit(item: SearchItem, url: str, ladder: str | None) -> Hit:
    return Hit(_NAMES.get(item.kind, item.kind), url, item.title_segments, item.snippet, ladder)


def _place(root: str, item: WideSearchItem) -> str:
    """A URL that leads to the entity: its ladder need not be in memory."""
    home = f"{root}/ladders/{item.ladder}"
    return home if item.kind == "ladder" else f"{home}/{COLLECTION_OF[item.kind]}/{item.address}"
