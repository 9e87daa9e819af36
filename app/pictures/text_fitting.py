"""Fitting of texts: removal of characters that XML cannot hold, wrapping, and shortening with an ellipsis."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.pictures.fonts import REGULAR, width

ELLIPSIS: Final = "…"
LONGEST: Final = 400
"""The most characters that are read. No longer text fits into a picture."""
_UNSEEN: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""White space and control characters. XML allows few of them."""
_REORDERING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that change the direction of the text after them, even beyond the text itself."""
_BROKEN: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Surrogates and noncharacters, which XML cannot hold."""
_PIECES: Final = re.compile(
    "\\S*?[-/\u2010\u2013\u2014_.](?=\\w)|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|"
    "[^\\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+|\\s+"
)
"""The pieces between which a line can break: hyphens and the like, East Asian characters, words, spaces."""
_JOINED: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as the lines that fit, and in full."""

    lines: tuple[str, ...]
    full: str
    cut: bool
    """True if the text was shortened."""


def clean(text: str) -> str:
    """Return the text on one line, without characters that XML cannot hold."""
    return _BROKEN.sub("\ufffd", _REORDERING.sub("", _UNSEEN.sub(" ", text))).strip()


def fit(text: str, room: float, size: float, weight: int = REGULAR, lines: int = 1) -> Fitted:
    """Wrap a text to a number of lines of a width, and shorten the last one if the text is longer."""
    full = clean(text[: LONGEST * 4])
    rest, cut, made = full[:LONGEST], len(full) > LONGEST, list[str]()
    while rest and len(made) < lines - 1:
        line, rest = _first_line(rest, room, size, weight)
        made.append(line)
    if rest:
        cut = cut or width(rest, size, weight) > room
        made.append(_shortened(rest, room, size, weight) if cut else rest)
    return Fitted(tuple(made), full, cut)


def rightward(text: str) -> bool:
    """Tell whether a text is written from right to left, by its first letter with a direction (UAX 9, P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _first_line(text: str, room: float, size: float, weight: int) -> tuple[str, str]:
    """Return the part that fits on one line, and the rest."""
    line = ""
    for piece in _PIECES.findall(text):
        if width((line + piece).rstrip(), size, weight) > room:
            break
        line += piece
    if line.strip():
        return line.strip(), text[len(line) :].strip()
    word = text.split(" ", 1)[0]
    hyphen = "-" if word[:1].isascii() or "LATIN" in unicodedata.name(word[:1], "") else ""
    kept = _most(word, room, size, weight, hyphen)
    return kept + hyphen, text[len(kept) :].strip()


def _shortened(text: str, room: float, size: float, weight: int) -> str:
    return _most(text, room, size, weight, ELLIPSIS).rstrip() + ELLIPSIS


def _most(text: str, room: float, size: float, weight: int, after: str) -> str:
    """Return the longest beginning that fits with `after` behind it; at least one character."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + after, size, weight) <= room:
            low = middle
        else:
            high = middle - 1
    while low > 1 and _clings(text, low):
        low -= 1
    return text[:low]


def _clings(text: str, place: int) -> bool:
    """Tell whether the character at a place combines with the one before it."""
    if place >= len(text):
        return False
    here = text[place]
    joined = _JOINED in {here, text[place - 1]}
    return joined or unicodedata.category(here) in {"Mn", "Me", "Mc"} or "\ufe00" <= here <= "\ufe0f"
