"""Two texts word by word: what stayed, what went, what came, and how alike they are.

Words are compared without regard to case and composition (Unicode NFC). What stands between words, spacing and
punctuation, belongs to no word and is compared only where the words around it stayed. The alignment is a longest
common subsequence of words, found with one machine word for many cells at a time (Hyyrö, "Bit-parallel LCS-length
computation revisited", 2004); so `similarity` is exact and the same in both directions.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise, takewhile
from typing import Final, Literal

Op = Literal["equal", "delete", "insert"]

# Scripts that write without spaces: each of their letters counts as a word.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ALONE: Final = re.compile(f"[{_UNSPACED}]")
_TOKEN: Final = re.compile(
    rf"[0-9]+(?:[.,:/\u2013-][0-9]+)*|[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+|\s+|.", re.DOTALL
)
_ASCII: Final = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*|[a-z0-9]+|[$+<=>^`|~#%&@]")
"""The words of a lower-case text in ASCII."""
_MEANT: Final = frozenset("#%&@\u2030")
"""Punctuation that says something: C#, 5 %."""
_SHORT: Final = 2_000
"""The words of texts up to this many characters are kept."""
_MOST_CELLS: Final = 16_000_000
"""Most words before times words after that are aligned; beyond, all between the shared ends counts as rewritten."""


@dataclass(frozen=True)
class Words:
    """A text cut at its words: `gaps[i]` stands before `words[i]`, the last gap at the end."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words as they are compared."""
        return tuple(
            word.lower() if word.isascii() else unicodedata.normalize("NFC", word.casefold())
            for word in self.words
        )

    def between(self, start: int, stop: int) -> str:
        """Return the text from after the word before `start` to before the word `stop`."""
        inside = zip(self.gaps[start:stop], self.words[start:stop], strict=True)
        return "".join(chain.from_iterable(inside)) + self.gaps[stop]


def cut(text: str) -> Words:
    """Cut a text at its words; a letter keeps its marks, a number the signs within it."""
    words: list[str] = []
    gaps = [""]
    marked = False  # the last token was a mark, which the pattern takes for the end of a word
    for token in _TOKEN.findall(text):
        first = token[0]
        category = "L" if first.isalnum() else "Z" if first == " " else unicodedata.category(first)[0]
        inside = category == "M" or (marked and category in "LN" and not _ALONE.match(token))
        marked = category == "M"
        if inside and words and not gaps[-1]:
            words[-1] += token
        elif category in "LMNS" or token in _MEANT:
            words.append(token)
            gaps.append("")
        else:
            gaps[-1] += token
    return Words(tuple(words), tuple(gaps))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: those of `cut`, in less time."""
    return (_words if len(text) <= _SHORT else _words.__wrapped__)(text)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, which may be compared with several others."""
    return tuple(_ASCII.findall(text.lower())) if text.isascii() else cut(text).folded


def same_words(before: str, after: str) -> bool:
    """Return whether only case, punctuation or spacing differ."""
    return words_of(before) == words_of(after)


def similarity(before: str, after: str) -> float:
    """Twice the words that stayed in order, divided by the words of both: 1 where all did, 0 where none.

    1 too where neither has any word.
    """
    return similarity_of_words(words_of(before), words_of(after))


def similarity_of_words(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the `similarity` of two texts by their words."""
    together = len(one) + len(other)
    return 2 * _common(one, other) / together if together else 1.0


def may_be_alike(one: Sequence[str], other: Sequence[str], among: frozenset[str], least: float) -> bool:
    """Return whether two texts share enough words, in any order, to be that alike; `among` has those of the other."""
    least *= len(one) + len(other)
    if 2 * min(len(one), len(other)) < least:
        return False  # however alike, one of them is too short for the other
    return 2 * sum(map(among.__contains__, one)) >= least


def edits(before: str, after: str) -> Iterator[tuple[Op, str]]:
    """Give the way from one text to the other.

    What is equal and deleted makes up the text before, what is equal and inserted the one after.
    """
    one, other = cut(before), cut(after)
    kept = [
        (i, j) for i, j in aligned(one.folded, other.folded) if one.words[i] == other.words[j]
    ]  # a word in another case is shown as replaced
    ends = [(-1, -1), *kept, (len(one.words), len(other.words))]
    equal = ""
    for (i, j), (following_i, following_j) in pairwise(ends):
        gone, come = one.between(i + 1, following_i), other.between(j + 1, following_j)
        if gone == come:
            equal += gone
        else:
            head = _shared_head(gone, come)
            tail = _shared_head(gone[len(head) :][::-1], come[len(head) :][::-1])[::-1]
            gone, come = (text[len(head) : len(text) - len(tail)] for text in (gone, come))
            yield from (*_said("equal", equal + head), *_said("delete", gone), *_said("insert", come))
            equal = tail
        if following_i < len(one.words):
            equal += one.words[following_i]
    yield from _said("equal", equal)


def aligned(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return a longest list of pairs of places that hold the same word, in order on both sides."""
    most = min(len(before), len(after))
    start = next((place for place in range(most) if before[place] != after[place]), most)
    most -= start
    stop = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    inner = _aligned(before[start : len(before) - stop], after[start : len(after) - stop])
    head = [(place, place) for place in range(start)]
    tail = [(len(before) - n, len(after) - n) for n in range(stop, 0, -1)]
    return [*head, *((i + start, j + start) for i, j in inner), *tail]


def _aligned(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    if not before or not after or len(before) * len(after) > _MOST_CELLS:
        return []
    rows = _rows(before, after)
    pairs: list[tuple[int, int]] = []
    i, j = len(before), len(after)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1  # nothing grows at this word
        elif not rows[i - 1] >> (j - 1) & 1:
            i -= 1  # it grew here without this word before
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many pairs `aligned` finds, without finding them."""
    if len(before) * len(after) > _MOST_CELLS:
        return len(aligned(before, after))
    return len(after) - _rows(before, after)[-1].bit_count()


def _rows(before: Sequence[str], after: Sequence[str]) -> Sequence[int]:
    """Return rows of bits: for no word before, then for each. A bit that is 0: here the subsequence grows by one."""
    places: dict[str, int] = defaultdict(int)
    for place, word in enumerate(after):
        places[word] |= 1 << place
    row = full = (1 << len(after)) - 1
    rows = [full]
    for word in before:
        found = row & places.get(word, 0)
        row = ((row + found) | (row - found)) & full
        rows.append(row)
    return rows


def _shared_head(one: str, other: str) -> str:
    """Return the spacing and punctuation with which both begin."""
    same = takewhile(lambda pair: pair[0] == pair[1] and not pair[0].isalnum(), zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)


def _said(op: Op, text: str) -> Iterator[tuple[Op, str]]:
    if text:
        yield op, text
