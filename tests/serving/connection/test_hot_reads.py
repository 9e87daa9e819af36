"""Hot reads straight from the connection: the same bytes as the ordinary way, for ordinary requests only."""

from collections.abc import Iterator
from typing import Final

import pytest

from app.rubric.releases import Event, Version
from app.serving.access.session_cookie import session_cookie
from app.store.access.keys import create_key, revoke_key
from app.store.engine import writing
from app.store.releases import append_event, get_release
from tests.api.serving import EXAMPLE, NETFLIX, NOW
from tests.databases import SqliteDatabases
from tests.serving.connections import Answer, Direct, direct, request

LEVEL: Final = f"{NETFLIX}/levels/l5"
PINNED: Final = f"{NETFLIX}@1.0.0/levels/l5"
DOCUMENT: Final = f"{EXAMPLE}/document"
URLS: Final = (
    LEVEL,
    PINNED,
    DOCUMENT,
    f"{NETFLIX}@latest/competencies?limit=3",
    f"{EXAMPLE}/releases",
    f"{NETFLIX}/releases/1.0.0/content",
    "/v1",
    "/v1/ladders",
    "/",
    "/docs",
    "/openapi.json",
    "/assets/page.css",
)
LONG: Final = "Expect: nothing"
"""A header that changes nothing but takes a read off the hot way."""


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        yield url


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[Direct]:
    with direct(seeded) as found:
        yield found


def is_direct(server: Direct, sent: bytes) -> Answer:
    """The answer, which must have been direct."""
    calls, hits = server.calls, server.hits
    answer = server.ask(sent)
    assert (server.calls, server.hits) == (calls, hits + 1), sent
    return answer


def is_passed_on(server: Direct, sent: bytes) -> Answer:
    """The answer, which must have come the ordinary way."""
    calls = server.calls
    answer = server.ask(sent)
    assert server.calls == calls + 1, sent
    return answer


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_first_direct_and_ordinary_answers_are_the_same_bytes(server: Direct, url: str, coding: str) -> None:
    asked = f"Accept-Encoding: {coding}"
    first = is_passed_on(server, request("GET", url, asked, LONG))
    known = f"If-None-Match: {first.header('etag')}"
    for method, lines in (
        ("GET", [asked]),
        ("HEAD", [asked]),
        ("GET", [asked, known]),
        ("HEAD", [asked, known]),
    ):
        ordinary = is_passed_on(server, request(method, url, *lines, LONG))
        assert is_direct(server, request(method, url, *lines)).lasting == ordinary.lasting
        assert ordinary.status == (304 if known in lines else 200)
    assert is_direct(server, request("GET", url, asked)).lasting == first.lasting


@pytest.mark.parametrize(
    "options", [{"http": "httptools"}, {"http": "httptools", "loop": "asyncio"}], ids=str
)
def test_the_plain_protocol_of_uvicorn_sends_the_same(
    server: Direct, seeded: str, options: dict[str, str]
) -> None:
    with direct(seeded, options) as plain:
        for url in URLS:
            for method in ("GET", "HEAD"):
                sent = request(method, url)
                server.ask(sent)
                is_passed_on(plain, sent)
                assert is_direct(server, sent).lasting == is_passed_on(plain, sent).lasting


def test_under_the_loop_of_asyncio_it_is_the_same(server: Direct, seeded: str) -> None:
    with direct(seeded, {"loop": "asyncio"}) as other:
        for url in URLS:
            server.ask(request("GET", url))
            other.ask(request("GET", url))
            sent = request("GET", url)
            assert is_direct(other, sent).lasting == is_direct(server, sent).lasting


@pytest.mark.parametrize(
    "sent",
    [
        request("GET", LEVEL, "Connection: keep-alive"),
        request("GET", LEVEL, "ACCEPT: application/json", "uSER-aGENT: x"),
        request("GET", LEVEL, "accept:*/*", "accept-encoding:\t gzip \t"),
        request("GET", LEVEL, "Range: bytes=0-9", "Cookie: a=b", "X-Forwarded-For: 1.2.3.4"),
        request("GET", LEVEL, f"Cookie: {session_cookie('')}=none"),
        request("GET", LEVEL, "X-Request-ID: mine"),
        request("GET", LEVEL, "Connection: upgrade", "Upgrade: websocket"),
        request("GET", LEVEL, "Connection: upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"),
        request("GET", f"http://elsewhere.example{LEVEL}"),
        request("GET", f"{LEVEL}#part"),
        request("GET", LEVEL, "X-Twice: 1", "X-Twice: 2"),
        b"\r\n" + request("GET", LEVEL),
    ],
    ids=repr,
)
def test_what_clients_usually_send_is_answered_directly(server: Direct, sent: bytes) -> None:
    ordinary = is_passed_on(server, sent[:-2] + LONG.encode() + b"\r\n\r\n")
    answer = is_direct(server, sent)
    assert (answer.status, answer.lasting) == (200, ordinary.lasting)
    assert (answer.header("x-request-id") == "mine") is (b"mine" in sent)
    assert answer.header("date") is not None


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET", LEVEL, "Connection: close"), 200),
        (request("GET", LEVEL, "Connection: keep-alive, close"), 200),
        (request("GET", LEVEL, version="1.0"), 200),
        (request("GET", LEVEL, "Connection: keep-alive", version="1.0"), 200),
        (request("GET", LEVEL, "Proxy-Connection: keep-alive", version="1.0"), 200),
        (request("GET", LEVEL, "Expect: 100-continue"), 200),
        (request("GET", LEVEL, "Content-Length: 4", body="body"), 200),
        (request("GET", LEVEL, "Content-Length: 0"), 200),
        (request("GET", LEVEL, "Transfer-Encoding: chunked", body="4\r\nbody\r\n0\r\n\r\n"), 200),
        (request("GET", LEVEL, "Content-Length: 999999999"), 413),
        (request("GET", f"{LEVEL}?"), 200),
        (request("GET", LEVEL.replace("l5", "%6c5")), 200),
        (request("GET", f"{LEVEL}?fields=%74itle"), 200),
        (request("GET", LEVEL, "Accept: text/csv"), 406),
        (request("GET", LEVEL, "Accept-Encoding: identity;q=0"), 406),
        (request("GET", LEVEL, f"Accept: {'a' * 3000}"), 400),
        (request("GET", LEVEL, "Authorization: Bearer wrong"), 401),
        (request("GET", "/", f"Cookie: {session_cookie('')}=none"), 200),
        (request("GET", f"{NETFLIX}/levels/none"), 404),
        (request("POST", LEVEL), 405),
        (request("OPTIONS", LEVEL), 204),
    ],
    ids=lambda value: str(value)[:90],
)
def test_whatever_is_unusual_goes_the_ordinary_way(server: Direct, sent: bytes, status: int) -> None:
    for _ in range(2):
        server.ask(request("GET", LEVEL))
        assert is_passed_on(server, sent).status == status


def test_where_every_request_is_logged_nothing_is_direct(seeded: str) -> None:
    with direct(seeded, access_log="all") as server:
        for _ in range(3):
            assert is_passed_on(server, request("GET", LEVEL)).status == 200


def test_a_prefix_of_a_proxy_is_taken_off(seeded: str) -> None:
    with direct(seeded, root_path="/hr") as server:
        first = server.ask(request("GET", f"/hr{LEVEL}"))
        assert first.status == 200
        for path in (f"/hr{LEVEL}", LEVEL):
            assert is_direct(server, request("GET", path)).lasting == first.lasting


def test_direct_reads_are_limited_too(seeded: str) -> None:
    with direct(seeded, rate_reads=5) as server:
        assert [server.ask(request("GET", LEVEL)).status for _ in range(7)] == [200] * 5 + [429] * 2
        assert (server.calls, server.hits) == (3, 4)


def test_a_trusted_proxy_names_who_is_limited(seeded: str) -> None:
    with direct(seeded, rate_reads=3, trusted_proxies="127.0.0.1") as server:
        for client in ("192.0.2.1", "192.0.2.2"):
            sent = request("GET", LEVEL, f"X-Forwarded-For: {client}")
            assert [server.ask(sent).status for _ in range(4)] == [200] * 3 + [429]
        assert server.hits == 5


def test_a_key_is_asked_for_and_a_revoked_one_no_longer_opens(seeded: str) -> None:
    with direct(seeded, read_access="key") as server:
        serving = server.counting.application.serving
        with writing(serving.engine) as connection:
            key, made = create_key(connection, "ada", ["read"], serving.clock())
        serving.freshness.refresh()
        sent = request("GET", LEVEL, f"Authorization: Bearer {key}")
        assert server.ask(request("GET", LEVEL)).status == 401
        first = server.ask(sent)
        assert first.status == 200
        assert is_direct(server, sent).lasting == first.lasting
        with writing(serving.engine) as connection:
            revoke_key(connection, made.id, serving.clock())
        serving.freshness.refresh()
        assert is_passed_on(server, sent).status == 401


def test_a_later_deprecation_is_sent_with_a_hot_read(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, direct(url) as server:
        server.ask(request("GET", PINNED))
        assert is_direct(server, request("GET", PINNED)).header("deprecation") is None
        serving = server.counting.application.serving
        with writing(serving.engine) as connection:
            release = get_release(connection, "netflix-engineering", Version.parse("1.0.0"))
            append_event(connection, release, Event("deprecated", NOW, "Old."), now=NOW)
        serving.freshness.refresh()
        ordinary = is_passed_on(server, request("GET", PINNED, LONG))
        assert ordinary.header("deprecation") is not None
        assert is_direct(server, request("GET", PINNED)).lasting == ordinary.lasting
