"""A self-rating measured by a level, for people in Markdown and for spreadsheets as rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Threshold
from app.rubric.markdown import escaped
from app.rubric.views.measured_rating import Measured
from app.rubric.views.next_level_text import place_title, step_name
from app.rubric.views.scoring import TrackScore
from app.rubric.views.self_rating import Measure, RatedCell, Totals

COLUMNS: Final = (
    "competency",
    "competency_title",
    "facet",
    "facet_title",
    "applicability",
    "measure",
    "step",
    "rating",
    "missing",
)
"""Names of the columns of `rated_rows`."""

_HEADINGS: Final[dict[Measure, str]] = {
    "missing": "Missing",
    "unrated": "Not rated",
    "met": "Met",
    "no-step": "The level names no step",
    "no-scale": "There is no scale",
}
_COUNTED: Final[dict[Measure, str]] = {
    "met": "met",
    "missing": "missing",
    "unrated": "not rated",
    "no-step": "without a step",
    "no-scale": "without a scale",
}
Row = tuple[str | int | None, ...]


def rated_rows(index: Index, found: Measured) -> Iterator[Row]:
    """Give a row for each cell that the level asks in."""
    for cell in found.cells:
        facet = None if cell.facet is None else index.facets[cell.facet].title
        yield (
            cell.competency,
            index.competencies[cell.competency].title,
            cell.facet,
            facet,
            cell.applicability,
            cell.measure,
            cell.step,
            cell.rating,
            cell.missing if cell.measure in {"met", "missing"} else None,
        )


def rated_markdown(index: Index, found: Measured) -> str:
    """Return what is met and what is missing, then points and what they give."""
    by_measure: dict[Measure, list[RatedCell]] = defaultdict(list)
    for cell in found.cells:
        by_measure[cell.measure].append(cell)
    lines = [] if found.note is None else [found.note, ""]
    for words, totals in (("Required", found.required), ("Optional", found.optional)):
        lines += _totals(words, totals)
    lines += [""] if lines and lines[-1] else []
    lines += chain.from_iterable(
        _cells(index, measure, by_measure[measure]) for measure in _HEADINGS if by_measure[measure]
    )
    lines += _points(index, found)
    return "\n".join(lines[:-1]) + "\n"


def _totals(words: str, totals: Totals) -> Iterator[str]:
    told = [f"{number} {_COUNTED[measure]}" for measure, number in totals.counts.items() if number]
    if totals.steps:
        told.append("1 step missing in all" if totals.steps == 1 else f"{totals.steps} steps missing in all")
    if told:
        yield f"- {words}: {', '.join(told)}"


def _cells(index: Index, measure: Measure, cells: Sequence[RatedCell]) -> Iterator[str]:
    yield from (f"## {_HEADINGS[measure]}", "")
    for cell in cells:
        place = cell.competency, cell.facet
        asked, rated = (step_name(index, *place, step) for step in (cell.step, cell.rating))
        told = [] if asked is None else [f"asked: {escaped(asked)}"]
        told += [] if rated is None else [f"rated: {escaped(rated)}"]
        told += ["optional"] if cell.applicability == "optional" else []
        name = escaped(place_title(index, *place))
        if cell.facet is not None:
            name = f"{escaped(index.competencies[cell.competency].title)}: {name}"
        yield f"- {name}" + (f" ({', '.join(told)})" if told else "")
    yield ""


def _points(index: Index, found: Measured) -> Iterator[str]:
    if found.points is None:
        return
    yield from ("## Points", "", f"{found.points} points; this level asks for {found.asked}.", "")
    for track in found.tracks:
        yield from _track(index, track)
    if found.tracks:
        yield ""


def _track(index: Index, score: TrackScore) -> Iterator[str]:
    reached = ", ".join(_gives(index, one) for one in score.reached) or "nothing yet"
    ahead = ""
    if score.ahead:
        nearest = score.ahead[0]
        points = "point" if nearest.missing == 1 else "points"
        ahead = f"; next: {_gives(index, nearest.threshold)}, with {nearest.missing} more {points}"
    yield f"- {escaped(index.tracks[score.track].title)}: {reached}{ahead}"


def _gives(index: Index, one: Threshold) -> str:
    """Return the level and title that a range gives, once where they are the same."""
    level = None if one.level is None else index.levels.get(one.level)
    named = [] if level is None else [level.code or level.title]
    named += [one.title] if one.title is not None and one.title not in named else []
    return escaped(" ".join(named))
