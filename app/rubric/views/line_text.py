"""Lines in Markdown: their text with what they count as, and where they come from."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import CountsAs, Expectation, Level
from app.rubric.markdown import escaped
from app.rubric.statement_kinds import StatementKinds
from app.rubric.steps import step_title
from app.rubric.text import Slug
from app.rubric.views.holdings import Entry, Place
from app.rubric.views.lines import Line

COUNTS_AS: Final[dict[CountsAs, str]] = {
    "asked": "",
    "optional": "optional",
    "ahead": "beyond this level",
    "sign": "sign",
    "unwanted": "not wanted",
}
"""The mark for people of each kind of line that is not asked."""


def kind_label(index: Index, kind: Slug | None, counts_as: CountsAs) -> str:
    """Return what marks a statement: `Growth (beyond this level)`; empty for one of kind `core` or of none."""
    if kind in {None, "core"}:
        kind = ""
    else:
        kind = index.once(StatementKinds).title(kind or "")
        kind = kind[:1].upper() + kind[1:]
    mark = COUNTS_AS[counts_as]
    return f"{kind} ({mark})" if kind and mark else kind or mark


def line_markdown(index: Index, line: Line) -> str:
    """Return a line as an item of a list, with what marks its kind before it."""
    label = "" if line.statement is None else kind_label(index, line.kind, line.counts_as)
    return f"- *{escaped(label)}:* {escaped(line.text)}" if label else f"- {escaped(line.text)}"


def entry_markdown(index: Index, level: Level, place: Place, entry: Entry) -> Iterator[str]:
    """Give the paragraphs of an entry: where it comes from, its summary, its lines and its examples."""
    origin = entry_origin(index, level, place, entry)
    if origin:
        yield from (f"*{escaped(origin)}:*", "")
    if entry.summary:
        yield from (escaped(entry.summary), "")
    lines: list[str] = []
    for line in entry.statements:
        lines.append(line_markdown(index, line))
        if line.statement is not None:
            lines += [f"  - For example: {escaped(example.text)}" for example in line.statement.examples]
    lines += [f"- For example: {escaped(example.text)}" for example in entry.examples]
    if lines:
        yield from (*lines, "")


def entry_origin(index: Index, level: Level, place: Place, entry: Entry) -> str:
    """Return where an entry comes from, as people say it: `From L4 Engineer`; empty for the level's own."""
    if isinstance(entry.source, Expectation):
        return (
            "" if entry.source.level == level.slug else f"From {level_name(index.levels[entry.source.level])}"
        )
    title = step_title(index, *place, entry.step or "") or entry.step
    return f"Step {title}"


def entry_address(entry: Entry) -> str | None:
    """Return the slug of the expectation that an entry is; None for the text of a step."""
    return expectation_slug(entry.source) if isinstance(entry.source, Expectation) else None


def level_name(level: Level) -> str:
    """Return a level as people call it: code and title."""
    return level.title if level.code is None else f"{level.code} {level.title}"
