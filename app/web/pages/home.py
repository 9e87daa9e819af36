"""The start: what this is, and every ladder there is."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, RedirectResponse

from app.api.ladders.ladders import shown_release
from app.api.reading import cursor
from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.rubric.releases import latest
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Catalog
from app.web.layout.account import account_of
from app.web.layout.draft_notice import drafts_for
from app.web.layout.forms import here
from app.web.layout.frame import Frame
from app.web.layout.rendering import show

router = APIRouter(include_in_schema=False)

_TITLE: Final = "Career Ladder"
_DESCRIPTION: Final = "One place for what each level of a career ladder means, for people and for programs."
_PAGE: Final = 50


class HomeQuery(BaseModel):
    """Where the list goes on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A ladder in the list."""

    title: str
    summary: str | None
    language: str
    url: str
    version: str
    standing: str
    draft: str | None
    """URL of its draft, where there is one that the visitor may read."""


@router.get("/")
def show_home(request: Request, serving: ServingDep, query: Annotated[HomeQuery, Query()]) -> HTMLResponse:
    """Show what this is, and all ladders in order of slug."""
    answer, root = answer_of(request.scope), serving.settings.root_path
    answer.across = True
    catalog, drafts = answer.catalog, drafts_for(serving, answer)
    identity = cursor.list_identity("home", {}, None)
    after = cursor.read(query.cursor, identity)
    slugs = [slug for slug in catalog.releases if after is None or slug > after]
    chosen = slugs[:_PAGE]
    following = cursor.write(identity, chosen[-1]) if len(slugs) > len(chosen) else None
    return show(
        "home.html",
        frame=Frame(
            root,
            _TITLE,
            _DESCRIPTION,
            canonical=f"{root}/",
            api=f"{root}/v1/ladders",
            account=account_of(
                root, answer.visit, here(root, "/", request.scope["query_string"].decode("ascii"))
            ),
        ),
        entries=tuple(_entries(root, catalog, chosen, drafts)),
        drafts=sorted(drafts - catalog.releases.keys()),
        count=len(catalog.releases),
        first=after is None,
        following=None if following is None else with_query(f"{root}/", {"cursor": following}),
    )


@router.get("/ladders")
def find_home(serving: ServingDep) -> RedirectResponse:
    """All ladders are at the start."""
    return RedirectResponse(f"{serving.settings.root_path}/")


def _entries(root: str, catalog: Catalog, slugs: list[str], drafts: AbstractSet[str]) -> Iterator[Entry]:
    for slug in slugs:
        release, standing = shown_release(catalog, slug), catalog.in_force.get(slug)
        newest = latest(catalog.releases[slug], catalog.moment)
        url = f"{root}/ladders/{slug}"
        if standing is not None:
            words = "in force"
        elif newest is None:
            words, url = "withdrawn", f"{url}@{release.version}"
        else:
            words, url = "not yet in force", f"{url}@latest"
        draft = f"{root}/ladders/{slug}@draft" if slug in drafts else None
        yield Entry(release.title, release.summary, release.language, url, str(release.version), words, draft)
