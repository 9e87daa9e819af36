"""Each possible next level with all that a reader wants to know: the way, the gap, points, and guidance."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.related import related
from app.rubric.text import folded
from app.rubric.views.demands import Demands, LevelDemands
from app.rubric.views.description import Described, descriptions
from app.rubric.views.gap import LevelGap, gap
from app.rubric.views.progression import Move, moves
from app.rubric.views.scoring import Scoring

TOP: Final = "There is no next level: nothing in this ladder is above it or beside it."
"""Said if there is no way to go on."""
UNORDERED: Final = "The levels of this track have no order, so this ladder does not say which comes next."
"""Said of a level on a track without order."""


@dataclass(frozen=True, slots=True)
class NextLevel:
    """A possible next level, seen from the current one."""

    move: Move
    gap: LevelGap
    points_here: int | float | None
    """Points that the current level asks for; None if the ladder counts none."""
    points: int | float | None
    """Points that the next level asks for."""
    described: tuple[Described, ...]
    """The differences between the two levels' own descriptions."""
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
        return moves(self._demands.inheritance, self.level)

    @property
    def note(self) -> str | None:
        """Return why the ladder does not say what comes next, in a sentence; None if it does."""
        if not self.index.is_ordered(self.level.track):
            return UNORDERED
        return None if self.moves else TOP

    def in_group(self, group: str | None) -> tuple[Move, ...]:
        """Return the ways to tracks of a group, by a name that looks like it; all if it is None."""
        if group is None:
            return self.moves
        tracks, wanted = self.index.tracks, folded(group)
        named = {slug for slug, track in tracks.items() if folded(track.group or "") == wanted}
        return tuple(move for move in self.moves if move.level.track in named)

    def told(self, move: Move, competency: str | None = None) -> NextLevel:
        """Return a way with what it asks in addition, in one competency or in all."""
        there = self._demands.of(move.level)
        node = self.index.find("level", move.level.slug)
        assert node is not None  # noqa: S101 - it was read from this index
        return NextLevel(
            move,
            gap(self._demands, self._here, there, competency),
            self._points,
            self._scoring.asked(there),
            tuple(
                one
                for one in descriptions((self.index, self.level), (self.index, move.level))
                if one.change != "same"
            ),
            related(self.index, node, "faqs"),
            related(self.index, node, "tips"),
        )

    @cached_property
    def _demands(self) -> Demands:
        return self.index.once(Demands)

    @cached_property
    def _scoring(self) -> Scoring:
        return self.index.once(Scoring)

    @cached_property
    def _points(self) -> int | float | None:
        return self._scoring.asked(self._here)

    @cached_property
    def _here(self) -> LevelDemands:
        return self._demands.of(self.level)
