"""The matrix: levels side by side, a row for each competency, or for each competency and its facets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.queries import DEFAULT_LIMIT, Cursor, Limit, PageQuery, field_names, names, wrong_value
from app.api.reading.reader import Reader, ReleaseDep
from app.api.reading.urls import with_query
from app.api.views.matrix_bodies import MatrixBodies, MatrixCellItem, MatrixList
from app.api.views.picture_queries import LONGEST
from app.api.views.text_formats import IN_CSV, IN_FORMS, IN_MARKDOWN, markdown, table
from app.pictures.heat import slice_of
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.text import Slug
from app.rubric.views.effective import Place
from app.rubric.views.matrix import Matrix, matrix_of
from app.rubric.views.matrix_text import COLUMNS, matrix_markdown, matrix_rows
from app.serving.releases.catalog import did_you_mean

router = resource_router("matrix")

_PATH: Final = "/ladders/{ladder}/matrix"
_MOST_CELLS: Final = 10_000
"""Most cells on a page."""
_MOST_WHOLE: Final = 250_000
"""Most cells in a form that is given whole."""


class SliceQuery(BaseModel):
    """Which part of the matrix is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: Annotated[
        Literal["competencies", "facets"],
        Field(description="What has a row: `competencies` as a whole, or each followed by its `facets` too."),
    ] = "competencies"
    track: Annotated[Slug | None, Field(description="Only levels of this track.")] = None
    level: Annotated[
        str | None, Field(min_length=1, description="Only these levels, by slug, separated by commas.")
    ] = None
    competency: Annotated[
        str | None, Field(min_length=1, description="Only these competencies, by slug, separated by commas.")
    ] = None
    category: Annotated[
        str | None, Field(min_length=1, description="Only competencies of this category, as it is written.")
    ] = None

    def filters(self) -> dict[str, str]:
        """The parameters that choose rows and columns, where they were given."""
        pairs = ((name, getattr(self, name)) for name in SliceQuery.model_fields)
        return {name: value for name, value in pairs if value not in {None, "competencies"}}


class MatrixQuery(PageQuery, SliceQuery):
    """Which part of the matrix is wanted, and which page of it."""

    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Properties of the cells to keep, separated by commas; the required ones always stay.",
        ),
    ] = None
    column_limit: Annotated[Limit, Field(description="Columns on a page, at most 500.")] = DEFAULT_LIMIT
    column_cursor: Annotated[
        Cursor, Field(description="Where to go on to the right: from the `next_columns` link.")
    ] = None


@router.get(_PATH, response_model=MatrixList, responses=IN_FORMS | documented(IN_RELEASE))
def read_matrix(release: ReleaseDep, query: Annotated[MatrixQuery, Query()]) -> Response:
    """Read levels side by side: a column for each level, a row for each competency, or for its facets too.

    Each cell says in short what is in force there, as `effective` does at length: its state, step, summary and how
    many statements and examples. `next` goes on downward, `next_columns` to the right. A page holds at most 10,000
    cells.
    """
    whole = _slice(release, query)
    fields = names("fields", query.fields, field_names(MatrixCellItem))
    identity = cursor.list_identity(f"{release.version}/matrix", query.filters(), None)
    places, links = release.cut(whole.places, identity, query)
    levels, following = _cut_columns(whole.levels, f"{identity}-columns", query)
    _bound(len(places) * len(levels))
    asked = query.model_dump(exclude_unset=True)
    again = {name: value for name, value in asked.items() if not name.endswith("cursor")}
    links["current"] = with_query(f"{release.urls.current}/matrix", again)
    here = f"{release.urls.pinned}/matrix"
    if following is not None:
        links["next_columns"] = with_query(here, {**asked, "column_cursor": following})
    links |= {form: with_query(f"{here}.{ending}", query.filters()) for form, ending in _FORMS.items()}
    links |= _heat_map(release, query)
    body = MatrixBodies(release.index, release.urls, fields)
    values = {
        "counts": {"rows": len(whole.places), "columns": len(whole.levels)},
        "columns": [body.column(level) for level in levels],
        "items": [body.row(place, whole.matrix, levels) for place in places],
    }
    return release.view_response(MatrixList, values, links)


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(IN_RELEASE), response_class=Response)
def read_matrix_as_markdown(release: ReleaseDep, query: Annotated[SliceQuery, Query()]) -> Response:
    """Read levels side by side in Markdown, for people: a table for each track. At most 250,000 cells."""
    whole = _whole(release, query)
    heading = f"# {escaped(release.loaded.ladder.title)}: matrix\n\n{release.name}\n\n"
    return markdown(heading + matrix_markdown(whole.matrix, whole.places, whole.levels))


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(IN_RELEASE), response_class=Response)
def read_matrix_as_table(release: ReleaseDep, query: Annotated[SliceQuery, Query()]) -> Response:
    """Read levels side by side as a table, a row for each cell. At most 250,000 cells."""
    whole = _whole(release, query)
    return table(COLUMNS, matrix_rows(whole.matrix, whole.places, whole.levels))


_FORMS: Final = {"markdown": "md", "csv": "csv"}


@dataclass(frozen=True)
class _Slice:
    """What a query chooses of a matrix."""

    matrix: Matrix
    places: Sequence[Place]
    levels: Sequence[Level]


def _slice(release: Reader, query: SliceQuery) -> _Slice:
    """The rows and columns asked for. Raises InvalidParameter for what the release does not have."""
    matrix = release.index.once(matrix_of)
    track = release.slug("track", "track", query.track)
    levels = _several(release, "level", query.level)
    competencies = _several(release, "competency", query.competency)
    wanted = {
        slug
        for slug, one in release.index.competencies.items()
        if (not competencies or slug in competencies)
        and (query.category is None or one.category == query.category)
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


def _whole(release: Reader, query: SliceQuery) -> _Slice:
    """The same where all of it is given at once. Raises InvalidParameter where that is too much."""
    found = _slice(release, query)
    cells = len(found.places) * len(found.levels)
    if cells > _MOST_WHOLE:
        raise wrong_value(
            "track",
            f"The whole would hold {cells} cells, and the most is {_MOST_WHOLE}. Ask for a part of it (track, level, "
            "competency, category, or rows=competencies), or for JSON, which comes in pages.",
        )
    return found


def _heat_map(release: Reader, query: SliceQuery) -> dict[str, str]:
    """The link to the picture of these tracks and categories, where it would be drawn."""
    chosen = {"track": query.track, "category": query.category}
    if len(query.category or "") > LONGEST or not slice_of(release.index, **chosen).fits:
        return {}
    return {"heat_map": with_query(f"{release.urls.pinned}/matrix.svg", chosen)}


def _several(release: Reader, kind: str, text: str | None) -> frozenset[str]:
    slugs = [] if text is None else [slug.strip() for slug in text.split(",")]
    return frozenset(slug for slug in slugs if release.slug(kind, kind, slug) is not None)


def _known_category(release: Reader, category: str) -> None:
    known = {one.category for one in release.index.competencies.values() if one.category is not None}
    if category not in known:
        meant = did_you_mean(category, known)
        raise wrong_value("category", f"This release has no category {category[:80]!r}.{meant}")


def _cut_columns(
    levels: Sequence[Level], identity: str, query: MatrixQuery
) -> tuple[Sequence[Level], str | None]:
    """One page of the columns, and the cursor of the next where there is one."""
    start = cursor.read_position(query.column_cursor, identity, "column_cursor")
    stop = start + query.column_limit
    return levels[start:stop], cursor.write(identity, str(stop)) if stop < len(levels) else None


def _bound(cells: int) -> None:
    if cells > _MOST_CELLS:
        raise wrong_value(
            "limit",
            f"This page would hold {cells} cells, and the most is {_MOST_CELLS}. "
            "Ask for fewer rows (limit) or columns (column_limit).",
        )
