"""Hot reads on connections that are long, slow, broken, or shared with other requests."""

import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from app.serving.connection.time_limits import Limits
from tests.api.process import eventually, running
from tests.api.serving import EXAMPLE, NETFLIX
from tests.databases import SqliteDatabases
from tests.serving.connections import Connection, Direct, buffered, direct, request
from tests.serving.processes import resident

LEVEL: Final = f"{NETFLIX}/levels/l5"
DOCUMENT: Final = f"{EXAMPLE}/document"
HOT: Final = request("GET", LEVEL)


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        yield url


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[Direct]:
    with direct(seeded) as found:
        for path in (LEVEL, DOCUMENT, "/v1"):
            assert found.ask(request("GET", path)).status == 200
        yield found


def test_hot_cold_and_wrong_requests_in_a_row_are_answered_in_their_order(server: Direct) -> None:
    row = [
        ("GET", LEVEL, (), 200),
        (
            "GET",
            f"{NETFLIX}/levels?limit=1&fields=title",
            (),
            200,
        ),  # a first read: what is hot waits behind it
        ("GET", LEVEL, (), 200),
        ("HEAD", LEVEL, (), 200),
        ("GET", LEVEL, ("If-None-Match: *",), 304),
        ("GET", f"{NETFLIX}/levels/none", (), 404),
        ("GET", DOCUMENT, (), 200),
        ("POST", LEVEL, (), 405),
        ("GET", LEVEL, ("Accept: text/csv",), 406),
        ("GET", LEVEL, ("Transfer-Encoding: chunked",), 200),
        ("GET", LEVEL, (), 200),
    ]
    sent = b""
    for number, (method, path, lines, _) in enumerate(row):
        body = "3\r\nabc\r\n0\r\n\r\n" if "Transfer-Encoding: chunked" in lines else ""
        sent += request(method, path, f"X-Request-ID: n{number}", *lines, body=body)
    for step in (len(sent), 1000, 61, 7):  # however it is cut
        with server.connect() as connection:
            for start in range(0, len(sent), step):
                connection.send(sent[start : start + step])
            answers = [connection.answer(head=method == "HEAD") for method, *_ in row]
        assert [answer.status for answer in answers] == [status for *_, status in row]
        assert [answer.header("x-request-id") for answer in answers] == [f"n{n}" for n in range(len(row))]


def test_a_request_that_comes_byte_by_byte_is_one_request(server: Direct) -> None:
    calls, hits = server.calls, server.hits
    with server.connect() as connection:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in HOT:
            connection.send(bytes([byte]))
            time.sleep(0.0005)
        assert connection.answer().status == 200
    assert (server.calls, server.hits) == (calls, hits + 1)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_looks_like_a_request_is_none(
    server: Direct, method: str, *, chunked: bool, apart: bool
) -> None:
    length = f"Content-Length: {len(HOT)}"
    head = request(method, LEVEL, "Transfer-Encoding: chunked" if chunked else length)
    parts = [head, HOT]
    if chunked:
        parts = [head, b"%x\r\n" % len(HOT), HOT, b"\r\n0\r\n\r\n"]
    with server.connect() as connection:
        for part in parts if apart else [b"".join(parts)]:
            connection.send(part)
            time.sleep(0.05 if apart else 0)
        assert connection.answer().status == (200 if method == "GET" else 405)
        connection.send(request("GET", "/v1", "X-Request-ID: next", "Connection: close"))
        assert connection.answer().header("x-request-id") == "next"
        assert connection.end()


def test_what_is_no_http_after_a_hot_read_ends_the_connection(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(HOT + b"\x00\x01\r\n\r\n" + HOT)
        assert [connection.answer().status, connection.answer().status] == [200, 400]
        assert connection.end()


def test_nothing_is_answered_behind_a_request_that_ends_the_connection(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(HOT + request("GET", LEVEL, "Connection: close") + HOT)
        assert connection.answer().header("connection") is None
        assert connection.answer().header("connection") == "close"
        assert connection.end()


def test_a_write_behind_the_end_of_a_connection_is_not_done(server: Direct) -> None:
    calls = server.calls
    with server.connect() as connection:
        connection.send(b"\x00" + request("POST", LEVEL, "Content-Length: 2", body="{}"))
        assert connection.answer().status == 400
        assert connection.end()
    with server.connect() as connection:
        connection.send(request("GET", LEVEL, "Connection: close"))
        time.sleep(0.1)
        assert connection.answer().status == 200
        assert connection.end()
    assert server.calls == calls + 1


def test_an_expectation_is_met_before_a_hot_read_behind_it(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(
            request("POST", LEVEL, "Content-Length: 4", "Expect: 100-continue", body="{}  ") + HOT
        )
        statuses = [connection.answer().status for _ in range(2)]
        assert statuses == [405, 200]


def test_twenty_thousand_reads_of_one_connection_leave_nothing_behind(server: Direct) -> None:
    with server.connect() as connection:
        ids: set[str | None] = set()
        first = connection_memory = 0
        for turn in range(200):
            connection.send(HOT * 100)
            answers = [connection.answer() for _ in range(100)]
            assert {answer.lasting for answer in answers} == {answers[0].lasting}
            ids |= {answer.header("x-request-id") for answer in answers}
            if turn == 20:
                first = resident()
        connection_memory = resident() - first
        assert len(ids) == 20_000
        assert connection_memory < 20_000_000
        assert buffered(server) == 0


def test_who_does_not_read_is_not_written_to_without_end(server: Direct) -> None:
    """The answers to what was sent would be 50 times as large as what may wait."""
    size = len(server.ask(request("GET", DOCUMENT)).body)
    with server.connect() as connection:
        count = 50_000_000 // size
        sender = threading.Thread(target=connection.send, args=(request("GET", DOCUMENT) * count,))
        sender.start()
        time.sleep(1)
        assert buffered(server) < 1_000_000 + size
        answers = [connection.answer() for _ in range(count)]
        sender.join()
        assert {answer.status for answer in answers} == {200}
        assert {len(answer.body) for answer in answers} == {size}
        assert len({answer.body for answer in answers}) == 1
        connection.send(HOT)
        assert connection.answer().status == 200


def test_who_has_said_all_still_gets_the_answer(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(request("GET", DOCUMENT) * 3)
        connection.socket.shutdown(socket.SHUT_WR)
        whole = server.ask(request("GET", DOCUMENT)).body
        assert [connection.answer().body for _ in range(3)] == [whole] * 3
        assert connection.end()


def test_who_goes_away_in_the_middle_harms_nobody(server: Direct, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(20):
        connection = server.connect()
        connection.send(request("GET", DOCUMENT) * 20)
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.socket.close()  # a reset, while answers are on their way
        assert server.ask(HOT).status == 200
    eventually(lambda: not server.server.server_state.connections, "a connection stayed")
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]


def test_an_idle_connection_is_closed_and_one_in_use_is_not(seeded: str) -> None:
    with direct(seeded, limits=Limits(idle_seconds=1)) as server, server.connect() as connection:
        server.ask(HOT)
        for _ in range(5):  # longer than the limit
            connection.send(HOT)
            assert connection.answer().status == 200
            time.sleep(0.4)
        for after in (HOT, request("GET", f"{NETFLIX}/levels/none"), HOT):
            with server.connect() as other:
                other.send(HOT + after)
                assert {other.answer().status, other.answer().status} <= {200, 404}
                began = time.monotonic()
                assert other.end()
                assert 0.5 < time.monotonic() - began < 5


def test_every_answer_counts_for_a_server_that_ends_after_some(seeded: str) -> None:
    with direct(seeded, {"limit_max_requests": 50}) as server:
        with server.connect() as connection:
            for _ in range(50):
                connection.send(HOT)
                assert connection.answer().status == 200
        eventually(
            lambda: server.server.should_exit or not server.server.servers[0].is_serving(), "it goes on"
        )
        assert server.calls == 1


def test_a_stopping_server_finishes_what_it_began(seeded: str, tmp_path: Path) -> None:
    """Every answer that begins to arrive arrives whole, and then the connection ends."""
    with running(tmp_path, seeded) as server:
        with Connection(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as connection:
            connection.send(request("GET", DOCUMENT))
            whole = connection.answer().body
            connection.send(request("GET", DOCUMENT) * 100)
            assert connection.answer().body == whole
            server.process.send_signal(signal.SIGTERM)
            received = 1
            while not connection.end():
                assert connection.answer().body == whole
                received += 1
                time.sleep(0.002)
        assert server.process.wait(30) == -signal.SIGTERM
        assert received > 1
        assert not [entry for entry in server.entries if entry["level"] == "error"]
