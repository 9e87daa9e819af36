"""The matrix for people in Markdown, and for spreadsheets as rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.views.effective_text import level_name
from app.rubric.views.holdings import Place
from app.rubric.views.matrix import Matrix, MatrixCell
from app.rubric.views.step_matrix import StepCell, StepColumn, StepMatrix

COLUMNS: Final = (
    "competency",
    "competency_title",
    "category",
    "facet",
    "facet_title",
    "level",
    "level_title",
    "code",
    "track",
    "rank",
    "state",
    "applicability",
    "step",
    "step_title",
    "summary",
    "lines",
    "more_count",
    "statement_count",
    "example_count",
    "expectation",
)
"""Names of the columns of `matrix_rows`."""

Value = str | int | float | None


def matrix_rows(
    matrix: Matrix, places: Iterable[Place], levels: Sequence[Level]
) -> Iterator[tuple[Value, ...]]:
    """Give a row for each cell."""
    index = matrix.index
    for place in places:
        competency = index.competencies[place[0]]
        facet = None if place[1] is None else index.facets[place[1]].title
        about = (competency.slug, competency.title, competency.category, place[1], facet)
        for level, cell in zip(levels, matrix.row(place, levels), strict=True):
            named = (level.slug, level.title, level.code, level.track, index.ranks[level.slug])
            yield (*about, *named, *_said(cell))


def matrix_markdown(matrix: Matrix, places: Sequence[Place], levels: Sequence[Level]) -> str:
    """Return a table for each track: its levels side by side, a row for each competency and facet.

    A cell names the step, else it counts the statements. What the level inherits is in italics.
    """
    if not places or not levels:
        return "There is nothing to show.\n"
    lines: list[str] = []
    for track, found in groupby(levels, key=lambda level: level.track):
        lines += [f"## {_track(matrix.index, track)}", "", *_table(matrix, places, tuple(found)), ""]
    return "\n".join(lines[:-1]) + "\n"


def step_rows(
    matrix: StepMatrix, places: Iterable[Place], columns: Sequence[StepColumn]
) -> Iterator[tuple[Value, ...]]:
    """Give a row for each competency and facet and each step of its scale, in the columns of `matrix_rows`."""
    index = matrix.index
    for place in places:
        competency = index.competencies[place[0]]
        facet = None if place[1] is None else index.facets[place[1]].title
        about = (competency.slug, competency.title, competency.category, place[1], facet)
        for cell in matrix.row(place, columns):
            if cell.step is not None:
                texts = (cell.summary, "\n".join(cell.lines) or None, cell.more_count)
                counts = (cell.statements, cell.examples)
                yield (*about, *[None] * 7, cell.step, cell.step_title, *texts, *counts, None)


def step_markdown(matrix: StepMatrix, places: Sequence[Place], columns: Sequence[StepColumn]) -> str:
    """Return a table for each scale: its steps side by side, a row for each competency and facet measured on it."""
    if not places or not columns:
        return "There is nothing to show.\n"
    lines: list[str] = []
    for _, group in groupby(columns, key=lambda column: column.scale.slug):
        steps = tuple(group)
        rows = [(place, matrix.row(place, steps)) for place in places]
        lines += [f"## {escaped(steps[0].scale.title)}", ""]
        lines += [_line(["", *(escaped(column.step.title) for column in steps)])]
        lines += [_line(["---"] * (1 + len(steps)))]
        for place, cells in rows:
            if any(cell.step is not None for cell in cells):
                lines.append(_line([_title(matrix.index, place), *map(_step_cell, cells)]))
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _step_cell(cell: StepCell) -> str:
    text = cell.summary or " ".join(cell.lines)
    more = f" (+{cell.more_count})" if cell.more_count else ""
    return " ".join(escaped(text).split()) + more


def _said(cell: MatrixCell) -> tuple[Value, ...]:
    return (
        cell.state,
        cell.applicability,
        cell.step,
        cell.step_title,
        cell.summary,
        "\n".join(cell.lines) or None,
        cell.more_count,
        cell.statements,
        cell.examples,
        cell.expectation,
    )


def _track(index: Index, track: str) -> str:
    return escaped(index.tracks[track].title) if track in index.tracks else f"`{track}`"


def _table(matrix: Matrix, places: Sequence[Place], levels: Sequence[Level]) -> Iterator[str]:
    yield _line(["", *(escaped(level_name(level)) for level in levels)])
    yield _line(["---"] * (1 + len(levels)))
    for place in places:
        yield _line([_title(matrix.index, place), *map(_short, matrix.row(place, levels))])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _title(index: Index, place: Place) -> str:
    """Return the title of a row: a competency in bold, or a facet."""
    if place[1] is None:
        return f"**{escaped(index.competencies[place[0]].title)}**"
    return escaped(index.facets[place[1]].title)


def _short(cell: MatrixCell) -> str:
    if cell.state == "absent":
        return ""
    if cell.state == "not-in-use":
        return "not in use"
    said = [escaped(cell.step_title)] if cell.step_title is not None else []
    if not said and cell.statements:
        said = [f"{cell.statements} {'statement' if cell.statements == 1 else 'statements'}"]
    told = " ".join(said) or "asked"
    told = f"*{told}*" if cell.state == "inherited" else told
    return f"{told} (optional)" if cell.applicability == "optional" else told
