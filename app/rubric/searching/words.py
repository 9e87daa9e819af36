"""Words of a text: where they are, and the tokens that they are found by.

A word becomes two tokens: its own letters, folded (lower case, without accents), and its stem, so that `designs` is
found by `design`. The same is done to what is asked, so a database has to do no more than compare tokens. Tokens hold
nothing but `a` to `z` and digits, whatever the script: other signs are written as `z` and four digits of base 36.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Final, NamedTuple

import Stemmer

ANALYSIS: Final = f"5 {Stemmer.version()}"
"""The version of the tokens. Entries of another version are indexed again. Raise it with any change below."""

_SPACELESS: Final = (range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))
"""Thai and Lao, Burmese, Khmer."""
_SPACELESS_SIGNS: Final = "".join(
    chr(code) for block in _SPACELESS for code in block if unicodedata.category(chr(code)) in {"Lo", "Lm"}
)
_SPACELESS_MARKS: Final = "".join(
    chr(code) for block in _SPACELESS for code in block if unicodedata.category(chr(code))[0] == "M"
)
_JAMO: Final = r"[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?"
"""A Korean syllable in decomposed form."""
_ALONE: Final = (
    r"\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff" + _SPACELESS_SIGNS
)
"""Scripts that put no space between words, and Korean, which puts none before particles: each sign (of Korean, each
syllable) is a word, and several are a phrase."""
_MARKS: Final = r"\u00ad\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u200b-\u200d"
"""Characters within words that are neither letters nor digits: accents, vowels, signs without width."""
_SHARP: Final = r"(?<!\w)[A-Za-z](?:\+\+|#)(?!\w)"
"""C++ and C#."""
_WORD: Final = re.compile(
    rf"{_JAMO}|[{_ALONE}][{_SPACELESS_MARKS}]*|{_SHARP}|[^\W_{_ALONE}](?:[^\W_{_ALONE}]|[{_MARKS}])*"
)
_ASCII_WORD: Final = re.compile(rf"{_SHARP}|[A-Za-z0-9]+", re.ASCII)
"""The same for text that is ASCII alone, and several times as fast."""
_APOSTROPHES: Final = frozenset("'\u2019\u02bc")
_UNSEEN: Final = frozenset("\u00ad\u200b\u200c\u200d")
_LONGEST: Final = 64
"""Letters of a token at most: what is longer is no word."""
_CODE: Final = 36**4
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_STEMMERS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_lock = Lock()


class Word(NamedTuple):
    """A word in its place: `text[start:end]`."""

    start: int
    end: int
    text: str


class Tokens(NamedTuple):
    """The tokens of a word."""

    stem: str
    whole: str
    """The word itself, for prefix searches."""


def words_in(text: str) -> Iterator[Word]:
    """Yield the words of a text, in order. A letter alone beside an apostrophe is none: `team's`, `l'équipe`."""
    for match in (_ASCII_WORD if text.isascii() else _WORD).finditer(text):
        start, end = match.span()
        if end - start == 1 and _beside_apostrophe(text, start, end):
            continue
        yield Word(start, end, match[0])


@lru_cache(maxsize=65_536)
def tokens_of(word: str, language: str) -> Tokens | None:
    """Return the tokens of one word in a language (BCP 47), or None if it has no letter or digit."""
    folded = fold(word)[:_LONGEST]
    whole = _encoded(folded)
    if not whole:
        return None
    stemmer = _STEMMERS.get(language.partition("-")[0].lower())
    if stemmer is None or len(folded) < 3 or not folded.isalpha():  # noqa: PLR2004 - nothing to take off
        return Tokens(whole, whole)
    # Some stemmers know endings by their accents, which matters in scripts that are not Latin.
    written = folded if folded.isascii() else unicodedata.normalize("NFC", word[:_LONGEST].lower())
    return Tokens(_encoded(fold(_stem(stemmer, written))) or whole, whole)


def fold(text: str) -> str:
    """Without case and accents (Unicode, NFKC after the marks of NFKD are gone)."""
    if text.isascii():
        return text.lower()
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in marked if not (unicodedata.combining(letter) or letter in _UNSEEN))
    return unicodedata.normalize("NFKC", plain)


def _stem(algorithm: str, word: str) -> str:
    with _lock:  # a stemmer is not made for several threads
        stem: str = _stemmer(algorithm).stemWord(word)
    return stem


@cache
def _stemmer(algorithm: str) -> "Stemmer.Stemmer":
    return Stemmer.Stemmer(algorithm, 0)


def _encoded(folded: str) -> str:
    """In `a` to `z` and digits; the beginning of a word becomes the beginning of its token."""
    if folded.isascii() and folded.isalnum() and "z" not in folded:
        return folded
    return "".join(map(_letter, filter(_counts, folded)))


def _counts(letter: str) -> bool:
    return letter.isalnum() or letter in "+#" or unicodedata.category(letter)[0] == "M"


def _letter(letter: str) -> str:
    if letter == "z":
        return "zz"
    if letter.isascii() and letter.isalnum():
        return letter
    number, digits = ord(letter), ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return "z" + digits


def _beside_apostrophe(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else ""
    return before in _APOSTROPHES or text[end : end + 1] in _APOSTROPHES
