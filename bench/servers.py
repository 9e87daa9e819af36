"""Servers in processes of their own: started on given cores, awaited, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from bench.contestants import replay
from bench.machine import Cores, pinned

ROOT: Final = Path(__file__).resolve().parents[1]
_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 15
_UVICORN: Final = (sys.executable, "-m", "uvicorn", "--factory", "--log-level", "warning")
_LIKE_OURS: Final = ("--no-access-log", "--no-server-header", "--no-proxy-headers")
"""The settings of `ladder serve`, so that contestants do as little besides the response."""


class ServerError(Exception):
    """A server did not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    origin: str
    """Such as `http://127.0.0.1:8000`."""
    process: int
    """The id of its process."""
    start_seconds: float
    """From the start of its process to its first answer."""
    start_busy: float
    """Seconds of processor time until then."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts servers; what all of them share."""

    folder: Path
    """The folder for logs and small files."""
    cores: Cores

    @contextmanager
    def ladder(self, database_url: str, *arguments: str, **settings: str) -> Iterator[Server]:
        """Our service with its default settings but for those that are given."""
        port = free_port()
        command = (sys.executable, "-m", "app", "serve", "--port", str(port), *arguments)
        environment = {"LADDER_DATABASE_URL": database_url, **settings}
        with self.run(command, port, "/readyz", environment) as server:
            yield server

    @contextmanager
    def bare(self, taken: replay.Replay, *arguments: str) -> Iterator[Server]:
        """Provide the bare ASGI application with answers that are taken over."""
        with self._replaying("bare", taken, "--lifespan", "off", *arguments) as server:
            yield server

    @contextmanager
    def _replaying(self, name: str, taken: replay.Replay, *arguments: str) -> Iterator[Server]:
        port = free_port()
        file = self.folder / f"replay-{port}.json"
        taken.write(file)
        command = (*_uvicorn(name, port), *arguments)
        with self.run(command, port, taken.paths[0], {replay.VARIABLE: str(file)}) as server:
            yield server

    @contextmanager
    def run(
        self, command: Sequence[str], port: int, probe: str, environment: Mapping[str, str] | None = None
    ) -> Iterator[Server]:
        """Any server that will listen on that port of the loopback; `probe` is a path that it answers.

        Raises ServerError, with the end of its log, where it does not answer in time.
        """
        log = self.folder / f"server-{port}.log"
        with log.open("wb") as out:
            started = time.perf_counter()
            with pinned(self.cores):
                process = subprocess.Popen(
                    command,
                    cwd=self.folder,  # not the checkout, whose .env might change a default
                    env=_environment(environment or {}),
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            try:
                _await(process, port, probe, log)
                elapsed, busy = time.perf_counter() - started, busy_seconds(process.pid)
                yield Server(f"http://127.0.0.1:{port}", process.pid, elapsed, busy)
            finally:
                _stop(process)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def get(origin: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, float]:
    """Fetch a URL on a connection of its own; gives the body and the seconds. Raises ServerError if not 200."""
    connection = HTTPConnection(origin.removeprefix("http://"), timeout=30)
    try:
        connection.connect()
        started = time.perf_counter()
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
        elapsed = time.perf_counter() - started
    finally:
        connection.close()
    if response.status != 200:  # noqa: PLR2004 - OK
        raise ServerError(f"{path} answered {response.status}: {body[:300]!r}")
    return body, elapsed


def resident_megabytes(process: int) -> float:
    """Return the memory of a process in MB (10^6 bytes), or 0 if the system does not say (it is not Linux)."""
    file = Path(f"/proc/{process}/statm")
    pages = int(file.read_text("ascii").split()[1]) if file.exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def busy_seconds(process: int) -> float:
    """Return the processor time a process has used; 0 where the system does not tell (it is not Linux)."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


def _uvicorn(name: str, port: int) -> tuple[str, ...]:
    return (*_UVICORN, *_LIKE_OURS, "--port", str(port), f"bench.contestants.{name}:create_app")


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without settings of ours, which would not be defaults."""
    kept = {
        name: value for name, value in os.environ.items() if name != "PORT" and not name.startswith("LADDER_")
    }
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def _await(process: subprocess.Popen[bytes], port: int, probe: str, log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            get(f"http://127.0.0.1:{port}", probe)
        except (OSError, HTTPException, ServerError):
            time.sleep(0.005)
        else:
            return
    raise ServerError(f"A server did not start. Its log ends:\n{log.read_text('utf-8')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
