"""Rendering of SVGs as PNGs by resvg in the bundled fonts, so that every machine makes the same picture."""

import re
from math import sqrt
from typing import Final

import resvg_py

from app.pictures.fonts import FAMILY, drawable, font_files

MOST_PIXELS: Final = 24_000_000
"""The most pixels of one picture, which take 96 MB while it is drawn."""
_SIZE: Final = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_STAND_IN: Final = "\ufffd"
"""Drawn for a character that no bundled font has. Without it, resvg would silently leave the character out."""


def rasterise(svg: str, scale: int) -> bytes:
    """Return one of our SVGs as PNG. `scale` is in pixels per unit. A picture with too many pixels is drawn smaller.

    It takes up to two seconds, during which other threads run.
    """
    return resvg_py.svg_to_bytes(
        svg_string=_BEYOND_ASCII.sub(_shown, svg),
        zoom=fitting_scale(svg, scale),
        skip_system_fonts=True,
        font_files=list(font_files()),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )


def fitting_scale(svg: str, scale: int) -> float:
    """Return the scale at which an SVG has no more pixels than allowed."""
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError("Not an SVG of ours: it begins with no size.")
    area = float(found[1]) * float(found[2])
    return min(float(scale), sqrt(MOST_PIXELS / area))


def _shown(found: re.Match[str]) -> str:
    return found[0] if drawable(found[0]) else _STAND_IN
