"""The comparison of two levels, which may be in different tracks, releases or ladders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import Field, ValidationError
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.api.reading.queries import wrong_value
from app.api.reading.urls import with_query
from app.api.views.compare_sides import Compared, LevelsQuery, Named, compared_of
from app.rubric.compare.comparison import CellChange, ComparedCell
from app.rubric.compare.text_pairs import ComparedText
from app.rubric.entities import Node
from app.rubric.ladder import Level
from app.rubric.views.demands import Demand
from app.serving.route_table import RouteFacts
from app.web.layout.cells import StepView, step_view
from app.web.layout.frame import frame_of
from app.web.layout.level_choices import groups_of, others_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import EMPTY_IS_UNSET, PageQuery
from app.web.navigation.urls import PageUrls, comes_in_parts
from app.web.translation.messages import N_, NN_, Message

router = page_router()

_MOST_CELLS: Final = 32
"""The most competencies and facets on one page."""
_MOST_TEXTS: Final = 320
"""The most texts on one page. If there are more, the page shows `_FEW_TEXTS` of each competency or facet."""
_FEW_TEXTS: Final = 8
_MOST_UNCHANGED: Final = 5_000
"""The most characters of unchanged texts on one page. If there are more, the page only counts them."""
_MOST_OPTIONS: Final = 250
"""The most levels in a menu. If there are more, the form has fields with suggestions."""
_WORDS: Final[dict[CellChange, str]] = {
    "new": N_("New"),
    "raised": N_("Expects more"),
    "changed": N_("Expects something else"),
    "lowered": N_("Expects less"),
    "dropped": N_("No longer expected"),
    "same": N_("The same"),
}
_MATCHED: Final = {
    "alignment": N_("matched by an alignment"),
    "slug": N_("matched by name"),
    "title": N_("matched by title"),
}
"""The way in which two different entities were matched."""
_DIRECTIONS: Final[dict[str, tuple[CellChange, ...]]] = {
    "more": ("new", "raised"),
    "something else": ("changed",),
    "less": ("lowered", "dropped"),
}


class CompareQuery(PageQuery):
    """The two levels to compare, as a form sends them. Without a choice, the page shows the form only.

    A ladder with a colon and no level after it adds the levels of that ladder to the choice.
    """

    from_: Annotated[str | None, Field(alias="from", max_length=330), EMPTY_IS_UNSET] = None
    to: Annotated[str | None, Field(max_length=330), EMPTY_IS_UNSET] = None
    row: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of competencies and facets to skip."""


@dataclass(frozen=True, slots=True)
class LevelView:
    """One of the two levels."""

    level: Level
    ladder: str
    """Title of its ladder."""
    label: str
    """Number of its release."""
    url: str


@dataclass(frozen=True, slots=True)
class CellChangeView:
    """The change in one competency or facet."""

    change: CellChange
    words: str
    node: Node
    within: Node | None
    """The competency of a facet."""
    url: str
    before: StepView | None
    after: StepView | None
    texts: tuple[ComparedText, ...]
    """The texts that differ; cut if there are very many."""
    more: int
    """The number of differing texts that are left out."""
    same: int
    """The number of unchanged texts."""
    unchanged: tuple[str, ...]
    """The unchanged texts; none if the page has too many."""
    by: str | None
    """The way the two were matched, if they are different entities."""

    @property
    def left(self) -> tuple[ComparedText, ...]:
        """The texts of the first level that differ."""
        return tuple(text for text in self.texts if text.before is not None)

    @property
    def right(self) -> tuple[ComparedText, ...]:
        """The texts of the second level that differ."""
        return tuple(text for text in self.texts if text.after is not None)


@router.get("/ladders/{ladder}/compare")
@declare(RouteFacts(carries=frozenset({"from", "to"})))
def show_comparison(
    request: Request, reading: ReadingDep, ladder: str, query: Annotated[CompareQuery, Query()]
) -> HTMLResponse:
    """Show the differences between two levels, and a form to choose them."""
    both = None
    if query.to is not None and not _is_open(query.to) and not _is_open(query.from_):
        both = compared_of(request, ladder, _levels(query.from_, query.to))
    chosen = _chosen(both, query)
    groups = tuple(groups_of(reading, chosen))
    sides = None if both is None else (_side(reading, both.before), _side(reading, both.after))
    title = _title(sides)
    return show(
        "compare.html",
        frame=frame_of(
            reading,
            title,
            section="compare",
            description=N_("What one level expects that another does not."),
            api="/levels" if both is None else with_query("/compare", chosen),
        ),
        reading=reading,
        title=title,
        chosen=chosen,
        groups=groups,
        many=sum(len(group.options) for group in groups) > _MOST_OPTIONS,
        others=tuple(others_of(reading)),
        sides=sides,
        summary="" if both is None or sides is None else _summary(both, _name(sides[1].level)),
        cells=() if both is None else tuple(_cells(both, query.row)),
        total=0 if both is None else len(both.comparison.cells),
        differs=both is not None and any(cell.change != "same" for cell in both.comparison.cells),
        part_links=()
        if both is None
        else tuple(_part_links(reading, chosen, query.row, len(both.comparison.cells))),
        swapped=reading.urls.below("/compare", {"from": chosen["to"], "to": chosen["from"]}),
    )


def _title(sides: tuple[LevelView, LevelView] | None) -> str:
    if sides is None:
        return N_("Compare")
    return N_("%(first)s to %(second)s", first=_name(sides[0].level), second=_name(sides[1].level))


def _levels(before: str | None, after: str) -> LevelsQuery:
    """Return the two levels as the API reads them. Raises InvalidParameter for a value that is not a level."""
    given = {"from": before, "to": after}
    try:
        return LevelsQuery.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        raise wrong_value(str(error.errors()[0]["loc"][0]), "This is not a level of the ladder.") from None


def _name(level: Level) -> str:
    return level.code or level.title


def _chosen(both: Compared | None, query: CompareQuery) -> dict[str, str | None]:
    """Return the values chosen in the form. Without `from` it is the level below."""
    if both is None:
        return {"from": query.from_, "to": query.to}
    after = _value(query.to, both.after)
    return {"from": _value(query.from_ or after, both.before), "to": after}


def _value(given: str | None, named: Named) -> str:
    """Return a level as an option of the form, with the ladder that was given for it."""
    reference, colon, _ = (given or "").rpartition(":")
    return f"{reference}{colon}{named.level.slug}"


def _side(reading: Reading, named: Named) -> LevelView:
    ladder, label = named.loaded.ladder, named.loaded.label
    slug = named.loaded.slug
    same = slug == reading.loaded.slug and label == reading.loaded.label
    urls = reading.urls if same else PageUrls(reading.root, f"{slug}@{label}")
    return LevelView(named.level, ladder.title, label, urls.level(named.level.slug))


def _is_open(chosen: str | None) -> bool:
    """Tell whether a choice names a ladder, and no level of it yet."""
    return chosen is not None and chosen.endswith(":")


def _summary(both: Compared, name: str) -> str:
    """Return the result in one sentence: L5 expects more in 31 areas and less in 1 area."""
    counts = both.comparison.counts
    parts = [
        (sum(counts[change] for change in changes), words)
        for words, changes in _DIRECTIONS.items()
        if any(counts[change] for change in changes)
    ]
    if not parts:
        return ""
    told = tuple(_in_areas(words, number) for number, words in parts)
    return N_("%(level)s expects %(changes)s.", level=name, changes=told)


def _in_areas(direction: str, number: int) -> Message:
    """Return how many areas differ in a direction."""
    if direction == "more":
        return NN_("more in %(num)s area", "more in %(num)s areas", number)
    if direction == "less":
        return NN_("less in %(num)s area", "less in %(num)s areas", number)
    return NN_("something else in %(num)s area", "something else in %(num)s areas", number)


def _part_links(
    reading: Reading, chosen: Mapping[str, str | None], row: int, rows: int
) -> Iterator[tuple[str, str]]:
    """Yield links to the competencies that are not on this page: words and URL."""
    links = (
        (N_("Previous competencies"), row - _MOST_CELLS, row > 0),
        (N_("Next competencies"), row + _MOST_CELLS, row + _MOST_CELLS < rows),
    )
    for words, place, there in links:
        if there:
            further = {"row": place} if place > 0 else {}
            yield words, reading.urls.below("/compare", {**chosen, **further})


def _cells(both: Compared, row: int) -> Iterator[CellChangeView]:
    shown = both.comparison.cells[row : row + _MOST_CELLS]
    total = sum(len(cell.texts) for cell in shown)
    most = total if total <= _MOST_TEXTS else _FEW_TEXTS
    unchanged = {id(cell): tuple(_unchanged(cell)) for cell in shown}
    if sum(len(text) for texts in unchanged.values() for text in texts) > _MOST_UNCHANGED:
        unchanged = {}
    for cell in shown:
        named, there = (both.before, cell.before) if cell.after is None else (both.after, cell.after)
        if there is not None:
            yield _cell(both, cell, named, there, most, unchanged.get(id(cell), ()))


def _unchanged(cell: ComparedCell) -> Iterator[str]:
    return (text.after.text for text in cell.texts if text.change == "same" and text.after is not None)


def _cell(
    both: Compared, cell: ComparedCell, named: Named, there: Demand, most: int, unchanged: tuple[str, ...]
) -> CellChangeView:
    index = named.side.index
    competency = index.find("competency", there.competency)
    facet = None if there.facet is None else index.find("facet", there.facet)
    node = facet or competency
    assert node is not None  # noqa: S101 - cells are of competencies and facets that are there
    parted = comes_in_parts(named.loaded.ladder)
    urls = PageUrls(both.root, f"{named.urls.ladder}@{named.urls.release}", parted)
    differing = tuple(text for text in cell.texts if text.change != "same")
    return CellChangeView(
        cell.change,
        _WORDS[cell.change],
        node,
        competency if facet is not None else None,
        urls.cell(named.level.slug, node),
        _step(both.before, cell.before),
        _step(both.after, cell.after),
        differing[:most],
        max(0, len(differing) - most),
        len(cell.texts) - len(differing),
        unchanged,
        _MATCHED.get(cell.by or ""),
    )


def _step(named: Named, cell: Demand | None) -> StepView | None:
    return None if cell is None else step_view(named.side.index, cell.competency, cell.facet, cell.step)
