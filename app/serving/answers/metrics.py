"""Counting what is served, for Prometheus.

A hot read adds to plain integers and nothing more. What was counted is handed to the Prometheus client at each
look at the database, twice a second by default; `ladder serve` sums over the workers of a host.
No label holds a ladder or a key.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.serving.answers.answer_cache import AnswerCache
from app.serving.releases.loaded_releases import LoadedReleases

_SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Meter:
    """The counts of one process."""

    def __init__(self, cache: AnswerCache, loaded: LoadedReleases) -> None:
        self.hits = 0
        """Reads answered from memory at once."""
        self.not_modified = 0
        """Those of them that were a 304."""
        self.misses = 0
        """Runs of a route."""
        self._cache = cache
        self._loaded = loaded
        self._told = {"hit": 0, "not-modified": 0, "miss": 0, "eviction": 0}
        self.registry = CollectorRegistry()
        registry = self.registry
        self._events = Counter(
            "ladder_cache", "Hot reads, 304s, route runs, evictions.", ["event"], registry=registry
        )
        self._requests = Counter(
            "ladder_requests", "Requests that were not hot reads.", ["method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "ladder_request_seconds",
            "Time of requests that were not hot reads.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._kept = _gauge("ladder_cache_bytes", "Bytes of finished answers in memory.", registry)
        self._held = _gauge("ladder_release_bytes", "Estimated bytes of loaded releases in memory.", registry)
        self._reached = _gauge(
            "ladder_workers_reaching_database", "Workers that reach the database.", registry
        )

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count a request that was not a hot read."""
        known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.observe(seconds)

    def hand_over(self, *, reached: bool) -> None:
        """Give the client what was counted since the last time."""
        now = {
            "hit": self.hits,
            "not-modified": self.not_modified,
            "miss": self.misses,
            "eviction": self._cache.evictions,
        }
        for event, total in now.items():
            if total != self._told[event]:
                self._events.labels(event).inc(total - self._told[event])
        self._told = now
        self._kept.set(self._cache.size)
        self._held.set(self._loaded.size)
        self._reached.set(1 if reached else 0)


def _gauge(name: str, text: str, registry: CollectorRegistry) -> Gauge:
    """Return a gauge that is summed over the running workers."""
    return Gauge(name, text, registry=registry, multiprocess_mode="livesum")
