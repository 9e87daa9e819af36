"""The texts of two cells side by side: which went on as which, and word by word what became of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from app.rubric.diff.alike import Pair, pair_alike, pair_equal
from app.rubric.diff.words import Op, edits
from app.rubric.effective import EffectiveCell
from app.rubric.entities import expectation_slug, first_slug
from app.rubric.index import Index
from app.rubric.ladder import Expectation
from app.rubric.parts import Statement
from app.rubric.text import Slug

TextChange = Literal["new", "changed", "same", "dropped"]
Part = Literal["summary", "statement"]


class Said(NamedTuple):
    """A text in force at a level, and where it comes from. A tuple, since it is compared and looked up very often."""

    text: str
    kind: Slug | None
    """Kind of the statement; None for a summary, and where it is not said, which means core."""
    expectation: str
    """Address of the expectation that says it."""
    slug: Slug | None = None
    """The slug that the statement was born with."""


@dataclass(frozen=True)
class ComparedText:
    """A summary or statement that is asked before, after, or both."""

    part: Part
    change: TextChange
    before: Said | None
    after: Said | None

    @cached_property
    def words(self) -> tuple[tuple[Op, str], ...]:
        """The way from one text to the other, word by word; empty where it came, went or stayed as a whole."""
        if self.before is None or self.after is None or self.before.text == self.after.text:
            return ()
        return tuple(edits(self.before.text, self.after.text))


@dataclass(frozen=True)
class Texting:
    """The texts of cells of two ladders, side by side."""

    before: "_Sayings"
    after: "_Sayings"
    kin: bool
    """Whether the two are one ladder, perhaps in two releases."""

    @classmethod
    def of(cls, before: Index, after: Index) -> "Texting":
        """That of two ladders, which may be one."""
        kin = before.nodes[0].uuid == after.nodes[0].uuid
        return cls(before.once(_Sayings), after.once(_Sayings), kin)

    def texts(self, was: EffectiveCell | None, now: EffectiveCell | None) -> tuple[ComparedText, ...]:
        """All texts of two cells that answer to each other."""
        return (
            *self._texts("summary", self.before.summaries(was), self.after.summaries(now)),
            *self._texts("statement", self.before.statements(was), self.after.statements(now)),
        )

    def differing(self, was: EffectiveCell, now: EffectiveCell) -> set[TextChange]:
        """In which ways the texts of two cells differ; `changed` stands for what goes and what comes instead, too."""
        return self._differing(self.before.summaries(was), self.after.summaries(now)) | self._differing(
            self.before.statements(was), self.after.statements(now)
        )

    def _differing(self, was: Sequence[Said], now: Sequence[Said]) -> set[TextChange]:
        if was == now:
            return set()
        pairs = self._born(was, now)
        left, right = _rest(len(was), len(now), pairs)
        same = pair_equal([was[i].text for i in left], [now[j].text for j in right])
        pairs += ((left[i], right[j]) for i, j in same)
        changes = {_text_change(was[i], now[j]) for i, j in pairs} - {"same"}
        gone, come = len(was) - len(pairs), len(now) - len(pairs)
        if gone or come:
            changes.add("changed" if gone and come else "new" if come else "dropped")
        return changes

    def _texts(self, part: Part, was: Sequence[Said], now: Sequence[Said]) -> Iterator[ComparedText]:
        pairs = {j: i for i, j in self._pairs(was, now)}
        for j, after in enumerate(now):
            before = was[pairs[j]] if j in pairs else None
            yield ComparedText(part, _text_change(before, after), before, after)
        for i in sorted(set(range(len(was))) - set(pairs.values())):
            yield ComparedText(part, "dropped", was[i], None)

    def _pairs(self, was: Sequence[Said], now: Sequence[Said]) -> list[Pair]:
        """Which text went on as which: within one ladder by slug, then the same, then the most alike."""
        if was == now:
            return [(place, place) for place in range(len(now))]
        known = self._born(was, now)
        left, right = _rest(len(was), len(now), known)
        alike = pair_alike([was[i].text for i in left], [now[j].text for j in right])
        return [*known, *((left[i], right[j]) for i, j in alike)]

    def _born(self, was: Sequence[Said], now: Sequence[Said]) -> list[Pair]:
        """Within one ladder, the places of statements that were born with the same slug."""
        if not self.kin or not any(one.slug for one in was):
            return []
        return pair_equal([one.slug for one in was], [one.slug for one in now])


class _Sayings:
    """What the expectations of one ladder say, each made once: cells of many levels hold the same."""

    def __init__(self, _: Index) -> None:
        self._summaries: dict[int, tuple[Said, ...]] = {}
        self._statements: dict[int, tuple[Said, ...]] = {}

    def summaries(self, cell: EffectiveCell | None) -> list[Said]:
        """The summaries in force in a cell, the nearest first."""
        return self._in(cell, self._summaries, _summary)

    def statements(self, cell: EffectiveCell | None) -> list[Said]:
        """The statements in force in a cell, the nearest first."""
        return self._in(cell, self._statements, _statements)

    @staticmethod
    def _in(
        cell: EffectiveCell | None,
        known: dict[int, tuple[Said, ...]],
        say: Callable[[Expectation], Iterable[Said]],
    ) -> list[Said]:
        if cell is None or not cell.asked:
            return []
        found: list[Said] = []
        for one in cell.held:
            said = known.get(id(one.expectation))  # which lives as long as its ladder
            if said is None:
                said = known.setdefault(id(one.expectation), tuple(say(one.expectation)))
            found += said
        return found


def _summary(expectation: Expectation) -> Iterator[Said]:
    if expectation.summary:
        yield Said(expectation.summary, None, expectation_slug(expectation))


def _statements(expectation: Expectation) -> Iterator[Said]:
    address = expectation_slug(expectation)
    for statement in expectation.statements:
        yield Said(statement.text, statement.kind, address, _born(statement))


def _born(statement: Statement) -> Slug | None:
    return None if statement.slug is None else first_slug(statement.slug, statement.formerly)


def _rest(before: int, after: int, pairs: Sequence[Pair]) -> tuple[list[int], list[int]]:
    """The places on either side, of so many, that are not in any pair."""
    taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
    return [i for i in range(before) if i not in taken], [j for j in range(after) if j not in found]


def _text_change(before: Said | None, after: Said) -> TextChange:
    if before is None:
        return "new"
    same = before.text == after.text and (before.kind or "core") == (after.kind or "core")
    return "same" if same else "changed"
