"""From a page of one release to the same page of another: to the entity if it is there, under whatever name.

Else to the ladder's own page. So nobody who changes the release meets a page that says that there is none.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from app.api.urls import with_query
from app.errors import LadderError, Renamed
from app.rubric.index import Index
from app.web.reading import Reading, ReadingDep
from app.web.urls import SAME

router = APIRouter(include_in_schema=False)

_KINDS: Final = {"levels": "level", "competencies": "competency", "pages": "page"}


class SameQuery(BaseModel):
    """Which page it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: Annotated[str, Field(max_length=2000)] = ""
    """Its path below the ladder, with its parameters."""


@router.get("/ladders/{ladder}" + SAME)
def find_same(reading: ReadingDep, query: Annotated[SameQuery, Query()]) -> RedirectResponse:
    """Lead to the page of this release that comes nearest to one of another."""
    path, _, asked = query.page.partition("?")
    parameters = dict(_kept(reading.index, asked))
    match path.split("/"):
        case ["", collection, address] if collection in _KINDS:
            return RedirectResponse(_entity(reading, _KINDS[collection], address, parameters))
        case ["", "matrix" | "compare" | "search" | "print" | "faqs" as section]:
            return RedirectResponse(reading.urls.below(f"/{section}", parameters))
        case _:
            return RedirectResponse(reading.urls.home)


def _entity(reading: Reading, kind: str, address: str, parameters: Mapping[str, str]) -> str:
    """The page of an entity that another release knows by that address; the ladder's where it is not there."""
    try:
        url = reading.urls.of(reading.get(kind, address))
    except Renamed as renamed:
        url = renamed.location.partition("?")[0]
    except LadderError:
        return reading.urls.home
    return with_query(url, parameters if kind == "level" else {})


def _kept(index: Index, asked: str) -> Iterator[tuple[str, str]]:
    """The parameters that mean something in this release too."""
    known = {
        "track": index.tracks,
        "competency": index.competencies,
        "from": index.levels,
        "to": index.levels,
        "rows": {"facets"},
        "part": {"competencies", "texts"},
    }
    found = {name: value for name, value in parse_qsl(asked) if value in known.get(name, ())}
    if "to" not in found:
        found.pop("from", None)
    yield from found.items()
    yield from ((name, value) for name, value in parse_qsl(asked) if name in {"q", "kind"})
