"""Raw connections to a uvicorn in this process. It answers hot reads directly, and counts the other requests."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Final, Self

import uvicorn
from starlette.types import Receive, Scope, Send

from app.main import Application, create_app
from app.serving.connection.protocol import HttpProtocol, http_protocol
from app.serving.connection.time_limits import Limits
from app.settings import Settings
from tests.api.serving import Clock

_CHANGING: Final = ("date: ", "x-request-id: ")


class Counting:
    """The application, with a count of the requests that uvicorn gave to it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.hot, self.open_paths = application.hot, application.open_paths
        self.calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request and answer it."""
        self.calls += scope["type"] == "http"
        await self.application(scope, receive, send)


@dataclass(frozen=True)
class Direct:
    """A uvicorn that serves, in a thread of its own."""

    server: uvicorn.Server
    counting: Counting
    port: int

    @property
    def calls(self) -> int:
        """Requests that were no direct answers."""
        return self.counting.calls

    @property
    def hits(self) -> int:
        """Hot reads, direct or not."""
        return self.counting.application.serving.meter.hits

    def connect(self) -> "Connection":
        """A new connection."""
        return Connection(socket.create_connection(("127.0.0.1", self.port), timeout=30))

    def ask(self, sent: bytes) -> "Answer":
        """The answer to one request on a connection of its own."""
        with self.connect() as connection:
            connection.send(sent)
            return connection.answer(head=sent.startswith(b"HEAD "))


@dataclass(frozen=True)
class Answer:
    """An answer as it came."""

    lines: tuple[str, ...]
    """The status line and the headers, in their order."""
    body: bytes

    @property
    def status(self) -> int:
        return int(self.lines[0].split()[1])

    @property
    def lasting(self) -> tuple[tuple[str, ...], bytes]:
        """All that may not differ between two answers to the same question."""
        return tuple(line for line in self.lines if not line.startswith(_CHANGING)), self.body

    def header(self, name: str) -> str | None:
        found = (line.partition(": ")[2] for line in self.lines[1:] if line.startswith(f"{name}: "))
        return next(found, None)


@dataclass
class Connection:
    """A socket, and what was received over it but not read yet."""

    socket: socket.socket
    _received: bytearray = field(default_factory=bytearray)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, sent: bytes) -> None:
        self.socket.sendall(sent)

    def answer(self, *, head: bool = False) -> Answer:
        """The next answer; `head` says that it was asked for by HEAD."""
        while b"\r\n\r\n" not in self._received:
            self._more()
        before, _, _ = bytes(self._received).partition(b"\r\n\r\n")
        lines = tuple(before.decode("latin-1").split("\r\n"))
        answer = Answer(lines, b"")
        size = 0 if head else int(answer.header("content-length") or 0)
        start = len(before) + 4
        while len(self._received) < start + size:
            self._more()
        body = bytes(self._received[start : start + size])
        del self._received[: start + size]
        return Answer(lines, body)

    def end(self) -> bool:
        """Return whether the server closes the connection without sending more."""
        if not self._received:
            self._received += self.socket.recv(1)
        return not self._received

    def _more(self) -> None:
        chunk = self.socket.recv(1 << 20)
        assert chunk, f"the server closed the connection after {bytes(self._received)[:200]!r}"
        self._received += chunk


def request(method: str, path: str, *lines: str, body: str = "", version: str = "1.1") -> bytes:
    """A request as it goes over the wire."""
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: here", *lines, "", body]).encode("latin-1")


@contextmanager
def direct(
    database_url: str,
    options: dict[str, Any] | None = None,
    limits: Limits | None = None,
    **settings: Any,  # noqa: ANN401 - any setting
) -> Iterator[Direct]:
    """Serve a database as `ladder serve` does; `options` are more of uvicorn's."""
    chosen = Settings(database_url=database_url, log_level="error", revision_interval=60.0, **settings)
    counting = Counting(create_app(chosen, Clock()))
    given = {
        "http": http_protocol(limits or Limits()),
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
    }
    config = uvicorn.Config(counting, log_config=None, lifespan="on", **{**given, **(options or {})})
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield Direct(server, counting, listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(30)
    assert not thread.is_alive()


def buffered(found: Direct) -> int:
    """Bytes that the server holds for clients that do not read."""
    return sum(
        connection.transport.get_write_buffer_size()
        for connection in tuple(found.server.server_state.connections)
        if isinstance(connection, HttpProtocol) and isinstance(connection.transport, asyncio.WriteTransport)
    )
