"""A document as it is looked through: all its tokens in one string, in which what is asked is a part.

Each part of the document is written as its stems, between two full stops, and then its words, each once:

    " . design. system. .,design,systems"

So a word is found as `" design."`, a phrase as `" design. system."`, a word that begins with `sys` as `",sys"`, a
name that is nothing else as `" . design. system. ."`; and the matches can be counted. Every database can look for a
string within a string, and so can we: that is why all give the same answers in the same order.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.rubric.searching.documents import Document, Part
from app.rubric.searching.words import tokens_of, words_in

BOUND: Final = " ."
"""Stands before and after the stems of each part."""
_MOST: Final = 400_000
"""Characters of an entry at most: PostgreSQL takes a little over a million."""


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
    """Where each part of the document ends; the last ones may be cut off."""


def entry_of(document: Document, language: str) -> Entry:
    """The tokens of a document in a language (BCP 47)."""
    written: list[str] = []
    ends: list[int] = []
    size = 0
    for part in document.parts:
        text = _written(part, language)
        if size + len(text) > _MOST:
            text = ""
        written.append(text)
        size += len(text)
        ends.append(size)
    weights = [part.weight for part in document.parts]
    names = max((end for end, weight in zip(ends, weights, strict=True) if weight == "name"), default=0)
    lead = max((end for end, weight in zip(ends, weights, strict=True) if weight == "lead"), default=names)
    return Entry("".join(written), names, lead, tuple(ends))


def part_at(entry_ends: tuple[int, ...], place: int) -> int:
    """Which part of the document a character of its entry belongs to."""
    return next(
        number for number, (start, end) in enumerate(pairwise((0, *entry_ends))) if start <= place < end
    )


def _written(part: Part, language: str) -> str:
    found = [tokens for word in words_in(part.text) if (tokens := tokens_of(word.text, language)) is not None]
    if not found:
        return ""
    stems = "".join([f" {tokens.stem}." for tokens in found])
    wholes = "".join([f",{whole}" for whole in dict.fromkeys([tokens.whole for tokens in found])])
    return f"{BOUND}{stems}{BOUND}{wholes}"
