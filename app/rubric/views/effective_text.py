"""What is in force at a level, for people in Markdown and for spreadsheets as rows."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.steps import step_title
from app.rubric.views.effective import Effective, EffectiveCell, Held

COLUMNS: Final = (
    "competency",
    "competency_title",
    "facet",
    "facet_title",
    "state",
    "applicability",
    "step",
    "step_title",
    "how",
    "from_level",
    "summary",
    "statements",
    "examples",
)
"""Names of the columns of `effective_rows`."""


def effective_rows(index: Index, found: Effective) -> Iterator[tuple[str | None, ...]]:
    """A row for each expectation in force, and one for each cell without any; lists hold a line for each item."""
    for cell in found.cells:
        place = (
            cell.competency,
            index.competencies[cell.competency].title,
            cell.facet,
            _facet_title(index, cell),
        )
        said = (cell.state, cell.applicability, cell.step, cell_step_title(index, cell))
        for held in cell.held or (None,):
            yield *place, *said, *_held(held)


def effective_markdown(index: Index, found: Effective) -> str:
    """What is asked, a heading for each competency and facet. What is not in use comes last."""
    asked = [cell for cell in found.cells if cell.asked]
    unused = [cell for cell in found.cells if cell.state == "not-in-use"]
    if not asked and not unused:
        return "Nothing is asked at this level.\n"
    lines = list(chain.from_iterable(_cell(index, found.level, cell) for cell in asked))
    if unused:
        lines += ["## Not in use", "", *(_unused(index, cell) for cell in unused), ""]
    return "\n".join(lines[:-1]) + "\n"


def cell_title(index: Index, cell: EffectiveCell) -> str:
    """What a cell is about: the title of its facet, else of its competency."""
    return _facet_title(index, cell) or index.competencies[cell.competency].title


def cell_step_title(index: Index, cell: EffectiveCell) -> str | None:
    """What the cell's step is called there; its slug where nothing names it."""
    if cell.step is None:
        return None
    return step_title(index, cell.competency, cell.facet, cell.step) or cell.step


def level_name(level: Level) -> str:
    """A level as people call it: code and title."""
    return level.title if level.code is None else f"{level.code} {level.title}"


def _facet_title(index: Index, cell: EffectiveCell) -> str | None:
    return None if cell.facet is None else index.facets[cell.facet].title


def _held(held: Held | None) -> tuple[str | None, ...]:
    if held is None:
        return None, None, None, None, None
    asked = held.expectation
    statements = "\n".join(statement.text for statement in asked.statements)
    examples = "\n".join(example.text for example in asked.examples)
    return held.how, asked.level, asked.summary, statements or None, examples or None


def _cell(index: Index, level: Level, cell: EffectiveCell) -> Iterator[str]:
    step = cell_step_title(index, cell)
    aside = [*(["optional"] if cell.applicability == "optional" else ()), *([escaped(step)] if step else ())]
    heading = "##" if cell.facet is None else "###"
    told = f" ({', '.join(aside)})" if aside else ""
    yield f"{heading} {escaped(cell_title(index, cell))}{told}"
    yield ""
    for held in cell.held:
        yield from _expectation(index, level, held)


def _expectation(index: Index, level: Level, held: Held) -> Iterator[str]:
    asked = held.expectation
    if asked.level != level.slug:
        yield f"*From {escaped(level_name(index.levels[asked.level]))}:*"
        yield ""
    if asked.summary:
        yield escaped(asked.summary)
        yield ""
    lines = [f"- {escaped(statement.text)}" for statement in asked.statements]
    lines += [f"- For example: {escaped(example.text)}" for example in asked.examples]
    if lines:
        yield from (*lines, "")


def _unused(index: Index, cell: EffectiveCell) -> str:
    why = cell.held[0].expectation.summary
    return f"- {escaped(cell_title(index, cell))}" + (f": {escaped(why)}" if why else "")
