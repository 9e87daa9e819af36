"""Query parameters, bodies and cursors of a search."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import Field

from app.api.reading import cursor
from app.api.reading.bodies import Body, ListItemLinks, ListLinks, Path
from app.api.reading.queries import PageQuery
from app.rubric.text import Slug
from app.store.search.searching import AFTER_ALL, Rank

SearchKind = Literal[
    "ladder",
    "track",
    "level",
    "scale",
    "competency",
    "facet",
    "expectation",
    "example",
    "faq",
    "tip",
    "page",
]


class SearchQuery(PageQuery):
    """Query parameters of a search in one ladder."""

    q: Annotated[
        str,
        Field(
            description='The search text: words that must all occur, a "quoted phrase", or the beginning of a word '
            "with an asterisk, such as `scal*`."
        ),
    ]
    kind: Annotated[SearchKind | None, Field(description="Only entities of this kind.")] = None
    level: Annotated[
        Slug | None, Field(description="Only results that belong to this level or mention it, by slug.")
    ] = None
    competency: Annotated[
        Slug | None, Field(description="Only results that belong to this competency or mention it, by slug.")
    ] = None


class WideSearchQuery(SearchQuery):
    """Query parameters of a search across ladders."""

    ladder: Annotated[Slug | None, Field(description="Only this ladder, by slug.")] = None


class SearchSegment(Body):
    """A piece of plain text. Escape it before you insert it into HTML."""

    text: str
    """The text."""
    highlight: bool
    """`true` if the piece matches the search text."""


class HitLinks(Body):
    """Links of a result."""

    self_: Annotated[Path, Field(alias="self")]
    """The entity, in the release that was searched."""
    place: Path | None = None
    """The statement, step or proficiency in which the snippet was found; left out if the snippet is the entity's own
    text."""


class SearchItem(Body):
    """A search result: one entity."""

    kind: SearchKind
    """Kind of the entity. More kinds may be added."""
    address: str
    """Slug of the entity, or its address if it has no slug."""
    title: str
    """Title of the entity. An expectation is titled by its level, competency and facet."""
    level: Slug | None = None
    """Slug of the level that the entity is or belongs to."""
    competency: Slug | None = None
    """Slug of the competency that the entity is or belongs to."""
    facet: Slug | None = None
    """Slug of the facet that the entity is or belongs to."""
    title_segments: tuple[SearchSegment, ...] = ()
    """The title in pieces, with matches marked."""
    snippet: tuple[SearchSegment, ...] = ()
    """About forty words of the text in pieces, without markup: around a match, or else from the beginning."""
    matched: tuple[str, ...] = ()
    """The fields that match: names first, then summaries, then the rest."""
    links: HitLinks


class WideSearchItem(SearchItem):
    """A search result from any ladder."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release in force that was searched."""


class _SearchBody(Body):
    """Fields that every page of search results has."""

    terms: tuple[str, ...]
    """The words and phrases that were searched for."""
    hint: str | None = None
    """A hint for a better search; left out unless nothing was found or part of `q` was ignored."""
    did_you_mean: str | None = None
    """A corrected `q`; left out unless nothing was found and a correction has results."""


class SearchList(_SearchBody):
    """One page of results in one release, the best first."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was searched, or `draft`."""
    items: tuple[SearchItem, ...]
    """The results on this page."""
    links: ListLinks


class WideSearchList(_SearchBody):
    """One page of results in the releases in force, the best first."""

    items: tuple[WideSearchItem, ...]
    """The results on this page."""
    links: ListItemLinks


_PLACE: Final = re.compile(r"(\d{1,9})\.([a-z0-9-]{1,100})\.(\d{1,7})", re.ASCII)


def search_identity(name: str, query: SearchQuery) -> str:
    """Return the identity of a search for cursors: its name and everything that selects results."""
    chosen = query.model_dump(exclude_none=True, exclude={"fields", "limit", "cursor"})
    return cursor.list_identity(name, chosen, None)


def place_after(identity: str, rank: Rank, slug: str) -> str:
    """Return the cursor of the results after this rank in this ladder."""
    return cursor.write(identity, f"{rank.score}.{slug}.{rank.position}")


def rank_at(given: str | None, identity: str, slugs: Sequence[str]) -> Rank | None:
    """Return the rank after which a cursor continues, among the current ladders. Raises InvalidParameter."""
    place = cursor.read(given, identity)
    if place is None:
        return None
    match = _PLACE.fullmatch(place)
    if match is None:
        raise cursor.not_a_cursor()
    number = bisect_left(slugs, match[2])
    if number < len(slugs) and slugs[number] == match[2]:
        return Rank(int(match[1]), number, int(match[3]))
    return Rank(int(match[1]), number - 1, AFTER_ALL)  # the ladder is gone: continue with those after it
