"""Screenshots for the README: small enough to load, the same picture when packed, and there in both schemes."""

import struct
import zlib
from pathlib import Path

from tools.screenshots import MOST_BYTES, SCHEMES, smaller

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(*lines: bytes) -> bytes:
    """Return a picture with 8-bit RGB, from lines that begin with their filter."""
    head = struct.pack(">IIBBBBB", (len(lines[0]) - 1) // 3, len(lines), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 0)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def pixels(picture: bytes) -> bytes:
    start = picture.index(b"IDAT") + 4
    (size,) = struct.unpack(">I", picture[start - 8 : start - 4])
    return zlib.decompress(picture[start : start + size])


def test_a_packed_picture_has_the_same_pixels_whatever_filters_it_had() -> None:
    plain = bytes(range(12)) * 20
    filtered = (
        b"\0" + plain,
        b"\1" + plain[:3] + bytes((plain[i] - plain[i - 3]) % 256 for i in range(3, 240)),
        b"\2" + bytes(240),
        b"\3"
        + bytes((plain[i] - ((plain[i - 3] if i > 2 else 0) + plain[i]) // 2) % 256 for i in range(240)),
        b"\4" + bytes(240),
    )
    packed = smaller(png(*filtered))
    assert pixels(packed).startswith((b"\0" + plain) * 4)
    assert len(packed) < len(png(*filtered))


def test_the_pictures_of_the_readme_are_small_and_1280_wide() -> None:
    for scheme in SCHEMES:
        picture = (IMAGES / f"explorer-{scheme}.png").read_bytes()
        assert len(picture) <= MOST_BYTES
        assert struct.unpack(">I", picture[16:20]) == (1280,)
