"""The totals of one place, from the lowest rung up: what a cell of the matrix shows of the lines that hold.

`demands.py` gives the lines of one level; a cumulative level holds those of all rungs below it. Here each line is
counted once on the way up, so the work grows with the lines that are written and not with the square of the rungs.
The rules are the same: of two lines with one text the stronger one holds, or else the nearer one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from app.rubric.statement_kinds import SUMMARY
from app.rubric.text import Slug
from app.rubric.views.holdings import Entry
from app.rubric.views.lines import Line, Lines

_MOST_LINES: Final = 3
"""The most lines that stand for a summary."""


class Totals(NamedTuple):
    """The short form of the lines that hold in one place."""

    summary: str | None
    """The summary nearest to the level."""
    lines: tuple[str, ...]
    """If there is no summary: the first lines, at most three, without what is unwanted."""
    more_count: int
    """The number of further lines after `lines`."""
    statements: int
    """The number of statements."""
    parts: int
    """The same, with one for each entry that has no statement."""
    examples: int
    """The number of examples of the entries and of their statements."""


NOTHING: Final = Totals(None, (), 0, 0, 0, 0)
"""The totals of a place where nothing is asked."""


def totals_of(said: Sequence[Lines]) -> Totals:
    """Return the totals of some entries, each text in one of them."""
    lines = [line for one in said for line in one.lines]
    wanted = [line.text for line in lines if line.counts_as != "unwanted"]
    summary = next((one.summary for one in said if one.summary), None)
    counts = [sum([line.statement is not None for line in one.lines]) for one in said]
    return Totals(
        summary,
        () if summary else tuple(wanted[:_MOST_LINES]),
        0 if summary else max(0, len(wanted) - _MOST_LINES),
        sum(counts),
        sum([count or 1 for count in counts]),
        sum([one.own_examples for one in said]) + sum(map(_examples, lines)),
    )


@dataclass(slots=True)
class _Counted:
    """One entry, and how much of it holds."""

    step: Slug | None
    always: bool
    """Whether the cell has the entry even if none of its lines holds."""
    lines: int = 0
    statements: int = 0

    @property
    def parts(self) -> int:
        """Return how much the entry adds to the total `parts`."""
        return (self.statements or 1) if self.lines or self.always else 0

    @property
    def emptied(self) -> bool:
        """Return whether nothing of the entry holds any longer."""
        return not self.lines and not self.always


class RungTotals:
    """The running totals of one place. Rungs are added from the lowest up."""

    def __init__(self) -> None:
        self._best: dict[str, tuple[Line, _Counted]] = {}
        """The line that holds, by its key, and its entry. The nearest line is the last."""
        self._summaries: list[Line] = []
        """Summaries, the nearest last. Some of the others may hold no longer."""
        self._nearest: _Counted | None = None
        self._emptied: Counter[Slug | None] = Counter()
        """The emptied entries by the step they name: a cell has those that name its step."""
        self._wanted = self._statements = self._parts = self._examples = 0

    def add(self, entries: Sequence[Entry]) -> None:
        """Add the entries of the next rung up, of which the nearest is the first."""
        for entry in reversed(entries):
            said = entry.said
            counted = self._nearest = _Counted(entry.step, not said.lines or said.own_examples > 0)
            self._examples += said.own_examples
            self._parts += counted.parts
            for line in reversed(said.lines):
                self._add_line(line, counted)
            if counted.emptied:
                self._emptied[counted.step] += 1

    def _add_line(self, line: Line, counted: _Counted) -> None:
        other = self._best.get(line.key)
        if other is not None:
            if other[0].strength < line.strength:
                return
            del self._best[line.key]
            self._count(*other, -1)
            if other[1].emptied:
                self._emptied[other[1].step] += 1
        self._best[line.key] = line, counted
        self._count(line, counted, 1)
        if line.kind == SUMMARY:
            self._summaries.append(line)

    def _count(self, line: Line, counted: _Counted, number: int) -> None:
        self._parts -= counted.parts
        counted.lines += number
        if line.statement is not None:
            counted.statements += number
            self._statements += number
            self._examples += number * len(line.statement.examples)
        if line.counts_as != "unwanted":
            self._wanted += number
        self._parts += counted.parts

    def at(self, step: Slug | None, texts: Iterable[Entry]) -> Totals | None:
        """Return the totals of a level with this step, and the texts of that step.

        None if one of these texts counts more than the same text of an expectation, which it then replaces.
        """
        found: dict[str, Line] = {}
        parts = examples = 0
        for entry in texts:
            fresh: list[Line] = []
            for line in entry.said.lines:
                other = found.get(line.key) or self._best.get(line.key, (None,))[0]
                if other is None:
                    found[line.key] = line
                    fresh.append(line)
                elif line.strength < other.strength:
                    return None
            if fresh or entry.said.own_examples or not entry.said.lines:
                parts += sum([line.statement is not None for line in fresh]) or 1
                examples += entry.said.own_examples + sum(map(_examples, fresh))
        return self._totals(step, tuple(found.values()), parts, examples)

    def _totals(self, step: Slug | None, added: Sequence[Line], parts: int, examples: int) -> Totals:
        """Return the totals with the lines that the text of the step adds."""
        summary = self._summary() or next((line.text for line in added if line.kind == SUMMARY), None)
        more = [line.text for line in added if line.counts_as != "unwanted"]
        lines = () if summary else self._first_lines(more)
        if step is not None:
            parts += self._emptied[step]
        nearest = self._nearest
        if nearest is not None and nearest.emptied and (step is None or nearest.step != step):
            parts += (
                1  # what says that something is asked is shown, even if others say the same more strongly
            )
        return Totals(
            summary,
            lines,
            0 if summary else self._wanted + len(more) - len(lines),
            self._statements + sum([line.statement is not None for line in added]),
            self._parts + parts,
            self._examples + examples,
        )

    def _summary(self) -> str | None:
        """Return the nearest summary that holds."""
        while self._summaries:
            line = self._summaries[-1]
            if self._best[line.key][0] is line:
                return line.text
            self._summaries.pop()
        return None

    def _first_lines(self, more: Sequence[str]) -> tuple[str, ...]:
        """Return the first lines that are wanted; `more` come last."""
        if not self._wanted:
            return tuple(more[:_MOST_LINES])
        held = (line.text for line, _ in reversed(self._best.values()) if line.counts_as != "unwanted")
        shown = tuple(islice(held, _MOST_LINES))
        return shown + tuple(more[: _MOST_LINES - len(shown)])


def _examples(line: Line) -> int:
    """Return the number of examples of a line that is a statement."""
    return 0 if line.statement is None else len(line.statement.examples)
