"""The cache of finished answers: bounded in bytes, the least recently used evicted first, safe against floods.

Two queues (segmented LRU, Karedla 1994): a new answer is on probation; one that is requested again is protected. A
flood of URLs that are requested once passes through probation and evicts no hot answer.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from app.serving.answers.representation import Representation
from app.serving.releases.catalog import Catalog, Reference

_PROTECTED_SHARE: Final = 0.8


@dataclass(slots=True)
class CachedAnswer:
    """A representation, and the conditions under which it is still the answer."""

    representation: Representation
    reads: tuple[tuple[Reference, str], ...]
    """Each unpinned reference that was resolved, with the identity of the release it meant."""
    across: bool
    """True if the answer depends on all ladders."""
    catalog: Catalog | None
    """The catalog for which the answer was last known to hold; None if no catalog matters."""
    pinned: tuple[str, ...] = ()
    """Identities of the releases that a pinned answer was read from. Later deprecations of them are sent with it."""
    size: int = 0
    """Bytes counted for it while it is in the cache, with its key; else 0."""
    key_size: int = 0
    protected: bool = False

    def holds(self, catalog: Catalog) -> bool:
        """Return whether this is still the answer under another catalog; if so, remember the catalog."""
        if self.across:
            return False
        for reference, identity in self.reads:
            if catalog.peek(reference) != identity:
                return False
        self.catalog = catalog
        return True


class AnswerCache:
    """Cached answers by key; used from the event loop only, so it takes no lock."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._probation: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._protected: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._protected_size = 0
        self.size = 0
        """Bytes held."""
        self.evictions = 0

    def __len__(self) -> int:
        return len(self._probation) + len(self._protected)

    def get(self, key: str) -> CachedAnswer | None:
        """Return what is kept under a key, and count it as used."""
        kept = self._protected.get(key)
        if kept is not None:
            self._protected.move_to_end(key)
            return kept
        kept = self._probation.pop(key, None)
        if kept is not None:
            kept.protected = True
            self._protected[key] = kept
            self._protected_size += kept.size
            self._demote()
        return kept

    def put(self, key: str, kept: CachedAnswer) -> None:
        """Keep a representation on probation, unless it is larger than an eighth of the limit."""
        self.drop(key)
        kept.key_size = len(key)
        size = kept.key_size + kept.representation.size
        if size > self._limit // 8:
            return
        kept.size = size
        self._probation[key] = kept
        self.size += kept.size
        self._evict()

    def grew(self, kept: CachedAnswer) -> None:
        """Update the size after a coding was added."""
        if kept.size == 0:
            return  # too large for the cache, or already evicted
        growth = kept.key_size + kept.representation.size - kept.size
        kept.size += growth
        self.size += growth
        if kept.protected:
            self._protected_size += growth
            self._demote()
        self._evict()

    def drop(self, key: str) -> None:
        """Remove what is kept under a key."""
        kept = self._probation.pop(key, None)
        if kept is None:
            kept = self._protected.pop(key, None)
            if kept is None:
                return
            self._protected_size -= kept.size
        self._forget(kept)

    def _forget(self, kept: CachedAnswer) -> None:
        self.size -= kept.size
        kept.size = 0
        kept.protected = False

    def _demote(self) -> None:
        while self._protected_size > self._limit * _PROTECTED_SHARE and len(self._protected) > 1:
            key, kept = self._protected.popitem(last=False)
            kept.protected = False
            self._protected_size -= kept.size
            self._probation[key] = kept

    def _evict(self) -> None:
        while self.size > self._limit and len(self) > 0:
            if self._probation:
                _, kept = self._probation.popitem(last=False)
            else:
                _, kept = self._protected.popitem(last=False)
                self._protected_size -= kept.size
            self._forget(kept)
            self.evictions += 1
