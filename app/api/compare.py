"""Two levels side by side: what the one asks that the other does not, competency by competency."""

from collections.abc import Collection
from typing import Annotated, Any, Final, get_args

from fastapi import Depends, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from app.api import cursor
from app.api.bodies import construct, linked, narrowed
from app.api.compare_bodies import (
    CompareCounts,
    ComparedLevel,
    ComparedSide,
    ComparedSideLinks,
    CompareItem,
    CompareLinks,
    CompareList,
    SaidLinks,
    SaidText,
)
from app.api.compared import Compared, LevelsQuery, Named, admitted, compared_of
from app.api.failures import IN_RELEASE, documented
from app.api.formats import IN_CSV, IN_FORMS, IN_MARKDOWN, markdown, table
from app.api.order import cut
from app.api.places import named, whereabouts
from app.api.queries import PageQuery, field_names, names, wrong_value
from app.api.routing import resource_router
from app.api.urls import with_query
from app.api.written import answered, listed, parts_of, shaped, written
from app.rubric.compare import CellChange, ComparedCell
from app.rubric.compare_pairs import ComparedText, Part, Said, TextChange
from app.rubric.compare_text import COLUMNS, compare_markdown, compare_rows
from app.rubric.effective import EffectiveCell
from app.rubric.effective_text import cell_step_title, level_name
from app.rubric.notes import escaped
from app.rubric.text import Slug
from app.serving.resolve import did_you_mean

router = resource_router("compare")

_PATH: Final = "/ladders/{ladder}/compare"
_ADMITTED: Final = (Depends(admitted),)
_MOST_WHOLE: Final = 250_000
"""Most texts, of both levels together, in a form that is given whole."""


class CompareQuery(PageQuery, LevelsQuery):
    """Which two levels are compared, and which changes are wanted."""

    change: Annotated[CellChange | None, Field(description="Only cells with this change.")] = None
    competency: Annotated[
        Slug | None, Field(description="Only this competency and its facets, by its slug on either side.")
    ] = None

    def filters(self) -> dict[str, str]:
        """The filters that were given, by name."""
        pairs = (("change", self.change), ("competency", self.competency))
        return {name: value for name, value in pairs if value is not None}


@router.get(
    _PATH,
    response_model=CompareList,
    responses=IN_FORMS | documented(IN_RELEASE),
    dependencies=_ADMITTED,
)
def read_comparison(request: Request, ladder: str, query: Annotated[CompareQuery, Query()]) -> Response:
    """Read what one level asks that another does not: of one track, of two, of two releases, or of two ladders.

    Compared is what is in force at both (see `effective`), so in a cumulative ladder the difference of two rungs is
    what the upper one adds. Name a level by its slug (`l5`), or by track and rank (`management/5`), after `ladder:`
    where it is of another ladder or release. `docs/views.md` has the rules.
    """
    both = compared_of(request, ladder, query)
    _known(both, query.competency)
    fields = names("fields", query.fields, field_names(CompareItem))
    kept = [cell for cell in both.comparison.cells if _wanted(cell, query)]
    chosen, following = cut(kept, cursor.list_identity(both.identity, query.filters(), None), query)
    asked = query.model_dump(exclude_unset=True, by_alias=True)
    links = both.links(asked)
    if following is not None:
        here = f"{both.urls.pinned}/compare"
        links["next"] = with_query(here, {**asked, **both.pinned, "cursor": following})
        both.answer.links.append(("next", links["next"]))
    both.relate(asked)
    values = {
        "ladder": both.urls.ladder,
        "release": both.urls.release,
        "from_": _level(both.before),
        "to": _level(both.after),
        "counts": shaped(CompareCounts, dict(both.comparison.counts.items())),
        "items": listed(map(_Bodies(both, fields).item, chosen)),
        "links": shaped(CompareLinks, links),
    }
    return answered(CompareList, values)


@router.get(
    f"{_PATH}.md",
    responses=IN_MARKDOWN | documented(IN_RELEASE),
    response_class=Response,
    dependencies=_ADMITTED,
)
def read_comparison_as_markdown(
    request: Request, ladder: str, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Read what one level asks that another does not in Markdown, for people. At most 250,000 texts."""
    both = _whole(request, ladder, query)
    both.relate(query.model_dump(exclude_unset=True, by_alias=True), ".md")
    before, after = (escaped(level_name(one.level)) for one in (both.before, both.after))
    heading = f"# {before} to {after}\n\n{_reference(both.before)} to {_reference(both.after)}\n\n"
    return markdown(heading + compare_markdown(both.comparison))


@router.get(
    f"{_PATH}.csv", responses=IN_CSV | documented(IN_RELEASE), response_class=Response, dependencies=_ADMITTED
)
def read_comparison_as_table(
    request: Request, ladder: str, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Read what one level asks that another does not as a table, a row for each text. At most 250,000 texts."""
    both = _whole(request, ladder, query)
    both.relate(query.model_dump(exclude_unset=True, by_alias=True), ".csv")
    return table(COLUMNS, compare_rows(both.comparison))


def _whole(request: Request, ladder: str, query: LevelsQuery) -> Compared:
    """What all is given of at once. Raises as `compared_of`, and InvalidParameter where that is too much."""
    both = compared_of(request, ladder, query)
    texts = both.comparison.most_texts
    if texts > _MOST_WHOLE:
        raise wrong_value(
            "to",
            f"These levels ask {texts} texts together, and the most is {_MOST_WHOLE}. Ask for JSON, which comes in "
            "pages and may be of one competency (competency) or one sort of change (change).",
        )
    return both


def _reference(one: Named) -> str:
    return f"`{one.urls.ladder}@{one.urls.release}:{one.level.slug}`"


def _known(both: Compared, competency: str | None) -> None:
    """Raise InvalidParameter for a competency that neither side has."""
    indexes = both.before.side.index, both.after.side.index
    if competency is not None and not any(competency in index.competencies for index in indexes):
        meant = did_you_mean(competency, {slug for index in indexes for slug in index.competencies})
        raise wrong_value("competency", f"Neither side has a competency {competency[:80]!r}.{meant}")


def _wanted(cell: ComparedCell, query: CompareQuery) -> bool:
    sides = {side.competency for side in (cell.before, cell.after) if side is not None}
    return query.change in {None, cell.change} and (query.competency is None or query.competency in sides)


def _level(one: Named) -> ComparedLevel:
    level, urls = one.level, one.urls
    here = f"{urls.pinned}/levels/{level.slug}"
    links = {"self_": here, "effective": f"{here}/effective", "ladder": urls.pinned}
    values = {
        "ladder": urls.ladder,
        "release": urls.release,
        "level": level.slug,
        "title": level.title,
        "code": level.code,
        "track": level.track,
        "effective_rank": one.side.index.ranks[level.slug],
        "links": linked(ComparedLevel, {**links, "release": urls.about_release}),
    }
    return construct(ComparedLevel, values)


class _Bodies:
    """The cells of one comparison as the API shows them."""

    def __init__(self, both: Compared, fields: Collection[str]) -> None:
        self.before, self.after = _Side(both.before), _Side(both.after)
        self.fields = frozenset(fields)

    def item(self, cell: ComparedCell) -> bytes:
        """A cell."""
        values: dict[str, Any] = {
            "change": cell.change,
            "matched_by": cell.by,
            "match": cell.match,
            "before": self.before.asks(cell.before),
            "after": self.after.asks(cell.after),
            "step_change": cell.step,
        }
        if not self.fields or "texts" in self.fields:
            values["texts"] = listed(map(self.text, cell.texts))
        return written(CompareItem, narrowed(CompareItem, values, self.fields))

    def text(self, text: ComparedText) -> bytes:
        """A summary or statement."""
        before = b"" if text.before is None else b',"before":%b' % self.before.says(text.before)
        after = b"" if text.after is None else b',"after":%b' % self.after.says(text.after)
        words = b"[]"
        if text.change == "changed":
            words = to_json([{"op": op, "text": said} for op, said in text.words])
        begun = _BEGUN[text.part, text.change]
        return b'%b%b%b,"words":%b}' % (begun, before, after, words)


_BEGUN: Final = {
    (part, change): b'{"part":"%b","change":"%b"' % (part.encode(), change.encode())
    for part in get_args(Part)
    for change in get_args(TextChange)
}
"""How a text begins (see `TextItem`)."""


class _Side:
    """What one of the two levels asks, as the API shows it; written once for all that is compared with it."""

    def __init__(self, one: Named) -> None:
        self.index, self.level, self.home = one.side.index, one.level.slug, one.urls.pinned
        self._parts = parts_of(self.index, self.home)

    def asks(self, cell: EffectiveCell | None) -> bytes | None:
        """What it asks in a cell."""
        if cell is None:
            return None
        key = ComparedSide, self.level, cell.competency, cell.facet
        return self._parts.get(key, self._asks, cell)

    def says(self, said: Said) -> bytes:
        """A text in force at it."""
        return self._parts.get((SaidText, said), self._says, said)

    def _asks(self, cell: EffectiveCell) -> bytes:
        place = cell.competency, cell.facet
        effective = f"{self.home}/levels/{self.level}/effective?competency={cell.competency}"
        links = {**whereabouts(self.home, place), "effective": effective}
        values: dict[str, Any] = {
            **named(self.index, place),
            "state": cell.state,
            "applicability": cell.applicability,
            "step": cell.step,
            "step_title": cell_step_title(self.index, cell),
            "links": shaped(ComparedSideLinks, links),
        }
        return written(ComparedSide, values)

    def _says(self, said: Said) -> bytes:
        links = {"expectation": f"{self.home}/expectations/{said.expectation}"}
        return written(SaidText, {"text": said.text, "kind": said.kind, "links": shaped(SaidLinks, links)})
