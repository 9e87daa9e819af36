"""Limits of connections: how long each may wait for its client, and how many there may be."""

from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final, Self

from app.settings import Settings

PORTION: Final = 65_536
"""Bytes that a client must send or take within the time limit of a body or response."""
RESERVED: Final = 128
"""File descriptors that are left for everything but connections: the database, files, listening sockets, pipes."""
SPARE: Final = 32
"""Connections beyond the limit, for health checks and for responses that say there is no room."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of a connection, in seconds, and the number of simultaneous connections."""

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


class ClientWait:
    """The time that one connection has waited for its client."""

    __slots__ = ("_portion", "_unsent", "begun", "since")

    def __init__(self) -> None:
        self.since = monotonic()
        """The start of the present wait."""
        self.begun = False
        """True if a part of a head has arrived, and the rest has not."""
        self._portion = 0
        self._unsent: tuple[float, int] | None = None
        """The time at which the client last took a portion of the bytes to send, and the number that were left."""

    def restart(self) -> None:
        """Begin a new wait."""
        self.since, self._portion = monotonic(), 0

    def wait_for_head(self, *, idle: bool, progress: bool) -> None:
        """Note a wait for a head. A part of a head does not restart the wait; a whole request does."""
        if idle or progress or not self.begun:
            self.since = monotonic()
        self.begun = not idle

    def take_part(self, size: int) -> None:
        """Note a part of a body. Each whole portion restarts the wait."""
        self._portion += size
        if self._portion >= PORTION:
            self.restart()

    def is_over(self, now: float, seconds: float) -> bool:
        """Return whether the client has kept the connection waiting longer than that."""
        return now - self.since > seconds

    def is_sending_over(self, now: float, waiting: int, seconds: float) -> bool:
        """Return whether the client has taken no portion of the `waiting` bytes of its responses for that long."""
        before, self._unsent = self._unsent, None
        if waiting == 0:
            return False
        if before is None or waiting > before[1] or waiting <= before[1] - PORTION:
            before = (now, waiting)
        self._unsent = before
        return now - before[0] > seconds


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
