"""Requests to compare parsers with: valid ones, and damaged ones."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

METHODS: Final = (b"GET", b"GET", b"GET", b"HEAD", b"POST", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH")
TARGETS: Final = (
    b"/hot",
    b"/hot?a=1&b=%20",
    b"/hot/%41",
    b"/cold",
    b"/cold?x",
    b"/",
    b"/a//b/../c;d",
    b"http://other.example/hot",
    b"HTTP://other.example:81?q",
)
LINES: Final = (
    b"Connection: Upgrade",
    b"Connection: keep-alive, Upgrade, HTTP2-Settings",
    b"Upgrade: h2c",
    b"Upgrade: websocket",
    b"Upgrade: TLS/1.0, anything",
    b"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
    b"Expect: 100-continue",
    b"Expect: nothing",
    b"Accept:*/*",
    b"X-Empty:",
    b"X-Spaces: \t  two words \t",
    b"X-Latin: caf\xe9 \xff",
    b"Cookie: a=b",
    b"Cookie: c=d",
    b"X-Chunked: Transfer-Encoding: chunked",
    b"Content_Length: 7",
    b"TE: trailers",
    b"Trailer: Authorization",
    b"Proxy-Connection: close",
    b"Keep-Alive: timeout=5",
)
SMUGGLED: Final = b"GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n"
BODIES: Final = (
    b"",
    b"x",
    b"\r\n",
    b"0\r\n\r\n",
    b'{"a": 1}',
    SMUGGLED,
    b"\r\n" * 5 + SMUGGLED,
    b"ab" * 5_000,
    bytes(range(256)),
)
EXTENSIONS: Final = (b"", b"", b"", b";x", b";name=value", b';q="a b"', b"; a=b;c")
TRAILERS: Final = (
    b"",
    b"",
    b"Authorization: Bearer stolen\r\n",
    b"Accept: text/csv\r\nIf-Match: *\r\n",
    b"X-Forwarded-For: 203.0.113.9\r\nHost: evil\r\n",
)
NASTY: Final = (
    *(bytes([value]) for value in (0, 9, 10, 11, 13, 32, 43, 44, 48, 58, 59, 127, 128, 255)),
    b"\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"\r\n ",
    b" :",
    b"Content-Length: 5\r\n",
    b"Content-Length: 5, 5\r\n",
    b"Content-Length: +5\r\n",
    b"Content-Length: 0x5\r\n",
    b"Content-Length : 5\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding: identity\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n",
    b"Host: twice\r\n",
    b"Connection: close\r\n",
    b"Upgrade: h2c\r\nConnection: upgrade\r\n",
    b"0\r\n\r\n",
    b"-1\r\n",
    b"5 \r\n",
    b"HTTP/1.0",
    b"HTTP/1.2",
    b"HTTP/2.0",
    b"RTSP/1.0",
    b"CONNECT",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    SMUGGLED,
)


def chunked(dice: random.Random, body: bytes) -> bytes:
    """Return a body in chunks of any sizes, with extensions and trailer fields."""
    made, at = bytearray(), 0
    while at < len(body):
        size = min(dice.choice((1, 3, 50, 5_000)) if len(body) < 500 else 3_000, len(body) - at)
        digits = b"%x" % size if dice.random() < 0.7 else b"%05X" % size
        made += digits + dice.choice(EXTENSIONS) + b"\r\n" + body[at : at + size] + b"\r\n"
        at += size
    return bytes(made) + b"0" + dice.choice(EXTENSIONS) + b"\r\n" + dice.choice(TRAILERS) + b"\r\n"


def message(dice: random.Random, *, last: bool) -> bytes:
    """Return one request that follows every rule; only the last one of a connection may end it."""
    old = last and dice.random() < 0.05
    lines = [b"Host: here.example:8000", *dice.sample(LINES, dice.choice((0, 0, 1, 2, 6)))]
    if last and dice.random() < 0.05:
        lines = [line for line in lines if not line.startswith(b"Connection")] + [b"Connection: Close"]
    body = b""
    if dice.random() < 0.5:
        body = dice.choice(BODIES)
        if not old and dice.random() < 0.5:
            lines.append(b"Transfer-Encoding: chunked")
            body = chunked(dice, body)
        else:
            lines.append(
                b"content-length:%b%d%b" % (dice.choice((b"", b" ")), len(body), dice.choice((b"", b" ")))
            )
    dice.shuffle(lines)
    first = b"%b %b HTTP/1.%d" % (dice.choice(METHODS), dice.choice(TARGETS), 0 if old else 1)
    return b"\r\n".join((first, *lines, b"", body))


def messages(dice: random.Random) -> bytes:
    """Return a pipeline of requests that follow every rule."""
    count = dice.choice((1, 1, 2, 3))
    return b"".join(message(dice, last=number == count - 1) for number in range(count))


def damaged(dice: random.Random, sent: bytes) -> bytes:
    """Return the bytes after one to three accidents."""
    made = bytearray(sent)
    for _ in range(dice.choice((1, 1, 2, 3))):
        # Mostly in a head, where it matters.
        reach = len(made) if dice.random() < 0.5 else min(len(made), 400)
        place = dice.randrange(reach + 1)
        if dice.random() < 0.5:
            ends = [at for at in range(max(reach - 1, 0)) if made[at : at + 2] == b"\r\n"]
            place = dice.choice(ends) + dice.choice((0, 1, 2)) if ends else place
        kind = dice.random()
        if kind < 0.55:
            made[place:place] = dice.choice(NASTY)
        elif kind < 0.75:
            del made[place : place + dice.choice((1, 1, 2, 10))]
        elif kind < 0.9:
            made[place : place + 1] = bytes([dice.randrange(256)])
        else:
            made[place:place] = made[max(place - dice.choice((1, 2, 40)), 0) : place]
    return bytes(made)


def cut(dice: random.Random, sent: bytes) -> Sequence[bytes]:
    """Return the bytes in parts: single bytes, a few parts, or many."""
    if len(sent) < 300 and dice.random() < 0.1:
        return [sent[at : at + 1] for at in range(len(sent))]
    places = sorted(dice.randrange(len(sent) + 1) for _ in range(dice.choice((0, 1, 2, 5, 12))))
    edges = [0, *places, len(sent)]
    return [sent[start:end] for start, end in pairwise(edges) if start < end]
