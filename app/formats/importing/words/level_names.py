"""Names of career levels: how much a text looks like one, and the code, title, years and height in it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.formats.importing.words.vocabulary import VOCABULARY, listed, plain, step_height

_DASH: Final = r"[-\u2013\u2014~]"
_YEAR: Final = r"(?:years?|yrs?|yoe|jahren?|ans|ann\u00e9es|년차|년|سنوات|سنة|a\u00f1os|anni|anos|年|лет)"
_CODE: Final = re.compile(r"(?<![\w.])([A-Z]{1,4}[ -]?\d{1,2}(?:\.\d|[a-c]|\+)?)(?!\w)")
_RANGE: Final = re.compile(
    rf"(?<![\w.])(([A-Z]{{0,4}}\d{{1,2}})\s*(?:{_DASH}|/|&|,|\bto\b|\bbis\b|\bund\b|\band\b|\bet\b|à)\s*"
    r"([A-Z]{0,4}\d{1,2}))(?!\w)"
)
_SIDES: Final = re.compile(r"\s*(?:/|&|\+|\bor\b|\bund\b|\boder\b|\bet\b|\bou\b|\band\b)\s*")
_NOUNS: Final = "|".join(sorted(map(re.escape, listed(VOCABULARY["levels"]["nouns"])), key=len, reverse=True))
_NOUN_WORDS: Final = frozenset(map(plain, listed(VOCABULARY["levels"]["nouns"])))
_NUMBERED: Final = re.compile(
    rf"(?:^|\s)(?:(?:{_NOUNS})\s*[.:#-]?\s*(\d{{1,2}}|(?<=\W)(?-i:[IVX]{{1,4}}|[A-Z])\b)|(\d{{1,2}})\s*(?:{_NOUNS}))",
    re.IGNORECASE,
)
_ROMAN: Final = re.compile(r"(?:^|\s)(I{1,3}|IV|VI{0,3}|IX|X)$")
_ROMAN_NUMBERS: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_YEARS: Final = re.compile(
    rf"(\d{{1,2}})\s*(?:\+|(?:{_DASH}|to|bis|à|a)\s*(\d{{1,2}}))?\s*\+?\s*{_YEAR}", re.IGNORECASE
)
_ONLY_YEARS: Final = re.compile(
    rf"(?:ab|min\.?|from|dès|depuis|>=?|≥)?\s*(\d{{1,2}})\s*(?:\+|(?:{_DASH}|to|bis|à)\s*(\d{{1,2}}))?\s*\+?\s*"
    rf"{_YEAR}?(?: (?:of )?experience)?(?:\s*(?:or more|und mehr|et plus|plus|이상|فأكثر|y más))?\.?",
    re.IGNORECASE,
)
_SENIORITY: Final = {
    plain(word): float(height) for height, words in VOCABULARY["seniority"].items() for word in listed(words)
}
_MODIFIERS: Final = {plain(word): 0.5 for word in listed(VOCABULARY["modifiers"]["up"])} | {
    plain(word): -0.5 for word in listed(VOCABULARY["modifiers"]["down"])
}
_PROFESSIONS: Final = frozenset(map(plain, listed(VOCABULARY["levels"]["professions"])))
_ORDINALS: Final = {
    plain(word): number
    for line in VOCABULARY["levels"]["ordinals"]
    for number, word in enumerate(listed(line), 1)
}
_STEPS_ONLY: Final = frozenset(map(plain, listed(VOCABULARY["steps-only"]["words"])))
_BARE_NUMBER: Final = re.compile(r"\d{1,2}(?:\.\d)?")
_LOOSE: Final = "-\u2013\u2014:|,\u00b7. \n"
_MOST_WORDS: Final = 8
_PAIR: Final = 2
_MOST_IN_RANGE: Final = 5
_WRAPPED: Final = 5
"""Most words of a title that is written on several lines."""
_LONGEST: Final = 70


@dataclass(frozen=True, slots=True)
class LevelName:
    """A level as a header names it."""

    title: str
    code: str | None = None
    years: tuple[int, int | None] | None = None
    rest: str = ""
    """Lines of the header that are no part of the title."""
    height: float | None = None
    """A number that is greater for a higher level; None if the name does not say."""


@lru_cache(32_768)
def level_likeness(text: str) -> float:
    """Return how much a text looks like the name of a level, from 0 to 1."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()] or [""]
    first = " ".join(lines) if _is_wrapped(lines) else lines[0]
    if not first or len(first) > _LONGEST or len(first.split()) > _MOST_WORDS or first[-1] in ".!?;":
        return 0.0
    words = plain(first).split()
    if _CODE.search(first) or _NUMBERED.search(first):
        return 1.0
    if _heights(words):
        return 0.9
    if any(word in _PROFESSIONS for word in words):
        return 0.6
    if _ROMAN.search(first) or any(word in _ORDINALS for word in words):
        return 0.5
    return 0.4 if _BARE_NUMBER.fullmatch(first.strip()) else 0.0


def is_only_step(text: str) -> bool:
    """Return whether a text is the name of a proficiency step rather than of a level."""
    return plain(text) in _STEPS_ONLY


def is_step_or_number(text: str) -> bool:
    """Return whether a text is a bare number or a well-known name of a step."""
    return bool(_BARE_NUMBER.fullmatch(text.strip())) or step_height(text) is not None


@lru_cache(32_768)
def several_levels(text: str) -> tuple[str, ...]:
    """Return the levels of a header that names several: `L1`, `L2` for `Junior (L1-L2)`; empty if it names one."""
    if (found := _RANGE.search(text)) and not _YEARS.search(text):
        return _between(found)
    sides = _SIDES.split(text.strip())
    return (
        tuple(sides) if len(sides) == _PAIR and all(_heights(plain(side).split()) for side in sides) else ()
    )


def _between(found: re.Match[str]) -> tuple[str, ...]:
    """Return the codes of a range, from the first to the last."""
    first, last = (re.fullmatch(r"([A-Z]*)(\d+)", part) for part in (found[2], found[3]))
    if first is None or last is None or not first[1] or last[1] not in {"", first[1]}:
        return ()
    low, high = int(first[2]), int(last[2])
    if low >= high or high - low > _MOST_IN_RANGE:
        return ()
    listed_only = found[0][len(found[2]) :].lstrip()[:1] in ",/&"
    return tuple(f"{first[1]}{number}" for number in ((low, high) if listed_only else range(low, high + 1)))


@lru_cache(32_768)
def parse_level(text: str) -> LevelName:
    """Return the parts of a header that names a level."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()] or [text]
    years = _YEARS.search(text)
    codes = _CODE.findall(text)
    whole = " ".join(lines)
    code = codes[0] if len(codes) == 1 and not several_levels(text) else None
    rest: list[str] = []
    if code is not None and len(lines) == 2 and lines[0] == code:  # noqa: PLR2004
        title = lines[1]
    elif _is_wrapped(lines):
        title = whole
    else:
        title, rest = lines[0], lines[1:]
    bare = _without_code(title, code)
    return LevelName(
        title=bare or title,
        code=code,
        years=_span(years) if years else None,
        rest="\n".join(rest),
        height=_height(whole),
    )


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether the lines of a header are one short title: `Senior` above `Engineer`."""
    words = " ".join(lines).split()
    plain_lines = all(line[:1].isalpha() and line[-1].isalpha() and not _CODE.search(line) for line in lines)
    return len(lines) > 1 and len(words) <= _WRAPPED and plain_lines


def _without_code(title: str, code: str | None) -> str:
    """Return a title without its code and what joined the two: `Senior Engineer` for `L3 - Senior Engineer`."""
    if code is None or code not in title:
        return title
    before, _, after = title.partition(code)
    before = before.rstrip().removesuffix("(").removesuffix("[").rstrip(_LOOSE)
    after = after.lstrip().lstrip(")]").lstrip(_LOOSE)
    return f"{before} {after}".strip() if not (before and after) else title


def read_years(text: str) -> tuple[int, int | None] | None:
    """Return the range of years in a text that says nothing else, such as `3-5`, `5+` or `3 à 5 ans`."""
    found = _ONLY_YEARS.fullmatch(text.strip())
    return None if found is None else _span(found)


def _span(found: re.Match[str]) -> tuple[int, int | None] | None:
    low, high = int(found[1]), None if found[2] is None else int(found[2])
    return None if high is not None and high < low else (low, high)


def _heights(words: list[str]) -> list[tuple[str, float]]:
    """Return the words of seniority among words, each with its height. Phrases of two words count first."""
    found: list[tuple[str, float]] = []
    at = 0
    while at < len(words):
        pair = " ".join(words[at : at + 2])
        size, phrase = (2, pair) if pair in _SENIORITY else (1, words[at])
        if phrase in _SENIORITY:
            found.append((phrase, _SENIORITY[phrase]))
        at += size
    return found


def number_of_level(text: str) -> float | None:
    """Return the number in the name of a level: 3 for `L3`, `Level 3: Expert` and `Stufe III`."""
    if code := _CODE.search(text):
        return float(re.findall(r"\d+(?:\.\d)?", code[1])[0])
    found = _NUMBERED.search(text)
    return _number(found[1] or found[2]) if found and (found[1] or found[2]) else None


def _height(text: str) -> float | None:
    """Return the height of a level: its number if it has one, else that of its words."""
    number = number_of_level(text)
    if number is not None:
        return number
    words = plain(text).split()
    ordinal = next((_ORDINALS[word] for word in words if word in _ORDINALS), None)
    known = _heights(words)
    if known and not (ordinal is not None and _NOUN_WORDS.intersection(words)):
        main = [height for word, height in known if word not in _MODIFIERS]
        return max(main) + sum(_MODIFIERS.get(word, 0) for word, _ in known) if main else known[0][1]
    found = _ROMAN.search(text)
    if ordinal is not None or found is not None:
        return float(_ROMAN_NUMBERS.index(found[1])) if found else ordinal
    return float(text) if _BARE_NUMBER.fullmatch(text.strip()) else None


def _number(text: str) -> float | None:
    if text.isdigit():
        return float(int(text))
    upper = text.upper()
    if upper in _ROMAN_NUMBERS:
        return float(_ROMAN_NUMBERS.index(upper))
    return float(ord(upper) - ord("A") + 1) if len(upper) == 1 else None
