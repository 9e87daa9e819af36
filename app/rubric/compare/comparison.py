"""Two levels side by side: what the one asks that the other does not, in each competency and facet.

Compared is what is in force, so in a `cumulative` ladder the difference of two rungs is what the upper one adds. The
levels may be of one ladder, of two releases, or of two ladders; `counterparts` says what answers to what. Exchanging
the two turns new into dropped and raised into lowered, and leaves same and changed.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, get_args

from app.rubric.compare.counterparts import By, counterparts
from app.rubric.compare.text_pairs import ComparedText, Run, Texting, Texts
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.parts import Match
from app.rubric.steps import StepChange, StepOn, step_change
from app.rubric.views.demands import Demand, Demands
from app.rubric.views.description import Described, descriptions
from app.rubric.views.holdings import Place

CellChange = Literal["new", "raised", "changed", "same", "lowered", "dropped"]
"""Asked after only; asks more: a higher step, or required where it was optional, or only more texts; asks something
else; nothing differs; asks less; asked before only."""

CELL_CHANGES: Final[tuple[CellChange, ...]] = get_args(CellChange)
_UP: Final = frozenset({"new", "raised"})
_DOWN: Final = frozenset({"dropped", "lowered"})


@dataclass(frozen=True)
class ComparedCell:
    """Two levels' demands in one competency as a whole, or in one facet."""

    before: Demand | None
    """The demands of the level before; None if its ladder has no such competency or facet."""
    after: Demand | None
    by: By | None
    """The way in which the competencies or facets were matched; None if only one ladder has it."""
    match: Match | None
    """The closeness of the match, if an alignment states it."""
    change: CellChange
    step: StepChange | None
    """The change of the step; None if neither asks one."""
    texting: Texts = field(repr=False, compare=False)
    """A function that pairs the texts."""

    @cached_property
    def pieces(self) -> tuple[Run | ComparedText, ...]:
        """The texts, with what came, went or stayed together in one piece.

        Worked out when they are asked for: that takes most of a comparison's time.
        """
        return tuple(self.texting.pieces())

    @cached_property
    def texts(self) -> tuple[ComparedText, ...]:
        """Summaries, then statements: those in force after, in their order, then those that are dropped."""
        found: list[ComparedText] = []
        for piece in self.pieces:
            found += piece.texts() if isinstance(piece, Run) else (piece,)
        return tuple(found)

    @property
    def most_texts(self) -> int:
        """Return how many texts there are at most: as if none were on both sides."""
        asked = (cell for cell in (self.before, self.after) if cell is not None and cell.asked)
        return sum(len(entry.lines) for cell in asked for entry in cell.entries)


@dataclass(frozen=True)
class Side:
    """A level, and the ladder it is of."""

    effectives: Demands
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
    def descriptions(self) -> tuple[Described, ...]:
        """Return what the levels say of themselves."""
        before, after = (self.before.index, self.before.level), (self.after.index, self.after.level)
        return descriptions(before, after)

    @cached_property
    def counts(self) -> dict[CellChange, int]:
        """Return how many cells there are of each change."""
        found = Counter(cell.change for cell in self.cells)
        return {change: found[change] for change in CELL_CHANGES}

    @cached_property
    def most_texts(self) -> int:
        """Return how many texts there are at most in all cells."""
        return sum(cell.most_texts for cell in self.cells)


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


def _cell(cells: dict[Place, Demand], place: Place | None) -> Demand | None:
    return None if place is None else cells[place]


@dataclass(frozen=True)
class _Pair:
    """The two ladders that cells are compared in."""

    before: Index
    after: Index

    @cached_property
    def texting(self) -> Texting:
        """Return what puts their texts side by side."""
        return Texting.of(self.before, self.after)

    def cell(
        self, was: Demand | None, now: Demand | None, by: By | None, match: Match | None
    ) -> ComparedCell:
        """Compare two cells that answer to each other."""
        texting = self.texting.between(was, now)
        step = step_change(_step(self.before, was), _step(self.after, now), kin=texting.kin)
        return ComparedCell(was, now, by, match, _change(was, now, step, texting), step, texting)


def _step(index: Index, cell: Demand | None) -> StepOn:
    return (None, None) if cell is None else (index.scale_of(cell.competency, cell.facet), cell.step)


def _change(
    was: Demand | None,
    now: Demand | None,
    step: StepChange | None,
    texting: Texts,
) -> CellChange:
    """Return what all that differs in a cell comes to: steps and applicability first, then the texts."""
    asked, asks = was is not None and was.asked, now is not None and now.asked
    if was is None or now is None or not (asked and asks):
        if asked or asks:
            return "new" if asks else "dropped"
        return "same" if _said(was) == _said(now) else "changed"
    told = {step, _applicability(was, now)}
    up, down, other = bool(told & _UP), bool(told & _DOWN), "unlike" in told
    if not (up or down or other):
        changes = texting.differing()
        up, down, other = changes == {"new"}, changes == {"dropped"}, bool(changes)
        return "raised" if up else "lowered" if down else "changed" if other else "same"
    if other or (up and down):
        return "changed"
    return "raised" if up else "lowered"


def _said(cell: Demand | None) -> str | None:
    return None if cell is None or cell.state == "absent" else cell.applicability


def _applicability(was: Demand, now: Demand) -> StepChange:
    if was.applicability == now.applicability:
        return "same"
    return "raised" if now.applicability == "required" else "lowered"
