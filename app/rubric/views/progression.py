"""The levels that can come next: promotion on the level's own track, and changing to another track.

Tracks meet by written rank. A fork (a track that `extends` another) has the earlier rungs of that track as its own,
so one can step onto it where it leaves, and back at equal or next rank. On a track without order nothing is a
promotion. What each step asks in addition is in `gap.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Level
from app.rubric.text import folded

How = Literal["promotion", "switch"]
"""The next rung of the same track, or of a track that continues where this one ends; a rung of another track."""
RankStep = Literal["equal", "next"]
"""The rank of the other level: the same, or the next one up."""


@dataclass(frozen=True, slots=True)
class Move:
    """One way to go on from a level."""

    level: Level
    """The level that it leads to."""
    how: How
    rank: RankStep


def moves(inheritance: Inheritance, level: Level) -> tuple[Move, ...]:
    """Return the levels that can come next: promotion first, then other tracks, the same group first, by rank.

    Changing track leads to a level of equal rank, or to the track's next one above; not past the next rank, so that
    no way skips a rung. Empty at the top of a ladder of one track.
    """
    index = inheritance.index
    promoted = _promotion(inheritance, level)
    farthest = _next_rank(index, level, promoted)
    found: dict[str, Move] = {}
    if promoted is not None:
        found[promoted.slug] = Move(promoted, "promotion", "next")
    for track in {**index.tracks, **index.levels_of}:
        if track == level.track:
            continue
        goes_on = promoted is None and any(rung.slug == level.slug for rung in inheritance.rungs(track))
        for other, rank in _near(inheritance, track, level):
            if other.track != level.track and (goes_on or index.ranks[other.slug] <= farthest):
                found.setdefault(other.slug, Move(other, "promotion" if goes_on else "switch", rank))
    return tuple(sorted(found.values(), key=lambda move: _nearness(index, level, move)))


def _promotion(inheritance: Inheritance, level: Level) -> Level | None:
    """Return the next rung of the level's own track."""
    ranks = inheritance.index.ranks
    above = (rung for rung in inheritance.rungs(level.track) if ranks[rung.slug] > ranks[level.slug])
    return next(above, None)


def _near(inheritance: Inheritance, track: str, level: Level) -> Iterator[tuple[Level, RankStep]]:
    """Give the rung of another track at equal rank, and the next one above; both ranks are written."""
    if level.rank is None:
        return
    rungs = [(rung, rung.rank) for rung in inheritance.rungs(track) if rung.rank is not None]
    yield from ((rung, "equal") for rung, rank in rungs if rank == level.rank)
    above = next((rung for rung, rank in rungs if rank > level.rank), None)
    if above is not None:
        yield above, "next"


def _next_rank(index: Index, level: Level, promoted: Level | None) -> float:
    """Return up to which rank a change of track leads.

    The rank of a promotion, or the next one that the ladder has, or a whole rank up if half ones lie between.
    """
    here = index.ranks[level.slug]
    written = (one.rank for one in index.levels.values() if one.rank is not None)
    above = min((rank for rank in written if rank > here), default=here)
    return max(above, here + 1, here if promoted is None else index.ranks[promoted.slug])


def _nearness(index: Index, level: Level, move: Move) -> tuple[bool, bool, float]:
    """Return a key that orders ways; those that are equally near stay in the order of tracks."""
    own, other = index.tracks.get(level.track), index.tracks.get(move.level.track)
    groups = ["" if track is None else folded(track.group or "") for track in (own, other)]
    return move.how != "promotion", groups[0] != groups[1], index.ranks[move.level.slug]
