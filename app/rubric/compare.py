"""Two levels side by side: what the one asks that the other does not, in each competency and facet.

Compared is what is in force, so in a `cumulative` ladder the difference of two rungs is what the upper one adds. The
levels may be of one ladder, of two releases, or of two ladders; `counterparts` says what answers to what. Exchanging
the two turns new into dropped and raised into lowered, and leaves same and changed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from app.rubric.counterparts import By, counterparts
from app.rubric.diff.alike import Pair, pair_alike, pair_equal
from app.rubric.diff.words import Op, edits
from app.rubric.effective import EffectiveCell, Effectives, Place
from app.rubric.entities import expectation_slug, first_slug
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.parts import Match, Statement
from app.rubric.steps import StepChange, StepOn, step_change
from app.rubric.text import Slug

CellChange = Literal["new", "raised", "changed", "same", "lowered", "dropped"]
"""Asked after only; asks more: a higher step, or required where it was optional, or only more texts; asks something
else; nothing differs; asks less; asked before only."""
TextChange = Literal["new", "changed", "same", "dropped"]
Part = Literal["summary", "statement"]

CELL_CHANGES: Final[tuple[CellChange, ...]] = get_args(CellChange)
_UP: Final = frozenset({"new", "raised"})
_DOWN: Final = frozenset({"dropped", "lowered"})


@dataclass(frozen=True, slots=True)
class Said:
    """A text in force at a level, and where it comes from."""

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


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """What two levels ask in one competency as a whole, or in one facet."""

    before: EffectiveCell | None
    """What the level before asks; None where its ladder has no such competency or facet."""
    after: EffectiveCell | None
    by: By | None
    """How the competencies or facets were matched; None for what one ladder alone has."""
    match: Match | None
    """How near they are, where an alignment says so."""
    change: CellChange
    step: StepChange | None
    """What became of the step; None where neither asks one."""
    texts: tuple[ComparedText, ...]
    """Summaries, then statements: those in force after, in their order, then those that are dropped."""


@dataclass(frozen=True)
class Side:
    """A level, and the ladder it is of."""

    effectives: Effectives
    level: Level

    @property
    def index(self) -> Index:
        """The look-up over its ladder."""
        return self.effectives.index


@dataclass(frozen=True)
class Comparison:
    """Two levels side by side, in every competency and facet of which either says anything."""

    before: Side
    after: Side
    cells: tuple[ComparedCell, ...]

    @cached_property
    def counts(self) -> dict[CellChange, int]:
        """How many cells there are of each change."""
        found = Counter(cell.change for cell in self.cells)
        return {change: found[change] for change in CELL_CHANGES}


def compare(before: Side, after: Side) -> Comparison:
    """Compare what is in force at two levels."""
    ours = {(one.competency, one.facet): one for one in before.effectives.of(before.level).cells}
    theirs = {(one.competency, one.facet): one for one in after.effectives.of(after.level).cells}
    pair = _Pair(before.index, after.index)
    cells: list[ComparedCell] = []
    for one in counterparts(before.effectives, after.effectives):
        was, now = _cell(ours, one.before), _cell(theirs, one.after)
        if any(cell is not None and cell.state != "absent" for cell in (was, now)):
            cells.append(pair.cell(was, now, one.by, one.match))
    return Comparison(before, after, tuple(cells))


def _cell(cells: dict[Place, EffectiveCell], place: Place | None) -> EffectiveCell | None:
    return None if place is None else cells[place]


@dataclass(frozen=True)
class _Pair:
    """The two ladders that cells are compared in."""

    before: Index
    after: Index

    @cached_property
    def kin(self) -> bool:
        """Whether they are one ladder, perhaps in two releases."""
        return self.before.nodes[0].uuid == self.after.nodes[0].uuid

    def cell(
        self, was: EffectiveCell | None, now: EffectiveCell | None, by: By | None, match: Match | None
    ) -> ComparedCell:
        """Compare two cells that answer to each other."""
        step = step_change(_step(self.before, was), _step(self.after, now), kin=self.kin)
        texts = (
            *self._texts("summary", _summaries(was), _summaries(now)),
            *self._texts("statement", _statements(was), _statements(now)),
        )
        return ComparedCell(was, now, by, match, _change(was, now, step, texts), step, texts)

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
        known = pair_equal([one.slug for one in was], [one.slug for one in now]) if self.kin else []
        taken, found = {i for i, _ in known}, {j for _, j in known}
        left = [i for i in range(len(was)) if i not in taken]
        right = [j for j in range(len(now)) if j not in found]
        alike = pair_alike([was[i].text for i in left], [now[j].text for j in right])
        return [*known, *((left[i], right[j]) for i, j in alike)]


def _step(index: Index, cell: EffectiveCell | None) -> StepOn:
    return (None, None) if cell is None else (index.scale_of(cell.competency, cell.facet), cell.step)


def _summaries(cell: EffectiveCell | None) -> list[Said]:
    """The summaries in force, the nearest first."""
    if cell is None or not cell.asked:
        return []
    held = (one.expectation for one in cell.held)
    return [Said(one.summary, None, expectation_slug(one)) for one in held if one.summary]


def _statements(cell: EffectiveCell | None) -> list[Said]:
    """The statements in force, the nearest first."""
    if cell is None or not cell.asked:
        return []
    return [
        Said(statement.text, statement.kind, address, _born(statement))
        for one in cell.held
        for address in (one.address,)
        for statement in one.expectation.statements
    ]


def _born(statement: Statement) -> Slug | None:
    return None if statement.slug is None else first_slug(statement.slug, statement.formerly)


def _text_change(before: Said | None, after: Said) -> TextChange:
    if before is None:
        return "new"
    same = before.text == after.text and (before.kind or "core") == (after.kind or "core")
    return "same" if same else "changed"


def _change(
    was: EffectiveCell | None,
    now: EffectiveCell | None,
    step: StepChange | None,
    texts: Sequence[ComparedText],
) -> CellChange:
    """What all that differs in a cell comes to: steps and applicability first, then the texts."""
    asked, asks = was is not None and was.asked, now is not None and now.asked
    if was is None or now is None or not (asked and asks):
        if asked or asks:
            return "new" if asks else "dropped"
        return "same" if _said(was) == _said(now) else "changed"
    told = {step, _applicability(was, now)}
    up, down, other = bool(told & _UP), bool(told & _DOWN), "unlike" in told
    if not (up or down or other):
        changes = {text.change for text in texts} - {"same"}
        up, down, other = changes == {"new"}, changes == {"dropped"}, bool(changes)
        return "raised" if up else "lowered" if down else "changed" if other else "same"
    if other or (up and down):
        return "changed"
    return "raised" if up else "lowered"


def _said(cell: EffectiveCell | None) -> str | None:
    return None if cell is None or cell.state == "absent" else cell.applicability


def _applicability(was: EffectiveCell, now: EffectiveCell) -> StepChange:
    if was.applicability == now.applicability:
        return "same"
    return "raised" if now.applicability == "required" else "lowered"
