"""Two levels side by side: of one track, of two, of two releases, of two ladders. What comes, rises, stays, goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import HTMLResponse

from app.api.reading.queries import wrong_value
from app.api.reading.urls import with_query
from app.api.views.compare_sides import Compared, LevelsQuery, Named, compared_of
from app.rubric.compare.comparison import CELL_CHANGES, CellChange, ComparedCell
from app.rubric.compare.pairs import ComparedText
from app.rubric.entities import Node
from app.rubric.ladder import Level
from app.rubric.views.effective import EffectiveCell
from app.web.layout.cells import StepView, step_view
from app.web.layout.frame import frame_of
from app.web.layout.level_choices import groups_of, others_of
from app.web.layout.query_values import EMPTY_IS_UNSET
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep
from app.web.navigation.urls import PageUrls, comes_in_parts

router = APIRouter(include_in_schema=False)

_MOST_CELLS: Final = 32
"""How many competencies and facets a page shows: what is beyond has a page of its own."""
_MOST_TEXTS: Final = 400
"""How many texts a page shows in all. Where there are more, it shows `_FEW_TEXTS` of each competency or facet."""
_FEW_TEXTS: Final = 8
_WORDS: Final[dict[CellChange, str]] = {
    "new": "New",
    "raised": "Asks more",
    "changed": "Asks something else",
    "lowered": "Asks less",
    "dropped": "No longer asked",
    "same": "The same",
}


class CompareQuery(BaseModel):
    """Which two are compared, as a form sends it; nothing chosen yet shows the form alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[str | None, Field(alias="from", max_length=330), EMPTY_IS_UNSET] = None
    to: Annotated[str | None, Field(max_length=330), EMPTY_IS_UNSET] = None
    also: Annotated[str | None, Field(max_length=220), EMPTY_IS_UNSET] = None
    """Another ladder or release whose levels can be chosen too."""

    row: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How many competencies and facets come before."""


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two levels."""

    level: Level
    ladder: str
    """Title of its ladder."""
    label: str
    """Number of its release."""
    url: str


@dataclass(frozen=True, slots=True)
class CellCompared:
    """What became of one competency or facet."""

    change: CellChange
    words: str
    node: Node
    within: Node | None
    """The competency that a facet is a part of."""
    url: str
    before: StepView | None
    after: StepView | None
    texts: tuple[ComparedText, ...]
    """Those that are not the same; not all of them, where there are very many."""
    more: int
    """How many more there are."""
    same: int
    """How many are."""
    by: str | None
    """How the two were matched, where it is not by being the same entity."""


@router.get("/ladders/{ladder}/compare")
def show_comparison(
    request: Request, reading: ReadingDep, ladder: str, query: Annotated[CompareQuery, Query()]
) -> HTMLResponse:
    """Show two levels side by side, and let the reader choose which."""
    both = None if query.to is None else compared_of(request, ladder, _levels(query.from_, query.to))
    chosen = _chosen(both, query)
    sides = None if both is None else (_side(reading, both.before), _side(reading, both.after))
    title = "Compare" if sides is None else f"{_name(sides[0].level)} to {_name(sides[1].level)}"
    return show(
        "compare.html",
        frame=frame_of(
            reading,
            title,
            section="compare",
            description="What one level asks that another does not.",
            api="/levels" if both is None else with_query("/compare", chosen),
        ),
        reading=reading,
        chosen=chosen,
        also=query.also,
        groups=tuple(groups_of(reading, chosen, query.also)),
        others=tuple(others_of(reading)),
        sides=sides,
        counts=() if both is None else _counts(both),
        cells=() if both is None else tuple(_cells(both, query.row)),
        total=0 if both is None else len(both.comparison.cells),
        differs=both is not None and any(cell.change != "same" for cell in both.comparison.cells),
        beyond=() if both is None else tuple(_beyond(reading, chosen, query.row, len(both.comparison.cells))),
        swapped=reading.urls.below("/compare", {"from": chosen["to"], "to": chosen["from"]}),
    )


def _levels(before: str | None, after: str) -> LevelsQuery:
    """The two as the API reads them. Raises InvalidParameter for what names no level."""
    given = {"from": before, "to": after}
    try:
        return LevelsQuery.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        raise wrong_value(str(error.errors()[0]["loc"][0]), "This names no level.") from None


def _name(level: Level) -> str:
    return level.code or level.title


def _chosen(both: Compared | None, query: CompareQuery) -> dict[str, str | None]:
    """What the form shows as chosen, by slug; the rung below, where nobody said what to compare with."""
    if both is None:
        return {"from": query.from_, "to": query.to}
    after = _value(query.to, both.after)
    return {"from": _value(query.from_ or after, both.before), "to": after}


def _value(given: str | None, named: Named) -> str:
    """A level as the form names it: with the ladder that was given for it."""
    reference, colon, _ = (given or "").rpartition(":")
    return f"{reference}{colon}{named.level.slug}"


def _side(reading: Reading, named: Named) -> SideView:
    ladder, label = named.loaded.ladder, named.loaded.label
    same = ladder.slug == reading.ladder.slug and label == reading.loaded.label
    urls = reading.urls if same else PageUrls(reading.root, f"{ladder.slug}@{label}")
    return SideView(named.level, ladder.title, label, urls.level(named.level.slug))


def _counts(both: Compared) -> tuple[tuple[str, int], ...]:
    counts = both.comparison.counts
    return tuple((_WORDS[change], counts[change]) for change in CELL_CHANGES if counts[change])


def _beyond(
    reading: Reading, chosen: Mapping[str, str | None], row: int, rows: int
) -> Iterator[tuple[str, str]]:
    """Ways to the competencies that are not on this page: words and URL."""
    ways = (
        ("Competencies before", row - _MOST_CELLS, row > 0),
        ("More competencies", row + _MOST_CELLS, row + _MOST_CELLS < rows),
    )
    for words, place, there in ways:
        if there:
            further = {"row": place} if place > 0 else {}
            yield words, reading.urls.below("/compare", {**chosen, **further})


def _cells(both: Compared, row: int) -> Iterator[CellCompared]:
    shown = both.comparison.cells[row : row + _MOST_CELLS]
    told = sum(len(cell.texts) for cell in shown)
    most = told if told <= _MOST_TEXTS else _FEW_TEXTS
    for cell in shown:
        named, there = (both.before, cell.before) if cell.after is None else (both.after, cell.after)
        if there is not None:
            yield _cell(both, cell, named, there, most)


def _cell(both: Compared, cell: ComparedCell, named: Named, there: EffectiveCell, most: int) -> CellCompared:
    index = named.side.index
    competency = index.find("competency", there.competency)
    facet = None if there.facet is None else index.find("facet", there.facet)
    node = facet or competency
    assert node is not None  # noqa: S101 - cells are of competencies and facets that are there
    parted = comes_in_parts(named.loaded.ladder)
    urls = PageUrls(both.root, f"{named.urls.ladder}@{named.urls.release}", parted)
    told = tuple(text for text in cell.texts if text.change != "same")
    by = None if cell.by in {None, "identity"} else f"{cell.by}{f', {cell.match}' if cell.match else ''}"
    return CellCompared(
        cell.change,
        _WORDS[cell.change],
        node,
        competency if facet is not None else None,
        urls.cell(named.level.slug, node),
        _step(both.before, cell.before),
        _step(both.after, cell.after),
        told[:most],
        max(0, len(told) - most),
        len(cell.texts) - len(told),
        by,
    )


def _step(named: Named, cell: EffectiveCell | None) -> StepView | None:
    return None if cell is None else step_view(named.side.index, cell.competency, cell.facet, cell.step)
