"""A cache of worked-out values with a bound."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, TypeVarTuple

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Given = TypeVarTuple("Given")


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
        """Return the value that has this key; None if it is not there."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        try:  # noqa: SIM105 - a context manager would cost more than the look-up
            self._kept.move_to_end(key)
        except KeyError:  # gone in this very moment
            pass
        return kept[0]

    def get(self, key: Key, make: Callable[[*Given], Found], *given: *Given) -> Found:
        """Return the value that has this key, made of what is given where it is not there.

        Two threads that make it at the same time both get the one that is kept.
        """
        kept = self._kept.get(key)
        if kept is None:
            return self._keep(key, make(*given), fresh=False)
        try:  # noqa: SIM105 - as in `find`, a call of which would cost as much as the rest
            self._kept.move_to_end(key)
        except KeyError:
            pass
        return kept[0]

    def put(self, key: Key, value: Found) -> Found:
        """Keep this value instead of the one that has the key, if any, and give it back."""
        return self._keep(key, value, fresh=True)

    def _keep(self, key: Key, value: Found, *, fresh: bool) -> Found:
        weight = self._weigh(value)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and not fresh:
                return kept[0]
            self._held += weight - (0 if kept is None else kept[1])
            self._kept[key] = value, weight
            self._kept.move_to_end(key)
            while self._held > self._most and len(self._kept) > 1:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone
        return value
