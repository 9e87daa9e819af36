"""Two levels side by side: what the one asks that the other does not, competency by competency."""

from collections.abc import Collection
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from app.api import cursor
from app.api.bodies import construct, linked
from app.api.compare_bodies import (
    CompareCounts,
    ComparedLevel,
    ComparedSide,
    ComparedSideLinks,
    CompareItem,
    CompareList,
    SaidLinks,
    SaidText,
    TextItem,
)
from app.api.compared import Compared, LevelsQuery, Named, admitted, compared_of
from app.api.failures import IN_RELEASE, documented
from app.api.formats import IN_CSV, IN_FORMS, IN_MARKDOWN, markdown, table
from app.api.order import cut
from app.api.queries import PageQuery, field_names, names, wrong_value
from app.api.routing import resource_router
from app.api.urls import with_query
from app.rubric.compare import CellChange, ComparedCell
from app.rubric.compare_pairs import ComparedText, Said
from app.rubric.compare_text import COLUMNS, compare_markdown, compare_rows
from app.rubric.diff.values import Edit
from app.rubric.effective import EffectiveCell
from app.rubric.effective_text import cell_step_title, level_name
from app.rubric.notes import escaped
from app.rubric.text import Slug
from app.serving.resolve import did_you_mean

router = resource_router("compare")

_PATH: Final = "/ladders/{ladder}/compare"
_ADMITTED: Final = (Depends(admitted),)


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


@router.get(_PATH, responses=IN_FORMS | documented(IN_RELEASE), dependencies=_ADMITTED)
def read_comparison(request: Request, ladder: str, query: Annotated[CompareQuery, Query()]) -> CompareList:
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
        "counts": construct(
            CompareCounts, {str(name): number for name, number in both.comparison.counts.items()}
        ),
        "items": tuple(map(_Bodies(both, fields).item, chosen)),
        "links": linked(CompareList, links),
    }
    return construct(CompareList, values)


@router.get(
    f"{_PATH}.md",
    responses=IN_MARKDOWN | documented(IN_RELEASE),
    response_class=Response,
    dependencies=_ADMITTED,
)
def read_comparison_as_markdown(
    request: Request, ladder: str, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Read what one level asks that another does not in Markdown, for people."""
    both = compared_of(request, ladder, query)
    both.relate(query.model_dump(exclude_unset=True, by_alias=True), ".md")
    before, after = (escaped(level_name(named.level)) for named in (both.before, both.after))
    heading = f"# {before} to {after}\n\n{_named(both.before)} to {_named(both.after)}\n\n"
    return markdown(heading + compare_markdown(both.comparison))


@router.get(
    f"{_PATH}.csv", responses=IN_CSV | documented(IN_RELEASE), response_class=Response, dependencies=_ADMITTED
)
def read_comparison_as_table(
    request: Request, ladder: str, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Read what one level asks that another does not as a table, a row for each summary and statement."""
    both = compared_of(request, ladder, query)
    both.relate(query.model_dump(exclude_unset=True, by_alias=True), ".csv")
    return table(COLUMNS, compare_rows(both.comparison))


def _named(named: Named) -> str:
    return f"`{named.urls.ladder}@{named.urls.release}:{named.level.slug}`"


def _known(both: Compared, competency: str | None) -> None:
    """Raise InvalidParameter for a competency that neither side has."""
    indexes = both.before.side.index, both.after.side.index
    if competency is not None and not any(competency in index.competencies for index in indexes):
        meant = did_you_mean(competency, {slug for index in indexes for slug in index.competencies})
        raise wrong_value("competency", f"Neither side has a competency {competency[:80]!r}.{meant}")


def _wanted(cell: ComparedCell, query: CompareQuery) -> bool:
    sides = {side.competency for side in (cell.before, cell.after) if side is not None}
    return query.change in {None, cell.change} and (query.competency is None or query.competency in sides)


def _level(named: Named) -> ComparedLevel:
    level, urls = named.level, named.urls
    here = f"{urls.pinned}/levels/{level.slug}"
    links = {"self_": here, "effective": f"{here}/effective", "ladder": urls.pinned}
    values = {
        "ladder": urls.ladder,
        "release": urls.release,
        "level": level.slug,
        "title": level.title,
        "code": level.code,
        "track": level.track,
        "effective_rank": named.side.index.ranks[level.slug],
        "links": linked(ComparedLevel, {**links, "release": urls.about_release}),
    }
    return construct(ComparedLevel, values)


class _Bodies:
    """The cells of one comparison as the API shows them."""

    def __init__(self, both: Compared, fields: Collection[str]) -> None:
        self.before, self.after = both.before, both.after
        self.fields = frozenset(fields)
        self._homes = {id(named): named.urls.pinned for named in (both.before, both.after)}
        self._said: dict[tuple[str, Said], SaidText] = {}
        """Most texts are said on both sides, where one upper level holds what a lower one asks."""

    def item(self, cell: ComparedCell) -> CompareItem:
        """A cell."""
        values: dict[str, Any] = {
            "change": cell.change,
            "matched_by": cell.by,
            "match": cell.match,
            "step_change": cell.step,
        }
        if cell.before is not None:
            values["before"] = self.side(self.before, cell.before)
        if cell.after is not None:
            values["after"] = self.side(self.after, cell.after)
        if not self.fields or "texts" in self.fields:
            values["texts"] = tuple(self.text(text) for text in cell.texts)
        kept = {name: value for name, value in values.items() if not self.fields or name in self.fields}
        return construct(CompareItem, {**kept, "change": cell.change})

    def side(self, named: Named, cell: EffectiveCell) -> ComparedSide:
        """What one of the levels asks."""
        index, home = named.side.index, self._homes[id(named)]
        links = {
            "competency": f"{home}/competencies/{cell.competency}",
            "effective": f"{home}/levels/{named.level.slug}/effective?competency={cell.competency}",
        }
        values: dict[str, Any] = {
            "competency": cell.competency,
            "competency_title": index.competencies[cell.competency].title,
            "state": cell.state,
            "applicability": cell.applicability,
            "step": cell.step,
            "step_title": cell_step_title(index, cell),
        }
        if cell.facet is not None:
            values |= {"facet": cell.facet, "facet_title": index.facets[cell.facet].title}
            links["facet"] = f"{home}/facets/{cell.facet}"
        return construct(ComparedSide, {**values, "links": construct(ComparedSideLinks, links)})

    def text(self, text: ComparedText) -> TextItem:
        """A summary or statement."""
        values: dict[str, Any] = {"part": text.part, "change": text.change, "words": ()}
        if text.change == "changed":
            values["words"] = tuple(construct(Edit, {"op": op, "text": said}) for op, said in text.words)
        if text.before is not None:
            values["before"] = self.said(self.before, text.before)
        if text.after is not None:
            values["after"] = self.said(self.after, text.after)
        return construct(TextItem, values)

    def said(self, named: Named, said: Said) -> SaidText:
        """A text of one side."""
        key = self._homes[id(named)], said
        if key not in self._said:
            links = construct(SaidLinks, {"expectation": f"{key[0]}/expectations/{said.expectation}"})
            self._said[key] = construct(SaidText, {"text": said.text, "kind": said.kind, "links": links})
        return self._said[key]
