"""The sources of a level's expectations: the tracks that its own track extends, and the rungs below it.

A track that `extends` another inherits its expectations at equal rank. Two levels of different tracks have equal rank
only if both ranks are written. The other track's levels below the lowest rank of this one are its earlier rungs (a
fork): they come below its own levels in a `cumulative` ladder, and before its first level on the way up. A track
without order has no rungs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.rubric.index import Index
from app.rubric.ladder import Level


@dataclass(frozen=True)
class Inheritance:
    """The tracks and ranks of one ladder. Names that lead nowhere, and circles, end the way."""

    index: Index

    def sources(self, level: str) -> tuple[str, ...]:
        """Return the level itself, then those of equal rank that it inherits from, the nearest first."""
        known = self._sources_of  # looked at once: another thread may make another
        if level not in known:
            known[level] = tuple(self._sources(level))
        return known[level]

    def _sources(self, level: str) -> Iterator[str]:
        yield level
        here = self.index.levels.get(level)
        if here is None or here.rank is None:
            return
        for track in self.ancestors(here.track):
            found = self._by_rank.get((track, here.rank))
            if found is not None:
                yield found.slug

    def heirs(self, level: str) -> tuple[str, ...]:
        """Return the levels that inherit from this one at equal rank, in document order."""
        return self._heirs.get(level, ())

    def below(self, level: str) -> tuple[Level, ...]:
        """Return the rungs below a level, the highest first: of its own track, then the earlier ones of a fork."""
        here = self.index.levels.get(level)
        if here is None:
            return ()
        rank = self.index.ranks[level]
        return tuple(rung for rung in reversed(self.rungs(here.track)) if self.index.ranks[rung.slug] < rank)

    def rungs(self, track: str) -> tuple[Level, ...]:
        """Return all rungs of a track, the lowest first: the earlier ones of a fork, then its own."""
        return self._rungs_of.get(track, ())

    def ancestors(self, track: str) -> Iterator[str]:
        """Give the tracks that a track extends, the nearest first."""
        seen = {track}
        here = self.index.tracks.get(track)
        while here is not None and here.extends is not None and here.extends not in seen:
            yield here.extends
            seen.add(here.extends)
            here = self.index.tracks.get(here.extends)

    def _rungs(self, track: str, seen: frozenset[str]) -> tuple[Level, ...]:
        if not self.index.is_ordered(track):
            return ()
        ranks = self.index.ranks
        own = tuple(sorted(self.index.levels_of.get(track, ()), key=lambda level: ranks[level.slug]))
        here = self.index.tracks.get(track)
        if here is None or here.extends is None or here.extends in seen | {track}:
            return own
        lowest = own[0].rank if own else None
        if lowest is None:
            return own
        earlier = self._rungs(here.extends, seen | {track})
        return tuple(level for level in earlier if level.rank is not None and level.rank < lowest) + own

    @cached_property
    def _rungs_of(self) -> Mapping[str, tuple[Level, ...]]:
        return {
            track: self._rungs(track, frozenset()) for track in {**self.index.tracks, **self.index.levels_of}
        }

    @cached_property
    def _sources_of(self) -> dict[str, tuple[str, ...]]:
        """Return what was found so far, because each place of a level asks again."""
        return {}

    @cached_property
    def _by_rank(self) -> Mapping[tuple[str, float], Level]:
        """The level of each track at each written rank.

        A draft may hold two of one rank on a track, which the rule `duplicate-rank` keeps out of releases: the first
        one counts.
        """
        found: dict[tuple[str, float], Level] = {}
        for one in self.index.levels.values():
            if one.rank is not None:
                found.setdefault((one.track, one.rank), one)
        return found

    @cached_property
    def _heirs(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for level in self.index.levels:
            for source in self.sources(level):
                if source != level:
                    found[source].append(level)
        return {source: tuple(levels) for source, levels in found.items()}
