"""A document as it is looked through: all its tokens in one string, in which what is asked is a part.

Each part of the document is written as its stems, between two full stops, and then its words, each once:

    " . design. system. .,design,systems"

So a word is found as `" design."`, a phrase as `" design. system."`, a word that begins with `sys` as `",sys"`, a
name that is nothing else as `" . design. system. ."`; and the matches can be counted. Every database can look for a
string within a string, and so can we: that is why all give the same answers in the same order.

At the end stand marks: `" 1design"` says that a name has the token, `" 2design"` that a name has it, or what says it
in short, `" 3design"` that it is there twice or more often, and so on. An index over all tokens, marks included, then
finds the best without looking at the others. `" 6level"` says of which kind the entity is, `" 7levell5"` what it
belongs to or speaks of.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.rubric.searching.documents import Document, Part
from app.rubric.searching.words import Tokens, tokens_of, words_in

BOUND: Final = " ."
"""Stands before and after the stems of each part."""
IN_NAMES: Final = "1"
IN_LEAD: Final = "2"
OFTEN: Final = {4: "5", 3: "4", 2: "3"}
"""The first characters of marks. `OFTEN` is by the least number of occurrences, the greatest first."""
_OF_KIND: Final = "6"
_ABOUT: Final = "7"
_MOST: Final = 300_000
_SHORT: Final = 40
"""Characters of a text whose tokens are kept."""
_MOST_LEAD: Final = 50_000
"""Characters of an entry at most without marks, and of names and lead: PostgreSQL takes a million with all marks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document's tokens, and where its parts end among them."""

    words: str
    """ASCII."""
    names_end: int
    """Characters of the names."""
    lead_end: int
    """Characters of the names and of what says it in short."""
    ends: tuple[int, ...]
    """The end of each part of the document. The last parts may be cut off."""


def entry_of(document: Document, language: str) -> Entry:
    """Return the tokens of a document in a language (BCP 47)."""
    written: list[str] = []
    ends: list[int] = []
    marks: dict[str, None] = {}
    counts: Counter[str] = Counter()
    size = names_end = lead_end = 0
    for part in document.parts:
        most = _MOST if part.weight == "body" else _MOST_LEAD
        tokens = _fitting(part, language, most - size)
        text = _written(tokens)
        written.append(text)
        counts.update(one.stem for one in tokens)
        size += len(text)
        ends.append(size)
        if part.weight == "name":
            names_end = lead_end = size
            marks |= dict.fromkeys(_marks(IN_NAMES, tokens))
        elif part.weight == "lead":
            lead_end = size
        if part.weight != "body":
            marks |= dict.fromkeys(_marks(IN_LEAD, tokens))
    often = [
        f" {mark}{stem}" for stem, count in counts.items() for times, mark in OFTEN.items() if count >= times
    ]
    filters = [f" {token}" for token in filter_tokens(document.kind, sorted(document.about))]
    return Entry("".join((*written, *marks, *often, *filters)), names_end, lead_end, tuple(ends))


def filter_tokens(kind: str | None, about: Iterable[str]) -> Iterator[str]:
    """Yield the marks of documents of a kind (None: any) about places (`kind:slug`). Others may share them."""
    if kind is not None:
        yield f"{_OF_KIND}{kind}"
    for place in about:
        yield _about_token(place)


@lru_cache(maxsize=8_192)
def _about_token(place: str) -> str:
    return f"{_ABOUT}{''.join(filter(str.isalnum, place))}"


def _fitting(part: Part, language: str, room: int) -> Sequence[Tokens]:
    """Return the tokens of a part, as far as there is room for them."""
    tokens = (_tokens_once if len(part.text) <= _SHORT else _tokens)(part.text, language)
    left = room - 2 * len(BOUND)
    for count, one in enumerate(tokens):
        left -= len(one.stem) + len(one.whole) + 3  # the signs around them
        if left < 0:
            return tokens[:count]
    return tokens


def _tokens(text: str, language: str) -> Sequence[Tokens]:
    found = (tokens_of(word.text, language) for word in words_in(text))
    return [tokens for tokens in found if tokens is not None]


@lru_cache(maxsize=4_096)
def _tokens_once(text: str, language: str) -> Sequence[Tokens]:
    """Return the tokens of a text such as the title of a level, which stands in many documents."""
    return _tokens(text, language)


def _marks(kind: str, tokens: Sequence[Tokens]) -> Iterator[str]:
    for one in tokens:
        yield f" {kind}{one.stem}"
        if one.whole != one.stem:
            yield f" {kind}{one.whole}"


def _written(tokens: Sequence[Tokens]) -> str:
    if not tokens:
        return ""
    stems = "".join([f" {one.stem}." for one in tokens])
    wholes = "".join([f",{whole}" for whole in dict.fromkeys([one.whole for one in tokens])])
    return f"{BOUND}{stems}{BOUND}{wholes}"
