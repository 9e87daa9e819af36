"""One connection of `ladder serve`: what arrives becomes requests, and each is answered before the next one begins.

uvicorn runs the event loop, the workers and the lifespan; it hands every new connection to this protocol. Bytes go
through our own `Reader`, so no parser but ours decides where a message ends. A hot read is answered at once from
memory, without a task. Every other request becomes an `Exchange` with the application. While one is under way nothing
more is read from the buffer, so responses keep the order of requests and a pipeline costs no more than its bytes.
"""

import asyncio
from functools import partial
from http import HTTPStatus
from secrets import token_hex
from time import monotonic
from typing import Any, Final, cast
from urllib.parse import unquote

import structlog
from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.errors import BadRequest, LadderError, MethodNotAllowed, Overloaded, RequestTimeout
from app.serving.answers.hot import Hit, HotReads
from app.serving.answers.outgoing import plain_headers, refusal
from app.serving.answers.representation import lines_of
from app.serving.connection.connections import Limits, connections_of
from app.serving.connection.exchange import JOINED, Exchange
from app.serving.connection.head import Head
from app.serving.connection.reader import Reader
from app.store.drafts import MAX_CONTENT

_READS: Final = frozenset({b"GET", b"HEAD"})
_HEALTH: Final = (b"/healthz", b"/readyz")
_METHODS: Final = (b"allow", b"GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE")
_PORTION: Final = 65_536
"""Bytes that a client must send or take within the time limit of a body or response."""
_LINGER_SECONDS: Final = 2.0
"""How long a connection that ends with an error reads on, so that its client gets to read the error."""
_LOG: Final = structlog.get_logger("access")


def http_protocol(limits: Limits) -> "type[HttpProtocol]":
    """Return what uvicorn's `http` option takes: it only calls it, once for each connection."""
    return cast("type[HttpProtocol]", partial(HttpProtocol, limits=limits))


class HttpProtocol(asyncio.Protocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: Limits,
    ) -> None:
        self.app = config.loaded_app
        self.loop = _loop or asyncio.get_running_loop()
        self.transport: asyncio.Transport
        self.since = monotonic()
        self._server_state = server_state
        self._state = app_state
        self._connections = connections_of(server_state, limits)
        self._limits = limits
        hot = getattr(self.app, "hot", None)
        self._hot: HotReads | None = hot if isinstance(hot, HotReads) else None
        self._root_path: str = config.root_path
        self._reader = Reader()
        self._exchange: Exchange | None = None
        self._spare = self._served = self._stopping = False
        self._ended = self._half_closed = self._read_paused = False
        self._begun = False
        """Whether a part of a head has arrived and waits for the rest."""
        self._portion = 0
        """Bytes of the present body since the last time limit was met, and after the response those dropped."""
        self._drain: asyncio.Future[None] | None = None
        """Set while the client takes less than it is sent."""
        self._unsent: tuple[float, int] | None = None
        """When the client last took a portion of what waits for it, and the bytes that waited then."""
        self._defaults: list[tuple[bytes, bytes]] | None = None
        self._lines = self._ok = self._not_modified = b""

    # What the event loop and uvicorn call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self.client = _address(self.transport.get_extra_info("peername"))
        self.server = _address(self.transport.get_extra_info("sockname"))
        taken = self._connections.add(self, self.loop)
        if taken is None:
            self.transport.abort()
            return
        self._spare = not taken
        self._server_state.connections.add(self)  # type: ignore[arg-type]  # all that uvicorn does is ask them to shut down

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the reason changes nothing
        """End."""
        self._ended = True
        self._connections.remove(self)
        self._server_state.connections.discard(self)
        if self._exchange is not None:
            self._exchange.lose()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Take what arrived."""
        if not self._ended:
            self._reader.feed(data)
            self._advance()

    def eof_received(self) -> bool:
        """Answer what was asked before the client closed its side, then close ours (RFC 9112, 9.6)."""
        self._half_closed = True
        if self._ended:
            return False
        self._advance()
        return True

    def pause_writing(self) -> None:
        """Send no more for now."""
        if self._drain is None:
            self._drain = self.loop.create_future()

    def resume_writing(self) -> None:
        """Go on after the client took what was sent."""
        drain, self._drain = self._drain, None
        if drain is not None:
            drain.set_result(None)
            if self._exchange is None:
                self._advance()

    def shutdown(self) -> None:
        """Close the connection, after the response that is under way."""
        self._stopping = True
        if self._exchange is None:
            self._close()
        elif not self._exchange.done:
            self._exchange.persistent = False

    # What limits ask.

    def patience(self) -> int | None:
        """Return what the connection waits for; see `Waiting`."""
        exchange = self._exchange
        if self._drain is not None or self._ended:
            return 1
        if exchange is None:
            return 0
        return None if exchange.received or self._read_paused else 1

    def check(self, now: float) -> None:
        """Close the connection if its client takes too long."""
        if self._takes_too_long(now):
            self.abort()
        elif self._unsent is not None:
            return
        elif self._ended:
            if now - self.since > _LINGER_SECONDS:
                self.abort()
        elif self._exchange is not None:
            waits = not self._exchange.received and not self._read_paused
            if waits and now - self.since > self._limits.body_seconds:
                self.refuse(RequestTimeout("The rest of the body did not arrive in time."))
        elif self._begun:
            if now - self.since > self._limits.header_seconds:
                self.refuse(RequestTimeout("The rest of the header lines did not arrive in time."))
        elif now - self.since > (self._limits.idle_seconds if self._served else self._limits.header_seconds):
            self._close()

    def abort(self) -> None:
        """Close the connection at once, whatever waits to be sent."""
        self._ended = True
        if self._exchange is not None:
            self._exchange.lose()
        self.transport.abort()

    # What the exchange calls.

    def write(self, data: bytes) -> None:
        """Send bytes; does nothing once the client is gone."""
        if not self.transport.is_closing():
            self.transport.write(data)

    async def writable(self) -> None:
        """Wait until the client has taken most of what was sent."""
        while self._drain is not None:
            await asyncio.shield(self._drain)

    def read_on(self) -> None:
        """Read more of the body."""
        self._advance()

    def answered(self) -> None:
        """Go on after the response is complete."""
        self._server_state.total_requests += 1
        exchange = self._exchange
        if exchange is None or self._ended:
            return
        if not exchange.persistent or self._stopping:
            self._end(linger=not exchange.received)
        elif exchange.received:
            self._exchange = None
            self._served = True
            self._advance()
        else:
            self._portion = 0

    def fail(self) -> None:
        """Close the connection in the middle of a response."""
        self.abort()

    def default_lines(self) -> bytes:
        """Return the header lines that every response has; uvicorn renews them each second, for the date."""
        if self._server_state.default_headers is not self._defaults:
            self._defaults = self._server_state.default_headers
            self._lines = lines_of(self._defaults)
            self._ok = b"HTTP/1.1 200 OK\r\n" + self._lines
            self._not_modified = b"HTTP/1.1 304 Not Modified\r\n" + self._lines
        return self._lines

    def refuse(self, error: LadderError, method: bytes = b"") -> None:
        """Answer with an error of the connection's own, and close it."""
        if self._ended:
            return
        exchange = self._exchange
        if exchange is not None:
            exchange.lose()
            if exchange.started:
                self._end(linger=exchange.done)
                return
        identity = token_hex(8).encode()
        captured = refusal(error, identity, self._root_path)
        headers = [*plain_headers(captured, identity), (b"connection", b"close")]
        if isinstance(error, MethodNotAllowed):
            headers.append(_METHODS)
        bodiless = method == b"HEAD" or self._reader.begins_with_head_method
        body = b"" if bodiless or (exchange is not None and exchange.is_head) else captured.body
        opening = b"HTTP/1.1 %d %b\r\n" % (captured.status, _phrase(captured.status))
        self.write(b"%b%b%b\r\n%b" % (opening, self.default_lines(), lines_of(headers), body))
        self._server_state.total_requests += 1
        _LOG.info(
            "refused",
            status=captured.status,
            code=error.code,
            client=self.client[0] if self.client else None,
            request_id=identity.decode(),
        )
        self._end(linger=True)

    # From bytes to requests.

    def _advance(self) -> None:
        """Read as many requests as can be answered now."""
        reader, progress = self._reader, False
        try:
            while not self._is_blocked() and (found := reader.next()) is not None:
                progress = True
                if type(found) is Head:
                    self._take(found)
                elif type(found) is bytes:
                    self._take_part(found)
                else:
                    self._take_end()
        except LadderError as error:
            self.refuse(error)
        if not self._ended:
            self._settle(progress=progress)

    def _is_blocked(self) -> bool:
        """Return whether what has arrived must wait for the client or the application."""
        exchange = self._exchange
        if exchange is None:
            return self._drain is not None or self._ended
        return exchange.received or exchange.full or self._ended

    def _settle(self, *, progress: bool) -> None:
        """Pause reading if what has arrived must wait, and note since when the client is waited for."""
        reader = self._reader
        blocked = self._is_blocked()
        if self._half_closed:
            if not blocked:
                self._end_half_closed()
            return
        if blocked is not self._read_paused and (reader.pending or not blocked):
            self._pause(blocked)
        if self._exchange is None:
            if reader.idle:
                self.since, self._begun = monotonic(), False
            elif progress or not self._begun:
                self.since, self._begun = monotonic(), True

    def _pause(self, blocked: bool) -> None:  # noqa: FBT001 - one of two
        transport = self.transport
        if transport.is_closing():
            return
        self._read_paused = blocked
        if blocked:
            transport.pause_reading()
        else:
            transport.resume_reading()
            self.since = monotonic()

    def _end_half_closed(self) -> None:
        """End a connection on which no more bytes arrive, and all that arrived was read."""
        if self._exchange is None and self._reader.idle:
            self._close()
        else:
            self.refuse(BadRequest("The connection was closed before the whole request had arrived."))

    def _take(self, head: Head) -> None:
        """Begin to answer a request."""
        if head.method == b"CONNECT":
            self.refuse(MethodNotAllowed("This server is no proxy: CONNECT is not supported."))
            return
        if self._spare and head.target.removeprefix(self._root_path.encode()) not in _HEALTH:
            busy = Overloaded("All connections are in use. Try again in a second.", retry_after=1)
            self.refuse(busy, head.method)
            return
        if self._hot is not None and head.persistent and head.length == 0 and not self._stopping:
            hit = self._find(self._hot, head)
            if hit is not None:
                self._send_hit(hit, whole=head.method == b"GET")
                return
        persistent = head.persistent and not self._spare and not self._stopping
        exchange = self._exchange = Exchange(self, head, persistent=persistent)
        self._portion, self.since = 0, monotonic()
        task = self.loop.create_task(exchange.run(self.app, self._scope(head)))
        self._server_state.tasks.add(task)
        task.add_done_callback(self._server_state.tasks.discard)

    def _take_part(self, part: bytes) -> None:
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - a body follows its head
        exchange.feed(part)
        self._portion += len(part)
        if exchange.done:
            if self._portion > MAX_CONTENT:
                self._end(linger=False)
        elif self._portion >= _PORTION:
            self._portion, self.since = 0, monotonic()

    def _take_end(self) -> None:
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - an end follows its head
        exchange.complete()
        if exchange.done:
            self._exchange = None
            self._served = True

    def _scope(self, head: Head) -> Scope:
        raw_path, _, query = head.target.partition(b"?")
        path = raw_path.decode("ascii")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": f"1.{head.minor.decode()}",
            "server": self.server,
            "client": self.client,
            "scheme": "http",
            "method": head.method.decode("ascii"),
            "root_path": self._root_path,
            "path": self._root_path + (unquote(path) if "%" in path else path),
            "raw_path": self._root_path.encode() + raw_path,
            "query_string": query,
            "headers": head.fields,
            "state": self._state.copy(),
        }

    # Hot reads.

    def _find(self, hot: HotReads, head: Head) -> Hit | None:
        target = head.target
        if head.method not in _READS or (b"%" in target and b"%" in target.partition(b"?")[0]):
            return None
        try:
            return hot.find(target.decode("ascii"), head.fields, head.values, self.client)
        except Exception:  # noqa: BLE001 - the long way meets the same defect, logs it and answers 500
            return None

    def _send_hit(self, hit: Hit, *, whole: bool) -> None:
        """Send the response to a hot read, with its body or without."""
        coded, known, notice, identity = hit
        self.default_lines()
        lines = (self._not_modified, coded.not_modified_lines) if known else (self._ok, coded.lines)
        body = coded.body if whole and not known else b""
        said = lines_of(notice) if notice else b""
        transport = self.transport
        if len(body) <= JOINED:
            transport.write(b"%b%b%bx-request-id: %b\r\n\r\n%b" % (*lines, said, identity, body))
        else:
            transport.write(b"%b%b%bx-request-id: %b\r\n\r\n" % (*lines, said, identity))
            transport.write(body)
        self._server_state.total_requests += 1
        self._served = True

    # Ends.

    def _takes_too_long(self, now: float) -> bool:
        """Return whether the client has taken no portion of its responses for too long."""
        waiting = self.transport.get_write_buffer_size()
        before, self._unsent = self._unsent, None
        if not waiting:
            return False
        if before is None or waiting > before[1] or waiting <= before[1] - _PORTION:
            before = (now, waiting)
        self._unsent = before
        return now - before[0] > self._limits.send_seconds

    def _end(self, *, linger: bool) -> None:
        """Close the connection once everything is sent; `linger` reads on for a while, so that the client can read.

        Closing at once while the client still sends would reset the connection, and the response would be lost.
        """
        transport = self.transport
        if transport.is_closing():
            return
        self._ended = True
        self.since = monotonic()
        if not linger or self._half_closed or not transport.can_write_eof():
            transport.close()
            return
        if self._read_paused:
            self._pause(blocked=False)
        transport.write_eof()

    def _close(self) -> None:
        self._end(linger=False)


def _address(found: Any) -> tuple[str, int] | None:  # noqa: ANN401 - whatever the transport says
    """Return an address and port; IPv4 in the form of IPv6 becomes IPv4."""
    if not isinstance(found, tuple) or len(found) < 2:  # noqa: PLR2004 - an address and a port
        return None
    host = str(found[0])
    return (host[7:] if host.startswith("::ffff:") and "." in host else host), int(found[1])


def _phrase(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode()
