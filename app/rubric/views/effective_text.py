"""The demands of a level, for people in Markdown and for spreadsheets as rows."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Expectation
from app.rubric.markdown import escaped
from app.rubric.steps import step_title
from app.rubric.views.demands import Demand, LevelDemands
from app.rubric.views.holdings import Entry
from app.rubric.views.line_text import entry_markdown, level_name

__all__ = ["COLUMNS", "cell_step_title", "cell_title", "effective_markdown", "effective_rows", "level_name"]

COLUMNS: Final = (
    *("competency", "competency_title", "facet", "facet_title"),
    *("state", "applicability", "step", "step_title"),
    *("origin", "from_level", "part", "kind", "counts_as", "text"),
)
"""Names of the columns of `effective_rows`."""
Row = tuple[str | None, ...]


def effective_rows(index: Index, found: LevelDemands) -> Iterator[Row]:
    """Give a row for each summary, statement and example, and one for each cell or entry without any."""
    for cell in found.cells:
        place = (
            cell.competency,
            index.competencies[cell.competency].title,
            cell.facet,
            _facet_title(index, cell),
        )
        said = (cell.state, cell.applicability, cell.step, cell_step_title(index, cell))
        for row in _rows(cell):
            yield *place, *said, *row


def effective_markdown(index: Index, found: LevelDemands) -> str:
    """Return what is asked, a heading for each competency and facet. What is not in use comes last."""
    asked = [cell for cell in found.cells if cell.asked]
    unused = [cell for cell in found.cells if cell.state == "not-in-use"]
    if not asked and not unused:
        return "Nothing is asked at this level.\n"
    lines: list[str] = []
    for cell in asked:
        lines += (_heading(index, cell), "")
        lines += chain.from_iterable(
            entry_markdown(index, found.level, cell.place, entry) for entry in cell.entries
        )
    if unused:
        lines += ["## Not in use", "", *(_unused(index, cell) for cell in unused), ""]
    return "\n".join(lines[:-1]) + "\n"


def cell_title(index: Index, cell: Demand) -> str:
    """Return what a cell is about: the title of its facet, else of its competency."""
    return _facet_title(index, cell) or index.competencies[cell.competency].title


def cell_step_title(index: Index, cell: Demand) -> str | None:
    """Return what the cell's step is called there; its slug if nothing names it."""
    if cell.step is None:
        return None
    return step_title(index, cell.competency, cell.facet, cell.step) or cell.step


def _facet_title(index: Index, cell: Demand) -> str | None:
    return None if cell.facet is None else index.facets[cell.facet].title


def _rows(cell: Demand) -> Iterator[Row]:
    if not cell.entries:
        yield None, None, None, None, None, None
    for entry in cell.entries:
        level = entry.source.level if isinstance(entry.source, Expectation) else None
        texts = list(_texts(entry)) or [(None, None, None, None)]
        for text in texts:
            yield entry.origin, level, *text


def _texts(entry: Entry) -> Iterator[Row]:
    for line in entry.lines:
        if line.statement is None:
            yield "summary", None, line.counts_as, line.text
            continue
        yield "statement", line.kind, line.counts_as, line.text
        yield from (("example", None, None, example.text) for example in line.statement.examples)
    yield from (("example", None, None, example.text) for example in entry.examples)


def _heading(index: Index, cell: Demand) -> str:
    step = cell_step_title(index, cell)
    aside = [*(["optional"] if cell.applicability == "optional" else ()), *([escaped(step)] if step else ())]
    heading = "##" if cell.facet is None else "###"
    told = f" ({', '.join(aside)})" if aside else ""
    return f"{heading} {escaped(cell_title(index, cell))}{told}"


def _unused(index: Index, cell: Demand) -> str:
    why = cell.entries[0].source.summary
    return f"- {escaped(cell_title(index, cell))}" + (f": {escaped(why)}" if why else "")
