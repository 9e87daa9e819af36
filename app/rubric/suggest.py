"""Suggestions: near words for "did you mean", and a slug made from any text.

The work is bounded: candidates are first ranked by the pairs of letters they share with the word, which is
cheap, and only the best few are compared letter by letter. Words longer than a slug get no suggestion.
"""

import re
import unicodedata
from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice, pairwise
from typing import Final

from app.rubric.text import MAX_SLUG

_LONGEST: Final = 128
"""Longest word to compare, in characters: a slug, or the address of most expectations."""
_SHORTLIST: Final = 16
"""The number of candidates that are compared letter by letter."""
_MOST_CANDIDATES: Final = 100_000
_NOT_OF_A_SLUG: Final = re.compile(r"[^a-z0-9]+")


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return the candidates close enough to `word` to have been meant, nearest first, at most `limit` of them.

    Case, accents and the signs between words count for nothing. Near means few single-letter edits (about
    one in three letters), or that one holds the other. Equal distances are put in alphabetical order, so the
    answer does not depend on the order of the candidates. At most 100,000 candidates are looked at.
    """
    if not word or len(word) > _LONGEST:
        return ()
    wanted = _folded(word)
    pairs = _pairs(wanted)
    known = {item for item in islice(candidates, _MOST_CANDIDATES) if len(item) <= _LONGEST}

    def unlike(candidate: str) -> tuple[float, int, str]:
        folded = _folded(candidate)
        others = _pairs(folded)
        shared = 2 * len(pairs & others) / (len(pairs) + len(others))
        return -shared, abs(len(folded) - len(wanted)), candidate

    shortlist = nsmallest(_SHORTLIST, known, key=unlike)
    distances = ((_distance(wanted, item), item) for item in shortlist)
    ranked = sorted((distance, item) for distance, item in distances if distance is not None)
    return tuple(item for _, item in ranked[:limit])


def did_you_mean(
    word: str, candidates: Iterable[str], *, prefix: str = "", suffix: str = "", quoted: bool = True
) -> str:
    """Return a sentence that suggests similar names, with a leading space; empty if no name is similar.

    Each name is shown between the prefix and the suffix, and in quotes unless the sentence is about properties.
    """
    names = (f"{prefix}{name}{suffix}" for name in nearest(word, candidates))
    shown = [repr(name) if quoted else name for name in names]
    return f" Did you mean {' or '.join(shown)}?" if shown else ""


def slug_from(text: str) -> str | None:
    """Return a slug that reads like the text, such as `system-design` for `System Design!`; None if none can."""
    letters = _folded(text[:_LONGEST]).replace(" ", "-")
    return letters[:MAX_SLUG].strip("-") or None


def _folded(text: str) -> str:
    """Lower case without accents; every run of other characters becomes one space."""
    if text.isascii():
        plain = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_OF_A_SLUG.sub(" ", plain).strip()


def _pairs(folded: str) -> frozenset[str]:
    framed = f"^{folded}$"
    return frozenset(map("".join, pairwise(framed)))


def _distance(wanted: str, candidate: str) -> int | None:
    """Return how far apart they are, smaller is nearer; None if too far to have been meant."""
    found = _folded(candidate)
    edits = _edits(wanted, found)
    if edits <= max(1, min(len(wanted), len(found)) // 3):
        return edits
    short, long = sorted((wanted, found), key=len)
    return edits if len(short) >= 3 and short in long else None  # noqa: PLR2004 - two letters occur in any word


def _edits(one: str, other: str) -> int:
    """Single-letter insertions, deletions, replacements and swaps of neighbours between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
