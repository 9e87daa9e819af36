"""Responses that a connection sends without the application: hot reads, and errors of the connection itself."""

from http import HTTPStatus
from secrets import token_hex

import structlog
from uvicorn.server import ServerState

from app.errors import LadderError, MethodNotAllowed
from app.serving.answers.hot_reads import Hit
from app.serving.answers.representation import lines_of
from app.serving.answers.response_headers import plain_headers, refusal
from app.serving.connection.asgi_scope import Ends

_METHODS = (b"allow", b"GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE")
_LOG = structlog.get_logger("access")


class Openings:
    """The lines with which responses begin. uvicorn renews those that all have once a second, for the date."""

    __slots__ = ("_base_url", "_defaults", "_lines", "_not_modified", "_ok", "_server")

    def __init__(self, server: ServerState, base_url: str) -> None:
        self._server = server
        self._base_url = base_url
        self._defaults: list[tuple[bytes, bytes]] | None = None
        self._lines = self._ok = self._not_modified = b""

    def lines(self) -> bytes:
        """Return the header lines that every response has."""
        if self._server.default_headers is not self._defaults:
            self._defaults = self._server.default_headers
            self._lines = lines_of(self._defaults)
            self._ok = b"HTTP/1.1 200 OK\r\n" + self._lines
            self._not_modified = b"HTTP/1.1 304 Not Modified\r\n" + self._lines
        return self._lines

    def hit(self, hit: Hit, *, whole: bool) -> tuple[bytes, bytes]:
        """Return the head and the body of the response to a hot read; the body is empty for HEAD and 304."""
        coded, known, notice, identity = hit
        self.lines()
        lines = (self._not_modified, coded.not_modified_lines) if known else (self._ok, coded.lines)
        said = lines_of(notice) if notice else b""
        head = b"%b%b%bx-request-id: %b\r\n\r\n" % (*lines, said, identity)
        return head, coded.body if whole and not known else b""

    def error(self, error: LadderError, ends: Ends, *, bodiless: bool) -> bytes:
        """Return a response with the problem details of an error, after which the connection ends; log it."""
        identity = token_hex(8)
        captured = refusal(error, identity.encode(), self._base_url)
        headers = [*plain_headers(captured, identity.encode()), (b"connection", b"close")]
        if isinstance(error, MethodNotAllowed):
            headers.append(_METHODS)
        client = ends.client[0] if ends.client else None
        _LOG.info("refused", status=error.status, code=error.code, client=client, request_id=identity)
        phrase = HTTPStatus(error.status).phrase.encode()
        opening = b"HTTP/1.1 %d %b\r\n%b" % (error.status, phrase, self.lines())
        return b"%b%b\r\n%b" % (opening, lines_of(headers), b"" if bodiless else captured.body)
