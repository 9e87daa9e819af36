"""Demands text by text: summaries and statements as comparisons see them."""

from typing import Literal, NamedTuple

from app.rubric.entities import expectation_slug, first_slug
from app.rubric.index import Index
from app.rubric.ladder import CountsAs, Expectation
from app.rubric.text import Slug
from app.rubric.views.demands import Demand
from app.rubric.views.holdings import Entry
from app.rubric.views.lines import Line, LinesOf

Part = Literal["summary", "statement"]


class Said(NamedTuple):
    """A text that a level asks, and where it comes from. A tuple, because it is compared and looked up very often."""

    text: str
    kind: Slug | None
    """Kind of the statement as written; None for a summary."""
    counts_as: CountsAs
    source: str
    """The source, as `kind:address`: an expectation, or the proficiency or step that describes a step."""
    slug: Slug | None = None
    """The slug that the statement was born with."""


class Saying(NamedTuple):
    """All that one source says."""

    source: str
    """The source, as `kind:address`."""
    summary: tuple[Said, ...]
    """Its summary; empty if it has none."""
    statements: tuple[Said, ...]
    names: tuple[str, ...]
    """Its texts and their slugs: whatever another text may be matched with one of them by."""

    def texts(self, part: Part) -> tuple[Said, ...]:
        """Return its summary, or its statements."""
        return self.summary if part == "summary" else self.statements

    @classmethod
    def of(cls, source: str, lines: tuple[Line, ...]) -> "Saying":
        """Return what some lines of a source say."""
        said = [(line, _said(source, line)) for line in lines]
        names = (name for _, one in said for name in (one.text, one.slug) if name is not None)
        return cls(
            source,
            tuple(one for line, one in said if line.statement is None),
            tuple(one for line, one in said if line.statement is not None),
            tuple(names),
        )


class Sayings:
    """The texts of the sources of one ladder, each made once: cells of many levels hold the same."""

    def __init__(self, index: Index) -> None:
        self._lines_of = index.once(LinesOf)
        self._targets = {
            id(node.entity): node.target for kind in ("proficiency", "step") for node in index.of_kind(kind)
        }
        self._known: dict[int, Saying] = {}

    def of(self, cell: Demand | None) -> list[Saying]:
        """Return what holds in a cell, the nearest first; nothing if nothing is asked."""
        if cell is None or not cell.asked:
            return []
        return [self._of(entry) for entry in cell.entries if entry.lines]

    def _of(self, entry: Entry) -> Saying:
        if entry.said is not self._lines_of(entry.source):
            return Saying.of(self._target(entry), entry.lines)
        key = id(entry.source)  # which lives as long as its ladder
        return self._known.get(key) or self._known.setdefault(
            key, Saying.of(self._target(entry), entry.lines)
        )

    def _target(self, entry: Entry) -> str:
        if isinstance(entry.source, Expectation):
            return f"expectation:{expectation_slug(entry.source)}"
        return self._targets[id(entry.source)]


def _said(source: str, line: Line) -> Said:
    one = line.statement
    if one is None:
        return Said(line.text, None, line.counts_as, source)
    slug = None if one.slug is None else first_slug(one.slug, one.formerly)
    return Said(line.text, one.kind, line.counts_as, source, slug)
