"""All connections of one server: how many there may be, and how long each may wait for its client.

Nothing here depends on what a client says. A connection that waits for its client too long is closed. If there is no
room for a new connection, those that have waited longest are closed, so silent clients never lock others out. If all
connections are at work, a few more are taken: they serve health checks and answer everything else with 503.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from heapq import nsmallest
from time import monotonic
from typing import Final, Protocol, Self
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

from app.settings import Settings

RESERVED: Final = 128
"""File descriptors that are left for everything but connections: the database, files, listening sockets, pipes."""
SPARE: Final = 32
"""Connections beyond the limit, for health checks and for responses that say there is no room."""
_SLOW: Final = 1.0
"""Seconds after which a client in the middle of a message counts as one that keeps the server waiting."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of a connection, in seconds, and the number of connections at a time."""

    header_seconds: float = 10.0
    body_seconds: float = 20.0
    send_seconds: float = 20.0
    idle_seconds: float = 65.0
    max_connections: int = 10_000

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that the settings name, within what the operating system allows."""
        return cls(
            settings.header_seconds,
            settings.body_seconds,
            settings.send_seconds,
            settings.idle_seconds,
            min(settings.max_connections, _room()),
        )


class Waiting(Protocol):
    """One connection, as far as limits go."""

    @property
    def since(self) -> float:
        """Return when it began to wait for its client (`time.monotonic`)."""

    def patience(self) -> int | None:
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
            patience = connection.patience()
            if patience == 0 or (patience is not None and now - connection.since > _SLOW):
                yield patience, connection


_ALL: Final[WeakKeyDictionary[ServerState, Connections]] = WeakKeyDictionary()


def connections_of(server: ServerState, limits: Limits) -> Connections:
    """Return the connections of a server, the same ones at each call."""
    found = _ALL.get(server)
    if found is None:
        found = _ALL[server] = Connections(limits)
    return found


def _room() -> int:
    """Return how many connections the file descriptors of this process allow, after raising their limit."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return Limits().max_connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft == resource.RLIM_INFINITY:
        return Limits().max_connections
    return max(soft - RESERVED - SPARE, soft // 4, 1)
