"""Levels and competencies side by side: each cell in a few words and numbers.

A cell is a short form of what the level asks there (see `demands.py`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Expectation, Level
from app.rubric.steps import step_title
from app.rubric.text import Slug
from app.rubric.views.demands import Demand, Demands, Place, State
from app.rubric.views.lines import Lines

_MOST_LINES: Final = 3
"""The most lines that stand for a summary."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A short form of what a level asks in a competency as a whole, or in a facet."""

    level: Slug
    competency: Slug
    facet: Slug | None
    state: State
    applicability: Applicability | None
    """`required`, `optional` or `not-in-use`, by the nearest expectation; None if the cell is absent."""
    step: Slug | None
    """The highest step that holds."""
    step_title: str | None
    """The title of that step in this competency or facet; its slug if it has no title."""
    summary: str | None
    """The summary nearest to the level."""
    lines: tuple[str, ...]
    """If there is no summary: the first lines, at most three, without what is unwanted."""
    more_count: int
    """The number of further lines after `lines`."""
    statements: int
    """The number of statements that hold."""
    parts: int
    """The same, with one for each entry that has no statement."""
    examples: int
    """The number of examples of the expectations that hold, and of their statements."""
    expectation: str | None
    """Address of the nearest expectation, or of the one that says not in use; None if the cell is absent."""

    @property
    def asked(self) -> bool:
        """Return whether anything is asked, as required or optional."""
        return self.state not in {"not-in-use", "absent"}


@dataclass(frozen=True)
class Matrix:
    """The cells of one ladder, a row at a time."""

    effectives: Demands

    @property
    def index(self) -> Index:
        """The look-up over the ladder."""
        return self.effectives.index

    @cached_property
    def columns(self) -> tuple[Level, ...]:
        """Every level, track by track, the lowest first."""
        index = self.index
        tracks = {slug: place for place, slug in enumerate(dict.fromkeys([*index.tracks, *index.levels_of]))}
        return tuple(
            sorted(
                index.levels.values(),
                key=lambda one: (
                    tracks[one.track],
                    index.ranks[one.slug] if index.is_ordered(one.track) else 0,
                ),
            )
        )

    def row(self, place: Place, levels: Collection[Level]) -> tuple[MatrixCell, ...]:
        """Return the cells of a competency or facet at these levels, in their order."""
        return tuple(self.cell(level, self.effectives.cell(level, *place)) for level in levels)

    def cell(self, level: Level, cell: Demand) -> MatrixCell:
        """Return a cell as the matrix shows it."""
        said = [entry.said for entry in cell.entries] if cell.asked else []
        told = [one.statements for one in said]  # plain lists, because one cell may hold hundreds of entries
        summary = next((one.summary for one in said if one.summary), None)
        if not cell.asked and cell.entries:
            summary = cell.entries[0].source.summary or None  # it may say why nothing is asked
        lines, more = ((), 0) if summary else short_lines(said)
        nearest = cell.entries[0].source if cell.entries else None
        return MatrixCell(
            level.slug,
            *cell.place,
            cell.state,
            cell.applicability,
            cell.step,
            None if cell.step is None else step_title(self.index, *cell.place, cell.step) or cell.step,
            summary,
            lines,
            more,
            sum(told),
            sum([number or 1 for number in told]),
            sum([one.examples for one in said]),
            expectation_slug(nearest) if isinstance(nearest, Expectation) else None,
        )


def short_lines(said: Sequence[Lines]) -> tuple[tuple[str, ...], int]:
    """Return the first lines of some sources, and how many follow. Counter-examples are left out."""
    wanted = (line.text for one in said for line in one.lines if line.counts_as != "unwanted")
    shown = tuple(islice(wanted, _MOST_LINES))
    return shown, sum([one.wanted for one in said]) - len(shown)


def matrix_of(index: Index) -> Matrix:
    """Return the matrix of a ladder: `index.once(matrix_of)`."""
    return Matrix(index.once(Demands))
