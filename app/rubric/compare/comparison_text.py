"""Two levels side by side for people in Markdown, and for spreadsheets as rows."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Final

from app.rubric.compare.comparison import CellChange, ComparedCell, Comparison, Side
from app.rubric.compare.text_pairs import ComparedText
from app.rubric.diff.release_notes import marked
from app.rubric.index import Index
from app.rubric.markdown import escaped
from app.rubric.views.demands import Demand
from app.rubric.views.effective_text import cell_step_title, cell_title
from app.rubric.views.line_text import kind_label
from app.rubric.views.next_level_text import description_markdown

COLUMNS: Final = (
    *("competency_before", "facet_before", "competency_after", "facet_after", "title"),
    *("matched_by", "match", "change", "step_change", "step_before", "step_after"),
    *("applicability_before", "applicability_after"),
    *("part", "text_change", "kind", "counts_as", "from_before", "from_after", "text_before", "text_after"),
)
"""Names of the columns of `compare_rows`."""

_COUNTED: Final[dict[CellChange, str]] = {
    "new": "new",
    "raised": "raised",
    "changed": "changed",
    "same": "the same",
    "lowered": "lowered",
    "dropped": "dropped",
}


def compare_rows(found: Comparison) -> Iterator[tuple[str | None, ...]]:
    """Give a row for each summary and statement of either side, and one for each cell without any."""
    for cell in found.cells:
        about = _about(found, cell)
        for text in cell.texts or (None,):
            yield (*about, *_text_values(text))


def compare_markdown(found: Comparison) -> str:
    """Return what differs, a heading for each competency and facet; what is the same is named at the end.

    What is gone is ~~struck through~~, what came is **bold** (`~~` is of GFM).
    """
    if not found.cells:
        return "Neither level asks anything.\n"
    lines = [
        ", ".join(f"{number} {_COUNTED[change]}" for change, number in found.counts.items() if number) + "."
    ]
    shown = [cell for cell in found.cells if cell.change != "same" or _differs(cell)]
    if any(one.change != "same" for one in found.descriptions):
        lines += ["", "## The levels themselves", ""]
        lines += [description_markdown(one) for one in found.descriptions if one.change != "same"]
    told = iter(shown)
    for competency, cells in groupby(told, key=lambda cell: _competency(found, cell)):
        lines += chain.from_iterable(_cells(found, competency, tuple(cells)))
    same = [cell for cell in found.cells if cell.change == "same" and not _differs(cell)]
    if same:
        lines += ["", "## The same", "", *(f"- {_title(found, cell)}" for cell in same)]
    return "\n".join(lines) + "\n"


def _differs(cell: ComparedCell) -> bool:
    """Return whether any text differs, asked or not."""
    return any(text.change != "same" for text in cell.texts)


def compared_title(found: Comparison, cell: ComparedCell) -> str:
    """Return what a cell is about: the title of its facet or competency after, or before where it is gone."""
    side, one = _shown(found, cell)
    return cell_title(side.index, one)


def _shown(found: Comparison, cell: ComparedCell) -> tuple[Side, Demand]:
    if cell.after is not None:
        return found.after, cell.after
    assert cell.before is not None  # noqa: S101 - a cell is on one side at least
    return found.before, cell.before


def _about(found: Comparison, cell: ComparedCell) -> tuple[str | None, ...]:
    was, now = cell.before, cell.after
    return (
        None if was is None else was.competency,
        None if was is None else was.facet,
        None if now is None else now.competency,
        None if now is None else now.facet,
        compared_title(found, cell),
        *(cell.by, cell.match, cell.change, cell.step),
        _step(found.before.index, was),
        _step(found.after.index, now),
        None if was is None else was.applicability,
        None if now is None else now.applicability,
    )


def _text_values(text: ComparedText | None) -> tuple[str | None, ...]:
    if text is None:
        return (None,) * 8
    was, now = text.before, text.after
    shown = now or was
    return (
        text.part,
        text.change,
        None if shown is None else shown.kind,
        None if shown is None else shown.counts_as,
        None if was is None else was.source,
        None if now is None else now.source,
        None if was is None else was.text,
        None if now is None else now.text,
    )


def _step(index: Index, cell: Demand | None) -> str | None:
    return None if cell is None else cell_step_title(index, cell)


def _title(found: Comparison, cell: ComparedCell) -> str:
    """Return a facet with its competency, for a list where they stand alone."""
    side, one = _shown(found, cell)
    title = escaped(cell_title(side.index, one))
    return (
        title if one.facet is None else f"{escaped(side.index.competencies[one.competency].title)}: {title}"
    )


def _competency(found: Comparison, cell: ComparedCell) -> str:
    """Return the competency that a cell stands under: of the side after, else of the side before."""
    side, one = _shown(found, cell)
    return escaped(side.index.competencies[one.competency].title)


def _cells(found: Comparison, competency: str, cells: Sequence[ComparedCell]) -> Iterator[Iterator[str]]:
    """Give a competency's own cell, and those of its facets under it."""
    if _shown(found, cells[0])[1].facet is not None:
        yield iter(("", f"## {competency}"))
    for cell in cells:
        yield _cell(found, cell)


def _cell(found: Comparison, cell: ComparedCell) -> Iterator[str]:
    heading = "##" if _shown(found, cell)[1].facet is None else "###"
    yield ""
    yield f"{heading} {escaped(compared_title(found, cell))} ({_COUNTED[cell.change]})"
    yield ""
    yield from _asked(found, cell)
    for text in cell.texts:
        if text.change != "same":
            yield f"- {_marked(found, text)}{_told(text)}"
    same = sum(text.change == "same" for text in cell.texts)
    if same:
        yield f"- {same} {'text' if same == 1 else 'texts'} the same"


def _asked(found: Comparison, cell: ComparedCell) -> Iterator[str]:
    """Step and applicability where they differ, and how the two were matched where that needs saying."""
    was, now = _step(found.before.index, cell.before), _step(found.after.index, cell.after)
    if cell.step not in {None, "same"}:
        yield f"- Step: {_from_to(was, now)}"
    was = None if cell.before is None else cell.before.applicability
    now = None if cell.after is None else cell.after.applicability
    if was != now and cell.change not in {"new", "dropped"}:
        yield f"- Applicability: {_from_to(was, now)}"
    if cell.by not in {None, "identity"}:
        yield f"- Matched by {cell.by}" + (f" ({cell.match})" if cell.match is not None else "")


def _marked(found: Comparison, text: ComparedText) -> str:
    """Return what marks the kind of a text."""
    side, said = (found.after, text.after) if text.after is not None else (found.before, text.before)
    if said is None or text.part == "summary":
        return ""
    label = kind_label(side.index, said.kind, said.counts_as)
    return f"*{escaped(label)}:* " if label else ""


def _from_to(was: str | None, now: str | None) -> str:
    gone = [f"~~{escaped(was)}~~"] if was is not None else []
    come = [f"**{escaped(now)}**"] if now is not None else []
    return " ".join([*gone, *come])


def _told(text: ComparedText) -> str:
    was = None if text.before is None else text.before.text
    now = None if text.after is None else text.after.text
    if was is None or now is None:
        return _from_to(was, now)
    told = marked(was, now) or "spacing only"
    kinds = [None if one is None else one.kind or "core" for one in (text.before, text.after)]
    return told if kinds[0] == kinds[1] else f"{told} ({_from_to(*kinds)})"
