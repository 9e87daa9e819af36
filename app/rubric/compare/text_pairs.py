"""The texts of two cells side by side: which went on as which, and word by word what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile
from typing import Literal, NamedTuple

from app.rubric.compare.demand_texts import Part, Said, Saying, Sayings
from app.rubric.diff.pairing import Pair, pair_alike, pair_equal
from app.rubric.diff.word_diff import Op, edits
from app.rubric.index import Index
from app.rubric.views.demands import Demand

TextChange = Literal["new", "changed", "same", "dropped"]
RunChange = Literal["new", "same", "dropped"]


@dataclass(frozen=True)
class ComparedText:
    """A summary or statement that is asked before, after, or both."""

    part: Part
    change: TextChange
    before: Said | None
    after: Said | None

    @cached_property
    def words(self) -> tuple[tuple[Op, str], ...]:
        """The way from one text to the other, word by word; empty if it came, went or stayed as a whole."""
        if self.before is None or self.after is None or self.before.text == self.after.text:
            return ()
        return tuple(edits(self.before.text, self.after.text))


class Run(NamedTuple):
    """Summaries, or statements, of expectations that came, went or stayed as wholes."""

    part: Part
    change: RunChange
    sayings: list[Saying]
    """The text of each; None if it has no text."""

    def texts(self) -> Iterator[ComparedText]:
        """Give each text."""
        part, change, sayings = self
        for saying in sayings:
            for one in saying.texts(part):
                before, after = None if change == "new" else one, None if change == "dropped" else one
                yield ComparedText(part, change, before, after)


@dataclass(frozen=True)
class Texting:
    """The texts of cells of two ladders, side by side."""

    before: Sayings
    after: Sayings
    kin: bool
    """True if the two are one ladder, perhaps in two releases."""

    @classmethod
    def of(cls, before: Index, after: Index) -> "Texting":
        """That of two ladders, which may be one."""
        kin = before.nodes[0].uuid == after.nodes[0].uuid
        return cls(before.once(Sayings), after.once(Sayings), kin)

    def between(self, was: Demand | None, now: Demand | None) -> "Texts":
        """Return what puts the texts of two cells that answer to each other side by side.

        The texts of two different steps are not compared: those of the one go, those of the other come. An upper
        level often asks what a lower one does, and more: what is last on both sides is the same, and needs no
        pairing, unless it could as well be paired with something further up.
        """
        before, after = self.before.of(was), self.after.of(now)
        left: list[Saying] = []
        come: list[Saying] = []
        if was is not None and now is not None and was.step != now.step:
            before, left = _split(before)
            after, come = _split(after)
        ends = zip(reversed(before), reversed(after), strict=False)
        stayed = len(list(takewhile(lambda pair: pair[0] == pair[1], ends)))
        gone, both = before[: len(before) - stayed], before[len(before) - stayed :]
        fresh = after[: len(after) - stayed]
        names = frozenset[str]().union(*(one.names for one in both))
        if all(names.isdisjoint(one.names) for one in chain(gone, fresh)):
            return Texts(gone, fresh, both, left, come, self.kin)
        return Texts(before, after, [], left, come, self.kin)


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of two cells: those of which it has to be found out which went on as which, and those that stayed."""

    before: list[Saying]
    after: list[Saying]
    both: list[Saying]
    """The texts that both cells ask in the same words, after all others."""
    left: list[Saying]
    """The texts of the step before, if the step is another after."""
    come: list[Saying]
    """The texts of the step after, if it is another."""
    kin: bool
    """True if the cells are of one ladder, perhaps in two releases."""

    def pieces(self) -> list[Run | ComparedText]:
        """Summaries, then statements: those in force after, in their order, then those that are dropped."""
        return [*self._pieces("summary"), *self._pieces("statement")]

    def differing(self) -> set[TextChange]:
        """Return in which ways asked texts differ; `changed` also means a text that replaces another."""
        return self._differing("summary") | self._differing("statement")

    def _pieces(self, part: Part) -> list[Run | ComparedText]:
        before, after, both = (_saying(part, side) for side in (self.before, self.after, self.both))
        come, left = _saying(part, self.come), _saying(part, self.left)
        stayed = [Run(part, "same", both)] if both else []
        stayed += [Run(part, "new", come)] if come else []
        ended = [Run(part, "dropped", left)] if left else []
        if before and after:
            pairs = list(self._paired(part, _said(part, before), _said(part, after)))
            gone = [text for text in pairs if text.change == "dropped"]
            return [*pairs[: len(pairs) - len(gone)], *stayed, *gone, *ended]
        new = [Run(part, "new", after)] if after else []
        return [*new, *stayed, *([Run(part, "dropped", before)] if before else []), *ended]

    def _paired(self, part: Part, was: Sequence[Said], now: Sequence[Said]) -> Iterator[ComparedText]:
        pairs = {j: i for i, j in self._pairs(was, now)}
        for j, after in enumerate(now):
            before = was[pairs[j]] if j in pairs else None
            yield ComparedText(part, _text_change(before, after), before, after)
        for i in sorted(set(range(len(was))) - set(pairs.values())):
            yield ComparedText(part, "dropped", was[i], None)

    def _pairs(self, was: Sequence[Said], now: Sequence[Said]) -> list[Pair]:
        """Return which text went on as which: within one ladder by slug, then the same, then the most alike."""
        if was == now:
            return [(place, place) for place in range(len(now))]
        known = self._born(was, now)
        left, right = _rest(len(was), len(now), known)
        alike = pair_alike([was[i].text for i in left], [now[j].text for j in right])
        return [*known, *((left[i], right[j]) for i, j in alike)]

    def _differing(self, part: Part) -> set[TextChange]:
        was, now = _asked(part, self.before), _asked(part, self.after)
        if not (was and now):
            return {"new"} if now else {"dropped"} if was else set()
        if was == now:
            return set()
        pairs = self._born(was, now)
        left, right = _rest(len(was), len(now), pairs)
        same = pair_equal([was[i].text for i in left], [now[j].text for j in right])
        pairs += ((left[i], right[j]) for i, j in same)
        changes: set[TextChange] = {"changed" for i, j in pairs if was[i].text != now[j].text}
        gone, come = len(was) > len(pairs), len(now) > len(pairs)
        if gone or come:
            changes.add("changed" if gone and come else "new" if come else "dropped")
        return changes

    def _born(self, was: Sequence[Said], now: Sequence[Said]) -> list[Pair]:
        """Within one ladder, the places of statements that were born with the same slug."""
        if not self.kin or not any(one.slug for one in was):
            return []
        return pair_equal([one.slug for one in was], [one.slug for one in now])


def _saying(part: Part, sayings: list[Saying]) -> list[Saying]:
    """Return those that have such a part."""
    return [one for one in sayings if one.texts(part)]


def _said(part: Part, sayings: list[Saying]) -> list[Said]:
    return [said for one in sayings for said in one.texts(part)]


def _split(sayings: list[Saying]) -> tuple[list[Saying], list[Saying]]:
    """Return the texts of expectations, and those of steps."""
    steps = [one for one in sayings if not one.source.startswith("expectation:")]
    return [one for one in sayings if one.source.startswith("expectation:")], steps


def _asked(part: Part, sayings: list[Saying]) -> list[Said]:
    return [said for said in _said(part, sayings) if said.counts_as == "asked"]


def _rest(before: int, after: int, pairs: Sequence[Pair]) -> tuple[list[int], list[int]]:
    """Return the places on either side, of so many, that are not in any pair."""
    taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
    return [i for i in range(before) if i not in taken], [j for j in range(after) if j not in found]


def _text_change(before: Said | None, after: Said) -> TextChange:
    if before is None:
        return "new"
    same = before.text == after.text and (before.kind or "core") == (after.kind or "core")
    return "same" if same else "changed"
