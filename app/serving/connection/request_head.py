"""The head of a request: its request line and its header fields, read strictly (RFC 9112, 2 to 6).

Every doubt about where a message ends is an error here. A head that two readers could understand differently is
rejected, so nothing behind it can be taken for a request that the client never sent.

Clients repeat themselves: a head, or most of its lines, is often the same as an earlier one. Short heads and lines
are therefore remembered with their meaning, within bounds; the same bytes always mean the same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.errors import BadRequest, HeadersTooLarge, UnsupportedEncoding, UnsupportedVersion, UriTooLong
from app.serving.answers.request import MOST_HEADERS, Fields, joined

LONGEST_HEAD: Final = 65_536
"""Bytes of a request line and its header fields together."""
LONGEST_LINE: Final = 8_192
"""Bytes of one header line."""
LONGEST_TARGET: Final = 8_192
"""Bytes of the URL in the request line."""
_LONGEST_REQUEST_LINE: Final = LONGEST_TARGET + 64
_LONGEST_NUMBER: Final = 18
"""Digits of a Content-Length."""
_REMEMBERED: Final = 1_024
"""Lines that are remembered of each kind, and heads: at most 20 MB, if every one is as long as it may be."""
_SHORT: Final = 2_048
"""Bytes of a head up to which it is remembered as a whole."""

_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_REQUEST_LINE: Final = re.compile(rb"(%b) ([\x21-\x7e]++) HTTP/(\d)\.(\d)" % _TOKEN)
_FIELD: Final = re.compile(rb"(%b):([\t\x20-\x7e\x80-\xff]*+)" % _TOKEN)
_PRINTABLE: Final = re.compile(rb"[\x20-\x7e]*+")
_TEXT: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*+")
_ABSOLUTE: Final = re.compile(rb"(?i:https?)://([^/?]++)(.*+)")
_HOST: Final = re.compile(rb"[A-Za-z0-9\-._~!$&'()*+,;=%:\[\]]*+")
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection", b"expect"})
_ONCE: Final = (b"host", b"content-length", b"transfer-encoding")


@dataclass(slots=True)
class Head:
    """A request line and header fields that passed every check. Never changed after it was parsed."""

    method: bytes
    target: bytes
    """The path and query as they came (or `*`), without scheme, host and fragment."""
    minor: bytes
    """The minor version: `0` or `1`."""
    fields: Fields
    values: dict[bytes, bytes]
    """The fields by name, as `joined` gives them."""
    length: int | None
    """Bytes of the body; None for a chunked one."""
    persistent: bool
    """True if the client can send another request after this one."""
    expects: bool = False
    """True if the client waits for `100 Continue` before it sends the body."""


def parse_head(raw: bytes) -> Head:
    """Parse a whole head, from its request line to the empty line; equal heads may give the same object.

    Raises BadRequest, UnsupportedEncoding, UnsupportedVersion, UriTooLong or HeadersTooLarge.
    """
    return _remembered(raw) if len(raw) <= _SHORT else _parsed(raw)


def _parsed(raw: bytes) -> Head:
    lines = raw[:-4].split(b"\r\n")
    method, target, minor, host = request_line(lines.pop(0))
    fields = parse_fields(lines, 1)
    values = dict(fields)
    if len(values) < len(fields):
        _check_repeated(fields)
        values = joined(fields)
    if minor == b"1" and b"host" not in values:
        raise BadRequest("The request needs a Host header.")
    if host is not None:  # it goes before the header (RFC 9112, 3.2.2)
        values[b"host"] = host
        fields = [(name, host if name == b"host" else value) for name, value in fields]
    head = Head(method, target, minor, fields, values, 0, minor == b"1")
    if not _FRAMING.isdisjoint(values):
        _frame(head)
    return head


_remembered: Final = lru_cache(_REMEMBERED)(_parsed)


def parse_fields(lines: list[bytes], number: int) -> Fields:
    """Parse whole header lines; `number` counts the lines of the head before the first one.

    Raises BadRequest or HeadersTooLarge.
    """
    if number + len(lines) > MOST_HEADERS + 1:
        parse_fields(lines[: MOST_HEADERS + 1 - number], number)
        raise HeadersTooLarge(f"The request has more than {MOST_HEADERS} header lines.")
    return list(map(field_line, lines))


@lru_cache(_REMEMBERED)
def field_line(line: bytes) -> tuple[bytes, bytes]:
    """Return the name, in lower case, and the value of a header line. Raises BadRequest or HeadersTooLarge."""
    check_partial_line(line, 1)
    found = _FIELD.fullmatch(line)
    if found is None:
        raise _malformed()
    name, value = found[1].lower(), found[2].strip(b"\t ")
    if name == b"host" and _HOST.fullmatch(value) is None:
        raise BadRequest("The Host header is malformed. Write a host and, after a colon, its port.")
    return name, value


@lru_cache(_REMEMBERED)
def request_line(line: bytes) -> tuple[bytes, bytes, bytes, bytes | None]:
    """Return the method, the target, the minor version and the host if the target names one.

    Raises BadRequest, UnsupportedVersion or UriTooLong.
    """
    check_partial_line(line, 0)
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise _not_http()
    method, target, major, minor = found.groups()
    if major != b"1" or minor not in {b"0", b"1"}:
        raise UnsupportedVersion("Only HTTP/1.1 and HTTP/1.0 are served here.")
    if len(target) > LONGEST_TARGET:
        raise UriTooLong(f"The URL is longer than {LONGEST_TARGET} bytes.")
    host = None
    if not (target.startswith(b"/") or method == b"CONNECT" or (method, target) == (b"OPTIONS", b"*")):
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None or _HOST.fullmatch(absolute[1]) is None:
            raise BadRequest("The URL in the request line must begin with a slash.")
        host, target = absolute.groups()
        target = target if target.startswith(b"/") else b"/" + target
    return method, target.partition(b"#")[0], minor, host


def check_partial_line(line: bytes, number: int) -> None:
    """Check as much of a line as has arrived, so that a client learns early what can never become a head.

    `number` counts the lines of the head before this one. Raises BadRequest, UriTooLong or HeadersTooLarge.
    """
    if number > 0:
        if _TEXT.fullmatch(line[:LONGEST_LINE]) is None:
            raise _malformed()
        if len(line) > LONGEST_LINE:
            raise HeadersTooLarge(f"A header line is longer than {LONGEST_LINE} bytes.")
        return
    if _PRINTABLE.fullmatch(line[:_LONGEST_REQUEST_LINE]) is None:
        raise _not_http()
    if len(line) > _LONGEST_REQUEST_LINE:
        raise UriTooLong(f"The URL is longer than {LONGEST_TARGET} bytes.")


def _malformed() -> BadRequest:
    return BadRequest("A header line is malformed. Write `Name: value` on one line that ends with CRLF.")


def _not_http() -> BadRequest:
    return BadRequest(
        "The request line is not HTTP/1.1. Write `GET /path HTTP/1.1` and end the line with CRLF."
    )


@lru_cache(_REMEMBERED)
def closes(connection: bytes) -> bool:
    """Return whether a Connection header says that nothing follows on the connection."""
    return b"close" in {token.strip(b"\t ") for token in connection.lower().split(b",")}


def _check_repeated(fields: Fields) -> None:
    names = [name for name, _ in fields]
    for name in _ONCE:
        if names.count(name) > 1:
            raise BadRequest(f"The request has more than one {name.decode().title()} header.")


def _frame(head: Head) -> None:
    """Find where the message ends, and whether another one can follow (RFC 9112, 6.3 and 9.3)."""
    values = head.values
    length, coding = values.get(b"content-length"), values.get(b"transfer-encoding")
    if length is not None:
        if coding is not None:
            raise BadRequest("A request cannot have both Content-Length and Transfer-Encoding.")
        if not length.isdigit() or len(length) > _LONGEST_NUMBER:
            raise BadRequest("Content-Length must be one whole number.")
        head.length = int(length)
    elif coding is not None:
        if head.minor == b"0":
            raise BadRequest("HTTP/1.0 has no Transfer-Encoding. Send Content-Length.")
        if coding.lower() != b"chunked":
            raise UnsupportedEncoding("The only Transfer-Encoding that this server reads is `chunked`.")
        head.length = None
    if head.persistent:
        head.expects = head.length != 0 and values.get(b"expect", b"").lower() == b"100-continue"
        head.persistent = not closes(values.get(b"connection", b""))
