"""How wide a text is, measured in the fonts that come with us: those that a PNG is drawn in.

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
"""The fonts to look for where an SVG is shown; the first is what we measure in."""
REGULAR: Final = 400
BOLD: Final = 600

_FAMILIES: Final = (FAMILY, "Noto Sans Arabic")
_EAST_ASIAN: Final = "noto_cjk_sans_jp_regular"
"""The package of the optional font for Chinese, Japanese and Korean (`pip install career-ladder-api[cjk]`)."""
_WIDE: Final = 1.0
"""Width in em of an East Asian character, in every font there is."""
_UNKNOWN: Final = 0.6
"""Width in em of a character that no font of ours has: the empty box."""
_NOTHING: Final = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that stand on others, or are not seen."""


@cache
def font_files() -> tuple[str, ...]:
    """Paths of the fonts that a PNG is drawn in, in the order in which a character is looked for."""
    found = [str(fontpkg.path(family)) for family in _FAMILIES]
    spec = find_spec(_EAST_ASIAN)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        found += sorted(str(path) for path in Path(folder).glob("*.otf"))
    return tuple(found)


def drawable(character: str) -> bool:
    """Whether a PNG can show a character, be it by showing nothing where nothing is to be seen."""
    return ord(character) in _characters() or unicodedata.category(character) in _NOTHING


@cache
def _characters() -> frozenset[int]:
    """All that our fonts have, the optional one included."""
    faces = (uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)) for path in font_files())
    return frozenset(code for face in faces for code in face.unicodes)


@lru_cache(maxsize=16384)
def ems(text: str, weight: int = REGULAR) -> float:
    """Width of a text on one line, in em."""
    return sum(_run_width(face, run, weight) for face, run in _runs(text))


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width of a text on one line, in the unit of `size`."""
    return ems(text, weight) * size


@dataclass(frozen=True)
class _Face:
    """One font file, open at two weights."""

    fonts: dict[int, uharfbuzz.Font]
    units: int
    """In one em."""
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
    """The text cut where its font changes; None where no font of ours has the characters."""
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
