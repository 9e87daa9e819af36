"""What was worked out and may be asked for again, up to a bound."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class Bounded(Generic[Key, Found]):
    """Values by key, for many threads; those asked for least recently go where there is no room.

    Two threads that ask for the same at the same time may both make it, so it must be the same whoever does.
    """

    def __init__(self, most: int, weigh: Callable[[Found], int]) -> None:
        """Hold values of up to `most` in all, and the last one in any case; `weigh` says what one counts."""
        self._most, self._weigh = most, weigh
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[Found, int]] = OrderedDict()
        self._held = 0

    def find(self, key: Key) -> Found | None:
        """The value that has this key; None where it is not there."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        try:  # noqa: SIM105 - a context manager would cost more than the look-up
            self._kept.move_to_end(key)
        except KeyError:  # gone in this very moment
            pass
        return kept[0]

    def get(self, key: Key, make: Callable[[], Found]) -> Found:
        """The value that has this key, made where it is not there."""
        found = self.find(key)
        if found is not None:
            return found
        made = make()
        weight = self._weigh(made)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made, weight
                self._held += weight
            while self._held > self._most and len(self._kept) > 1:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone
        return made
