"""The choices on the matrix page: tracks, categories, levels, and the parts of a wide or long matrix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from app.rubric.index import Index
from app.rubric.ladder import Ladder, Level
from app.rubric.text import Slug, folded
from app.web.navigation.page_reader import Reading
from app.web.navigation.query_values import EMPTY_IS_UNSET, PageQuery
from app.web.translation.messages import N_

MOST_COLUMNS: Final = 16
_MOST_CHIPS: Final = 40
"""The most tracks or categories to choose from."""


class MatrixQuery(PageQuery):
    """The part of the matrix to show."""

    track: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    category: Annotated[str | None, Field(max_length=500), EMPTY_IS_UNSET] = None
    """A category of competencies, as the ladder writes it."""
    rows: Literal["competencies", "facets"] | None = None
    """Rows for competencies only, or for facets too. The default is facets if all expectations are about facets."""
    row: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of rows to skip."""
    column: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of columns to skip."""
    level: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    """The level to show in cards. Without it the page shows the table."""
    beside: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    """A second level to show beside it."""

    def in_release(self, reading: Reading) -> "MatrixQuery":
        """Return the query with the present slugs of its entities, and without what is the default anyway.

        Raises InvalidParameter for a track or level that the release does not have.
        """
        given = {
            "track": reading.slug("track", "track", self.track),
            "level": reading.slug("level", "level", self.level),
            "beside": reading.slug("beside", "level", self.beside),
        }
        default = self.model_copy(update={"rows": None})
        if self.with_facets(reading.ladder) == default.with_facets(reading.ladder):
            given["rows"] = None
        return self.model_copy(update=given)

    def with_facets(self, ladder: Ladder) -> bool:
        """Tell whether to show rows for facets."""
        if self.rows is not None:
            return self.rows == "facets"
        return bool(ladder.expectations) and all(one.facet is not None for one in ladder.expectations)

    def api_query(self, *, facets: bool) -> dict[str, object]:
        """Return the parameters that the API knows too."""
        given = {"track": self.track, "rows": "facets" if facets else None}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that chooses a part of the matrix, or shows it in another way."""

    words: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The rows or columns on this page, counted from 1, out of all of them."""

    first: int
    last: int
    of: int

    @property
    def is_all(self) -> bool:
        """True if nothing is left out."""
        return self.last - self.first + 1 >= self.of


def column_part_of(levels: Sequence[Level], column: int) -> tuple[int, int]:
    """Return where the part of the columns begins and ends that contains one column.

    A part ends with a whole track, unless the track alone is wider than a part.
    """
    first = 0
    while first < len(levels):
        last = min(first + MOST_COLUMNS, len(levels))
        if last < len(levels) and levels[last - 1].track == levels[last].track != levels[first].track:
            while levels[last - 1].track == levels[last].track:
                last -= 1
        if column < last or last == len(levels):
            return first, last
        first = last
    return 0, len(levels)


def _url(reading: Reading, query: MatrixQuery, **changed: object) -> str:
    """Return the URL of the matrix with some parameters changed, at its first rows and columns."""
    kept = {"track": query.track, "category": query.category, "rows": query.rows}
    given = {name: value for name, value in {**kept, **changed}.items() if value}
    return reading.urls.below("/matrix", given)


def chips_of(reading: Reading, query: MatrixQuery) -> Iterator[tuple[str, tuple[Chip, ...]]]:
    """Yield the choices of tracks, categories and rows: a heading, and the links."""
    ladder = reading.ladder
    if 1 < len(ladder.tracks) <= _MOST_CHIPS:
        tracks = (
            Chip(track.title, _url(reading, query, track=track.slug), query.track == track.slug)
            for track in ladder.tracks
        )
        yield N_("Track"), (Chip(N_("All"), _url(reading, query, track=None), query.track is None), *tracks)
    words = {folded(one.category): one.category for one in reversed(ladder.competencies) if one.category}
    if 1 < len(words) <= _MOST_CHIPS:
        chosen = None if query.category is None else folded(query.category)
        categories = (
            Chip(word, _url(reading, query, category=word), chosen == key)
            for key, word in reversed(words.items())
        )
        yield (
            N_("Category"),
            (Chip(N_("All"), _url(reading, query, category=None), chosen is None), *categories),
        )
    if ladder.facets:
        facets = query.with_facets(ladder)
        yield (
            N_("Rows"),
            (
                Chip(N_("Competencies"), _url(reading, query, rows="competencies"), not facets),
                Chip(N_("With facets"), _url(reading, query, rows="facets"), facets),
            ),
        )


def part_links_of(
    reading: Reading, query: MatrixQuery, levels: Sequence[Level], columns: Part, rows: Part, height: int
) -> Iterator[Chip]:
    """Yield the links to the parts on the left and right, above and below."""
    before, _ = column_part_of(levels, columns.first - 2) if columns.first > 1 else (0, 0)
    links = (
        (N_("Previous levels"), {"column": before, "row": query.row}, columns.first > 1),
        (N_("Next levels"), {"column": columns.last, "row": query.row}, columns.last < columns.of),
        (N_("Previous rows"), {"column": query.column, "row": max(0, query.row - height)}, rows.first > 1),
        (N_("Next rows"), {"column": query.column, "row": query.row + height}, rows.last < rows.of),
    )
    for words, change, there in links:
        if there:
            yield Chip(words, _url(reading, query, **change))


def chosen_levels(index: Index, query: MatrixQuery) -> list[Level]:
    """Return the levels to show in cards: one, two, or none."""
    slugs = (query.level, query.beside) if query.level else ()
    return [index.levels[slug] for slug in slugs if slug is not None]


@dataclass(frozen=True, slots=True)
class Cards:
    """The links that choose the levels to show in cards."""

    levels: tuple[Chip, ...]
    beside: tuple[Chip, ...]
    """The neighbours of the level, to show beside it; none without a level."""


def cards_of(reading: Reading, query: MatrixQuery, levels: Sequence[Level]) -> Cards | None:
    """Return the links that choose levels; None in a ladder without levels."""
    if not levels:
        return None
    chosen = chosen_levels(reading.index, query)
    place = levels.index(chosen[0]) if chosen and chosen[0] in levels else 0
    around = levels[max(0, place - MOST_COLUMNS) : place + MOST_COLUMNS]

    def link(one: Level, words: str, beside: Level | None = None) -> Chip:
        kept = {"level": one.slug, "beside": beside and beside.slug, "rows": query.rows}
        url = reading.urls.below("/matrix", {name: value for name, value in kept.items() if value})
        return Chip(words, url, chosen == ([one] if beside is None else [one, beside]))

    names = tuple(link(one, one.code or one.title) for one in around)
    if not chosen:
        return Cards(names, ())
    near = (levels[at] for at in (place - 1, place + 1) if 0 <= at < len(levels) and levels[at] != chosen[0])
    pairs = (link(chosen[0], N_("With %(level)s", level=one.code or one.title), one) for one in near)
    return Cards(names, (link(chosen[0], N_("Only this level")), *pairs))
