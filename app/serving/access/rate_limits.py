"""Rate limits: token buckets, one for each caller and kind of request, counted in this process alone.

A bucket holds as many tokens as a minute may cost, and fills evenly. With several workers each counts for itself, so
that a caller may reach up to as many times the rate as there are workers: approximate, and cheap.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from app.errors import TooManyRequests

_MOST: Final = 10_000
"""Buckets kept; the one unused for longest goes first. It has filled the most, so little is forgotten with it."""
_MINUTE: Final = 60.0


class Limit:
    """A limit on how often each caller may do one kind of thing."""

    def __init__(self, a_minute: int, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(a_minute)
        self._what = what
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    @property
    def on(self) -> bool:
        """Return whether there is a limit."""
        return self._most > 0

    def take(self, caller: str) -> bool:
        """Take a token; False if the bucket is empty. Used from the event loop only, so it takes no lock."""
        if not self.on:
            return True
        now = self._clock()
        left = self._left(caller, now)
        self._buckets[caller] = (left - 1 if left >= 1 else left, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return left >= 1

    def give_back(self, caller: str) -> None:
        """Put back a token that was taken."""
        if caller in self._buckets:  # else the bucket was forgotten, and a new one is full
            now = self._clock()
            self._buckets[caller] = (min(self._left(caller, now) + 1, self._most), now)

    def spend(self, caller: str) -> None:
        """Take a token. Raises TooManyRequests if the bucket is empty, with the seconds until it is not."""
        if self.take(caller):
            return
        left, _ = self._buckets[caller]
        wait = max(math.ceil((1 - left) * _MINUTE / self._most), 1)
        raise TooManyRequests(
            f"Too many {self._what}: about {self._most:.0f} a minute are allowed. Try again in {wait} s.",
            retry_after=wait,
        )

    def _left(self, caller: str, now: float) -> float:
        left, since = self._buckets.get(caller, (self._most, now))
        return min(left + (now - since) * self._most / _MINUTE, self._most)
