"""A client of an application in this process, which hands each request over to its event loop once.

Starlette's own streams what comes, for which it changes threads eight times a request: four fifths of what a request
took, in tests that make tens of thousands. No answer of ours is without an end.
"""

import asyncio
from typing import Any, Self
from urllib.parse import unquote

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope

_PORTS = {"http": 80, "https": 443}


class Client(TestClient):
    """A client whose answers are there as a whole, or the exception that was raised instead."""

    def __init__(self, application: ASGIApp, headers: dict[str, str]) -> None:
        super().__init__(application, follow_redirects=False, headers=headers)
        self._transport = _Transport(self)

    def __enter__(self) -> Self:
        super().__enter__()
        assert self.portal is not None
        self._loop = self.portal.call(asyncio.get_running_loop)
        return self

    def answer(self, scope: Scope, body: bytes) -> list[Message]:
        """Return the messages that the application sends for a request."""
        return asyncio.run_coroutine_threadsafe(_ask(self.app, scope, body), self._loop).result()


class _Transport(httpx2.BaseTransport):
    def __init__(self, client: Client) -> None:
        self._client = client
        self.client = ("testclient", 50000)
        """Host and port that requests come from."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self.client,
            "server": [url.host, url.port or _PORTS[url.scheme]],
            "extensions": {},
            "state": {},
        }
        start, *rest = self._client.answer(scope, request.read())
        body = b"" if request.method == "HEAD" else b"".join(message.get("body", b"") for message in rest)
        return httpx2.Response(
            start["status"], headers=start["headers"], stream=httpx2.ByteStream(body), request=request
        )


async def _ask(application: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    whole = asyncio.Event()

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await whole.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            whole.set()

    await application(scope, receive, send)
    assert whole.is_set(), "the answer has no end"
    return sent
