"""Responses of a real server to HEAD, to several requests on one connection, and to broken requests."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.process import Server, running
from tests.api.serving import NETFLIX
from tests.databases import SqliteDatabases


@pytest.fixture(scope="module")
def server(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("wire")
    with sqlite_databases.fresh("seeded") as url, running(folder, url) as found:
        yield found


def exchange(server: Server, sent: bytes) -> bytes:
    """Everything that the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(sent)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def request(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: here", *lines, "", ""]).encode("latin-1")


def split(received: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """The answers in a stream, by their lengths; a HEAD answer must be told by its caller to have no body."""
    answers = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        size = int(headers.get("content-length", 0)) if not received.startswith(b"HTTP/1.1 ") else 0
        answers.append((int(status.split()[1]), headers, received[:size]))
        received = received[size:]
    return answers


def test_head_and_get_in_a_row_on_one_connection_keep_their_places(server: Server) -> None:
    path = f"{NETFLIX}/levels/l5"
    sent = b"".join(
        [
            request("HEAD", path),
            request("GET", path),
            request("HEAD", f"{NETFLIX}/levels/none"),
            request("GET", path, "If-None-Match: *"),
            request("HEAD", path, "Connection: close"),
        ]
    )
    answers = split(exchange(server, sent))
    assert [status for status, _, _ in answers] == [200, 200, 404, 304, 200]
    assert [len(body) for _, _, body in answers] == [0, int(answers[1][1]["content-length"]), 0, 0, 0]
    without = (
        {n: v for n, v in headers.items() if n not in ("x-request-id", "date", "connection")}
        for _, headers, _ in answers
    )
    first, second, _, _, last = without
    assert first == second == last


def test_a_url_in_full_is_the_same_url(server: Server) -> None:
    """A server must take the absolute form too (RFC 9112, 3.2.2); the host in it changes nothing."""
    sent = request("GET", "http://elsewhere.example/v1", "Connection: close")
    ((status, _, body),) = split(exchange(server, sent))
    assert status == 200
    assert b"elsewhere" not in body


def test_a_server_does_not_say_what_it_is(server: Server) -> None:
    ((_, headers, _),) = split(exchange(server, request("GET", "/healthz", "Connection: close")))
    assert "server" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{NETFLIX}/levels/../levels/l5", 404),
        (f"{NETFLIX}/../../etc/passwd", 404),
        ("//v1/ladders", 404),
        ("/assets/../pages.py", 404),
        (f"{NETFLIX}/levels/l5%2f..", 404),
        (f"{NETFLIX}/levels/%", 404),
        (f"{NETFLIX}/levels/%zz", 404),
        (f"{NETFLIX}/levels?limit=%zz", 422),
        (f"{NETFLIX}/levels/{'x' * 20_000}", 414),
        (f"{NETFLIX}/levels?fields={'x' * 20_000}", 414),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_path_is_taken_as_it_stands(server: Server, path: str, status: int) -> None:
    ((found, headers, body),) = split(exchange(server, request("GET", path, "Connection: close")))
    assert found == status
    assert headers["content-type"] == "application/problem+json"
    assert b"xxxxxxxxxx" * 10 not in body


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v1/ladders/\x00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\nConnection: close\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    ],
    ids=repr,
)
def test_what_is_no_http_is_refused_and_harms_nothing(server: Server, sent: bytes) -> None:
    received = exchange(server, sent)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"Traceback" not in received
    with server.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}


def test_a_version_that_is_not_http_1_is_refused(server: Server) -> None:
    ((status, headers, _),) = split(exchange(server, b"GET / HTTP/9.9\r\n\r\n"))
    assert (status, headers["content-type"]) == (505, "application/problem+json")


def test_a_body_nobody_asked_for_is_not_read_into_memory(server: Server) -> None:
    head = request("POST", f"{NETFLIX}/levels", "Content-Length: 999999999", "Connection: close")
    ((status, headers, _),) = split(exchange(server, head))
    assert (status, headers["content-type"]) == (413, "application/problem+json")


def test_nothing_sent_here_was_a_defect(server: Server) -> None:
    assert not [entry for entry in server.entries if entry["level"] == "error"]
