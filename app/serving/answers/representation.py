"""Bytes made once: a representation of an answer, its entity tag, and its content codings.

Every coding is made at most once, with fixed parameters and no time in it, so that two processes give the same
bytes under the same entity tag. The tag is a hash of the coded bytes: strong, and different in each coding.
"""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from re import compile as pattern
from threading import Lock
from typing import Final

import brotli
import zstandard

from app.serving.answers.negotiation import Coding, accepts

Headers = tuple[tuple[bytes, bytes], ...]

SMALLEST: Final = 1024
"""Bodies below this many bytes are sent as they are: they fit one packet, and coding them saves nothing."""

_AT_ONCE: Final = 128 * 1024
"""The size up to which a body is hashed at once: within the 0.1 ms that handing it to a thread would take."""
_BREAKING: Final = pattern(rb"[\x00-\x08\x0a-\x1f\x7f]")
_COMPRESSIBLE: Final = (b"application/", b"text/", b"image/svg")
_OVERHEAD: Final = 1024
"""Bytes of memory for the objects of a representation, without body, headers and key (measured, rounded up)."""
_CODING_OVERHEAD: Final = 1024
"""Bytes of memory for the objects of each coding, without its body (measured, rounded up)."""
_ON_NOT_MODIFIED: Final = frozenset(
    {
        b"etag",
        b"cache-control",
        b"vary",
        b"link",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
    }
)


@dataclass(frozen=True, slots=True)
class Coded:
    """One content coding of a representation, with all headers but those that differ by request."""

    body: bytes
    etag: bytes
    headers: Headers
    not_modified: Headers
    """The headers of a 304 (RFC 9110, 15.4.5)."""
    message: dict[str, object]
    """The ASGI message that sends the body; made once, never changed."""
    lines: bytes
    """`headers` as they go over the wire, and in the next those of a 304."""
    not_modified_lines: bytes


@dataclass(slots=True)
class Representation:
    """The answer at one URL: its identity bytes and, as they are asked for, its codings."""

    body: bytes
    headers: Headers
    """Headers of the identity form without Content-Length, ETag, Vary."""
    compressible: bool
    media_type: str
    negotiated: bool = False
    """Accept chose it among several formats."""
    by_url: bool = False
    """The URL decides the format, so Accept is ignored."""
    codings: dict[Coding, Coded] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    @classmethod
    def of(
        cls,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        *,
        negotiated: bool = False,
        by_url: bool = False,
    ) -> "Representation":
        """Create a representation without codings. Size and media type decide whether it is compressible."""
        media_type = next((value for name, value in headers if name == b"content-type"), b"")
        compressible = len(body) >= SMALLEST and media_type.startswith(_COMPRESSIBLE)
        plain = media_type.partition(b";")[0].decode("ascii")
        return cls(body, tuple(headers), compressible, plain, negotiated, by_url)

    def suits(self, accept: bytes) -> bool:
        """Return whether an Accept header admits it. If it was negotiated, only the simplest header does."""
        if self.negotiated:
            return accept == self.media_type.encode()
        return self.by_url or accepts(accept, self.media_type)

    @property
    def size(self) -> int:
        """Return the bytes of memory it uses; the identity coding has no second body."""
        headers = sum(len(name) + len(value) for name, value in self.headers)
        codings = sum(
            _CODING_OVERHEAD
            + len(coded.lines)
            + len(coded.not_modified_lines)
            + (0 if coding == "identity" else len(coded.body))
            for coding, coded in tuple(self.codings.items())  # a thread may add one at the same time
        )
        return _OVERHEAD + len(self.body) + headers + codings

    @property
    def plain_at_once(self) -> bool:
        """Return whether its identity coding is made faster than a thread would start."""
        return len(self.body) <= _AT_ONCE

    def coded(self, coding: Coding) -> Coded:
        """Make that coding, once however many ask at the same time, or give the one made before.

        Slow for large bodies: not for the event loop. Identity waits for no other coding.
        """
        if coding == "identity":
            return self.codings.get(coding) or self.codings.setdefault(coding, self._make(coding))
        with self._making:
            made = self.codings.get(coding)
            if made is None:
                made = self.codings[coding] = self._make(coding)
            return made

    def _make(self, coding: Coding) -> Coded:
        body = encode(self.body, coding)
        etag = strong_tag(body).encode()
        headers = [*self.headers, (b"etag", etag)]
        if self.compressible:
            headers = [*_varying(headers, b"accept-encoding")]
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        not_modified = tuple(pair for pair in headers if pair[0] in _ON_NOT_MODIFIED)
        headers.append((b"content-length", str(len(body)).encode()))
        message: dict[str, object] = {"type": "http.response.body", "body": body}
        return Coded(
            body, etag, tuple(headers), not_modified, message, lines_of(headers), lines_of(not_modified)
        )


def strong_tag(said: bytes) -> str:
    """Return a strong entity tag (RFC 9110, 8.8.3) for these bytes, with its quotes."""
    return f'"{hashlib.sha256(said).hexdigest()[:32]}"'


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as they are sent (RFC 9112, 5). Raises ValueError if one would break out of its line."""
    lines = [b"%b: %b\r\n" % pair for pair in headers]
    if any(_BREAKING.search(line, 0, len(line) - 2) for line in lines):
        raise ValueError("A header holds a control character.")
    return b"".join(lines)


def encode(body: bytes, coding: Coding) -> bytes:
    """Apply a content coding, deterministically."""
    if coding == "gzip":
        return gzip.compress(body, compresslevel=6, mtime=0)
    if coding == "br":
        compressed: bytes = brotli.compress(body, quality=6)
        return compressed
    if coding == "zstd":
        # A copy, for what zstandard gives holds on to room for the whole uncompressed body.
        return bytes(memoryview(zstandard.ZstdCompressor(level=9).compress(body)))
    return body


def _varying(headers: list[tuple[bytes, bytes]], name: bytes) -> list[tuple[bytes, bytes]]:
    """Add a name to Vary, keeping what is there."""
    said = [value for header, value in headers if header == b"vary"]
    others = [pair for pair in headers if pair[0] != b"vary"]
    return [*others, (b"vary", b", ".join([*said, name]))]
