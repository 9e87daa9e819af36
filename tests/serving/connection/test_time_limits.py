"""Limits on the resources that one client can use: size, waiting time, number of connections."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import pytest

from app.serving.connection.time_limits import Limits
from app.store.access.keys import create_key
from app.store.engine import writing
from tests.api.process import Server as Served
from tests.api.process import eventually
from tests.api.serving import EXAMPLE, NETFLIX
from tests.cli.shell import surroundings
from tests.databases import SqliteDatabases
from tests.forked import LADDER
from tests.serving.connections import Answer, Connection, Direct, direct, request
from tests.serving.processes import resident

LEVEL: Final = f"{NETFLIX}/levels/l5"
DOCUMENT: Final = f"{EXAMPLE}/document"
HOT: Final = request("GET", LEVEL)
QUICK: Final = Limits(header_seconds=0.6, body_seconds=0.6, send_seconds=0.6, idle_seconds=0.6)
MEGABYTE: Final = 1_000_000


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        yield url


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[Direct]:
    with direct(seeded) as found:
        yield found


@pytest.fixture(scope="module")
def quick(seeded: str) -> Iterator[Direct]:
    with direct(seeded, limits=QUICK) as found:
        assert found.ask(HOT).status == 200
        yield found


def code(answer: Answer) -> tuple[int, str]:
    assert (answer.header("connection"), answer.header("content-type")) == (
        "close",
        "application/problem+json",
    )
    return answer.status, json.loads(answer.body)["code"]


def flood(connection: Connection, first: bytes, more: bytes, size: int) -> int:
    """Send without end, at most `size` bytes, until the server closes the connection; return what was sent."""
    sent, block = 0, more * (65_536 // len(more) + 1)
    with suppress(ConnectionError):
        connection.send(first)
        while sent < size:
            connection.send(block)
            sent += len(block)
    return sent


FLOODS: Final = {
    "header lines": (b"GET /v1 HTTP/1.1\r\nHost: a\r\n", b"X-A: b\r\n", 431),
    "one header": (b"GET /v1 HTTP/1.1\r\nHost: a\r\nX: ", b"x", 431),
    "long header lines": (b"GET /v1 HTTP/1.1\r\nHost: a\r\n", b"X: " + b"x" * 8_000 + b"\r\n", 431),
    "URL": (b"GET /", b"x", 414),
    "query": (b"GET /v1?", b"a=b&", 414),
    "method": (b"", b"X", 414),
    "empty lines": (b"", b"\r\n", 400),
    "trailer": (
        b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        b"X-A: b\r\n",
        431,
    ),
    "one trailer": (b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"x", 431),
    "chunk extension": (
        b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"x",
        400,
    ),
    "chunk extensions": (
        b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1;" + b"x" * 500 + b"\r\na\r\n",
        431,
    ),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_hundred_megabytes_cost_neither_memory_nor_the_time_of_others(server: Direct, kind: str) -> None:
    first, more, status = FLOODS[kind]
    server.ask(HOT)
    before = resident()
    with server.connect() as connection:
        began = time.monotonic()
        sent = flood(connection, first, more, 100 * MEGABYTE)
        assert server.ask(HOT).status == 200
        if kind.startswith(("trailer", "one trailer", "chunk")):
            answer = None  # /v1 answered 405 before the rest of the body arrived, or the error came first
        else:
            answer = connection.answer() if sent < 100 * MEGABYTE or _readable(connection) else None
        if answer is not None:
            assert answer.status == status
    assert time.monotonic() - began < 15
    assert resident() - before < 20 * MEGABYTE


def _readable(connection: Connection) -> bool:
    return bool(connection.socket.recv(1, socket.MSG_PEEK))


@pytest.mark.parametrize("kind", FLOODS)
def test_what_is_too_large_is_rejected_as_soon_as_it_is(server: Direct, kind: str) -> None:
    """The client stops at a megabyte or earlier, and reads the error."""
    first, more, status = FLOODS[kind]
    with server.connect() as connection:
        connection.send(first + more * (70_000 // len(more) + 1))
        answer = connection.answer()
        if answer.status == 405:  # the response to the head; the error ends the connection
            assert connection.end()
        else:
            assert code(answer)[0] == status


def test_at_most_200_header_lines(server: Direct) -> None:
    assert server.ask(request("GET", LEVEL, *["X: y"] * 199)).status == 200
    assert code(server.ask(request("GET", LEVEL, *["X: y"] * 200))) == (431, "headers-too-large")


def test_a_url_of_8192_bytes_at_most(server: Direct) -> None:
    path = "/v1?" + "x" * (8_192 - 4)
    assert server.ask(request("GET", path)).status == 422
    assert code(server.ask(request("GET", path + "x"))) == (414, "uri-too-long")


BEGINNINGS: Final = {
    "nothing": (b"", None),
    "half a request line": (b"GET /v", 408),
    "half a head": (b"GET /v1 HTTP/1.1\r\nHost: a\r\n", 408),
    "an empty line": (b"\r\n", 408),
    "half a body": (request("POST", "/v1/ladders", "Content-Length: 100", body="{"), None),
    "half a chunked body": (
        request("POST", "/v1/ladders", "Transfer-Encoding: chunked", body="5\r\nab"),
        None,
    ),
    "a request, then nothing": (HOT, 200),
}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_client_that_says_no_more_is_not_waited_for(quick: Direct, kind: str) -> None:
    sent, status = BEGINNINGS[kind]
    with quick.connect() as connection:
        connection.send(sent)
        began = time.monotonic()
        if status is not None:
            assert connection.answer().status == status
        elif sent:
            assert (
                connection.answer().status == 403
            )  # no key exists yet; the rest of the body is read and dropped
        assert connection.end()
        assert 0.3 < time.monotonic() - began < 8


@pytest.mark.parametrize("begin", [b"GET /v1 HTTP/1.1\r\nHost: a\r\nX: ", b"GET /v1"])
def test_bytes_now_and_then_do_not_prolong_the_time_for_a_head(quick: Direct, begin: bytes) -> None:
    with quick.connect() as connection:
        connection.send(begin)
        began = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - began < 8:
                connection.send(b"x")
                time.sleep(0.1)
                connection.socket.setblocking(False)
                with suppress(BlockingIOError):
                    if connection.socket.recv(1, socket.MSG_PEEK):
                        break
                connection.socket.setblocking(True)
        connection.socket.settimeout(30)
        assert code(connection.answer()) == (408, "request-timeout")
        assert time.monotonic() - began < 8


def test_a_client_that_does_not_read_is_not_waited_for(quick: Direct) -> None:
    quick.ask(request("GET", DOCUMENT))
    with quick.connect() as connection:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.send(request("GET", DOCUMENT) * 400)
        end = time.monotonic() + 15
        while quick.server.server_state.connections and time.monotonic() < end:
            time.sleep(0.05)
        assert not quick.server.server_state.connections


def test_a_client_that_reads_slowly_but_steadily_gets_everything(quick: Direct) -> None:
    whole = quick.ask(request("GET", DOCUMENT)).body
    with quick.connect() as connection:
        connection.send(request("GET", DOCUMENT) * 3)
        for _ in range(3):
            time.sleep(0.3)
            assert connection.answer().body == whole


def test_those_who_have_waited_longest_make_room_for_new_clients(seeded: str) -> None:
    with direct(seeded, limits=Limits(max_connections=20)) as server, ExitStack() as stack:
        server.ask(HOT)
        silent = [stack.enter_context(server.connect()) for _ in range(100)]
        assert server.ask(HOT).status == 200
        assert silent[0].end()
        silent[-1].send(HOT)
        assert silent[-1].answer().status == 200
        assert len(server.server.server_state.connections) <= 22


def test_health_checks_are_answered_when_all_connections_are_at_work(seeded: str) -> None:
    """Uploads that have just begun count as work."""
    with direct(seeded, limits=Limits(max_connections=5)) as server, ExitStack() as stack:
        server.ask(HOT)
        upload = request("GET", LEVEL, "Content-Length: 100", body="x")
        busy = [stack.enter_context(server.connect()) for _ in range(5)]
        for connection in busy:
            connection.send(upload)
        time.sleep(0.2)
        answers = [server.ask(request("GET", path)) for path in ("/healthz", "/readyz", LEVEL)]
        assert [answer.status for answer in answers] == [200, 200, 503]
        assert [answer.header("connection") for answer in answers] == ["close"] * 3
        assert code(answers[2]) == (503, "overloaded")
        assert answers[2].header("retry-after") == "1"


def test_the_rest_of_a_body_is_not_waited_for_and_nothing_is_done(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, direct(url, limits=QUICK) as server:
        store = server.counting.application.serving
        with writing(store.engine) as connection:
            key, _ = create_key(connection, "ada", ["admin"], store.clock())
        store.freshness.refresh()
        lines = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Content-Length: 100")
        with server.connect() as connection_:
            connection_.send(request("POST", "/v1/ladders", *lines, body='{"slug": "half"'))
            assert code(connection_.answer()) == (408, "request-timeout")
            assert connection_.end()
        slow = json.dumps({"slug": "slow", "title": "Slow", "language": "en", "summary": "x" * 250_000})
        lines = (*lines[:2], f"Content-Length: {len(slow)}")
        with server.connect() as connection_:
            connection_.send(request("POST", "/v1/ladders", *lines))
            for start in range(
                0, len(slow), 70_000
            ):  # longer than the limit, but each portion arrives in time
                time.sleep(0.3)
                connection_.send(slow[start : start + 70_000].encode())
            assert connection_.answer().status in {201, 422}


def test_1200_silent_clients_lock_nobody_out_of_a_server_with_1024_descriptors(
    seeded: str, tmp_path: Path
) -> None:
    command = ("sh", "-c", 'ulimit -n 1024 && exec "$0" "$@"', *LADDER, "serve", "--port", "0")
    around = surroundings(LADDER_DATABASE_URL=seeded, LADDER_METRICS="off")
    with (
        Path(tmp_path, "out.txt").open("wb") as out,
        Path(tmp_path, "log.txt").open("wb") as log,
        subprocess.Popen(command, stdout=out, stderr=log, env=around, cwd=tmp_path) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.kill)
        server = Served(process, Path(out.name), Path(log.name))
        eventually(lambda: "Stop with" in server.printed, "the server did not say where it is")
        eventually(lambda: _is_ready(server), "the server did not get ready")
        for number in range(1_200):
            stack.enter_context(_silent(server.port, half=number % 2 == 0))
        with server.client() as client:
            for path in ("/healthz", LEVEL, "/readyz", DOCUMENT):
                assert client.get(path, headers={"connection": "close"}).status_code == 200
        assert [entry for entry in server.entries if entry["level"] == "error"] == []


def _is_ready(server: Served) -> bool:
    try:
        return httpx.get(f"{server.url}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def _silent(port: int, *, half: bool) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        if half:
            with suppress(ConnectionError):
                client.sendall(b"GET /v1 HTTP/1.1\r\nHost: a\r\n")
        yield client
