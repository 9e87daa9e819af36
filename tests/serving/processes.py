"""Servers in processes of their own, with one or several workers, and questions about them from outside."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from tests import forked
from tests.cli.shell import surroundings
from tests.forked import Process

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_STARTING_SECONDS: Final = 40
_NO_TLS: Final = SSLContext(PROTOCOL_TLS_CLIENT)
"""A context that is never used. Without it, each client creates its own, which takes longer than the request."""
PAUSE: Final = 0.02
"""Seconds between two checks, so that the checks do not slow down what the test waits for."""
_NEW_CONNECTION: Final = {"connection": "close"}
"""Headers for a new connection each time, which the kernel gives to any worker."""


@dataclass(frozen=True)
class Server:
    """A running `ladder serve`."""

    process: Process
    out: Path
    log: Path
    number: int
    """The number of its workers."""

    @cached_property
    def base(self) -> str:
        """Return the URL of the server, read from the first line that it prints."""
        found = re.search(r"Documentation: (http://\S+)/docs", self.out.read_text("utf-8"))
        assert found is not None, self.logged()
        return found[1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Read a path over a new connection."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(self.base + path, headers={**_NEW_CONNECTION, **sent}, timeout=60, verify=_NO_TLS)

    def client(self) -> httpx.Client:
        """A lasting connection to one of the workers."""
        return httpx.Client(base_url=self.base, timeout=60, verify=_NO_TLS)

    @contextmanager
    def workers(self) -> Iterator[dict[str, httpx.Client]]:
        """A lasting connection to each worker, by the part of its request ids that is its own."""
        with ExitStack() as stack:
            found: dict[str, httpx.Client] = {}
            for _ in range(60):
                if len(found) == self.number:
                    break
                client = stack.enter_context(self.client())
                answer = client.get("/readyz")
                if answer.status_code == 200:
                    found.setdefault(answer.headers["x-request-id"].partition("-")[0], client)
            yield found

    def pids(self) -> list[int]:
        """The processes that serve: the workers, or the server itself where it has none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        workers = [int(child) for child in children if _serves(int(child))]
        return workers or [self.process.pid]

    def logged(self) -> str:
        """Return the log so far."""
        return self.log.read_text("utf-8")


@contextmanager
def serving(database_url: str, *options: str, workers: int = 1, **environment: str) -> Iterator[Server]:
    """A server on a free port, once all its workers answer; stopped afterwards.

    One with metrics starts from nothing: whether workers count together is decided while the counters are loaded.
    """
    given = {"LADDER_DATABASE_URL": database_url, "LADDER_METRICS": "off", "LADDER_LOG_LEVEL": "warning"}
    arguments = ("serve", "--port", "0", "--workers", str(workers), *options)
    with TemporaryDirectory(prefix="ladder-serving-") as folder:
        out, err = Path(folder, "out.txt"), Path(folder, "log.txt")
        around = surroundings(**{**given, **environment})
        process = forked.start(
            arguments, Path(folder), around, out, err, anew="LADDER_METRICS" in environment
        )
        server = Server(process, out, err, workers)
        try:
            until(lambda: _all_ready(server), within=_STARTING_SECONDS)
            yield server
        finally:
            _stop(server.process)


def until(holds: Callable[[], bool], *, within: float) -> float:
    """Wait until something holds: the seconds that took. Fails where it takes longer than `within`."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not come about in time"
        time.sleep(PAUSE)
    return time.monotonic() - began


def resident(pid: int | None = None) -> int:
    """Bytes of memory that a process holds, by default this one."""
    return int(Path(f"/proc/{pid or 'self'}/statm").read_text().split()[1]) * _PAGE


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def problem_of(answer: httpx.Response) -> tuple[int, str, Any]:
    """Status, code and Retry-After of a refusal, once its kind is checked."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["code"], answer.headers.get("retry-after")


def _all_ready(server: Server) -> bool:
    assert server.process.poll() is None, server.logged()
    if "Documentation:" not in server.out.read_text("utf-8"):
        return False
    try:
        with server.workers() as found:
            return len(found) == server.number
    except httpx.TransportError:
        return False


def _serves(pid: int) -> bool:
    try:
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it ended since it was listed, or ends just now
        return False


def _stop(process: Process) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=90)  # a worker that was killed in mid-word is waited for a minute
    except subprocess.TimeoutExpired:
        process.kill()
        raise
