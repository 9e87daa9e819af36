"""The switch from a page of one release to the same page of another, also for a renamed entity.

If the other release has no such page, it leads to the ladder's own page, never to an error.
"""

import re
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Query
from starlette.responses import RedirectResponse

from app.api.reading.urls import with_query
from app.errors import Gone, NotFound, Renamed
from app.rubric.index import Index
from app.rubric.text import SLUG_PATTERN
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import SAME

router = page_router()

_SLUG: Final = re.compile(SLUG_PATTERN)


class SameQuery(PageQuery):
    """The page to switch from."""

    page: str = ""
    """Its path below the ladder, with its parameters."""


@router.get("/ladders/{ladder}" + SAME)
def find_same(reading: ReadingDep, query: Annotated[SameQuery, Query()]) -> RedirectResponse:
    """Redirect to the page of this release that is nearest to a page of another one."""
    path, _, asked = query.page.partition("?")
    facts = reading.serving.routes.find(f"/ladders/-{path}", "GET")
    url: str | None = reading.urls.below(path)
    if facts.kind is not None:
        _, _, address, *further = path.split("/")
        url = _entity(reading, facts.kind, address) if _SLUG.fullmatch(address) else None
        url = url and "/".join([url, *further])
    if facts.carries is None or url is None:
        return RedirectResponse(reading.urls.home)
    return RedirectResponse(with_query(url, _kept(reading.index, facts.carries, asked)))


def _entity(reading: Reading, kind: str, address: str) -> str | None:
    """Return the page of an entity with an address from another release; None if this one does not have it."""
    try:
        return reading.urls.of(reading.get(kind, address))
    except Renamed as renamed:
        return renamed.location.partition("?")[0]
    except (NotFound, Gone):
        return None


def _kept(index: Index, carried: frozenset[str], asked: str) -> dict[str, str]:
    """Return the parameters that apply to this release too; of a comparison both levels or neither."""
    given = {name: value for name, value in parse_qsl(asked) if name in carried}
    kept = {name: value for name, value in given.items() if _means(index, name, value)}
    if "to" not in kept or ("from" in given and "from" not in kept):
        kept.pop("from", None)
        kept.pop("to", None)
    return kept


def _means(index: Index, name: str, value: str) -> bool:
    """Tell whether the value of a parameter applies to a release."""
    match name:
        case "track":
            return value in index.tracks
        case "competency":
            return value in index.competencies
        case "from" | "to":
            return ":" in value or value in index.levels  # with a colon it names its own release
        case _:
            return True
