"""The widths of texts, measured in the bundled fonts, in which PNGs are drawn.

An SVG is drawn in the fonts of whoever looks at it, so `svg.py` holds a text that has little room to the width that
was measured here.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final

import fontpkg
import uharfbuzz

FAMILY: Final = "Open Sans"
"""Latin, Greek, Cyrillic and Hebrew."""
STACK: Final = "'Open Sans', 'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans Arabic', sans-serif"
"""The fonts that an SVG asks for. Widths are measured in the first."""
REGULAR: Final = 400
BOLD: Final = 600

_FAMILIES: Final = (FAMILY, "Noto Sans Arabic")
_EAST_ASIAN: Final = "noto_cjk_sans_jp_regular"
"""The package of the optional font for Chinese, Japanese and Korean (`pip install career-ladder-api[cjk]`)."""
_WIDE: Final = 1.0
"""Width in em of an East Asian character, the same in every font."""
_UNKNOWN: Final = 0.6
"""Width in em of a character that no bundled font has. It is drawn as an empty box."""
_NOTHING: Final = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that combine with others, or are invisible."""


@cache
def font_files() -> tuple[str, ...]:
    """Return the paths of the fonts for PNGs, in the order in which a character is looked up."""
    found = [str(fontpkg.path(family)) for family in _FAMILIES]
    spec = find_spec(_EAST_ASIAN)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        found += sorted(str(path) for path in Path(folder).glob("*.otf"))
    return tuple(found)


def drawable(character: str) -> bool:
    """Tell whether a PNG can show a character. Invisible characters count as shown."""
    return ord(character) in _characters() or unicodedata.category(character) in _NOTHING


@cache
def _characters() -> frozenset[int]:
    """Return all characters of the bundled fonts and the optional one."""
    faces = (uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)) for path in font_files())
    return frozenset(code for face in faces for code in face.unicodes)


@lru_cache(maxsize=16384)
def ems(text: str, weight: int = REGULAR) -> float:
    """Return the width of a text on one line, in em."""
    return sum(_run_width(face, run, weight) for face, run in _runs(text))


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Return the width of a text on one line, in the unit of `size`."""
    return ems(text, weight) * size


@dataclass(frozen=True)
class _Face:
    """One font file, opened at two weights."""

    fonts: dict[int, uharfbuzz.Font]
    units: int
    """Font units in one em."""
    characters: frozenset[int]


@cache
def _faces() -> tuple[_Face, ...]:
    return tuple(_opened(fontpkg.path(family)) for family in _FAMILIES)


def _opened(path: Path) -> _Face:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    fonts: dict[int, uharfbuzz.Font] = {}
    for weight in (REGULAR, BOLD):
        fonts[weight] = uharfbuzz.Font(face)
        fonts[weight].set_variations({"wght": weight})
    return _Face(fonts, face.upem, frozenset(face.unicodes))


def _runs(text: str) -> Iterator[tuple[_Face | None, str]]:
    """Split a text where its font changes. The font is None if no bundled font has the characters."""
    faces = _faces()
    chosen: list[int] = []
    for character in text:
        code = ord(character)
        place = next((place for place, face in enumerate(faces) if code in face.characters), len(faces))
        if place == len(faces) and chosen and unicodedata.category(character) in _NOTHING:
            place = chosen[-1]
        chosen.append(place)
    start = 0
    for place, group in groupby(chosen):
        end = start + len(list(group))
        yield (faces[place] if place < len(faces) else None), text[start:end]
        start = end


def _run_width(face: _Face | None, run: str, weight: int) -> float:
    if face is None:
        return sum(_guessed(character) for character in run)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    uharfbuzz.shape(face.fonts[weight], buffer)
    advances = buffer.glyph_positions or ()
    return float(sum(place.x_advance for place in advances)) / face.units


def _guessed(character: str) -> float:
    if unicodedata.category(character) in _NOTHING:
        return 0.0
    return _WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else _UNKNOWN
