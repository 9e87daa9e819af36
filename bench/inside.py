"""The application in this process, asked without a socket: what a read costs the server alone.

`first_reads.py`, `views.py`, `pages.py` and `sizes.py` are programs of their own and use it; `run_program` starts
them and reads what they print, so that each begins with a process as fresh as a server's.
"""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import Message, Scope

from app.main import Application, create_app
from app.settings import Settings
from bench.machine import Cores, pinned
from bench.servers import ROOT, ServerError, Starter


@dataclass(slots=True)
class Lap:
    """The time of one step in seconds: by the clock, and by the processor time of this process."""

    clock: float = 0
    busy: float = 0


@contextmanager
def lap() -> Iterator[Lap]:
    """Times the block; the lap is filled in at its end."""
    taken = Lap()
    busy, clock = time.process_time(), time.perf_counter()
    yield taken
    taken.clock, taken.busy = time.perf_counter() - clock, time.process_time() - busy


@asynccontextmanager
async def started(database_url: str) -> AsyncIterator[Application]:
    """Provide the application on a database, with its releases loaded."""
    application = create_app(Settings(_env_file=None, database_url=database_url))
    await application.serving.start()
    serving = application.serving
    for release in serving.freshness.catalog.in_force.values():
        serving.loaded.get(release)
    try:
        yield application
    finally:
        serving.engine.dispose()


async def timed(application: Application, path: str) -> Lap:
    """Ask for a URL; gives the server time. Raises ServerError where it is not 200."""
    taken, _ = await answered(application, path)
    return taken


async def answered(application: Application, path: str, coding: str = "") -> tuple[Lap, bytes]:
    """Ask for a URL, in a content coding; gives the server time and the body as sent.

    Raises ServerError where it is not 200.
    """
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = _scope(path, coding)
    with lap() as taken:
        await application(scope, receive, send)
    if messages[0]["status"] != 200:  # noqa: PLR2004 - OK
        raise ServerError(f"{path} answered {messages[0]['status']}: {messages[1]['body'][:300]!r}")
    return taken, b"".join(message.get("body", b"") for message in messages)


def run_program(module: str, cores: Cores, log: Path, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """Run a module of the benchmark in a process of its own; gives the JSON it prints. Raises ServerError."""
    with pinned(cores), log.open("wb") as errors:
        done = subprocess.run(
            (sys.executable, "-m", module, *arguments),
            cwd=ROOT,
            check=False,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    if done.returncode != 0:
        raise ServerError(f"{module} failed. Its log ends:\n{log.read_text('utf-8')[-2000:]}")
    return json.loads(done.stdout)


def run_rounds(name: str, starter: Starter, rounds: int, database_url: str) -> list[Any]:
    """Run `bench.NAME` on a database so many times, each in a new process; gives what each printed."""
    logs = (starter.folder / f"{name}-{number}.log" for number in range(rounds))
    return [run_program(f"bench.{name}", starter.cores, log, database_url) for log in logs]


def _scope(path: str, coding: str) -> Scope:
    before, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(before),
        "raw_path": before.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(b"host", b"bench"), *([(b"accept-encoding", coding.encode())] if coding else [])],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
