"""All connections of one server, and which are closed when there is no room for another.

Nothing here depends on what a client says. A connection that waits for its client too long is closed. If there is no
room for a new connection, those that have waited longest are closed, so silent clients never lock others out. If all
connections are at work, a few more are taken: they serve health checks and answer everything else with 503.
"""

import asyncio
from collections.abc import Iterator
from heapq import nsmallest
from time import monotonic
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

from app.serving.connection.time_limits import SPARE, Limits

_SLOW: Final = 1.0
"""Seconds after which a client in the middle of a message counts as one that keeps the server waiting."""


class Waiting(Protocol):
    """One connection, as far as limits go."""

    @property
    def since(self) -> float:
        """Return when it began to wait for its client (`time.monotonic`)."""

    def waits(self) -> int | None:
        """Return 0 if it waits for a request, 1 if it waits in the middle of a message, None if it is at work."""

    def check(self, now: float) -> None:
        """Close the connection if its client takes too long."""

    def abort(self) -> None:
        """Close the connection at once."""


class Connections:
    """The open connections of one server, used from its event loop only."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: set[Waiting] = set()
        self._sweeping: asyncio.TimerHandle | None = None

    def add(self, connection: Waiting, loop: asyncio.AbstractEventLoop) -> bool | None:
        """Take a new connection: True to serve it, False if only health checks are served on it, None for no room."""
        room = self.limits.max_connections - len(self._open)
        if room <= 0:
            room += self._close_waiting()
        if room <= -SPARE:
            return None
        self._open.add(connection)
        if self._sweeping is None:
            self._sweeping = loop.call_later(self._interval, self._sweep, loop)
        return room > 0

    def remove(self, connection: Waiting) -> None:
        """Forget a connection that has ended."""
        self._open.discard(connection)

    @property
    def _interval(self) -> float:
        limits = self.limits
        shortest = min(limits.header_seconds, limits.body_seconds, limits.send_seconds, limits.idle_seconds)
        return min(max(shortest / 4, 0.05), 1.0)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close what has waited too long, and look again later if anything is open."""
        now = monotonic()
        for connection in tuple(self._open):
            connection.check(now)
        self._sweeping = loop.call_later(self._interval, self._sweep, loop) if self._open else None

    def _close_waiting(self) -> int:
        """Close the connections that have waited longest for their clients, and return how many."""
        most = max(self.limits.max_connections // 64, 1)
        victims = nsmallest(most, self._waiting(), key=lambda found: (found[0], found[1].since))
        for _, connection in victims:
            self._open.discard(connection)
            connection.abort()
        return len(victims)

    def _waiting(self) -> Iterator[tuple[int, Waiting]]:
        now = monotonic()
        for connection in self._open:
            waits = connection.waits()
            if waits == 0 or (waits is not None and now - connection.since > _SLOW):
                yield waits, connection


_ALL: Final[WeakKeyDictionary[ServerState, Connections]] = WeakKeyDictionary()


def connections_of(server: ServerState, limits: Limits) -> Connections:
    """Return the connections of a server, the same ones at each call."""
    found = _ALL.get(server)
    if found is None:
        found = _ALL[server] = Connections(limits)
    return found
