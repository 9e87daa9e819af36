"""Text made to fit: cleaned of what XML cannot hold, wrapped, and then shortened with an ellipsis."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.pictures.fonts import REGULAR, width

ELLIPSIS: Final = "…"
LONGEST: Final = 400
"""Characters of a text that are looked at; nothing that long has room in a picture."""
_UNSEEN: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""White space and control characters: XML knows most of them not at all."""
_REORDERING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows, perhaps beyond the text itself."""
_BROKEN: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of a pair, and what is no character: no XML holds them."""
_PIECES: Final = re.compile(
    "\\S*?[-/\u2010\u2013\u2014_.](?=\\w)|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|"
    "[^\\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+|\\s+"
)
"""What a line may be broken after: a hyphen and its like, any East Asian character, a word, a space."""
_JOINED: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as the lines that have room, and in full."""

    lines: tuple[str, ...]
    full: str
    cut: bool
    """Whether the lines say less than the text."""


def clean(text: str) -> str:
    """The text on one line, without what XML cannot hold."""
    return _BROKEN.sub("\ufffd", _REORDERING.sub("", _UNSEEN.sub(" ", text))).strip()


def fit(text: str, room: float, size: float, weight: int = REGULAR, lines: int = 1) -> Fitted:
    """Wrap a text to at most so many lines of a width, and shorten the last one where it says more."""
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
    """Whether a text is written from the right: its first letter with a direction says so (UAX 9, P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _first_line(text: str, room: float, size: float, weight: int) -> tuple[str, str]:
    """What has room on one line, and what is left."""
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
    """The longest beginning that has room with `after` behind it; at least one character."""
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
    """Whether what stands at a place belongs to the character before it."""
    if place >= len(text):
        return False
    here = text[place]
    joined = _JOINED in {here, text[place - 1]}
    return joined or unicodedata.category(here) in {"Mn", "Me", "Mc"} or "\ufe00" <= here <= "\ufe0f"
