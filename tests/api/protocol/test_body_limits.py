"""Bodies over a real connection: a body that is too large is cut while it arrives, with or without a length."""

import re
import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

import pytest

from tests.api.process import Server, seeded_server
from tests.databases import SqliteDatabases

KILO: Final = 1024
PIECE: Final = 16 * KILO
MOST_SENT: Final = 64 * 1024 * KILO
"""Nobody goes on for so long."""
SMALL: Final = (256 * KILO, "The body of this request can have at most 262,144 bytes. Shorten it.")
PART: Final = (2048 * KILO, "A part of a ladder can have at most 2,097,152 bytes. Split it.")
YAML: Final = (2048 * KILO, "A YAML body can have at most 2,097,152 bytes. Send JSON, which can be larger.")
FORM: Final = (16 * KILO, "This form can hold at most 16,384 bytes.")
EXAMPLE: Final = "/v1/ladders/example-engineering"
IN_FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


class Case(NamedTuple):
    """A request with a body, and the limit that it meets: bytes, and what is said."""

    method: str
    path: str
    media_type: str
    lines: tuple[str, ...]
    limit: tuple[int, str]


CASES: Final = (
    Case("POST", f"{EXAMPLE}/levels/l5/gap", JSON, (), SMALL),
    Case("POST", "/sign-in", IN_FORM, ("X-Forwarded-Proto: https",), FORM),
    Case("POST", "/sign-out", IN_FORM, (), FORM),
    Case("PUT", f"{EXAMPLE}@draft/levels/l5", JSON, ("If-Match: *",), PART),
    Case("PATCH", f"{EXAMPLE}@draft", "application/merge-patch+json", ("If-Match: *",), PART),
    Case("POST", "/v1/ladders", JSON, (), SMALL),
    Case("POST", "/v1/ladders", JSON, ("Idempotency-Key: 1",), SMALL),
    Case("POST", f"{EXAMPLE}@draft/reviews", JSON, (), SMALL),
    Case("PUT", f"{EXAMPLE}@draft/document", "application/yaml", ("If-Match: *",), YAML),
)


@pytest.fixture(scope="module")
def server(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """A real server, and a key that may write."""
    with seeded_server(sqlite_databases, tmp_path_factory.mktemp("limits"), "read", "write") as found:
        yield found


def head(key: str, case: Case, length: str) -> bytes:
    """The head of a request."""
    sent = [
        f"{case.method} {case.path} HTTP/1.1",
        "Host: here",
        f"Content-Type: {case.media_type}",
        "Connection: close",
        *([] if case.media_type == IN_FORM else [f"Authorization: Bearer {key}"]),
        *case.lines,
        length,
    ]
    return "\r\n".join([*sent, "", ""]).encode()


def rest(connection: socket.socket) -> bytes:
    """Return all bytes until the server closes, with a reset if we are still sending."""
    received = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


def pour(server: Server, begun: bytes) -> tuple[int, bytes]:
    """Send pieces without an end until an answer comes: how many bytes went out, and the answer."""
    piece = f"{PIECE:x}\r\n".encode() + b" " * PIECE + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(begun)
        poured = 0
        while poured < MOST_SENT and not select.select([connection], [], [], 0.02)[0]:
            connection.sendall(piece)
            poured += PIECE
        return poured, rest(connection)


@pytest.mark.parametrize("case", CASES)
def test_a_body_without_a_length_is_cut_soon_after_the_limit(server: tuple[Server, str], case: Case) -> None:
    found, key = server
    most, said = case.limit
    begun = head(key, case, "Transfer-Encoding: chunked")
    poured, answer = pour(found, begun)
    assert answer.startswith(b"HTTP/1.1 413 "), answer[:600]
    assert said.encode() in answer
    assert most - PIECE <= poured <= most + 4 * PIECE


@pytest.mark.parametrize("case", CASES)
def test_a_body_with_a_large_content_length_is_refused_before_reading(
    server: tuple[Server, str], case: Case
) -> None:
    found, key = server
    most, said = case.limit
    begun = head(key, case, f"Content-Length: {most + 1}")
    with socket.create_connection(("127.0.0.1", found.port), timeout=30) as connection:
        connection.sendall(begun)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert said.encode() in answer


def test_a_body_of_the_largest_size_is_read(server: tuple[Server, str]) -> None:
    found, key = server
    content = b'{"ratings": []}'.ljust(SMALL[0])
    with found.client() as client:
        answer = client.post(
            f"{EXAMPLE}/levels/l5/gap",
            content=iter([content[:100_000], content[100_000:]]),
            headers={"content-type": JSON, "authorization": f"Bearer {key}"},
        )
    assert answer.status_code == 200
    assert re.search(r"\bTraceback\b|defect", found.log) is None
