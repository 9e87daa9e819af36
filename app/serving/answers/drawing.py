"""Threads that draw what takes long: few, since each takes a core, and their own: nothing else waits behind them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from app.errors import Unavailable

_THREADS: Final = 2
_PATIENCE: Final = 10.0
"""Seconds to wait for others to be through. The drawing itself is bounded by what is drawn."""
Drawn = TypeVar("Drawn")


class Drawing:
    """Runs what draws; one for each process."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, "drawing")
        self._free = asyncio.Semaphore(_THREADS)
        self._patience = patience

    async def run(self, draw: Callable[[], Drawn]) -> Drawn:
        """What a function gives, which runs in a thread. Raises what it raises, and Unavailable after a while."""
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable("Other pictures are being drawn. Ask again.", retry_after=5) from None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, draw)
        finally:
            self._free.release()

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
