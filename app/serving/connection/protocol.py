"""One connection of `ladder serve`: what arrives becomes requests, and each is answered before the next one begins.

uvicorn runs the event loop, the workers and the lifespan; it hands every new connection to this protocol. Bytes go
through our own `Reader`, so no parser but ours decides where a message ends. A hot read is answered at once from
memory, without a task. Every other request becomes an `Exchange` with the application. While one is under way nothing
more is read from the buffer, so responses keep the order of requests and a pipeline costs no more than its bytes.
"""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from app.errors import BadRequest, LadderError, MethodNotAllowed, Overloaded, RequestTimeout
from app.serving.answers.hot_reads import Hit, HotReads
from app.serving.connection.asgi_scope import Ends, address
from app.serving.connection.connections import connections_of
from app.serving.connection.exchange import JOINED, Exchange
from app.serving.connection.request_framing import Reader
from app.serving.connection.request_head import Head
from app.serving.connection.responses import Openings
from app.serving.connection.time_limits import ClientWait, Limits
from app.store.drafts import MAX_CONTENT

_READS: Final = frozenset({b"GET", b"HEAD"})
_MOST_STEPS: Final = 256
"""Requests or parts of bodies that are read at a time, so that clients with many small ones take turns."""
_LINGER_SECONDS: Final = 2.0
"""The time for which a connection that ends with an error still reads, so that its client can read the error."""


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
        self.openings = Openings(server_state, getattr(self.app, "base_url", config.root_path))
        self._server_state = server_state
        self._connections = connections_of(server_state, limits)
        self._limits = limits
        hot = getattr(self.app, "hot", None)
        self._hot: HotReads | None = hot if isinstance(hot, HotReads) else None
        self._open_paths: frozenset[str] = getattr(self.app, "open_paths", frozenset())
        """The paths of health checks, which are served although all connections are in use."""
        self._ends = Ends(None, None, config.root_path, app_state)
        self._reader = Reader()
        self._exchange: Exchange | None = None
        self._spare = self._served = self._stopping = False
        self._ended = self._half_closed = self._read_paused = False
        self._wait = ClientWait()
        self._dropped = 0
        """Bytes of a request body that arrived after the response to it."""
        self._yielding: asyncio.Handle | None = None
        """Set while other connections have their turn before more of what has arrived is read."""
        self._drain: asyncio.Future[None] | None = None
        """Set while the client takes less than it is sent."""

    # What the event loop and uvicorn call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self._ends = replace(
            self._ends,
            client=address(self.transport.get_extra_info("peername")),
            server=address(self.transport.get_extra_info("sockname")),
        )
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
        if self._exchange is None or self._exchange.done:
            self._end(linger=False)
        else:
            self._exchange.persistent = False

    # Read by `Connections`.

    @property
    def since(self) -> float:
        """Return since when the connection has waited for its client."""
        return self._wait.since

    def waits(self) -> int | None:
        """Return what the connection waits for; see `Waiting`."""
        if self._drain is not None or self._ended:
            return 1
        if self._exchange is None:
            return 0
        return 1 if self._waits_for_body() else None

    def check(self, now: float) -> None:
        """Close the connection if its client takes too long."""
        limits, wait = self._limits, self._wait
        waiting = self.transport.get_write_buffer_size()
        if wait.is_sending_over(now, waiting, limits.send_seconds):
            self.abort()
        elif waiting:
            return
        elif self._ended:
            if wait.is_over(now, _LINGER_SECONDS):
                self.abort()
        elif self._exchange is not None:
            if self._waits_for_body() and wait.is_over(now, limits.body_seconds):
                self.refuse(RequestTimeout("The rest of the body did not arrive in time."))
        elif wait.begun:
            if wait.is_over(now, limits.header_seconds):
                self.refuse(RequestTimeout("The rest of the header lines did not arrive in time."))
        elif wait.is_over(now, limits.idle_seconds if self._served else limits.header_seconds):
            self._end(linger=False)

    def _waits_for_body(self) -> bool:
        return self._exchange is not None and not self._exchange.received and not self._read_paused

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
            self._dropped = 0

    def fail(self) -> None:
        """Close the connection in the middle of a response."""
        self.abort()

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
        bodiless = method == b"HEAD" or self._reader.begins_with_head_method
        bodiless = bodiless or (exchange is not None and exchange.is_head)
        self.write(self.openings.error(error, self._ends, bodiless=bodiless))
        self._server_state.total_requests += 1
        self._end(linger=True)

    # From bytes to requests.

    def _advance(self) -> None:
        """Read as many requests as can be answered now."""
        reader, progress = self._reader, False
        try:
            for _ in range(_MOST_STEPS):
                if self._is_blocked() or (found := reader.next()) is None:
                    break
                progress = True
                if type(found) is Head:
                    self._take(found)
                elif type(found) is bytes:
                    self._take_part(found)
                else:
                    self._take_end()
            else:
                self._yielding = self.loop.call_soon(self._go_on)
        except LadderError as error:
            self.refuse(error)
        if not self._ended:
            self._settle(progress=progress)

    def _is_blocked(self) -> bool:
        """Return whether what has arrived must wait for the client or the application."""
        exchange = self._exchange
        if exchange is None:
            return self._drain is not None or self._ended or self._yielding is not None
        return exchange.received or exchange.full or self._ended or self._yielding is not None

    def _go_on(self) -> None:
        """Read on after other connections had their turn."""
        self._yielding = None
        if not self._ended:
            self._advance()

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
            self._wait.wait_for_head(idle=reader.idle, progress=progress)

    def _pause(self, blocked: bool) -> None:  # noqa: FBT001 - one of two
        transport = self.transport
        if transport.is_closing():
            return
        self._read_paused = blocked
        if blocked:
            transport.pause_reading()
        else:
            transport.resume_reading()
            self._wait.restart()

    def _end_half_closed(self) -> None:
        """End a connection on which no more bytes arrive, and all that arrived was read."""
        if self._exchange is None and self._reader.idle:
            self._end(linger=False)
        else:
            self.refuse(BadRequest("The connection was closed before the whole request had arrived."))

    def _take(self, head: Head) -> None:
        """Begin to answer a request."""
        if head.method == b"CONNECT":
            self.refuse(MethodNotAllowed("This server is no proxy: CONNECT is not supported."))
            return
        if self._spare and not self._is_open(head.target):
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
        self._wait.restart()
        task = self.loop.create_task(exchange.run(self.app, self._ends.scope(head)))
        self._server_state.tasks.add(task)
        task.add_done_callback(self._server_state.tasks.discard)

    def _is_open(self, target: bytes) -> bool:
        """Return whether a target is served although all connections are in use."""
        return target.decode("latin-1").removeprefix(self._ends.root_path) in self._open_paths

    def _take_part(self, part: bytes) -> None:
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - a body follows its head
        exchange.feed(part)
        self._wait.take_part(len(part))
        if exchange.done:
            self._dropped += len(part)
            if self._dropped > MAX_CONTENT:
                self._end(linger=False)

    def _take_end(self) -> None:
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - an end follows its head
        exchange.complete()
        if exchange.done:
            self._exchange = None
            self._served = True

    # Hot reads.

    def _find(self, hot: HotReads, head: Head) -> Hit | None:
        target = head.target
        if head.method not in _READS or (b"%" in target and b"%" in target.partition(b"?")[0]):
            return None
        try:
            return hot.find(target.decode("ascii"), head.fields, head.values, self._ends.client)
        except Exception:  # noqa: BLE001 - the long way meets the same defect, logs it and answers 500
            return None

    def _send_hit(self, hit: Hit, *, whole: bool) -> None:
        """Send the response to a hot read, with its body or without."""
        head, body = self.openings.hit(hit, whole=whole)
        if len(body) <= JOINED:
            self.transport.write(head + body)
        else:
            self.transport.write(head)
            self.transport.write(body)
        self._server_state.total_requests += 1
        self._served = True

    # Ends.

    def _end(self, *, linger: bool) -> None:
        """Close the connection once everything is sent; `linger` reads on for a while, so that the client can read.

        Closing at once while the client still sends would reset the connection, and the response would be lost.
        """
        transport = self.transport
        if transport.is_closing():
            return
        self._ended = True
        self._wait.restart()
        if not linger or self._half_closed or not transport.can_write_eof():
            transport.close()
            return
        if self._read_paused:
            self._pause(blocked=False)
        transport.write_eof()
