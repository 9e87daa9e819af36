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
    """Parameters of a search in one ladder."""

    q: Annotated[
        str,
        Field(
            description='What to look for: words that must all be there, a "phrase", the beginning of a word as '
            "`scal*`. Any text will do."
        ),
    ]
    kind: Annotated[SearchKind | None, Field(description="Only entities of this kind.")] = None
    level: Annotated[
        Slug | None, Field(description="Only what belongs to the level of this slug, or speaks of it.")
    ] = None
    competency: Annotated[
        Slug | None, Field(description="Only what belongs to the competency of this slug, or speaks of it.")
    ] = None


class WideSearchQuery(SearchQuery):
    """Parameters of a search across ladders."""

    ladder: Annotated[Slug | None, Field(description="Only the ladder of this slug.")] = None


class SearchSegment(Body):
    """A piece of plain text. It may hold any sign: escape it where you put it into HTML."""

    text: str
    match: bool
    """Whether it is what was looked for."""


class HitLinks(Body):
    """Where a hit lives."""

    self_: Annotated[Path, Field(alias="self")]
    """The entity, in the release that was searched."""
    place: Path | None = None
    """The very statement, step or proficiency that the snippet is of; left out where it is the entity's own text."""


class SearchItem(Body):
    """An entity that was found."""

    kind: SearchKind
    """What it is. An open list."""
    address: str
    """Its slug, or its address where it has none."""
    title: str
    """What it is called; an expectation by its level, competency and facet."""
    level: Slug | None = None
    """The level it belongs to, or is."""
    competency: Slug | None = None
    """The competency it belongs to, or is."""
    facet: Slug | None = None
    """The facet it belongs to, or is."""
    title_segments: tuple[SearchSegment, ...] = ()
    """The title again, in pieces."""
    snippet: tuple[SearchSegment, ...] = ()
    """Some forty words of its text, in pieces, without markup: what matches, or else how the text begins."""
    matched: tuple[str, ...] = ()
    """The properties in which something matches: names first, then what says it in short, then the rest."""
    links: HitLinks


class WideSearchItem(SearchItem):
    """An entity that was found in some ladder."""

    ladder: Slug
    """Slug of its ladder."""
    release: str
    """Number of the release in force, which was searched."""


class _Found(Body):
    """What every search says beside its hits."""

    terms: tuple[str, ...]
    """What was looked for, as it was understood."""
    hint: str | None = None
    """What may help, where nothing was found or not everything was looked for."""
    did_you_mean: str | None = None
    """What somebody may have meant, where nothing was found: to be asked as `q`."""


class SearchList(_Found):
    """A page of what was found in one release, the best first."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was searched, or `draft`."""
    items: tuple[SearchItem, ...]
    """The hits on this page."""
    links: ListLinks


class WideSearchList(_Found):
    """A page of what was found in the releases in force, the best first."""

    items: tuple[WideSearchItem, ...]
    """The hits on this page."""
    links: ListItemLinks


_PLACE: Final = re.compile(r"(\d{1,9})\.([a-z0-9-]{1,100})\.(\d{1,7})", re.ASCII)


def search_identity(name: str, query: SearchQuery) -> str:
    """What a cursor belongs to: all that chooses hits."""
    chosen = query.model_dump(exclude_none=True, exclude={"fields", "limit", "cursor"})
    return cursor.list_identity(name, chosen, None)


def place_after(identity: str, rank: Rank, slug: str) -> str:
    """The cursor of what comes after a hit of a ladder."""
    return cursor.write(identity, f"{rank.score}.{slug}.{rank.position}")


def rank_at(given: str | None, identity: str, slugs: Sequence[str]) -> Rank | None:
    """The rank after which a cursor goes on, among the ladders there are now. Raises InvalidParameter."""
    place = cursor.read(given, identity)
    if place is None:
        return None
    match = _PLACE.fullmatch(place)
    if match is None:
        raise cursor.not_a_cursor()
    number = bisect_left(slugs, match[2])
    if number < len(slugs) and slugs[number] == match[2]:
        return Rank(int(match[1]), number, int(match[3]))
    return Rank(int(match[1]), number - 1, AFTER_ALL)  # the ladder is gone: go on with those after it
