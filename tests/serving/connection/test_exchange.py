"""Responses of ASGI applications on their way to the client: correct ones and others."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.serving.connection.protocol import HttpProtocol
from app.serving.connection.time_limits import Limits
from tests.serving.connection.wires import Memory, Recorder, run

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def connected(application: object) -> tuple[HttpProtocol, Memory, ServerState]:
    """A connection in memory to an application."""
    config = Config("none", lifespan="off", log_config=None)
    config.loaded_app, config.loaded = application, True
    state, transport = ServerState(), Memory()
    protocol = HttpProtocol(config, state, {}, asyncio.get_running_loop(), limits=Limits())
    protocol.connection_made(transport)
    return protocol, transport, state


def sent(application: Application, request: bytes = GET) -> tuple[bytes, bool]:
    """Return the bytes sent in response to a request, and whether the connection is closed afterwards."""

    async def scenario() -> tuple[bytes, bool]:
        protocol, transport, state = connected(application)
        protocol.data_received(request)
        await asyncio.gather(*state.tasks)
        closed = transport.closed
        protocol.connection_lost(None)
        return bytes(transport.sent), closed

    return run(scenario())


def responding(*messages: dict[str, object]) -> Application:
    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return application


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, object]:
    return {"type": "http.response.start", "status": status, "headers": [*headers]}


def body(part: bytes, *, more: bool = False) -> dict[str, object]:
    return {"type": "http.response.body", "body": part, "more_body": more}


def test_a_body_without_a_length_is_sent_in_chunks() -> None:
    application = responding(
        start((b"X-A", b"b")), body(b"one", more=True), body(b"", more=True), body(b"four")
    )
    assert sent(application) == (
        b"HTTP/1.1 200 OK\r\nx-a: b\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n4\r\nfour\r\n0\r\n\r\n",
        False,
    )


def test_for_http_1_0_it_ends_with_the_connection() -> None:
    application = responding(start(), body(b"one", more=True), body(b"four"))
    assert sent(application, b"GET / HTTP/1.0\r\n\r\n") == (
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nonefour",
        True,
    )


def test_a_response_to_head_and_one_without_content_have_no_body() -> None:
    application = responding(start((b"content-length", b"3")), body(b"one"))
    head = GET.replace(b"GET", b"HEAD")
    assert sent(application, head) == (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n", False)
    assert sent(responding(start(status=204), body(b""))) == (b"HTTP/1.1 204 No Content\r\n\r\n", False)


def test_a_response_may_close_the_connection() -> None:
    application = responding(start((b"connection", b"Close"), (b"content-length", b"0")), body(b""))
    assert sent(application) == (b"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 0\r\n\r\n", True)


@pytest.mark.parametrize(
    "messages",
    [
        (),
        (start((b"x", b"a\r\nset-cookie: b")), body(b"")),
        (body(b"no start"),),
        (start((b"content-length", b"3")), body(b"four")),
    ],
    ids=["nothing", "a broken header", "no start", "too long a body"],
)
def test_an_application_that_fails_before_it_sends_gives_a_500(
    messages: tuple[dict[str, object], ...],
) -> None:
    found, closed = sent(responding(*messages))
    assert closed
    assert found.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"set-cookie" not in found


@pytest.mark.parametrize(
    "messages",
    [
        (start((b"content-length", b"8")), body(b"four", more=True), body(b"")),
        (start((b"content-length", b"8")), body(b"four", more=True)),
        (start(), body(b"four", more=True)),
    ],
    ids=["too short a body", "no end", "no end of chunks"],
)
def test_an_application_that_fails_in_the_middle_ends_the_connection(
    messages: tuple[dict[str, object], ...],
) -> None:
    """So the client sees that the response is not complete."""
    found, closed = sent(responding(*messages))
    assert closed
    assert b"four" in found
    assert not found.endswith(b"0\r\n\r\n")


def test_a_client_with_many_small_parts_takes_turns_with_others() -> None:
    async def scenario() -> None:
        recorder = Recorder()
        protocol, _transport, state = connected(recorder)
        protocol.data_received(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        protocol.data_received(b"1\r\na\r\n" * 10_000 + b"0\r\n\r\n")
        turns = 0
        while state.tasks:
            await asyncio.sleep(0)
            turns += 1
        assert recorder.seen[0].body == b"a" * 10_000
        assert turns > 30
        protocol.connection_lost(None)

    run(scenario())
