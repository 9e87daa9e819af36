"""Screenshots of the explorer for the README, taken from the running product in light and dark.

The product runs on a temporary database with the bundled ladders. `--path` shows another page, `--folder` writes the
pictures somewhere else.
"""

import argparse
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
MOST_BYTES: Final = 150_000
"""The largest picture that the README should load."""
_WIDTH: Final = 1280
_HEIGHT: Final = 720
_PAGE: Final = "/ladders/example-engineering/matrix?track=individual-contributor"
_FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PIXELS: Final = {(8, 2): 3, (8, 6): 4}
"""Bytes of a pixel, by depth and colour type: RGB and RGBA with 8 bits."""
_PATIENCE: Final = 60.0
"""Seconds to wait for the server."""
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)


def main() -> int:
    """Take the pictures, and print the size of each. Return 1 if one is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default=_PAGE, help="the page to show")
    parser.add_argument("--name", default="explorer", help="the first part of the names of the pictures")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="the folder of the pictures")
    parser.add_argument("--width", type=int, default=_WIDTH, help="the width of the window")
    parser.add_argument("--whole", action="store_true", help="show the whole page, not only the first screen")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    sizes = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as base, browser() as chromium:
        for scheme in SCHEMES:
            target = asked.folder / f"{asked.name}-{scheme}.png"
            shoot(chromium, base + asked.path, target, scheme, asked.width, whole=asked.whole)
            target.write_bytes(smaller(target.read_bytes()))
            sizes.append(target.stat().st_size)
            print(f"{target}: {sizes[-1]:,} bytes")
    return int(max(sizes) > MOST_BYTES and not asked.whole)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the bundled ladders from a database in a folder. Yields the URL of the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "LADDER_DATABASE_URL": f"sqlite:///{folder / 'ladder.db'}",
        "LADDER_METRICS": "off",
        "PORT": str(port),
    }
    ladder = [sys.executable, "-m", "app"]
    for command in ("migrate", "seed"):
        subprocess.run([*ladder, command], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [*ladder, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium. It loads pages from this machine only."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield chromium
        chromium.close()


def shoot(
    chromium: Browser,
    url: str,
    target: Path,
    scheme: Literal["light", "dark"],
    width: int = _WIDTH,
    *,
    whole: bool = False,
) -> None:
    """Take a picture of a page in one colour scheme."""
    page = chromium.new_page(viewport={"width": width, "height": _HEIGHT}, color_scheme=scheme)
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=target, full_page=whole)
    page.close()


def smaller(png: bytes) -> bytes:
    """Return the same picture in fewer bytes. Flat areas compress best without filters (PNG, section 9)."""
    chunks = list(_chunks(png))
    head = chunks[0][1]
    width, depth, colours = struct.unpack(">I4xBB", head[:10])
    if (depth, colours) not in _PIXELS:
        return png
    data = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    lines = _unfiltered(data, width * _PIXELS[depth, colours], _PIXELS[depth, colours])
    packed = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    found = _SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )
    return min(found, png, key=len)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        yield kind, png[place + 8 : place + 8 + size]
        place += size + 12


def _unfiltered(data: bytes, size: int, step: int) -> Iterator[bytes]:
    """Yield the lines of a picture with their filters undone. A pixel has `step` bytes."""
    above = bytearray(size)
    for start in range(0, len(data), size + 1):
        kind, line = data[start], bytearray(data[start + 1 : start + 1 + size])
        for place in range(size if kind else 0):
            left = line[place - step] if place >= step else 0
            corner = above[place - step] if place >= step else 0
            predicted = (
                0,
                left,
                above[place],
                (left + above[place]) // 2,
                _paeth(left, above[place], corner),
            )
            line[place] = (line[place] + predicted[kind]) & 255
        yield bytes(line)
        above = line


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda one: abs(estimate - one))


def _wait_for(port: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:  # noqa: PLR2004 - OK
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The server did not answer within {_PATIENCE:.0f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
