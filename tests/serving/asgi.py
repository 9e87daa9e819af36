"""Requests to an ASGI application in this process, many at once, with every header."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from app.main import Application, create_app
from app.settings import Settings
from tests.api.serving import Clock

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Reply:
    """The whole response that an application sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """The value of a header; None where it is not there."""
        return dict(self.headers).get(name)

    @property
    def lasting(self) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """All that may not differ between two answers to the same question."""
        return self.status, sorted(pair for pair in self.headers if pair[0] != b"x-request-id"), self.body


async def ask(app: ASGIApp, url: str, headers: Headers = (), *, method: str = "GET") -> Reply:
    """Send one request without a body; `url` is a path with its query, as it goes over the wire."""
    raw, _, query = url.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(sent[0]["status"], tuple(sent[0]["headers"]), body)


@asynccontextmanager
async def started(database_url: str, **settings: Any) -> AsyncIterator[Application]:  # noqa: ANN401 - any setting
    """The application over a database, started as its server would."""
    chosen = Settings(database_url=database_url, log_level="error", **settings)
    application = create_app(chosen, Clock())
    await application.serving.start()
    try:
        yield application
    finally:
        application.serving.engine.dispose()
