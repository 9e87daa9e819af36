"""The possible next levels, for people in Markdown and for spreadsheets as rows."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Faq, Level, Tip
from app.rubric.markdown import escaped
from app.rubric.steps import step_title
from app.rubric.views.description import Described
from app.rubric.views.gap import CellGap
from app.rubric.views.line_text import entry_origin, level_name, line_markdown
from app.rubric.views.next_level import TOP, NextLevel

COLUMNS: Final = (
    "next_level",
    "how",
    "rank",
    "competency",
    "competency_title",
    "facet",
    "facet_title",
    "change",
    "applicability_here",
    "applicability",
    "step_here",
    "step",
    "rise",
    "part",
    "from_level",
    "origin",
    "kind",
    "counts_as",
    "text",
)
"""Names of the columns of `next_rows`."""
HOW: Final = {"promotion": "promotion", "switch": "change of track"}
"""The name of each way, for people."""

_CHANGE: Final = {
    "new": "new",
    "raised": "raised",
    "more": "more",
    "other": "something else",
    "less": "less",
    "dropped": "no longer asked",
}
Row = tuple[str | int | None, ...]


def next_rows(index: Index, found: Sequence[NextLevel]) -> Iterator[Row]:
    """Give a row for each line that is added, dropped or not asked, and one for each cell without any."""
    for one in found:
        way = one.move.level.slug, one.move.how, one.move.rank
        for cell in one.gap.cells:
            facet = None if cell.facet is None else index.facets[cell.facet].title
            place = cell.competency, index.competencies[cell.competency].title, cell.facet, facet
            weights = cell.change, cell.applicability_here, cell.applicability
            steps = cell.step_here, cell.step, cell.rise
            for part in _parts(cell) or ((None,) * 6,):
                yield *way, *place, *weights, *steps, *part


def next_markdown(index: Index, found: Sequence[NextLevel], note: str | None = None) -> str:
    """Return each possible next level with what it adds, a heading for each competency and facet that differs."""
    if not found:
        return f"{note or TOP}\n"
    lines = list(chain.from_iterable(_level(index, one) for one in found))
    return "\n".join(lines[:-1]) + "\n"


def place_title(index: Index, competency: str, facet: str | None) -> str:
    """Return what a competency as a whole, or a facet, is called."""
    return index.competencies[competency].title if facet is None else index.facets[facet].title


def step_name(index: Index, competency: str, facet: str | None, step: str | None) -> str | None:
    """Return what a step is called in a place; its slug if nothing names it, None if there is none."""
    return None if step is None else step_title(index, competency, facet, step) or step


def _parts(cell: CellGap) -> tuple[tuple[str | None, ...], ...]:
    told = (("added", cell.added), ("dropped", cell.dropped), ("not-asked", cell.unasked))
    rows: list[tuple[str | None, ...]] = [
        (
            name,
            entry.source.level if isinstance(entry.source, Expectation) else None,
            entry.origin,
            line.kind,
            line.counts_as,
            line.text,
        )
        for name, entries in told
        for entry in entries
        for line in entry.lines
    ]
    rows += (("practise", None, "own", line.kind, line.counts_as, line.text) for line in cell.ahead)
    return tuple(rows)


def _level(index: Index, one: NextLevel) -> Iterator[str]:
    level = one.move.level
    track = index.tracks.get(level.track)
    aside = HOW[one.move.how] + ("" if track is None else f", {escaped(track.title)}")
    yield f"## {escaped(level_name(level))} ({aside})"
    yield ""
    yield _counted(one)
    yield ""
    if one.described:
        yield from (*map(description_markdown, one.described), "")
    for cell in one.gap.cells:
        yield from _cell(index, level, cell)
    yield from _guidance("Questions", one.faqs)
    yield from _guidance("Tips", one.tips)


def _counted(one: NextLevel) -> str:
    told = [f"{number} {_CHANGE[change]}" for change, number in one.gap.counts.items() if number]
    told += [f"{_number(one.gap.statements, 'statement')} to add"] if one.gap.statements else []
    told += [f"{_number(one.gap.steps, 'step')} to climb"] if one.gap.steps else []
    if one.points is not None and one.points_here is not None:
        told.append(f"points asked: {one.points_here} here, {one.points} there")
    return f"{'; '.join(told)}." if told else "It asks nothing that is not asked here."


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _cell(index: Index, level: Level, cell: CellGap) -> Iterator[str]:
    heading = "###" if cell.facet is None else "####"
    named = partial(step_name, index, cell.competency, cell.facet)
    here, there = named(cell.step_here), named(cell.step)
    told = [_CHANGE[cell.change]]
    if here != there and cell.change != "dropped":
        told.append(escaped(" → ".join(step for step in (here, there or "no step") if step is not None)))
    if cell.applicability == "optional":
        told.append("optional")
    yield f"{heading} {escaped(place_title(index, cell.competency, cell.facet))} ({', '.join(told)})"
    yield ""
    for entry in cell.added:
        origin = entry_origin(index, level, (cell.competency, cell.facet), entry)
        if origin:
            yield from (f"*{escaped(origin)}:*", "")
        if entry.summary:
            yield from (escaped(entry.summary), "")
        if entry.statements:
            yield from (*(line_markdown(index, line) for line in entry.statements), "")
    lines = [line_markdown(index, line) for entry in cell.unasked for line in entry.lines]
    lines += [f"- No longer: {escaped(line.text)}" for entry in cell.dropped for line in entry.lines]
    lines += [f"- Practise: {escaped(line.text)}" for line in cell.ahead]
    if lines:
        yield from (*lines, "")


def description_markdown(one: Described) -> str:
    """Return a difference in what two levels say of themselves, as an item of a list."""
    named = _FIELDS.get(one.field) or escaped(one.title or "")
    was, now = (None if text is None else escaped(str(text)) for text in (one.before, one.after))
    if was is None or now is None:
        return f"- {named}: {now}" if was is None else f"- {named}, no longer: {was}"
    return f"- {named}: {was} → {now}"


_FIELDS: Final = {
    "summary": "Summary",
    "scope": "Scope",
    "years_from": "Fewest years",
    "years_to": "Most years",
    "points": "Points",
}


def _guidance(heading: str, nodes: Sequence[Node]) -> Iterator[str]:
    if not nodes:
        return
    yield from (f"### {heading}", "")
    for node in nodes:
        entity = node.entity
        if isinstance(entity, Faq):
            yield f"- **{escaped(entity.question)}** {escaped(entity.answer)}"
        elif isinstance(entity, Tip):
            title = f"**{escaped(entity.title)}** " if entity.title else ""
            yield f"- {title}{escaped(entity.text)}"
    yield ""
