"""A server that commands use over HTTP, with the key in LADDER_KEY. Its errors look like local ones.

A problem (RFC 9457) becomes the error class with its code, so a refusal has the same text and exit code locally and
remotely. The key is sent in one header only; it never appears in messages. Only redirects to the present slug of a
ladder are followed, which stay on the same server.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from app import __version__
from app.cli import output
from app.errors import BadRequest, Fault, Internal, Invalid, LadderError, Renamed, Unavailable
from app.settings import RemoteSettings

_TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
"""Seconds to wait for a response. Publishing a large draft takes a while."""
_TRIES: Final = 4
_LONGEST_WAIT: Final = 30
"""Most seconds to wait before another attempt, whatever the server says."""
_PROBLEM: Final = "application/problem+json"
_BUSY: Final = frozenset({429, 503})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_DETAIL: Final = 2_000
"""Characters of a server's message that are shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response of the server."""

    status: int
    body: bytes
    etag: str | None
    """The ETag, with its quotes."""
    json: Any
    """The body as JSON; None if there is none."""


class Remote:
    """A server at a URL."""

    def __init__(self, client: httpx.Client, wait: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._wait = wait

    def get(self, path: str) -> Answer:
        """Read a resource. Raises the error of the server, or Unavailable if it does not respond."""
        return self._ask("GET", path, {}, None)

    def put(self, path: str, body: Mapping[str, Any], *, etag: str | None) -> Answer:
        """Replace the resource with that ETag, or create it if there is no ETag. Raises like `get`."""
        precondition = {"if-none-match": "*"} if etag is None else {"if-match": etag}
        return self._ask("PUT", path, precondition, body)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send an action that the server performs once, even if the request is repeated. Raises like `get`."""
        return self._ask("POST", path, {"idempotency-key": str(uuid4())}, body)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Answer:
        tries = 0
        while True:
            tries += 1
            answer = self._send(method, path, headers, body)
            if tries == _TRIES or not (answer.status_code in _BUSY or _is_renamed(answer)):
                return _understood(answer)
            if _is_renamed(answer):
                path = str(answer.url.join(answer.headers["location"]))
            else:
                self._wait(_pause(answer))

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx.Response:
        try:
            return self._client.request(method, path.removeprefix("/"), headers=dict(headers), json=body)
        except httpx.ConnectError:
            raise Unavailable("The server cannot be reached. Check LADDER_SERVER or --server.") from None
        except httpx.TimeoutException:
            done = "" if method == "GET" else " The change may have been made. Check before you try again."
            raise Unavailable(f"The server did not respond in time.{done}") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            reason = type(error).__name__
            raise Unavailable(f"The connection to the server failed ({reason}).") from None


@contextmanager
def connected(server: str | None = None) -> Iterator[Remote]:
    """Connect to the server in `--server` or LADDER_SERVER, with the key in LADDER_KEY.

    Raises Invalid if no server is named or the URL is not an http(s) URL, and the errors of `Settings.read`.
    """
    settings = RemoteSettings.read()
    url = server or settings.server
    if not url:
        raise Invalid("Name the server: --server https://… or LADDER_SERVER.")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Invalid("The server is a URL such as https://ladders.example.org, without `?` and `#`.")
    if parts.username is not None:
        raise Invalid("Leave user and password out of the server's URL. Put the key in LADDER_KEY.")
    key = settings.key.get_secret_value()
    if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        output.note(f"ladder: the key is sent to {parts.hostname} without encryption. Use https.", "yellow")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid(
            "LADDER_KEY is not a key: it contains a space, a control character or a letter outside ASCII."
        )
    headers = {"accept": "application/json", "user-agent": f"ladder/{__version__}"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    with httpx.Client(base_url=url.rstrip("/") + "/", headers=headers, timeout=_TIMEOUT) as client:
        yield Remote(client)


def _pause(answer: httpx.Response) -> float:
    """Return the seconds to wait before another attempt, as the server says, up to a limit."""
    said = answer.headers.get("retry-after", "1")
    return min(float(said), _LONGEST_WAIT) if said.isascii() and said.isdigit() else 1.0


def _is_renamed(answer: httpx.Response) -> bool:
    """Return whether the server redirects to the same resource under another slug, which has no host."""
    location = answer.headers.get("location", "")
    path = location.startswith("/") and not location.startswith("//")
    return answer.status_code == Renamed.status and path and answer.headers.get("content-type") == _PROBLEM


def _understood(answer: httpx.Response) -> Answer:
    """Return the response. Raises the error of the server, or BadRequest if the server is not a Career Ladder API."""
    if answer.is_redirect:
        raise Invalid(f"The server redirects to {answer.headers.get('location')}. Use that URL.")
    try:
        body = answer.json() if answer.content else None
    except ValueError:
        raise _stranger(answer) from None
    if answer.is_success:
        return Answer(answer.status_code, answer.content, answer.headers.get("etag"), body)
    if not isinstance(body, dict) or not isinstance(body.get("detail"), str):
        raise _stranger(answer)
    raise _refusal(answer, body)


def _stranger(answer: httpx.Response) -> LadderError:
    if answer.status_code in _BUSY or answer.status_code in {502, 504}:
        return Unavailable(f"The proxy cannot reach the server (status {answer.status_code}).")
    return BadRequest(
        f"The server (status {answer.status_code}) is not the Career Ladder API. Check its URL."
    )


def _refusal(answer: httpx.Response, problem: Mapping[str, Any]) -> LadderError:
    """Return the error with the problem's code, or otherwise with its status."""
    kinds = {kind.code: kind for kind in _tree(LadderError) if kind is not Renamed}
    by_status = {kind.status: kind for kind in reversed(kinds.values())}
    kind = kinds.get(str(problem.get("code"))) or by_status.get(answer.status_code, Internal)
    error = kind(str(problem["detail"])[:_MOST_DETAIL])
    error.faults = tuple(_fault(item) for item in problem.get("errors", ()) if isinstance(item, dict))
    request = problem.get("request_id")
    if isinstance(request, str):
        error.add_note(f"Request: {request[:100]}")
    return error


def _fault(item: Mapping[str, Any]) -> Fault:
    pointer, parameter = item.get("pointer"), item.get("parameter")
    return Fault(
        str(item.get("detail", ""))[:_MOST_DETAIL],
        pointer if isinstance(pointer, str) else None,
        parameter if isinstance(parameter, str) else None,
    )


def _tree(kind: type[LadderError]) -> Iterator[type[LadderError]]:
    """Yield the subclasses, higher ones first."""
    for below in kind.__subclasses__():
        yield below
        yield from _tree(below)
