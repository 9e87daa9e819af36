"""Words of headers and cells compared with those of `vocabulary.toml`."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

VOCABULARY: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("vocabulary.toml").read_text("utf-8")
)
_MOST_WORDS: Final = 6
"""Most words of a header in which a known word counts."""
_LONGEST: Final = 60
_LONGEST_PHRASE: Final = 4
_BULLETS: Final = frozenset("\u2022-*\u2610\u2013")
"""The marks that a line of a list begins with, and a header never does."""
_SHORTEST_WORD: Final = 4
"""Fewest letters of a single word that counts within a longer header."""
_ARABIC: Final = {0x623: 0x627, 0x625: 0x627, 0x622: 0x627, 0x629: 0x647, 0x649: 0x64A, 0x640: None}
"""Letters that Arabic writes in several ways, and the stroke that only stretches a word."""
_ARTICLE: Final = "\u0627\u0644"
_NO_WORD: Final = re.compile(r"[^\w\s#°/+-]|_")
_SIDES: Final = re.compile(r"\s*[/|\\\n:]\s*|\s+[-\u2013]\s+")
_WITHIN: Final = frozenset(
    {"competency", "category", "description", "example", "people", "attribute", "step"}
)
"""Meanings whose single words count within a longer header."""


def listed(words: str) -> list[str]:
    """Return the words of an entry of the vocabulary."""
    return [word.strip() for word in words.replace("\n", " ").split(",") if word.strip()]


@lru_cache(32_768)
def plain(text: str) -> str:
    """Return a text without case, accents, punctuation and Arabic articles, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    kept = unicodedata.normalize("NFC", kept).translate(_ARABIC)
    words = _NO_WORD.sub(" ", kept).split()
    return " ".join(word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word for word in words)  # noqa: PLR2004 - an article and two letters


KNOWN_HEADERS: Final[dict[str, str]] = {
    plain(word): meaning
    for meaning, words in reversed(VOCABULARY["headers"].items())
    for word in listed(words)
}
_CELLS: Final[dict[str, str]] = {
    word.casefold(): meaning
    for meaning, words in reversed(VOCABULARY["cells"].items())
    for word in listed(words)
}
_ELSEWHERE: Final = tuple(word.casefold() for word in listed(VOCABULARY["cells"]["elsewhere"]))
_STEPS: Final[dict[str, int]] = {
    plain(word): int(height) for height, words in VOCABULARY["steps"].items() for word in listed(words)
}
PERSONS: Final = frozenset(map(plain, listed(VOCABULARY["persons"]["words"])))
"""Headers of columns that name people."""
_AMBIGUOUS: Final = frozenset(map(plain, listed(VOCABULARY["ambiguous"]["words"])))


@lru_cache(32_768)
def meaning_of_header(text: str) -> str | None:
    """Return what a header means, one of the keys of `headers`; None if it is not known.

    The whole header counts first, then each side of a slash, then the longest known phrase within a short header.
    """
    if len(text) > _LONGEST or not text.strip() or text.lstrip()[0] in _BULLETS:
        return None
    whole = plain(text)
    for part in (whole, *map(plain, _SIDES.split(text))):
        if part in KNOWN_HEADERS:
            return KNOWN_HEADERS[part]
    words = whole.split()
    if len(words) > _MOST_WORDS:
        return None
    for length in range(min(len(words), _LONGEST_PHRASE), 0, -1):
        for at in range(len(words) - length + 1):
            phrase = " ".join(words[at : at + length])
            if phrase in KNOWN_HEADERS and (length > 1 or _counts_within(phrase)):
                return KNOWN_HEADERS[phrase]
    return None


def _counts_within(word: str) -> bool:
    long = len(word) >= _SHORTEST_WORD or not word.isascii()
    return long and word not in _AMBIGUOUS and KNOWN_HEADERS[word] in _WITHIN


@lru_cache(32_768)
def meaning_of_cell(text: str) -> str | None:
    """Return what a cell means that has no text of its own, one of the keys of `cells`; None if it has one."""
    bare = text.strip().casefold()
    if len(bare) > _LONGEST:
        return None
    meaning = _CELLS.get(bare) or _CELLS.get(bare.rstrip(".:!"))
    if meaning is not None and meaning != "elsewhere":
        return meaning
    refers = any(bare == word or bare.startswith(f"{word} ") for word in _ELSEWHERE)
    return "elsewhere" if refers and len(bare.split()) <= _MOST_WORDS else None


def step_height(text: str) -> int | None:
    """Return how high a step with a well-known name is; None if the name is not known."""
    return _STEPS.get(plain(text))
