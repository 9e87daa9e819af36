"""Commands and servers: requests, further attempts, and errors."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from app.cli.remote import Remote, connected
from app.errors import Conflict, LadderError, TooManyRequests, Unavailable
from tests.cli.service import Service
from tests.cli.shell import ladder

KEY = "clk_0123456789_" + "s" * 43


@dataclass
class Elsewhere:
    """A server that answers what a test says, and remembers what it was asked."""

    url: str
    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def answering(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Elsewhere]:
    """A server with these answers, in turn; the last one goes on."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append((self.command, self.path, headers))
            status, given, body = found.answers[min(len(found.asked), len(found.answers)) - 1]
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **given}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Elsewhere(f"http://127.0.0.1:{server.server_address[1]}", list(answers))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def problem(status: int, code: str, detail: str, **more: object) -> tuple[int, dict[str, str], bytes]:
    body = {"status": status, "code": code, "detail": detail, "request_id": "r-1", **more}
    return status, {"content-type": "application/problem+json"}, json.dumps(body).encode()


def refused(elsewhere: Elsewhere) -> LadderError:
    with connected(elsewhere.url) as remote, pytest.raises(LadderError) as refusal:
        remote.get("/v1/ladders")
    return refusal.value


def test_the_key_goes_into_one_header_and_the_path_below_the_servers() -> None:
    with answering((200, {"etag": '"a"'}, b'{"x": 1}')) as elsewhere, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LADDER_KEY", KEY)
        with connected(f"{elsewhere.url}/career/") as remote:
            answer = remote.get("/v1/ladders/acme@draft/document")
    ((method, path, headers),) = elsewhere.asked
    assert (method, path) == ("GET", "/career/v1/ladders/acme@draft/document")
    assert headers["authorization"] == f"Bearer {KEY}"
    assert [name for name, value in headers.items() if KEY in value] == ["authorization"]
    assert (answer.status, answer.etag, answer.json) == (200, '"a"', {"x": 1})


def test_a_write_says_which_state_it_is_meant_for_and_a_post_is_done_once() -> None:
    with answering((200, {}, b"{}")) as elsewhere, connected(elsewhere.url) as remote:
        remote.put("/a", {}, etag='"a"')
        remote.put("/b", {}, etag=None)
        remote.post("/c", {})
    sent = [headers for _, _, headers in elsewhere.asked]
    assert (sent[0]["if-match"], sent[1]["if-none-match"]) == ('"a"', "*")
    assert "authorization" not in sent[0]
    assert len(sent[2]["idempotency-key"]) == 36


def test_it_waits_as_long_as_the_server_says_and_tries_again_with_the_same_request() -> None:
    _, _, busy = problem(503, "unavailable", "Away.")
    waited: list[float] = []
    with (
        answering(
            (503, {"retry-after": "7"}, busy), (429, {"retry-after": "999"}, busy), (200, {}, b"{}")
        ) as elsewhere,
        httpx.Client(base_url=elsewhere.url, trust_env=False) as client,
    ):
        assert Remote(client, waited.append).post("/c", {}).json == {}
    assert waited == [7, 30]
    assert len({headers["idempotency-key"] for _, _, headers in elsewhere.asked}) == 1


def test_it_gives_up_after_four_tries() -> None:
    waited: list[float] = []
    with (
        answering(problem(429, "too-many-requests", "Wait.")) as elsewhere,
        httpx.Client(base_url=elsewhere.url, trust_env=False) as client,
        pytest.raises(TooManyRequests, match="Wait"),
    ):
        Remote(client, waited.append).get("/")
    assert (waited, len(elsewhere.asked)) == ([1, 1, 1], 4)


def test_a_problem_is_the_error_that_has_its_code() -> None:
    errors = [{"detail": "No title.", "pointer": "/title"}, {"detail": "What?", "parameter": "q"}, 3]
    with answering(problem(409, "conflict", "It moved on.", errors=errors)) as elsewhere:
        refusal = refused(elsewhere)
    assert (type(refusal), refusal.detail) == (Conflict, "It moved on.")
    assert [(one.detail, one.pointer, one.parameter) for one in refusal.faults] == [
        ("No title.", "/title", None),
        ("What?", None, "q"),
    ]
    assert refusal.__notes__ == ["Request: r-1"]


def test_a_problem_of_a_later_version_is_the_error_of_its_status() -> None:
    with answering(problem(409, "never-heard-of", "Hm.")) as elsewhere:
        assert type(refused(elsewhere)) is Conflict


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ((200, {}, b"<html>"), "The server (status 200) is not the Career Ladder API"),
        ((404, {}, b'{"error": "no"}'), "The server (status 404) is not the Career Ladder API"),
        ((502, {}, b"<html>Bad gateway"), "The proxy cannot reach the server (status 502)."),
        ((301, {"location": "https://x/"}, b""), "The server redirects to https://x/. Use that URL."),
    ],
)
def test_another_kind_of_server_is_refused(answer: tuple[int, dict[str, str], bytes], detail: str) -> None:
    with answering(answer) as elsewhere:
        assert refused(elsewhere).detail.startswith(detail)
    assert len(elsewhere.asked) == 1


def test_an_unreachable_server_is_reported() -> None:
    with connected("http://127.0.0.1:1") as remote, pytest.raises(Unavailable, match="cannot be reached"):
        remote.get("/")


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("ftp://x", "The server is a URL such as https://ladders.example.org"),
        ("localhost:8000", "The server is a URL such as https://ladders.example.org"),
        ("http://x/?a=1", "The server is a URL such as https://ladders.example.org"),
        ("http://me:secret@x", "Leave user and password out of the server's URL"),
    ],
)
def test_a_wrong_url_ends_with_2_and_is_not_repeated(url: str, detail: str) -> None:
    ended = ladder("pull", "acme", "--server", url)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"ladder: {detail}")
    assert "secret" not in ended.err


def test_a_missing_server_is_refused_with_a_fix() -> None:
    ended = ladder("pull", "acme")
    assert (ended.code, ended.err) == (2, "ladder: Name the server: --server https://… or LADDER_SERVER.\n")


def test_a_malformed_key_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_KEY", "top secret\n")
    ended = ladder("pull", "acme", "--server", "http://127.0.0.1:1")
    assert (ended.code, ended.out) == (2, "")
    assert (
        ended.err
        == "ladder: LADDER_KEY is not a key: it contains a space, a control character or a letter outside ASCII.\n"
    )


def test_an_unencrypted_key_causes_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_KEY", KEY)
    ended = ladder("pull", "acme", "--server", "http://ladder.invalid")
    assert (
        ended.err.splitlines()[0]
        == "ladder: the key is sent to ladder.invalid without encryption. Use https."
    )
    assert (ended.code, KEY in ended.err) == (6, False)


def test_a_refused_key_and_a_missing_right_end_with_9(
    service: Service, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_KEY", KEY)
    ended = ladder("push", small)
    assert (ended.code, KEY in ended.err + ended.out) == (9, False)
    assert ended.err.startswith("ladder: This key is not valid")
    monkeypatch.setenv("LADDER_KEY", service.key("bob", "read"))
    ended = ladder("push", small)
    assert (ended.code, ended.out) == (9, "")
    assert ended.err.startswith("ladder: Your key lacks the scope")
