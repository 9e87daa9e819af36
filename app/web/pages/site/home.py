"""The start page: what the site is for, and the list of ladders."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from app.api.reading import cursor
from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.rubric.releases import latest
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Catalog
from app.web.layout.account import account_of, no_groups_words
from app.web.layout.draft_notice import drafts_for, is_signed_in, titled
from app.web.layout.forms import page_url
from app.web.layout.frame import Frame
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery, known_query
from app.web.translation.messages import N_

router = page_router()

_TITLE: Final = "Career Ladder"
_DESCRIPTION: Final = N_("What each level of a career ladder expects, in one place.")
_PAGE: Final = 50


class HomeQuery(PageQuery):
    """The part of the list to show."""

    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ListedLadder:
    """A ladder in the list."""

    title: str
    summary: str | None
    language: str
    url: str
    version: str
    status: str
    draft: str | None
    """URL of its draft, if there is one that the visitor may read."""


@router.get("/")
def show_home(request: Request, serving: ServingDep, query: Annotated[HomeQuery, Query()]) -> HTMLResponse:
    """Show what the site is for, and all ladders in order of slug."""
    answer, root = answer_of(request.scope), serving.settings.root_path
    answer.across = True
    catalog, drafts = answer.catalog, drafts_for(serving, answer)
    identity = cursor.list_identity("home", {}, None)
    after = cursor.read(query.cursor, identity)
    slugs = [slug for slug in catalog.releases if after is None or slug > after]
    chosen = slugs[:_PAGE]
    next_cursor = cursor.write(identity, chosen[-1]) if len(slugs) > len(chosen) else None
    return show(
        "home.html",
        frame=Frame(
            root,
            _TITLE,
            _DESCRIPTION,
            canonical=serving.settings.absolute(f"{root}/"),
            api=f"{root}/v1/ladders",
            account=account_of(root, answer.session, page_url(root, "/", known_query(request))),
            language=answer.preferred_language(),
        ),
        entries=tuple(_entries(root, catalog, chosen, drafts)),
        drafts=titled(serving, drafts - catalog.releases.keys()) if after is None else (),
        count=len(catalog.releases),
        no_groups=no_groups_words(answer.session),
        is_closed=serving.settings.read_access == "key",
        contact=serving.settings.contact or N_("an administrator"),
        may_write=is_signed_in(answer) and answer.caller.may("write"),
        first=after is None,
        next_url=None if next_cursor is None else with_query(f"{root}/", {"cursor": next_cursor}),
    )


@router.get("/ladders")
def find_home(serving: ServingDep) -> RedirectResponse:
    """Redirect to the start page, which lists all ladders."""
    return RedirectResponse(f"{serving.settings.root_path}/")


def _entries(
    root: str, catalog: Catalog, slugs: list[str], drafts: AbstractSet[str]
) -> Iterator[ListedLadder]:
    for slug in slugs:
        release, current = catalog.shown(slug), catalog.in_force.get(slug)
        newest = latest(catalog.releases[slug], catalog.moment_of(slug))
        url = f"{root}/ladders/{slug}"
        if current is not None:
            words = N_("in force")
        elif newest is None:
            words, url = N_("withdrawn"), f"{url}@{release.version}"
        else:
            words, url = N_("not yet in force"), f"{url}@latest"
        draft = f"{root}/ladders/{slug}@draft" if slug in drafts else None
        yield ListedLadder(
            release.title, release.summary, release.language, url, str(release.version), words, draft
        )
