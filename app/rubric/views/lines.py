"""The lines of one source: the summary and the statements of an expectation, a proficiency or a step.

Each line says what its kind counts as. A text that a source says twice is one line, of the stronger kind.
"""

from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Lines:
    """Lines of one source, in order: its summary, then its statements. Levels hold them very often.

    What follows from the lines is computed when it is first asked for: most views need a part of it.
    """

    lines: tuple[Line, ...]
    own_examples: int
    """The number of examples of the source itself."""

    @classmethod
    def of(cls, source: Source, lines: tuple[Line, ...]) -> "Lines":
        """Return some lines of a source, each of another text."""
        return cls(lines, 0 if isinstance(source, Step) else len(source.examples))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the lines; each is the key of one line."""
        return frozenset([line.key for line in self.lines])

    @cached_property
    def summary(self) -> str | None:
        """The summary, if it is one of the lines."""
        return next((line.text for line in self.lines if line.kind == SUMMARY), None)

    @cached_property
    def asked(self) -> Marked:
        """The lines that are asked."""
        return Marked.of(tuple([line for line in self.lines if line.counts_as == "asked"]))

    @cached_property
    def unasked(self) -> Marked:
        """The other lines."""
        return Marked.of(tuple([line for line in self.lines if line.counts_as != "asked"]))


class LinesOf:
    """The lines of every source of one ladder, each made once: `index.once(LinesOf)`."""

    def __init__(self, index: Index) -> None:
        self._kinds = index.once(StatementKinds)
        self._known: dict[int, Lines] = {}

    def __call__(self, source: Source) -> Lines:
        """Return the lines of a source, which lives as long as its ladder."""
        known = self._known.get(id(source))
        if known is None:
            known = self._known[id(source)] = Lines.of(source, strongest(self._lines(source)))
        return known

    def _lines(self, source: Source) -> tuple[Line, ...]:
        found: list[Line] = []
        if source.summary:
            found.append(Line(source.summary, folded(source.summary), SUMMARY, "asked", None))
        if not isinstance(source, Step):
            counts_as = self._kinds.counts_as
            found += [
                Line(one.text, folded(one.text), one.kind, counts_as(one.kind), one)
                for one in source.statements
                if one.text
            ]
        return tuple(found)


def strongest(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines with each text once: the one that counts most, else the first."""
    if len({line.key for line in lines}) == len(lines):
        return lines
    best: dict[str, Line] = {}
    for line in lines:
        other = best.get(line.key)
        if other is None or line.strength < other.strength:
            best[line.key] = line
    return tuple(line for line in lines if best[line.key] is line)
