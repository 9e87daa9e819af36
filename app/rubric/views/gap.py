"""The gap between two levels: place by place, what the one asks beyond the other, and what it no longer asks.

Both sides are what the levels ask (see `demands.py`). Only lines that count as asked are added or dropped; other
lines of the level above are listed apart, and so are the lines of the current level that point beyond it. Two lines
are the same if they have the same slug, or the same text without regard to case, spacing and composition.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.rubric.ladder import Applicability, Scale
from app.rubric.text import Slug
from app.rubric.views.demands import Demand, Demands, LevelDemands
from app.rubric.views.holdings import Entry
from app.rubric.views.lines import Line, Lines, Marked

Change = Literal["new", "raised", "more", "other", "less", "dropped"]
"""New: asked there and not here. Raised: a higher step, a step where none is named here, or required instead of
optional. More: further text and nothing less. Other: something further, and something else less. Less: only less.
Dropped: asked here and not there."""
CHANGES: Final[tuple[Change, ...]] = ("new", "raised", "more", "other", "less", "dropped")


@dataclass(frozen=True, slots=True)
class CellGap:
    """A competency as a whole (`facet` is None), or a facet, in which two levels differ."""

    competency: Slug
    facet: Slug | None
    change: Change
    applicability_here: Applicability | None
    applicability: Applicability | None
    """`required`, `optional` or `not-in-use`; None if nothing is stated."""
    step_here: Slug | None
    step: Slug | None
    """The step asked there; None if none is named."""
    rise: int | None
    """Steps from the one to the other, negative if it is lower; None if the scale does not tell."""
    added: tuple[Entry, ...]
    """The lines that are asked there and not here, by source. Each entry has only these lines."""
    dropped: tuple[Entry, ...]
    """The lines that are asked here and not there."""
    unasked: tuple[Entry, ...]
    """Lines there, and not here, that are not asked: optional ones, signs, what is unwanted."""
    ahead: tuple[Line, ...]
    """Lines here that point beyond the level: what to practise."""


@dataclass(frozen=True, slots=True)
class LevelGap:
    """All that one level asks beyond another, in the order of competencies, each followed by its facets."""

    cells: tuple[CellGap, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """The number of cells by change, every change named."""
        found = Counter(cell.change for cell in self.cells)
        return {change: found[change] for change in CHANGES}

    @property
    def statements(self) -> int:
        """The number of statements that are added."""
        return sum(len(entry.statements) for cell in self.cells for entry in cell.added)

    @property
    def steps(self) -> int:
        """The number of steps to climb in all; steps down do not count against them."""
        return sum(max(cell.rise or 0, 0) for cell in self.cells)


def gap(demands: Demands, here: LevelDemands, there: LevelDemands, competency: str | None = None) -> LevelGap:
    """Return what a level asks beyond another one of the same ladder, in one competency and its facets or in all.

    Cells without a difference are left out.
    """
    pairs = (
        (one, other)
        for one, other in zip(here.cells, there.cells, strict=True)
        if competency in {None, one.competency} and (one.entries or other.entries)
    )
    found = (_cell(demands, one, other) for one, other in pairs)
    return LevelGap(tuple(cell for cell in found if cell is not None))


def rise_of(scale: Scale | None, low: str | None, high: str | None) -> int | None:
    """Return how many steps of a scale lie from one to another; None if it does not have both."""
    places = {} if scale is None else {step.slug: place for place, step in enumerate(scale.steps)}
    if low not in places or high not in places:
        return None
    return places[high] - places[low]


def _cell(demands: Demands, here: Demand, there: Demand) -> CellGap | None:
    rise = rise_of(demands.index.scale_of(*there.place), here.step, there.step)
    added, dropped = _fresh(here, there, _asked), _fresh(there, here, _asked)
    if rise:  # whoever reaches a higher step need not give up the lower one
        added, dropped = (added, _without_steps(dropped)) if rise > 0 else (_without_steps(added), dropped)
    change = _change(here, there, rise, added, dropped)
    if change is None:
        return None
    ahead = (
        line
        for entry in here.entries
        if entry.origin != "cumulated"
        for line in entry.said.unasked.lines
        if line.counts_as == "ahead"
    )
    return CellGap(
        there.competency,
        there.facet,
        change,
        here.applicability,
        there.applicability,
        here.step,
        there.step,
        rise,
        added,
        dropped,
        _fresh(here, there, _unasked),
        tuple(ahead),
    )


def _change(
    here: Demand, there: Demand, rise: int | None, added: Sequence[Entry], dropped: Sequence[Entry]
) -> Change | None:
    """Return in which way two cells differ; None if they ask the same."""
    if not here.asked or not there.asked:
        return None if here.asked == there.asked else ("new" if there.asked else "dropped")
    weights = {"optional": 0, "required": 1}
    weight = weights[there.applicability or "required"] - weights[here.applicability or "required"]
    climb = rise if rise is not None else (there.step is not None) - (here.step is not None)
    up, down = climb > 0 or weight > 0, climb < 0 or weight < 0
    if up and not down:
        return "raised"
    more, less = up or bool(added), down or bool(dropped)
    if more and less:
        return "other"
    return "more" if more else ("less" if less else None)


def _asked(said: Lines) -> Marked:
    return said.asked


def _unasked(said: Lines) -> Marked:
    return said.unasked


def _fresh(here: Demand, there: Demand, part: Callable[[Lines], Marked]) -> tuple[Entry, ...]:
    """Return one part of the lines of the other cell, as far as this one does not have them, by entry."""
    if not there.asked:
        return ()
    known = frozenset[str]().union(*[part(entry.said).marks for entry in here.entries if here.asked])
    found = ((entry, part(entry.said).without(known)) for entry in there.entries)
    return tuple(entry.with_lines(lines) for entry, lines in found if lines)


def _without_steps(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.origin != "step")
