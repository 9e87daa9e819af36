"""Diffs in memory: whoever pages through one, or filters it, has it computed once.

A diff depends on two contents alone, so their hashes name it for ever.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from app.rubric.diff import Diff, diff
from app.serving.loaded import Loaded

_MOST_CHANGES: Final = 6_000
"""How many changes the diffs that are kept hold together; one of a whole large ladder has half as many."""


class Diffs:
    """A bounded store of diffs, for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], Diff] = OrderedDict()

    def get(self, before: Loaded, after: Loaded) -> Diff:
        """All that differs between two ladders."""
        key = before.content_sha256, after.content_sha256
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = diff(before.index, after.index)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 1 and self._held > _MOST_CHANGES:
                self._kept.popitem(last=False)
        return made

    @property
    def _held(self) -> int:
        """Changes kept; a diff without any costs something too."""
        return sum(1 + found.counts.total for found in self._kept.values())
