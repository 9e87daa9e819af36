"""Reads in the background while a test does something else, with the time of each."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx

from tests.serving.processes import Server, percentile


@dataclass
class Load:
    """The results of the reads so far."""

    statuses: dict[int, int] = field(default_factory=dict)
    """The number of responses with each status."""
    seconds: list[float] = field(default_factory=list)
    """The time of each answer."""
    failures: list[str] = field(default_factory=list)
    """Connections that broke, requests without an answer."""

    def told(self) -> str:
        """The figures in one line."""
        return (
            f"{len(self.seconds)} reads, p50 {percentile(self.seconds, 0.5) * 1000:.1f} ms, "
            f"p99 {percentile(self.seconds, 0.99) * 1000:.1f} ms, slowest {max(self.seconds) * 1000:.0f} ms"
        )


@contextmanager
def reading(server: Server, paths: Sequence[str], *, pause: float = 0.01) -> Iterator[Load]:
    """Read the paths in turn as long as the block runs, over one lasting connection."""
    load, ending = Load(), Event()

    def read() -> None:
        with server.client() as client:
            while not ending.is_set():
                for path in paths:
                    _read(client, path, load)
                    time.sleep(pause)

    thread = Thread(target=read)
    thread.start()
    try:
        yield load
    finally:
        ending.set()
        thread.join()


def _read(client: httpx.Client, path: str, load: Load) -> None:
    began = time.perf_counter()
    try:
        status = client.get(path).status_code
    except httpx.HTTPError as error:
        load.failures.append(f"{path}: {error!r}")
        return
    load.seconds.append(time.perf_counter() - began)
    load.statuses[status] = load.statuses.get(status, 0) + 1
