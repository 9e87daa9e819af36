"""The lines of one source: the summary and the statements of an expectation, a proficiency or a step.

Each line says what its kind counts as. A text that a source says twice is one line, of the stronger kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.rubric.index import Index
from app.rubric.ladder import CountsAs, Expectation, Step
from app.rubric.parts import Proficiency, Statement
from app.rubric.statement_kinds import STRENGTHS, SUMMARY, StatementKinds
from app.rubric.text import Slug, folded

Source = Expectation | Proficiency | Step
"""The possible sources of lines."""

_STRENGTH: Final = {counts_as: place for place, counts_as in enumerate(STRENGTHS)}


class Line(NamedTuple):
    """One text that holds in a place."""

    text: str
    key: str
    """The text as it is matched with others."""
    kind: Slug | None
    """The statement's kind as written; `summary` for a summary."""
    counts_as: CountsAs
    """The class of the line: `asked` for a summary, otherwise by its kind."""
    statement: Statement | None
    """The statement; None for a summary."""

    @property
    def strength(self) -> int:
        """0 for a line that is asked; greater for weaker kinds."""
        return _STRENGTH[self.counts_as]

    @property
    def marks(self) -> tuple[str, ...]:
        """Return what the line is matched by: its text, and its slug. No matched text begins with a space."""
        if self.statement is None or self.statement.slug is None:
            return (self.key,)
        return self.key, f" {self.statement.slug}"


@dataclass(frozen=True, slots=True)
class Marked:
    """Some lines, and all that they are matched by."""

    lines: tuple[Line, ...]
    marks: frozenset[str]

    @classmethod
    def of(cls, lines: tuple[Line, ...]) -> "Marked":
        """Return lines with their marks."""
        return cls(lines, frozenset(mark for line in lines for mark in line.marks))

    def without(self, known: frozenset[str]) -> tuple[Line, ...]:
        """Return the lines that have none of these marks."""
        if known.isdisjoint(self.marks):
            return self.lines
        return tuple(line for line in self.lines if known.isdisjoint(line.marks))


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one source, in order: its summary, then its statements. Levels hold them very often."""

    lines: tuple[Line, ...]
    keys: frozenset[str]
    """The keys of the lines; each is the key of one line."""
    summary: str | None
    """The summary, if it is one of the lines."""
    wanted: int
    """How many of the lines are no counter-examples."""
    statements: int
    """The number of lines that are statements."""
    examples: int
    """The number of examples of the source and of these statements."""
    asked: Marked
    """The lines that are asked."""
    unasked: Marked
    """The other lines."""

    @classmethod
    def of(cls, source: Source, lines: tuple[Line, ...]) -> "Lines":
        """Return some lines of a source, each of another text."""
        statements = [line.statement for line in lines if line.statement is not None]
        own = 0 if isinstance(source, Step) else len(source.examples)
        return cls(
            lines,
            frozenset(line.key for line in lines),
            next((line.text for line in lines if line.kind == SUMMARY), None),
            sum([line.counts_as != "unwanted" for line in lines]),
            len(statements),
            own + sum(len(one.examples) for one in statements),
            Marked.of(tuple(line for line in lines if line.counts_as == "asked")),
            Marked.of(tuple(line for line in lines if line.counts_as != "asked")),
        )


class LinesOf:
    """The lines of every source of one ladder, each made once: `index.once(LinesOf)`."""

    def __init__(self, index: Index) -> None:
        self._kinds = index.once(StatementKinds)
        self._known: dict[int, Lines] = {}

    def __call__(self, source: Source) -> Lines:
        """Return the lines of a source, which lives as long as its ladder."""
        known = self._known.get(id(source))
        if known is None:
            known = Lines.of(source, strongest(tuple(self._lines(source))))
            self._known[id(source)] = known
        return known

    def _lines(self, source: Source) -> Iterator[Line]:
        if source.summary:
            yield Line(source.summary, folded(source.summary), SUMMARY, "asked", None)
        if isinstance(source, Step):
            return
        for one in source.statements:
            if one.text:
                yield Line(one.text, folded(one.text), one.kind, self._kinds.counts_as(one.kind), one)


def strongest(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines with each text once: the one that counts most, else the first."""
    best: dict[str, Line] = {}
    for line in lines:
        other = best.get(line.key)
        if other is None or line.strength < other.strength:
            best[line.key] = line
    return lines if len(best) == len(lines) else tuple(line for line in lines if best[line.key] is line)
