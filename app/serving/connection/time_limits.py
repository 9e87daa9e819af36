"""Time that one connection has waited for its client."""

from time import monotonic
from typing import Final

PORTION: Final = 65_536
"""Bytes that a client must send or take within the time limit of a body or response."""


class ClientWait:
    """Measures what a client does, so that time limits can be applied."""

    __slots__ = ("_portion", "_unsent", "begun", "since")

    def __init__(self) -> None:
        self.since = monotonic()
        """When the connection began to wait for what it waits for now."""
        self.begun = False
        """Whether a part of a head has arrived and the rest is waited for."""
        self._portion = 0
        self._unsent: tuple[float, int] | None = None
        """When the client last took a portion of what waits to be sent, and how many bytes waited then."""

    def restart(self) -> None:
        """Wait for something new from now on."""
        self.since, self._portion = monotonic(), 0

    def wait_for_head(self, *, idle: bool, progress: bool) -> None:
        """Wait for a head. A part of one does not prolong the time, but a whole request before it does."""
        if idle or progress or not self.begun:
            self.since = monotonic()
        self.begun = not idle

    def take_part(self, size: int) -> None:
        """Take note of a part of a body; each whole portion prolongs the time."""
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
