"""Hot reads straight from the connection: uvicorn's HTTP protocol, with a short way for what is kept.

uvicorn makes a scope, a cycle and a task for each request before an application sees it, and checks and joins its
headers one by one afterwards. A hot read needs none of that. So the head of each message is held back until it is
whole; then either the answer is kept and is written at once, or everything is handed to uvicorn as it came, and
takes the ordinary way. Whatever a hot read would have to share with uvicorn (a request that is still being answered,
a client that does not read, a connection that ends) makes it none.

`ladder serve` uses this. Under any other server, and where uvicorn is not as we know it, the same reads are answered
by the layer, with the same bytes.
"""

import asyncio
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.serving.answers.hot import Hit, HotReads
from app.serving.answers.representation import lines_of

_READS: Final = frozenset({b"GET", b"HEAD"})
_JOINED: Final = 65_536
"""Bytes of body up to which copying it behind its head costs less than a second write."""
_NEEDED: Final = {
    HttpToolsProtocol: frozenset(
        {"app", "cycle", "flow", "limit_concurrency", "loop", "parser", "root_path", "client"}
        | {"server_state", "timeout_keep_alive", "timeout_keep_alive_task", "transport"}
    ),
    RequestResponseCycle: frozenset({"response_complete"}),
    FlowControl: frozenset({"write_paused"}),
    ServerState: frozenset({"default_headers", "total_requests"}),
}
"""Attributes of uvicorn's classes that are used here beside their methods."""


def fits() -> bool:
    """Whether uvicorn still has what is used here; another version may have it under other names."""
    return all(names <= {*vars(kind)["__init__"].__code__.co_names} for kind, names in _NEEDED.items())


class DirectProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        hot = getattr(self.app, "hot", None)
        plain = not config.access_log and self.limit_concurrency is None and not self.root_path
        self._hot: HotReads | None = hot if plain and isinstance(hot, HotReads) else None
        self._target = b""
        self._head: list[tuple[bytes, bytes]] | None = None
        """The headers held back; None where uvicorn has the message."""
        self._answered = False
        """Whether the last head that was received just now asked for a hot read, so that nothing is going on."""
        self._answered_at = 0.0
        self._defaults: list[tuple[bytes, bytes]] | None = None
        self._ok = self._not_modified = b""

    def data_received(self, data: bytes) -> None:
        """Take what arrived.

        uvicorn would cancel the timer of an idle connection and make a new one for each answer, which costs as much
        as a hot read: one timer goes on instead, and looks at the time when it is due.
        """
        timer, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        self._answered = False
        super().data_received(data)
        if self._answered:
            self._answered_at = self.loop.time()
            self.timeout_keep_alive_task = timer or self._wait(self.timeout_keep_alive)
        elif timer is not None:
            timer.cancel()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, unless it was used meanwhile."""
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if left > 0 and not self.transport.is_closing():
            self.timeout_keep_alive_task = self._wait(left)
        else:
            super().timeout_keep_alive_handler()

    def on_message_begin(self) -> None:
        """Hold back what comes."""
        self._target, self._head = b"", []

    def on_url(self, url: bytes) -> None:
        """Hold back the target; it may come in parts."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Hold back a header, or pass on one that follows a body."""
        if self._head is None:
            super().on_header(name, value)
        else:
            self._head.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Answer a hot read; hand anything else to uvicorn, unless nothing can be sent here any more."""
        head = self._head or []
        if self.transport.is_closing() or self._answer(head):
            return
        self._head, self._answered = None, False
        super().on_message_begin()
        super().on_url(self._target)
        for name, value in head:
            super().on_header(name, value)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Tell uvicorn, if the message is its own."""
        if self._head is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Tell uvicorn, if the message is its own."""
        if self._head is None:
            super().on_message_complete()

    def _wait(self, seconds: float) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _answer(self, head: list[tuple[bytes, bytes]]) -> bool:
        """Answer, where this is a hot read."""
        hot, parser, target, cycle = self._hot, self.parser, self._target, self.cycle
        if (
            hot is None
            or (cycle is not None and not cycle.response_complete)  # an answer would be out of its place
            or self.flow.write_paused
            or not parser.should_keep_alive()
            or parser.get_http_version() != "1.1"
        ):
            return False
        method = parser.get_method()
        if (
            method not in _READS
            or not target.startswith(b"/")
            or not target.isascii()
            or b"#" in target
            or b"%" in target.partition(b"?")[0]
        ):
            return False
        try:
            hit = hot.find(target.decode("ascii"), head, self.client)
        except Exception:  # noqa: BLE001 - the ordinary way meets it again, and says 500; the parser would say 400
            hit = None
        if hit is None:
            return False
        self._write(hit, whole=method == b"GET")
        return True

    def _write(self, hit: Hit, *, whole: bool) -> None:
        """Write an answer, with its body or without."""
        coded, known, notice, identity = hit
        if self.server_state.default_headers is not self._defaults:
            self._open()
        lines = (self._not_modified, coded.not_modified_lines) if known else (self._ok, coded.lines)
        body = coded.body if whole and not known else b""
        said = lines_of(notice) if notice else b""
        if len(body) <= _JOINED:
            self.transport.write(b"%b%b%bx-request-id: %b\r\n\r\n%b" % (*lines, said, identity, body))
        else:
            self.transport.write(b"%b%b%bx-request-id: %b\r\n\r\n" % (*lines, said, identity))
            self.transport.write(body)
        self.server_state.total_requests += 1
        self._answered = True

    def _open(self) -> None:
        """Make the beginnings of answers anew; uvicorn replaces its headers once a second, for the date in them."""
        self._defaults = self.server_state.default_headers
        always = lines_of(self._defaults)
        self._ok = b"HTTP/1.1 200 OK\r\n" + always
        self._not_modified = b"HTTP/1.1 304 Not Modified\r\n" + always
