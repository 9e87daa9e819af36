"""Rendering of SVGs as PNGs by resvg in the bundled fonts, so that every machine makes the same picture.

resvg keeps the interpreter to itself while it draws, which takes seconds for a large picture. So each picture is
drawn in a process of its own, which also returns all its memory.
"""

import json
import re
import subprocess
import sys
from math import sqrt
from pathlib import Path
from typing import Final

from app.errors import Unavailable
from app.pictures.fonts import FAMILY, drawable, font_files

MOST_PIXELS: Final = 24_000_000
"""The most pixels of one picture, which take 96 MB while it is drawn."""
MOST_SECONDS: Final = 20.0
"""Seconds that drawing one picture may take. The largest matrix takes three on a slow core."""
_COMMAND: Final = (sys.executable, "-I", str(Path(__file__).with_name("resvg_process.py")))
_SIZE: Final = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_STAND_IN: Final = "\ufffd"
"""Drawn for a character that no bundled font has. Without it, resvg would silently leave the character out."""


def rasterise(svg: str, scale: int) -> bytes:
    """Return one of our SVGs as PNG, drawn while other threads run.

    Args:
        svg: The picture.
        scale: Pixels for each unit. A picture with too many pixels is drawn smaller.

    Raises:
        Unavailable: Drawing took longer than `MOST_SECONDS`.
        ValueError: The SVG has no size, or resvg cannot draw it.
    """
    options = {
        "svg_string": _BEYOND_ASCII.sub(_shown, svg),
        "zoom": fitting_scale(svg, scale),
        "skip_system_fonts": True,
        "font_files": list(font_files()),
        "font_family": FAMILY,
        "sans_serif_family": FAMILY,
    }
    given = json.dumps(options).encode()
    try:
        done = subprocess.run(_COMMAND, input=given, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired:
        raise Unavailable(
            "The picture takes too long to draw. Choose one track or one category, or read it as SVG."
        ) from None
    if done.returncode != 0:
        raise ValueError(f"resvg cannot draw the picture: {done.stderr.decode(errors='replace')[-400:]}")
    return done.stdout


def fitting_scale(svg: str, scale: int) -> float:
    """Return the scale at which an SVG has no more pixels than allowed."""
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError("Not one of our SVGs: it begins with no size.")
    area = float(found[1]) * float(found[2])
    return min(float(scale), sqrt(MOST_PIXELS / area))


def _shown(found: re.Match[str]) -> str:
    return found[0] if drawable(found[0]) else _STAND_IN
