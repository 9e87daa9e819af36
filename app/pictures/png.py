"""From the text of an SVG to the bytes of a PNG: by resvg, in our own fonts, so that every machine makes the same."""

import re
from math import sqrt
from typing import Final

import resvg_py

from app.pictures.fonts import FAMILY, drawable, font_files

MOST_PIXELS: Final = 24_000_000
"""Of one picture: 96 MB while it is drawn."""
_SIZE: Final = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_STAND_IN: Final = "\ufffd"
"""Drawn for a character that no font of ours has, which resvg would leave out without a word."""


def rasterise(svg: str, scale: int) -> bytes:
    """Draw an SVG of ours. `scale` is in pixels for each unit; a picture too large for it is drawn smaller.

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
    """The scale at which an SVG has no more pixels than one picture may have."""
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError("Not an SVG of ours: it begins with no size.")
    area = float(found[1]) * float(found[2])
    return min(float(scale), sqrt(MOST_PIXELS / area))


def _shown(found: re.Match[str]) -> str:
    return found[0] if drawable(found[0]) else _STAND_IN
