"""Bytes of one connection become requests: where each head and body begins and ends (RFC 9112, 2.2, 6 and 7).

The reader knows nothing of sockets. It takes bytes in any portions and gives the same heads and bodies for the same
bytes. It counts bytes as they arrive and rejects a message as soon as it exceeds a limit, so a client cannot make it
hold more than one head, one line, or one portion as it was received.
"""

import re
from enum import Enum, auto
from typing import Final

from app.errors import BadRequest, HeadersTooLarge
from app.serving.connection.request_head import (
    LONGEST_HEAD,
    Head,
    check_partial_line,
    field_line,
    parse_fields,
    parse_head,
    request_line,
)

LONGEST_TRAILER: Final = 8_192
"""Bytes of all trailer fields of one message. They are checked and dropped (RFC 9110, 6.5.1)."""
LONGEST_EXTENSIONS: Final = 8_192
"""Bytes of all chunk extensions of one message. They are dropped."""
MOST_EMPTY_LINES: Final = 8
"""Empty lines before a request line (RFC 9112, 2.2)."""
_LONGEST_CHUNK_LINE: Final = 1_024
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,15})(;[\t\x20-\x7e\x80-\xff]*+)?")
_NEVER_TRAILERS: Final = frozenset({b"content-length", b"transfer-encoding"})


class End(Enum):
    """The end of a message that has a body."""

    OF_MESSAGE = auto()


class _State(Enum):
    """The part of a request body that is read next."""

    BODY = auto()
    """A body with Content-Length, of which `_left` bytes are missing."""
    CHUNK_LINE = auto()
    CHUNK = auto()
    """A chunk, of which `_left` bytes are missing."""
    CHUNK_END = auto()
    TRAILER = auto()
    LAST = auto()
    """The body is complete, and its end is still to be told."""


class Reader:
    """The bytes of a connection that have not become requests yet."""

    __slots__ = (
        "_at",
        "_bytes",
        "_checked",
        "_empty",
        "_extras",
        "_left",
        "_lines",
        "_searched",
        "_state",
        "in_body",
    )

    def __init__(self) -> None:
        self._bytes: bytes | bytearray = b""
        self._at = 0
        """The position of the next unread byte in `_bytes`."""
        self.in_body = False
        """True if the head of a message was read and its end was not."""
        self._state = _State.LAST
        self._left = 0
        self._empty = 0
        """Empty lines read before the present head."""
        self._extras = [0, 0]
        """Bytes of chunk extensions and of trailer fields of the present message."""
        self._lines = self._searched = self._checked = 0
        """Lines of the present head that were checked; how far `_bytes` was searched for its end, and checked."""

    @property
    def pending(self) -> int:
        """Bytes received and not read yet."""
        return len(self._bytes) - self._at

    @property
    def idle(self) -> bool:
        """Return whether no message has begun."""
        return self._at == len(self._bytes) and not self.in_body and self._empty == 0

    @property
    def begins_with_head_method(self) -> bool:
        """Return whether the rejected bytes look like a HEAD request, whose response has no body."""
        return not self.in_body and bytes(self._bytes[self._at : self._at + 5]) == b"HEAD "

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        if self._at == len(self._bytes):
            self._bytes, self._at = data, 0
            self._searched = self._checked = 0
            return
        if self._at or not isinstance(self._bytes, bytearray):
            self._bytes = bytearray(self._bytes[self._at :])
            self._searched -= self._at
            self._checked -= self._at
            self._at = 0
        self._bytes += data

    def next(self) -> Head | bytes | End | None:
        """Return the next head, part of a body or end of a body; None until more bytes arrive.

        Raises LadderError if the bytes break a rule or a limit; then nothing more can be read.
        """
        if not self.in_body:
            return self._head() if self._at < len(self._bytes) else None
        while self._at < len(self._bytes) or self._state is _State.LAST:
            if self._state is _State.BODY or self._state is _State.CHUNK:
                return self._part()
            if self._state is _State.LAST:
                self._begin_head()
                return End.OF_MESSAGE
            if not self._line():
                return None
        return None

    def _begin_head(self) -> None:
        self.in_body = False
        self._empty = self._lines = 0
        self._searched = self._checked = self._at

    def _head(self) -> Head | None:
        held, at = self._bytes, self._at
        if held.startswith(b"\r\n", at):
            at = self._skip_empty_lines()
        end = held.find(b"\r\n\r\n", max(at, self._searched - 3)) + 4
        if end < 4 or end - at > LONGEST_HEAD:  # noqa: PLR2004 - not found
            self._check_beginning()
            return None
        head = parse_head(bytes(held[at:end]))
        self._at = self._searched = self._checked = end
        self._empty = self._lines = 0
        if head.length != 0:
            self.in_body = True
            self._left, self._extras = head.length or 0, [0, 0]
            self._state = _State.CHUNK_LINE if head.length is None else _State.BODY
        return head

    def _skip_empty_lines(self) -> int:
        while self._bytes.startswith(b"\r\n", self._at):
            self._at = self._searched = self._checked = self._at + 2
            self._empty += 1
            if self._empty > MOST_EMPTY_LINES:
                raise BadRequest(f"More than {MOST_EMPTY_LINES} empty lines precede a request line.")
        return self._at

    def _check_beginning(self) -> None:
        """Check what has arrived of a head, each line once."""
        held, at, checked = self._bytes, self._at, self._checked
        self._searched = len(held)
        last = held.rfind(b"\n", max(checked, at), at + LONGEST_HEAD) + 1
        if last > checked:
            lines = bytes(held[checked:last]).removesuffix(b"\r\n").split(b"\r\n")
            if self._lines == 0:
                request_line(lines[0])
            self._lines += len(lines)
            parse_fields(lines[1:] if self._lines == len(lines) else lines, max(self._lines - len(lines), 1))
            self._checked = checked = last
        rest = bytes(held[checked : at + LONGEST_HEAD])
        check_partial_line(rest.removesuffix(b"\r"), self._lines)
        if len(held) - at > LONGEST_HEAD:
            raise HeadersTooLarge(f"The header lines are longer than {LONGEST_HEAD} bytes together.")

    def _part(self) -> bytes:
        part = bytes(self._bytes[self._at : self._at + self._left])
        self._at += len(part)
        self._left -= len(part)
        if self._left == 0:
            self._state = _State.LAST if self._state is _State.BODY else _State.CHUNK_END
        return part

    def _line(self) -> bool:
        """Read a line of a chunked body; False until it is whole."""
        chunk_end = self._state is _State.CHUNK_END
        most = 0 if chunk_end else _LONGEST_CHUNK_LINE
        if self._state is _State.TRAILER:
            most = LONGEST_TRAILER - self._extras[1]
        end = self._bytes.find(b"\r\n", self._at, self._at + most + 2)
        if end < 0:
            pending = bytes(self._bytes[self._at : self._at + most + 2])
            if len(pending) > most + 1 or (chunk_end and pending != b"\r"):
                raise self._wrong_line()
            return False
        line = bytes(self._bytes[self._at : end])
        self._at = end + 2
        if chunk_end:
            self._state = _State.CHUNK_LINE
        elif self._state is _State.TRAILER:
            self._trailer(line)
        else:
            self._chunk(line)
        return True

    def _wrong_line(self) -> BadRequest | HeadersTooLarge:
        if self._state is _State.TRAILER:
            return HeadersTooLarge(f"The trailer fields are longer than {LONGEST_TRAILER} bytes together.")
        if self._state is _State.CHUNK_END:
            return BadRequest("A chunk of the body is longer than its size says.")
        return BadRequest("A line that gives the size of a chunk is malformed or too long.")

    def _chunk(self, line: bytes) -> None:
        found = _CHUNK.fullmatch(line)
        if found is None:
            raise self._wrong_line()
        self._extras[0] += len(found[2] or b"")
        if self._extras[0] > LONGEST_EXTENSIONS:
            raise HeadersTooLarge(
                f"The chunk extensions are longer than {LONGEST_EXTENSIONS} bytes together."
            )
        self._left = int(found[1], 16)
        self._state = _State.CHUNK if self._left else _State.TRAILER

    def _trailer(self, line: bytes) -> None:
        if not line:
            self._state = _State.LAST
            return
        if field_line(line)[0] in _NEVER_TRAILERS:
            raise BadRequest("Content-Length and Transfer-Encoding cannot be trailer fields.")
        self._extras[1] += len(line) + 2
        if self._extras[1] > LONGEST_TRAILER:
            raise self._wrong_line()
