"""The protocol over a transport in memory, and the requests that h11 finds in the same bytes."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.serving.answers.hot_reads import Hit, HotReads
from app.serving.answers.representation import Representation
from app.serving.connection.protocol import HttpProtocol
from app.serving.connection.request_framing import MOST_EMPTY_LINES
from app.serving.connection.time_limits import Limits

HOT: Final = "/hot"
"""Reads of paths that begin so are hot."""
_SETTLING: Final = 1_000
_CODED: Final = Representation.of(b"hot", [(b"content-type", b"text/plain")]).coded("identity")
_CODING: Final = b"transfer-encoding"
_ABSOLUTE: Final = re.compile(rb"(?i:https?)://([^/?]+)(.*)")
_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@dataclass(frozen=True)
class Seen:
    """One request, as a parser understood it."""

    method: bytes
    path: bytes
    query: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def __post_init__(self) -> None:
        """Forget the case of the transfer coding, which h11 does not keep."""
        fields = ((name, value.lower() if name == _CODING else value) for name, value in self.fields)
        object.__setattr__(self, "fields", tuple(fields))


@dataclass(frozen=True)
class Outcome:
    """The requests on a connection, in order, and the status of the error that ended it, if one did."""

    requests: tuple[Seen, ...]
    refused: int | None


@dataclass
class Memory(asyncio.Transport):
    """A transport that collects what is sent."""

    sent: bytearray = field(default_factory=bytearray)
    paused: bool = False
    closed: bool = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as in asyncio
        return {"peername": ("192.0.2.1", 4711), "sockname": ("192.0.2.2", 80)}.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None:
        assert not self.paused
        self.paused = True

    def resume_reading(self) -> None:
        assert self.paused
        self.paused = False

    def get_write_buffer_size(self) -> int:
        return 0


class Hot(HotReads):
    """Hot reads without anything behind them."""

    def __init__(self, seen: list[Seen]) -> None:  # nothing of what real ones need
        self.seen = seen

    def find(self, target: str, fields: Any, values: Any, client: Any) -> Hit | None:  # noqa: ANN401, ARG002
        if not target.startswith(HOT):
            return None
        path, _, query = target.encode().partition(b"?")
        self.seen.append(Seen(b"GET", path, query, tuple(fields)))
        return _CODED, False, (), b"id"


@dataclass
class Recorder:
    """An application that records requests and answers each with 200."""

    seen: list[Seen] = field(default_factory=list)
    hot: Hot | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        self.seen.append(
            Seen(
                scope["method"].encode(),
                scope["raw_path"],
                scope["query_string"],
                tuple(scope["headers"]),
                body,
            )
        )
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"cold"})


async def ours(parts: Sequence[bytes], *, hot: bool) -> Outcome:
    """Return what our protocol makes of bytes that arrive in these parts before the client closes its side."""
    recorder = Recorder()
    recorder.hot = Hot(recorder.seen) if hot else None
    config = Config(recorder, lifespan="off", log_config=None)
    config.loaded_app, config.loaded = recorder, True
    loop, state, transport = asyncio.get_running_loop(), ServerState(), Memory()
    protocol = HttpProtocol(config, state, {}, loop, limits=_LIMITS)
    protocol.connection_made(transport)
    for part in parts:
        await _until(lambda: transport.closed or not transport.paused)
        if transport.closed:
            break
        protocol.data_received(part)
        await asyncio.sleep(0)
    await _until(lambda: transport.closed or not transport.paused)
    if not transport.closed:
        protocol.eof_received()
    await _until(lambda: transport.closed and not state.tasks)
    protocol.connection_lost(None)
    statuses = [int(status) for status in _STATUS.findall(transport.sent)]
    last = next(reversed(statuses), 200)
    return Outcome(tuple(recorder.seen), last if last >= 400 else None)


_LIMITS: Final = Limits()


async def _until(holds: Any) -> None:  # noqa: ANN401 - any function without arguments
    for _ in range(_SETTLING):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("the connection is stuck")


def theirs(sent: bytes) -> Outcome:
    """Return what h11 makes of the bytes, if the client closes its side after them."""
    requests: list[Seen] = []
    while True:
        # h11 takes no empty lines before a request, which RFC 9112 (2.2) asks servers to ignore.
        for _ in range(MOST_EMPTY_LINES):
            sent = sent.removeprefix(b"\r\n")
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
        connection.receive_data(sent)
        connection.receive_data(b"")
        try:
            found = _next(connection)
        except h11.RemoteProtocolError as error:
            return Outcome(tuple(requests), error.error_status_hint)
        if found is None:
            return Outcome(tuple(requests), None)
        requests.append(found)
        connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
        connection.send(h11.EndOfMessage())
        if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
            return Outcome(tuple(requests), None)
        sent = connection.trailing_data[0]


def _next(connection: h11.Connection) -> Seen | None:
    """Return the next request with its body; None if there is none."""
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        return None
    body = b""
    while isinstance(event := connection.next_event(), h11.Data):
        body += event.data
    return _seen(request, body) if isinstance(event, h11.EndOfMessage) else None


def _seen(request: h11.Request, body: bytes) -> Seen:
    target, fields = request.target, tuple(request.headers)
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        host, target = absolute.groups()
        target = target if target.startswith(b"/") else b"/" + target
        fields = tuple((name, host if name == b"host" else value) for name, value in fields)
    path, _, query = target.partition(b"#")[0].partition(b"?")
    return Seen(request.method, path, query, fields, body)


run = partial(asyncio.run)
