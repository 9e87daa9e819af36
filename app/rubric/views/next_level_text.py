"""The possible next levels, for people in Markdown and for spreadsheets as rows."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Faq, Level, Tip
from app.rubric.markdown import escaped
from app.rubric.steps import step_title
from app.rubric.views.effective_text import level_name
from app.rubric.views.gap import CellGap, Part
from app.rubric.views.next_level import NextLevel

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
    "summary",
    "statements",
)
"""Names of the columns of `next_rows`."""
HOW: Final = {"promotion": "promotion", "switch": "change of track"}
"""What each way is called for people."""
TOP: Final = "There is no next level: nothing in this ladder is above it or beside it."
"""What is said where there is no way to go on."""

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
    """A row for each expectation that adds or no longer asks something, and one for each cell without any."""
    for one in found:
        way = one.move.level.slug, one.move.how, one.move.rank
        for cell in one.gap.cells:
            facet = None if cell.facet is None else index.facets[cell.facet].title
            place = cell.competency, index.competencies[cell.competency].title, cell.facet, facet
            weights = cell.change, cell.applicability_here, cell.applicability
            steps = cell.step_here, cell.step, cell.rise
            for part in _parts(cell) or ((None, None, None, None),):
                yield *way, *place, *weights, *steps, *part


def next_markdown(index: Index, found: Sequence[NextLevel]) -> str:
    """Each possible next level with what it adds, a heading for each competency and facet that differs."""
    if not found:
        return f"{TOP}\n"
    lines = list(chain.from_iterable(_level(index, one) for one in found))
    return "\n".join(lines[:-1]) + "\n"


def place_title(index: Index, competency: str, facet: str | None) -> str:
    """What a competency as a whole, or a facet, is called."""
    return index.competencies[competency].title if facet is None else index.facets[facet].title


def step_name(index: Index, competency: str, facet: str | None, step: str | None) -> str | None:
    """What a step is called in a place; its slug where nothing names it, None where there is none."""
    return None if step is None else step_title(index, competency, facet, step) or step


def _parts(cell: CellGap) -> tuple[tuple[str | None, ...], ...]:
    told = (("added", cell.added), ("dropped", cell.dropped))
    return tuple(
        (
            name,
            part.held.expectation.level,
            part.summary,
            "\n".join(one.text for one in part.statements) or None,
        )
        for name, parts in told
        for part in parts
    )


def _level(index: Index, one: NextLevel) -> Iterator[str]:
    level = one.move.level
    track = index.tracks.get(level.track)
    aside = HOW[one.move.how] + ("" if track is None else f", {escaped(track.title)}")
    yield f"## {escaped(level_name(level))} ({aside})"
    yield ""
    yield _counted(one)
    yield ""
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
    for part in cell.added:
        yield from _part(index, level, part)
    gone = [one for part in cell.dropped for one in part.statements]
    lines = [f"- No longer: {escaped(one.text)}" for one in gone]
    lines += [f"- Practise: {escaped(one.text)}" for one in cell.growth]
    if lines:
        yield from (*lines, "")


def _part(index: Index, level: Level, part: Part) -> Iterator[str]:
    source = part.held.expectation.level
    if source != level.slug:
        yield from (f"*From {escaped(level_name(index.levels[source]))}:*", "")
    if part.summary:
        yield from (escaped(part.summary), "")
    if part.statements:
        yield from (*(f"- {escaped(one.text)}" for one in part.statements), "")


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
