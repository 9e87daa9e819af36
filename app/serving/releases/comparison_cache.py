"""Diffs and comparisons in memory, so that reading one page by page, or filtered, computes it once.

Both depend on contents alone, so the hashes of these name them for ever; a comparison also names its two levels.
"""

from typing import Final

from app.bounded_cache import Bounded
from app.rubric.compare.comparison import Comparison, Side, compare
from app.rubric.diff import Diff, diff
from app.serving.releases.loaded_releases import DRAFT, Loaded

_CHANGE: Final = 3_000
"""Bytes of memory for each change of a diff (measured)."""
_ENTITY: Final = 2_500
"""Bytes of memory for each entity of a ladder that a comparison holds on to (measured)."""
_CELL: Final = 500
"""Bytes of memory for each cell of a comparison, and for each text in it (measured)."""


class Diffs:
    """A store of diffs, bounded by estimated bytes; the last diff is kept in any case."""

    def __init__(self, limit: int) -> None:
        self._kept: Bounded[tuple[str, str], Diff] = Bounded(
            limit, lambda found: _CHANGE * (1 + found.counts.total_count)
        )

    def get(self, before: Loaded, after: Loaded) -> Diff:
        """Return the diff of two ladders."""
        key = before.content_sha256, after.content_sha256
        return self._kept.get(key, diff, before.index, after.index)


class Comparisons:
    """A store of comparisons of two levels of releases, bounded by estimated bytes; the last is kept in any case.

    A comparison refers to both ladders, so these count too. If one of them is loaded again, the comparison is made
    again. Comparisons of drafts are not kept, because every edit would leave a ladder behind.
    """

    def __init__(self, limit: int) -> None:
        self._kept: Bounded[tuple[str, str, str, str], Comparison] = Bounded(limit, memory_of)

    def get(self, before: tuple[Loaded, Side], after: tuple[Loaded, Side]) -> Comparison:
        """Return the comparison of two levels, each given with its ladder."""
        (one, here), (other, there) = before, after
        if DRAFT in {one.label, other.label}:
            return compare(here, there)
        key = one.content_sha256, here.level.slug, other.content_sha256, there.level.slug
        found = self._kept.find(key)
        if found is not None and found.before.index is here.index and found.after.index is there.index:
            return found
        return self._kept.put(key, compare(here, there))


def memory_of(found: Comparison) -> int:
    """Return the estimated bytes of a comparison and its ladders."""
    one, other = found.before.index, found.after.index
    entities = len(one.nodes) + (0 if one is other else len(other.nodes))
    return _CELL * (len(found.cells) + found.most_texts) + _ENTITY * entities
