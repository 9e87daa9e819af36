"""The comparison of two levels, competency by competency."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import construct, linked
from app.api.reading.json_values import json_object, json_response
from app.api.reading.missing import find_present
from app.api.reading.paging import page_of
from app.api.reading.path_parameters import AnyRelease
from app.api.reading.queries import PageQuery, wrong_value
from app.api.reading.sparse_fields import requested_fields
from app.api.reading.urls import with_query
from app.api.views.compare_bodies import (
    CompareCells,
    ComparedLevel,
    CompareItem,
    CompareLinks,
    CompareList,
)
from app.api.views.compare_sides import Compared, LevelsQuery, Named, admitted, compared_of
from app.api.views.next_level_bodies import description_items
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, TABULAR, markdown, table
from app.rubric.compare.comparison import CellChange, ComparedCell
from app.rubric.compare.comparison_text import COLUMNS, compare_markdown, compare_rows
from app.rubric.markdown import escaped
from app.rubric.suggest import did_you_mean
from app.rubric.text import Slug
from app.rubric.views.effective_text import level_name
from app.serving.route_table import RouteFacts

router = resource_router("compare")

_PATH: Final = "/ladders/{ladder}/compare"
_ADMITTED: Final = (Depends(admitted),)
_MOST_WHOLE: Final = 250_000
"""Most texts of both levels together in a format that has no pages."""


class CompareQuery(PageQuery, LevelsQuery):
    """Query parameters of a comparison."""

    change: Annotated[CellChange | None, Field(description="Only cells with this change.")] = None
    competency: Annotated[
        Slug | None, Field(description="Only this competency and its facets, by its slug in either ladder.")
    ] = None

    def filters(self) -> dict[str, str]:
        """Return the filters of the request, by name."""
        pairs = (("change", self.change), ("competency", self.competency))
        return {name: value for name, value in pairs if value is not None}


@router.get(
    _PATH,
    response_model=CompareList,
    responses=documented(IN_RELEASE),
    dependencies=_ADMITTED,
)
@declare(RouteFacts(formats=TABULAR))
def read_comparison(
    request: Request, ladder: AnyRelease, query: Annotated[CompareQuery, Query()]
) -> Response:
    """Compare two levels.

    The levels can be in one track, two tracks, two releases or two ladders. The comparison uses the effective
    expectations of both, so in a cumulative ladder the difference between two levels of a track is what the upper
    one adds.
    """
    both = compared_of(request, ladder, query)
    competencies = _competencies(both, query.competency)
    fields = requested_fields(CompareItem, query.fields)
    kept = [cell for cell in both.comparison.cells if _wanted(cell, query, competencies)]
    chosen, following = page_of(kept, cursor.list_identity(both.identity, query.filters(), None), query)
    asked = query.model_dump(exclude_unset=True, by_alias=True)
    links = both.links(asked)
    if following is not None:
        here = f"{both.urls.pinned}/compare"
        links["next"] = with_query(here, {**asked, **both.pinned, "cursor": following})
        both.answer.links.append(("next", links["next"]))
    both.relate(links)
    cells = CompareCells(both, fields)
    values = {
        "ladder": both.urls.ladder,
        "release": both.urls.release,
        "from_": _level(both.before),
        "to": _level(both.after),
        "counts": {f"{change}_count": number for change, number in both.comparison.counts.items()},
        "level_properties": description_items(both.comparison.descriptions),
        "items": [cells.item(cell) for cell in chosen],
        "links": json_object(CompareLinks, links),
    }
    return json_response(CompareList, values)


@router.get(
    f"{_PATH}.md",
    responses=IN_MARKDOWN | documented(IN_RELEASE),
    response_class=Response,
    dependencies=_ADMITTED,
)
def read_comparison_as_markdown(
    request: Request, ladder: AnyRelease, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Compare two levels, in Markdown.

    The levels may have at most 250,000 texts together.
    """
    both = _whole(request, ladder, query)
    both.relate(both.links(query.model_dump(exclude_unset=True, by_alias=True), ".md"))
    before, after = (escaped(level_name(one.level)) for one in (both.before, both.after))
    heading = f"# {before} to {after}\n\n{_reference(both.before)} to {_reference(both.after)}\n\n"
    return markdown(heading + compare_markdown(both.comparison))


@router.get(
    f"{_PATH}.csv", responses=IN_CSV | documented(IN_RELEASE), response_class=Response, dependencies=_ADMITTED
)
def read_comparison_as_table(
    request: Request, ladder: AnyRelease, query: Annotated[LevelsQuery, Query()]
) -> Response:
    """Compare two levels, in CSV.

    The table has one row per text. The levels may have at most 250,000 texts together.
    """
    both = _whole(request, ladder, query)
    both.relate(both.links(query.model_dump(exclude_unset=True, by_alias=True), ".csv"))
    return table(COLUMNS, compare_rows(both.comparison))


def _whole(request: Request, ladder: str, query: LevelsQuery) -> Compared:
    """Return a comparison that fits into one response.

    Raises as `compared_of`, and InvalidParameter if the comparison is too large.
    """
    both = compared_of(request, ladder, query)
    texts = both.comparison.most_texts
    if texts > _MOST_WHOLE:
        raise wrong_value(
            "to",
            f"These levels have {texts} texts together. The maximum is {_MOST_WHOLE}. Request JSON, which has "
            "pages and can be filtered by competency (competency) or change (change).",
        )
    return both


def _reference(one: Named) -> str:
    return f"`{one.urls.ladder}@{one.urls.release}:{one.level.slug}`"


def _competencies(both: Compared, competency: str | None) -> frozenset[str] | None:
    """Return the present slugs of a competency in both ladders; None if none is asked for.

    Raises InvalidParameter for a competency that neither ladder has or had.
    """
    if competency is None:
        return None
    sides, database = (both.before, both.after), both.serving.database
    found = (find_present(database, side.loaded, "competency", competency) for side in sides)
    slugs = frozenset(node.address for node in found if node is not None)
    if not slugs:
        known = {slug for side in sides for slug in side.loaded.index.competencies}
        suggestion = did_you_mean(competency, known)
        raise wrong_value("competency", f"Neither ladder has a competency {competency[:80]!r}.{suggestion}")
    return slugs


def _wanted(cell: ComparedCell, query: CompareQuery, competencies: frozenset[str] | None) -> bool:
    sides = {side.competency for side in (cell.before, cell.after) if side is not None}
    return query.change in {None, cell.change} and (competencies is None or bool(competencies & sides))


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
