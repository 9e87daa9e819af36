"""Threads for work that takes long, kept apart so that nothing else waits behind it.

Routes share one pool of threads. A write that waits for a locked database, or a picture that takes seconds to draw,
would take threads from first reads. So each kind of such work has a few threads and a bounded queue of its own.
"""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread

from app.errors import Unavailable

DRAWINGS: Final = 2
"""Pictures that are drawn at a time: each takes a core."""
WRITES: Final = 8
"""Writes that run at a time. With them, reads and background tasks find free connections to the database."""
MOST_WAITING: Final = 64
"""Writes, or pictures, that may wait for their turn."""
_DRAW_SECONDS: Final = 10.0
_WRITE_SECONDS: Final = 5.0
"""Seconds to wait for a turn; as long as a write waits for a lock."""
_RETRY_AFTER: Final = 5
Result = TypeVar("Result")


class Workers:
    """A few threads with a bounded queue; used from one event loop."""

    def __init__(self, threads: int, patience: float, refusal: str, most_waiting: int = MOST_WAITING) -> None:
        self._free = asyncio.Semaphore(threads)
        self._limiter = CapacityLimiter(threads)
        self._patience = patience
        self._refusal = refusal
        self._most_waiting = most_waiting
        self._waiting = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run a function in a thread and return its result. Raises its errors.

        Raises Unavailable if too many wait already, or if no thread becomes free in time.
        """
        await self._take_turn()
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._free.release()

    async def _take_turn(self) -> None:
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise self._refused()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise self._refused() from None
        finally:
            self._waiting -= 1

    def _refused(self) -> Unavailable:
        return Unavailable(self._refusal, retry_after=_RETRY_AFTER)


def drawing_workers(patience: float = _DRAW_SECONDS) -> Workers:
    """Return the threads that draw pictures."""
    return Workers(DRAWINGS, patience, "Other pictures are being drawn. Try again.")


def write_workers(patience: float = _WRITE_SECONDS) -> Workers:
    """Return the threads in which requests write to the database."""
    return Workers(WRITES, patience, "Too many writes are waiting for the database. Try again.")
