"""A service elsewhere, as commands talk to it: by HTTP, with the key of LADDER_KEY, its errors shown as our own.

A problem (RFC 9457) becomes the error of the tree that has its code, so that a refusal reads the same and ends with
the same exit code, wherever it was made. The key goes into one header and nowhere else: no message, no redirect.
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
"""Seconds; a publish of a large draft takes a while."""
_TRIES: Final = 4
_LONGEST_WAIT: Final = 30
"""Seconds waited at most before another try, whatever the server says."""
_BUSY: Final = frozenset({429, 503})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_DETAIL: Final = 2_000
"""Characters of a message from elsewhere that are shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered to a request that it did not refuse."""

    status: int
    body: bytes
    etag: str | None
    """With its quotes."""
    json: Any
    """The body as JSON; None where there is none."""


class Remote:
    """A service at a URL."""

    def __init__(self, client: httpx.Client, wait: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._wait = wait

    def get(self, path: str) -> Answer:
        """Read what is at a path. Raises the service's refusal, or Unavailable where it does not answer."""
        return self._ask("GET", path, {}, None)

    def put(self, path: str, body: Mapping[str, Any], *, etag: str | None) -> Answer:
        """Write what is at a path: in place of what has that tag, or what is not there yet. Raises as `get`."""
        precondition = {"if-none-match": "*"} if etag is None else {"if-match": etag}
        return self._ask("PUT", path, precondition, body)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Ask for something to be done, once, however often it must be tried. Raises as `get`."""
        return self._ask("POST", path, {"idempotency-key": str(uuid4())}, body)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Answer:
        tries = 0
        while True:
            tries += 1
            answer = self._send(method, path, headers, body)
            if answer.status_code not in _BUSY or tries == _TRIES:
                return _understood(answer)
            self._wait(_pause(answer))

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx.Response:
        try:
            return self._client.request(method, path.removeprefix("/"), headers=dict(headers), json=body)
        except httpx.ConnectError:
            raise Unavailable("The server cannot be reached: check LADDER_SERVER or --server.") from None
        except httpx.TimeoutException:
            done = "" if method == "GET" else " It may have been done: look before you try again."
            raise Unavailable(f"The server did not answer in time.{done}") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            reason = type(error).__name__
            raise Unavailable(f"The connection to the server failed ({reason}).") from None


@contextmanager
def connected(server: str | None = None) -> Iterator[Remote]:
    """The service of `--server`, or else of LADDER_SERVER, with the key of LADDER_KEY.

    Raises Invalid where none is named or the URL is no http(s) URL, else as `Settings.read`.
    """
    settings = RemoteSettings.read()
    url = server or settings.server
    if not url:
        raise Invalid("Name the server: --server https://… or LADDER_SERVER.")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Invalid("The server is a URL such as https://ladders.example.org, without `?` and `#`.")
    if parts.username is not None:
        raise Invalid("Leave user and password out of the server's URL; name the key in LADDER_KEY.")
    key = settings.key.get_secret_value()
    if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        output.note(f"ladder: the key goes to {parts.hostname} unencrypted; use https.", "yellow")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid("LADDER_KEY is no key: it holds a character that no key has.")
    headers = {"accept": "application/json", "user-agent": f"ladder/{__version__}"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    with httpx.Client(base_url=url.rstrip("/") + "/", headers=headers, timeout=_TIMEOUT) as client:
        yield Remote(client)


def _pause(answer: httpx.Response) -> float:
    """Seconds to wait before another try: what the server says, within reason."""
    said = answer.headers.get("retry-after", "1")
    return min(float(said), _LONGEST_WAIT) if said.isascii() and said.isdigit() else 1.0


def _understood(answer: httpx.Response) -> Answer:
    """What was answered. Raises the refusal; Internal where this is no answer of such a service."""
    if answer.is_redirect:
        raise Invalid(f"The server answers from {answer.headers.get('location')}: name that one.")
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
        return Unavailable(f"The server is out of reach behind its proxy (status {answer.status_code}).")
    return BadRequest(
        f"What answers there (status {answer.status_code}) is not the Career Ladder API: check the server's URL."
    )


def _refusal(answer: httpx.Response, problem: Mapping[str, Any]) -> LadderError:
    """The error of the tree that has the problem's code, else that of its status."""
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
    """The classes below one, those higher up first."""
    for below in kind.__subclasses__():
        yield below
        yield from _tree(below)
