"""The matrix: a column for each level, and a row for each competency or facet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.queries import DEFAULT_LIMIT, Cursor, Limit, PageQuery, wrong_value
from app.api.reading.reader import Reader, ReleaseDep
from app.api.reading.sparse_fields import requested_fields
from app.api.reading.urls import with_query
from app.api.views.matrix_bodies import MatrixBodies, MatrixCellItem, MatrixList
from app.api.views.picture_queries import LONGEST
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, TABULAR, markdown, table
from app.pictures.heat_map import slice_of
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.suggest import did_you_mean
from app.rubric.text import Slug, folded
from app.rubric.views.holdings import Place
from app.rubric.views.matrix import Matrix, matrix_of
from app.rubric.views.matrix_text import COLUMNS, matrix_markdown, matrix_rows, step_markdown, step_rows
from app.rubric.views.step_matrix import StepColumn, StepMatrix
from app.serving.route_table import Link, RouteFacts

router = resource_router("matrix")

Column = TypeVar("Column", Level, StepColumn)

_PATH: Final = "/ladders/{ladder}/matrix"
_MOST_CELLS: Final = 10_000
"""Most cells on a page."""
_MOST_WHOLE: Final = 250_000
"""Most cells in a format that has no pages."""


class SliceQuery(BaseModel):
    """Query parameters that choose rows and columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: Annotated[
        Literal["competencies", "facets"],
        Field(
            description="`competencies`: one row per competency. `facets`: also one row per facet, below its "
            "competency."
        ),
    ] = "competencies"
    columns: Annotated[
        Literal["levels", "steps"] | None,
        Field(
            description="`levels`: one column per level. `steps`: one column per step of the scales in use, with "
            "what each competency looks like at that step. The default is `levels`, or `steps` if the ladder has no "
            "levels."
        ),
    ] = None
    track: Annotated[Slug | None, Field(description="Only levels of this track.")] = None
    level: Annotated[
        str | None, Field(min_length=1, description="Only these levels, by slug, separated by commas.")
    ] = None
    competency: Annotated[
        str | None, Field(min_length=1, description="Only these competencies, by slug, separated by commas.")
    ] = None
    category: Annotated[
        str | None,
        Field(
            min_length=1, description="Only competencies of this category, written exactly as in the ladder."
        ),
    ] = None

    def filters(self) -> dict[str, str]:
        """Return the parameters of the request that choose rows and columns."""
        pairs = ((name, getattr(self, name)) for name in SliceQuery.model_fields)
        return {name: value for name, value in pairs if value not in {None, "competencies"}}


class MatrixQuery(PageQuery, SliceQuery):
    """Query parameters of the matrix."""

    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Cell fields to return, separated by commas. Required fields are always returned.",
        ),
    ] = None
    column_limit: Annotated[Limit, Field(description="Columns per page, at most 500.")] = DEFAULT_LIMIT
    column_cursor: Annotated[
        Cursor, Field(description="Cursor of the next columns, from the `next_columns` link.")
    ] = None


@router.get(_PATH, response_model=MatrixList, responses=documented(IN_RELEASE))
@declare(RouteFacts(formats=TABULAR, item=MatrixCellItem, link=Link("matrix", "Its levels side by side.")))
def read_matrix(release: ReleaseDep, query: Annotated[MatrixQuery, Query()]) -> Response:
    """Read the matrix.

    The matrix has a column for each level and a row for each competency, with `rows=facets` also for each facet. A
    cell is a short form of the effective expectations: state, step, summary, and the number of statements and
    examples. The `next` link leads to more rows, `next_columns` to more columns. A page has at most 10,000 cells.
    """
    whole, steps = _slice(release, query), _steps(release, query)
    identity = cursor.list_identity(f"{release.version}/matrix", query.filters(), None)
    places, links = release.page_of(whole.places, identity, query)
    body = MatrixBodies(release.index, release.urls, requested_fields(MatrixCellItem, query.fields))
    columns: list[dict[str, Any]]
    if steps is None:
        levels, following = _cut_columns(whole.levels, f"{identity}-columns", query)
        _bound(len(places) * len(levels))
        columns = [body.column(level) for level in levels]
        items = [body.row(place, whole.matrix, levels) for place in places]
        links |= _heat_map(release, query)
    else:
        chosen, following = _cut_columns(steps, f"{identity}-columns", query)
        _bound(len(places) * len(chosen))
        columns = [body.step_column(column) for column in chosen]
        items = [body.step_row(place, release.index.once(StepMatrix), chosen) for place in places]
    counts = {"row_count": len(whole.places), "column_count": len(whole.levels if steps is None else steps)}
    values = {"counts": counts, "columns": columns, "items": items}
    return release.view_response(MatrixList, values, links | _links(release, query, following))


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(IN_RELEASE), response_class=Response)
def read_matrix_as_markdown(release: ReleaseDep, query: Annotated[SliceQuery, Query()]) -> Response:
    """Read the matrix, in Markdown.

    There is one table per track. The matrix may have at most 250,000 cells.
    """
    whole = _whole(release, query)
    heading = f"# {escaped(release.loaded.ladder.title)}: matrix\n\n{release.name}\n\n"
    steps = _steps(release, query)
    if steps is not None:
        return markdown(heading + step_markdown(release.index.once(StepMatrix), whole.places, steps))
    return markdown(heading + matrix_markdown(whole.matrix, whole.places, whole.levels))


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(IN_RELEASE), response_class=Response)
def read_matrix_as_table(release: ReleaseDep, query: Annotated[SliceQuery, Query()]) -> Response:
    """Read the matrix, in CSV.

    The table has one row per cell. The matrix may have at most 250,000 cells.
    """
    whole = _whole(release, query)
    steps = _steps(release, query)
    if steps is not None:
        return table(COLUMNS, step_rows(release.index.once(StepMatrix), whole.places, steps))
    return table(COLUMNS, matrix_rows(whole.matrix, whole.places, whole.levels))


_FORMS: Final = {"markdown": "md", "csv": "csv"}


def _links(release: Reader, query: MatrixQuery, following: str | None) -> dict[str, str]:
    """Return the links of a page but for the next rows; `following` is the cursor of the next columns."""
    asked = query.model_dump(exclude_unset=True)
    again = {name: value for name, value in asked.items() if not name.endswith("cursor")}
    here = f"{release.urls.pinned}/matrix"
    links = {form: with_query(f"{here}.{ending}", query.filters()) for form, ending in _FORMS.items()}
    links["current"] = with_query(f"{release.urls.current}/matrix", again)
    if following is not None:
        links["next_columns"] = with_query(here, {**asked, "column_cursor": following})
    return links


@dataclass(frozen=True)
class _Slice:
    """The rows and columns of the matrix that a query chooses."""

    matrix: Matrix
    places: Sequence[Place]
    levels: Sequence[Level]


def _slice(release: Reader, query: SliceQuery) -> _Slice:
    """Return the rows and columns of the query. Raises InvalidParameter for what the release does not have."""
    matrix = release.index.once(matrix_of)
    track = release.slug("track", "track", query.track)
    levels = release.slugs("level", "level", query.level)
    competencies = release.slugs("competency", "competency", query.competency)
    wanted = {
        slug
        for slug, one in release.index.competencies.items()
        if (not competencies or slug in competencies)
        and (query.category is None or folded(one.category or "") == folded(query.category))
    }
    if query.category is not None:
        _known_category(release, query.category)
    return _Slice(
        matrix,
        [
            place
            for place in matrix.effectives.places
            if place[0] in wanted and (place[1] is None or query.rows == "facets")
        ],
        [
            level
            for level in matrix.columns
            if track in {None, level.track} and (not levels or level.slug in levels)
        ],
    )


def _steps(release: Reader, query: SliceQuery) -> Sequence[StepColumn] | None:
    """Return the columns of a matrix by step; None if its columns are levels."""
    if (query.columns or ("levels" if release.index.levels else "steps")) == "levels":
        return None
    for name in ("track", "level"):
        if getattr(query, name) is not None:
            raise wrong_value(
                name, f"`{name}` filters columns that are levels. Leave out `{name}`, or `columns=steps`."
            )
    return release.index.once(StepMatrix).columns


def _whole(release: Reader, query: SliceQuery) -> _Slice:
    """Return a slice that fits into one response. Raises as `_slice`, and InvalidParameter if it is too large."""
    found = _slice(release, query)
    cells = len(found.places) * len(found.levels)
    if cells > _MOST_WHOLE:
        raise wrong_value(
            "track",
            f"This matrix has {cells} cells. The maximum is {_MOST_WHOLE}. Choose a part of it (track, level, "
            "competency, category or rows=competencies), or request JSON, which has pages.",
        )
    return found


def _heat_map(release: Reader, query: SliceQuery) -> dict[str, str]:
    """Return the link to a heat map of this track and category, unless it is too large to draw."""
    chosen = {"track": query.track, "category": query.category}
    if len(query.category or "") > LONGEST or not slice_of(release.index, **chosen).fits:
        return {}
    return {"heat_map": with_query(f"{release.urls.pinned}/matrix.svg", chosen)}


def _known_category(release: Reader, category: str) -> None:
    known = {one.category for one in release.index.competencies.values() if one.category is not None}
    if folded(category) not in map(folded, known):
        suggestion = did_you_mean(category, known)
        raise wrong_value("category", f"This release has no category {category[:80]!r}.{suggestion}")


def _cut_columns(
    levels: Sequence[Column], identity: str, query: MatrixQuery
) -> tuple[Sequence[Column], str | None]:
    """Return one page of the columns, and the cursor of the next page, if any."""
    start = cursor.read_position(query.column_cursor, identity, "column_cursor")
    stop = start + query.column_limit
    return levels[start:stop], cursor.write(identity, str(stop)) if stop < len(levels) else None


def _bound(cells: int) -> None:
    if cells > _MOST_CELLS:
        raise wrong_value(
            "limit",
            f"This page would have {cells} cells. The maximum is {_MOST_CELLS}. "
            "Request fewer rows (limit) or columns (column_limit).",
        )
