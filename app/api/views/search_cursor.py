"""Where a search goes on: after a rank, which says the same when ladders come or go in between."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from app.api.reading import cursor
from app.api.views.search_bodies import SearchQuery
from app.store.search.searching import AFTER_ALL, Rank

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
