"""Each possible next level with all that a reader wants to know of it: the way, the gap, points, and guidance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.related import related
from app.rubric.views.effective import Effective, Effectives
from app.rubric.views.gap import LevelGap, gap
from app.rubric.views.progression import Move, moves
from app.rubric.views.scoring import Scoring


@dataclass(frozen=True, slots=True)
class NextLevel:
    """A possible next level, seen from the one somebody is on."""

    move: Move
    gap: LevelGap
    points_here: int | float | None
    """Points of the steps asked at the level one is on; None where the ladder counts none."""
    points: int | float | None
    """Points of the steps asked there."""
    faqs: tuple[Node, ...]
    """Questions about it."""
    tips: tuple[Node, ...]
    """Advice about it."""


@dataclass(frozen=True)
class Onward:
    """All that can follow one level."""

    index: Index
    level: Level

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The ways to go on, in order."""
        return moves(self._effectives.inheritance, self.level)

    def told(self, chosen: Sequence[Move], competency: str | None = None) -> tuple[NextLevel, ...]:
        """Some of the ways, each with what it asks in addition, in one competency or in all."""
        return tuple(self._told(move, competency) for move in chosen)

    def _told(self, move: Move, competency: str | None) -> NextLevel:
        there = self._effectives.of(move.level)
        node = self.index.find("level", move.level.slug)
        assert node is not None  # noqa: S101 - it was read from this index
        return NextLevel(
            move,
            gap(self._effectives, self._here, there, competency),
            self._points,
            self._scoring.asked(there),
            related(self.index, node, "faqs"),
            related(self.index, node, "tips"),
        )

    @cached_property
    def _effectives(self) -> Effectives:
        return self.index.once(Effectives)

    @cached_property
    def _scoring(self) -> Scoring:
        return self.index.once(Scoring)

    @cached_property
    def _points(self) -> int | float | None:
        return self._scoring.asked(self._here)

    @cached_property
    def _here(self) -> Effective:
        return self._effectives.of(self.level)
