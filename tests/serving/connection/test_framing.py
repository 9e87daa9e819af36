"""Every message ends where RFC 9112 says, whatever its headers claim. Its errors are problem details."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Final

import pytest

from app.store.access.keys import create_key
from app.store.engine import writing
from tests.api.serving import NETFLIX
from tests.databases import SqliteDatabases
from tests.serving.connections import Answer, Direct, direct, request

LEVEL: Final = f"{NETFLIX}/levels/l5"
SMUGGLED: Final = request("GET", "/v1/ladders", "X-Request-ID: smuggled").decode()
UPGRADES: Final = (
    ("Connection: Upgrade", "Upgrade: h2c"),
    ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"),
    ("Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AA==", "Sec-WebSocket-Version: 13"),
    ("Connection: keep-alive, Upgrade", "Upgrade: anything/7"),
)


@pytest.fixture(scope="module")
def server(sqlite_databases: SqliteDatabases) -> Iterator[Direct]:
    with sqlite_databases.fresh("seeded") as url, direct(url) as found:
        yield found


@pytest.fixture(scope="module")
def key(server: Direct) -> str:
    serving = server.counting.application.serving
    with writing(serving.engine) as connection:
        made, _ = create_key(connection, "ada", ["admin"], serving.clock())
    serving.freshness.refresh()
    return made


def problem(answer: Answer) -> tuple[int, str]:
    """Status and code of an error, once its form is checked."""
    assert answer.header("content-type") == "application/problem+json"
    assert answer.header("cache-control") == "no-store"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("date") is not None
    body = json.loads(answer.body)
    assert body["status"] == answer.status
    assert body["request_id"] == answer.header("x-request-id")
    return answer.status, body["code"]


def refused(server: Direct, sent: bytes) -> tuple[int, str]:
    """Status and code of the error that ends the connection."""
    with server.connect() as connection:
        connection.send(sent)
        answer = connection.answer()
        assert answer.header("connection") == "close"
        assert connection.end()
    return problem(answer)


@pytest.mark.parametrize("upgrade", UPGRADES, ids=lambda lines: lines[1])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("apart", [False, True], ids=["together", "apart"])
def test_an_upgrade_is_ignored_and_the_body_belongs_to_its_request(
    server: Direct, key: str, upgrade: tuple[str, ...], *, chunked: bool, apart: bool
) -> None:
    """The body is one that would be a request of its own if the message ended at its head."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(SMUGGLED)}"
    body = f"{len(SMUGGLED):x}\r\n{SMUGGLED}\r\n0\r\n\r\n" if chunked else SMUGGLED
    typed = "Content-Type: application/json"
    head = request("POST", "/v1/ladders", *upgrade, f"Authorization: Bearer {key}", typed, length)
    with server.connect() as connection:
        for part in (head, body.encode()) if apart else (head + body.encode(),):
            connection.send(part)
            time.sleep(0.05 if apart else 0)
        assert problem(connection.answer()) == (
            400,
            "malformed-request",
        )  # the body was read, and is not JSON
        connection.send(request("GET", "/v1", "X-Request-ID: next", "Connection: close"))
        assert connection.answer().header("x-request-id") == "next"
        assert connection.end()


@pytest.mark.parametrize(
    "trailer",
    ["Authorization: Bearer {key}", "Accept: text/csv", "X-Request-ID: trailer", "If-Match: *"],
)
def test_trailer_fields_are_never_headers(server: Direct, key: str, trailer: str) -> None:
    body = f"2\r\n{{}}\r\n0\r\n{trailer.format(key=key)}\r\n\r\n"
    lines = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    answer = server.ask(request("POST", "/v1/ladders", *lines, body=body))
    assert problem(answer) == (401, "unauthenticated")
    assert answer.header("x-request-id") != "trailer"


def test_a_trailer_does_not_name_the_client(sqlite_databases: SqliteDatabases) -> None:
    """Else a client could get around the limit of failed authentications."""
    with (
        sqlite_databases.fresh("seeded") as url,
        direct(url, trusted_proxies="127.0.0.1", rate_failures=3) as server,
    ):
        statuses = []
        for number in range(5):
            body = f"2\r\n{{}}\r\n0\r\nX-Forwarded-For: 203.0.113.{number}\r\n\r\n"
            lines = ("Authorization: Bearer wrong", "Transfer-Encoding: chunked")
            statuses.append(server.ask(request("POST", "/v1/ladders", *lines, body=body)).status)
    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"GET /v1 HTTP/1.1\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost: a b\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost: user@a\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 RTSP/1.0\r\nHost: a\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/2.0\r\nHost: a\r\n\r\n", (505, "unsupported-version")),
        (b"GET /v1 HTTP/1.2\r\nHost: a\r\n\r\n", (505, "unsupported-version")),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (505, "unsupported-version")),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", (405, "method-not-allowed")),
        (b"GET /v1\r\n\r\n", (400, "malformed-request")),
        (b"GET v1 HTTP/1.1\r\nHost: a\r\n\r\n", (400, "malformed-request")),
        (b"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", (400, "malformed-request")),
        (b"GET  /v1 HTTP/1.1\r\nHost: a\r\n\r\n", (400, "malformed-request")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\nHost: a\n\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost : a\r\n\r\n", (400, "malformed-request")),
        (b"GET /v1 HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", (400, "malformed-request")),
        (b"POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n", (400, "malformed-request")),
        (b"POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", (400, "malformed-request")),
        (b"POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", (400, "malformed-request")),
        (
            b"POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            (400, "malformed-request"),
        ),
        (
            b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            (501, "unsupported-encoding"),
        ),
        (b"POST /v1 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", (400, "malformed-request")),
        (
            b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdefg\r\n0\r\n\r\n",
            (400, "malformed-request"),
        ),
        (b"\r\n" * 9 + b"GET /v1 HTTP/1.1\r\nHost: a\r\n\r\n", (400, "malformed-request")),
    ],
    ids=repr,
)
def test_what_is_not_sound_is_rejected_as_a_problem_and_ends_the_connection(
    server: Direct, sent: bytes, error: tuple[int, str]
) -> None:
    calls = server.calls
    assert refused(server, sent + SMUGGLED.encode()) == error
    assert server.calls - calls <= (b"abcdefg" in sent)


def test_an_error_of_the_connection_has_no_body_for_head(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(b"HEAD /v1 HTTP/1.1\r\n\r\n")
        answer = connection.answer(head=True)
        assert (answer.status, answer.header("content-type")) == (400, "application/problem+json")
        assert int(answer.header("content-length") or 0) > 0
        assert connection.end()


def test_spaces_around_a_length_do_not_count(server: Direct, key: str) -> None:
    lines = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Content-Length: \t3 ")
    with server.connect() as connection:
        connection.send(request("POST", "/v1/ladders", *lines, body="[1]") + request("GET", "/v1"))
        assert connection.answer().status == 422
        assert connection.answer().status == 200


def test_a_client_that_waits_for_100_continue_gets_it_and_then_the_response(server: Direct, key: str) -> None:
    lines = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Content-Length: 3")
    with server.connect() as connection:
        connection.send(request("POST", "/v1/ladders", *lines, "Expect: 100-continue"))
        assert connection.answer().status == 100
        connection.send(b"[1]" + request("GET", "/v1"))
        assert connection.answer().status == 422
        assert connection.answer().status == 200


def test_a_client_that_is_refused_before_100_continue_cannot_send_another_request(server: Direct) -> None:
    """It may send its body now, or not: nothing that follows could be told apart."""
    with server.connect() as connection:
        connection.send(request("PUT", "/v1", "Content-Length: 40", "Expect: 100-continue"))
        answer = connection.answer()
        assert (answer.status, answer.header("connection")) == (405, "close")
        connection.send(SMUGGLED.encode())
        assert connection.end()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
@pytest.mark.parametrize("path", [LEVEL, f"{NETFLIX}/levels?fields=title", "/v1/ladders", "/healthz"])
def test_who_has_said_all_gets_the_response(server: Direct, method: str, path: str) -> None:
    body = "{}" if method in {"POST", "PUT"} else ""
    sent = request(method, path, *([f"Content-Length: {len(body)}"] if body else []), body=body)
    expected = server.ask(sent)
    for _ in range(5):
        with server.connect() as connection:
            connection.send(sent)
            connection.socket.shutdown(socket.SHUT_WR)
            answer = connection.answer(head=method == "HEAD")
            assert answer.status == expected.status
            assert len(answer.body) == len(expected.body)
            assert connection.end()


def test_a_request_that_was_cut_off_is_not_done(server: Direct, key: str) -> None:
    lines = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Content-Length: 100")
    with server.connect() as connection:
        connection.send(request("POST", "/v1/ladders", *lines, body='{"slug": "cut"'))
        connection.socket.shutdown(socket.SHUT_WR)
        assert problem(connection.answer()) == (400, "malformed-request")
        assert connection.end()
    assert server.ask(request("GET", "/v1/ladders/cut@draft")).status in {401, 404}


def test_http_1_0_gets_one_response_and_needs_no_host(server: Direct) -> None:
    with server.connect() as connection:
        connection.send(b"GET /v1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        answer = connection.answer()
        assert (answer.status, answer.header("connection")) == (200, "close")
        assert connection.end()
