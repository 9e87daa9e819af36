"""One request that the application answers, and its response on its way to the client (ASGI 3)."""

import asyncio
from http import HTTPStatus
from typing import Any, Final, Protocol

import structlog
from starlette.types import ASGIApp, Message, Scope

from app.errors import Internal
from app.serving.answers.representation import lines_of
from app.serving.connection.request_head import Head, closes
from app.serving.connection.responses import Openings

FULL: Final = 65_536
"""Bytes of a request body that wait for the application before reading pauses."""
JOINED: Final = 65_536
"""Bytes of a response body up to which copying it behind its head costs less than a second write."""
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_LOG: Final = structlog.get_logger("server")


class Wire(Protocol):
    """The connection of an exchange."""

    loop: asyncio.AbstractEventLoop
    openings: Openings

    def write(self, data: bytes) -> None:
        """Send bytes; does nothing once the client is gone."""

    async def writable(self) -> None:
        """Wait until the client has taken most of what was sent."""

    def read_on(self) -> None:
        """Read more of the body."""

    def answered(self) -> None:
        """Go on after the response is complete."""

    def fail(self) -> None:
        """Close the connection in the middle of a response."""

    def refuse(self, error: Internal) -> None:
        """Answer with an error of the connection's own, and close it."""


class Exchange:
    """One request and its response."""

    def __init__(self, wire: Wire, head: Head, *, persistent: bool) -> None:
        self.received = head.length == 0
        """True if the whole request has arrived."""
        self.started = False
        """True if any of the response was sent."""
        self.done = False
        """True if the whole response was sent."""
        self.gone = False
        """True if the client went away, or took too long."""
        self.persistent = persistent
        """True if another request may follow."""
        self._wire = wire
        self.is_head = head.method == b"HEAD"
        """True if the response has no body."""
        self._chunks = head.minor == b"1"
        self._expects = head.expects
        self._body = bytearray()
        self._told = False
        """True if the application has received the end of the body."""
        self._waiter: asyncio.Future[None] | None = None
        self._opening: bytes | None = None
        """The head of the response, until it is sent with the first part of the body."""
        self._left: int | None = 0
        """Bytes of the response body still to come, if that is known."""
        self._chunked = False

    @property
    def full(self) -> bool:
        """Return whether the application must take part of the body before more is read."""
        return len(self._body) >= FULL and not self.done

    def feed(self, part: bytes) -> None:
        """Take a part of the request body; it is dropped if the response is complete."""
        if not self.done:
            self._body += part
            self._wake()

    def complete(self) -> None:
        """Take note that the request has arrived."""
        self.received = True
        self._wake()

    def lose(self) -> None:
        """Tell the application that the rest of the request will not arrive, or that nobody reads the response."""
        self.gone = True
        self._wake()

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Let the application answer. It catches its own errors; one that escapes becomes a 500."""
        try:
            await app(scope, self.receive, self.send)
        except Exception:  # noqa: BLE001 - whatever it is, the client gets a response
            _LOG.exception("the application raised")
        except BaseException:
            self._wire.fail()
            raise
        if self.done or self.gone:
            return
        if self.started:
            self._wire.fail()
        else:
            self._wire.refuse(Internal("The application sent no response."))

    async def receive(self) -> Message:
        """Return the next part of the request body, or news that the client is gone (ASGI 3)."""
        if self._expects and not (self.started or self.gone or self.received or self._body):
            self._expects = False
            self._wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while not self._body and not (self.received and not self._told):
            if self.gone or self.done:
                return {"type": "http.disconnect"}
            waiter = self._waiter = self._wire.loop.create_future()
            self._wire.read_on()
            await waiter
        body = bytes(self._body)
        self._body.clear()
        self._told = self.received
        return {"type": "http.request", "body": body, "more_body": not self.received}

    async def send(self, message: Message) -> None:
        """Send a part of the response (ASGI 3)."""
        if self.gone:
            return
        if message["type"] == "http.response.start":
            self._begin(message["status"], list(message.get("headers", ())))
        elif message["type"] == "http.response.body":
            await self._wire.writable()
            if not self.gone:
                self._send_body(message.get("body", b""), last=not message.get("more_body", False))

    def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        if self._opening is not None or self.started:
            raise RuntimeError("The response has begun already.")
        values = {name.lower(): value for name, value in headers}
        if (self._expects and not self.received) or closes(values.get(b"connection", b"")):
            # A client that waits for `100 Continue` may or may not send its body now: what follows is not certain.
            self.persistent = False
        length = values.get(b"content-length")
        if self.is_head or status in _BODILESS:
            self._left = None
        elif length is not None:
            self._left = int(length)
        else:
            self._left = None
            self._chunked = self._chunks
            if self._chunked:
                headers.append((b"transfer-encoding", b"chunked"))
            else:
                self.persistent = False
        if not self.persistent and b"connection" not in values:
            headers.append((b"connection", b"close"))
        phrase = HTTPStatus(status).phrase.encode()
        lines = lines_of((name.lower(), value) for name, value in headers)
        self._opening = b"HTTP/1.1 %d %b\r\n%b%b\r\n" % (status, phrase, self._wire.openings.lines(), lines)

    def _send_body(self, body: Any, *, last: bool) -> None:  # noqa: ANN401 - anything with bytes in it
        if self.done or not (self.started or self._opening is not None):
            raise RuntimeError("The response has not begun, or has ended already.")
        body = b"" if self.is_head else bytes(body)
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (last and self._left):
                raise RuntimeError("The response body is not as long as its Content-Length says.")
        if self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if last else b"")
        opening, self._opening = self._opening, None
        if opening is not None:
            self.started = True
            if len(body) <= JOINED:
                body = opening + body
            else:
                self._wire.write(opening)
        if body:
            self._wire.write(body)
        if last:
            self.done = True
            self._body.clear()
            self._wake()
            self._wire.answered()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
