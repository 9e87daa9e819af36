"""A real server process: `python -m app serve` on a free port, with its output and log in files."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from app.store.access.keys import create_key
from app.store.engine import writing
from tests import forked
from tests.databases import SqliteDatabases, opened
from tests.forked import Process

ROOT: Final = Path(__file__).parents[2]
_PATIENCE: Final = 60.0
"""Seconds to wait for anything; far more than it takes, for machines that do much else."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: Process
    out: Path
    err: Path

    @property
    def url(self) -> str:
        """Return the URL of the server, read from the first line that it prints."""
        found = re.search(r"Documentation: (http://\S+)/docs", self.printed)
        assert found is not None, self.printed + self.log
        return found.group(1)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def printed(self) -> str:
        return self.out.read_text("utf-8")

    @property
    def log(self) -> str:
        return self.err.read_text("utf-8")

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The log, each line of which must be a JSON object; one that is still being written is left out."""
        whole, _, _ = self.log.rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def client(self) -> httpx.Client:
        """A client of it, that uses no proxy of the surroundings."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=_PATIENCE)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and give its exit status."""
        self.process.send_signal(how)
        return self.process.wait(_PATIENCE)


def eventually(holds: Any, what: str) -> None:  # noqa: ANN401 - any function without arguments
    """Wait until something holds."""
    give_up = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < give_up, what
        time.sleep(0.02)


def start(folder: Path, database_url: str, **environment: str) -> Server:
    """Start a server; it may not be listening yet, or have failed already."""
    out, err = folder / "out.txt", folder / "log.txt"
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LADDER_DATABASE_URL": database_url,
        "LADDER_METRICS": "off",
        **environment,
    }
    return Server(forked.start(("serve", "--port", "0"), folder, surroundings, out, err), out, err)


@contextmanager
def running(folder: Path, database_url: str, **environment: str) -> Iterator[Server]:
    """A server that answers; killed at the end if it still runs."""
    server = start(folder, database_url, **environment)
    try:
        eventually(lambda: _ready(server), "the server did not get ready")
        yield server
    finally:
        server.process.kill()
        server.process.wait(_PATIENCE)


@contextmanager
def seeded_server(
    databases: SqliteDatabases, folder: Path, *scopes: str, **environment: str
) -> Iterator[tuple[Server, str]]:
    """A server over the bundled ladders, and a key of Ann's with these scopes."""
    with databases.fresh("seeded") as url:
        with opened(url) as engine, writing(engine) as connection:
            key, _ = create_key(connection, "ann", scopes, datetime.now(UTC))
        with running(folder, url, **environment) as server:
            yield server, key


def _ready(server: Server) -> bool:
    assert server.process.poll() is None, server.printed + server.log
    if "Documentation:" not in server.printed:
        return False
    try:
        return httpx.get(f"{server.url}/readyz", trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
