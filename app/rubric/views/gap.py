"""What one level asks beyond another: cell by cell, what has to be added, and what is no longer asked.

Compared is what is in force at both (see `effective.py`). A statement is the same by its identity or by its text,
without regard to case, spacing and composition; texts are not compared word by word here. Lines of kind `growth`
point beyond the level they stand at: they count as asked on neither side, and those of the level one is on are told
apart, as what to practise.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from app.rubric.index import Index
from app.rubric.ladder import Applicability, Scale
from app.rubric.parts import Statement
from app.rubric.text import Slug
from app.rubric.views.effective import Effective, EffectiveCell, Effectives, Held

Change = Literal["new", "raised", "more", "other", "less", "dropped"]
"""New: asked there and not here. Raised: a higher step, a step where none is named here, or required instead of
optional. More: further text and nothing less. Other: something further, and something else less. Less: only less.
Dropped: asked here and not there."""
CHANGES: Final[tuple[Change, ...]] = ("new", "raised", "more", "other", "less", "dropped")
GROWTH: Final = "growth"
"""The kind of statement that points to the level above."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one expectation contributes to a difference."""

    held: Held
    summary: str | None
    """Its summary, where the other level has no such."""
    statements: tuple[Statement, ...]
    """Those of its statements that the other level does not have."""


@dataclass(frozen=True, slots=True)
class CellGap:
    """A competency as a whole (`facet` is None), or a facet, in which two levels differ."""

    competency: Slug
    facet: Slug | None
    change: Change
    applicability_here: Applicability | None
    applicability: Applicability | None
    """Whether it is asked there; None where nothing is said."""
    step_here: Slug | None
    step: Slug | None
    """The step asked there; None where none is named."""
    rise: int | None
    """Steps from the one to the other, negative where it is lower; None where the scale does not tell."""
    added: tuple[Part, ...]
    """What is asked there and not here, by the expectation that says it."""
    dropped: tuple[Part, ...]
    """What is asked here and not there."""
    growth: tuple[Statement, ...]
    """What the level one is on marks as growth in this cell."""


@dataclass(frozen=True, slots=True)
class LevelGap:
    """All that one level asks beyond another, in the order of competencies, each followed by its facets."""

    cells: tuple[CellGap, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """How many cells differ in which way, every way named."""
        found = Counter(cell.change for cell in self.cells)
        return {change: found[change] for change in CHANGES}

    @property
    def statements(self) -> int:
        """How many statements are to be added."""
        return sum(len(part.statements) for cell in self.cells for part in cell.added)

    @property
    def steps(self) -> int:
        """How many steps are to be climbed in all; steps down do not count against them."""
        return sum(max(cell.rise or 0, 0) for cell in self.cells)


def gap(effectives: Effectives, here: Effective, there: Effective, competency: str | None = None) -> LevelGap:
    """What a level asks beyond another one of the same ladder, in one competency and its facets or in all.

    Cells in which nothing differs are left out.
    """
    pairs = (
        (one, other)
        for one, other in zip(here.cells, there.cells, strict=True)
        if competency in {None, one.competency} and (one.held or other.held)
    )
    found = (_cell(effectives, one, other) for one, other in pairs)
    return LevelGap(tuple(cell for cell in found if cell is not None))


def _cell(effectives: Effectives, here: EffectiveCell, there: EffectiveCell) -> CellGap | None:
    gists = effectives.index.once(_Gists)
    added, dropped = tuple(_beyond(gists, here, there)), tuple(_beyond(gists, there, here))
    rise = rise_of(effectives.index.scale_of(there.competency, there.facet), here.step, there.step)
    change = _change(here, there, rise, added, dropped)
    if change is None:
        return None
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
        tuple(_growth(here)),
    )


def _growth(cell: EffectiveCell) -> Iterator[Statement]:
    """What to practise: not what the rungs below marked so, since that is behind."""
    for held in cell.held:
        if held.how != "cumulated":
            yield from (one for one in held.expectation.statements if one.kind == GROWTH)


def rise_of(scale: Scale | None, low: str | None, high: str | None) -> int | None:
    """How many steps of a scale lie from one to another; None where it does not have both."""
    places = {} if scale is None else {step.slug: place for place, step in enumerate(scale.steps)}
    if low not in places or high not in places:
        return None
    return places[high] - places[low]


def _change(
    here: EffectiveCell,
    there: EffectiveCell,
    rise: int | None,
    added: Sequence[Part],
    dropped: Sequence[Part],
) -> Change | None:
    """In which way two cells differ; None where they ask the same."""
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


def _beyond(gists: "_Gists", here: EffectiveCell, there: EffectiveCell) -> Iterator[Part]:
    """What the other cell asks that this one does not, by expectation."""
    if not there.asked:
        return
    known = here.held if here.asked else ()
    same = {id(one.expectation) for one in known}
    fresh = [held for held in there.held if id(held.expectation) not in same]
    if not fresh:
        return
    told = [gists.of(held) for held in known]
    marks = set[str]().union(*(one.marks for one in told))
    summaries = {one.summary for one in told}
    for held in fresh:
        gist = gists.of(held)
        summary = None if gist.summary in summaries else held.expectation.summary or None
        statements = gist.statements
        if not marks.isdisjoint(gist.marks):
            statements = tuple(one for one in statements if marks.isdisjoint(_marks(one)))
        if summary is not None or statements:
            yield Part(held, summary, statements)


@dataclass(frozen=True, slots=True)
class _Gist:
    """What of an expectation is compared."""

    statements: tuple[Statement, ...]
    """Those that are asked."""
    marks: frozenset[str]
    """By what each of these is known."""
    summary: str | None
    """As it is compared; None where there is none."""


class _Gists:
    """The gists of the expectations of one ladder, each made once: many cells hold the same."""

    def __init__(self, _: Index) -> None:
        self._known: dict[int, _Gist] = {}

    def of(self, held: Held) -> _Gist:
        """That of an expectation, which lives as long as its ladder."""
        gist = self._known.get(id(held.expectation))
        if gist is None:
            statements, summary = tuple(asked_of(held)), held.expectation.summary
            marks = frozenset(mark for one in statements for mark in _marks(one))
            gist = _Gist(statements, marks, folded(summary) if summary else None)
            self._known[id(held.expectation)] = gist
        return gist


def _marks(statement: Statement) -> Iterator[str]:
    """By what a statement is the same as another: its text, or its slug. No text begins with a space as compared."""
    yield folded(statement.text)
    if statement.slug is not None:
        yield f" {statement.slug}"


def asked_of(held: Held) -> Iterator[Statement]:
    """The statements of an expectation that are asked at its level."""
    return (one for one in held.expectation.statements if one.kind != GROWTH)


@lru_cache(4_096)
def folded(text: str) -> str:
    """A text as it is compared: without regard to case, spacing and composition (Unicode NFC)."""
    plain = " ".join(text.casefold().split())
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
