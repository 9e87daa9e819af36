"""Pairs of texts of two lists: the same first, then the most alike.

Nothing here is quadratic in long lists: only texts that share words few others have are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, TypeVar

from app.rubric.diff.word_diff import may_be_alike, similarity_of_words, words_of

_ALIKE: Final = 0.5
"""From which similarity on a text is the other one rewritten, not another one."""
FEW_PAIRS: Final = 400
"""So many pairs are compared one by one."""
_COMMON: Final = 20
"""A word in more texts than this tells none of them apart."""
_TELLING: Final = 8
"""The number of a text's rarest words by which candidates are found."""
_SHORTLIST: Final = 4
"""The number of candidates that a text is compared with in longer lists."""

Pair = tuple[int, int]
May = Callable[[Any, Any], bool]
Key = TypeVar("Key", int, str)
Item = TypeVar("Item")
Bags = Mapping[Key, frozenset[str]]
"""The words of each text, in no order."""


def pair_alike(before: Sequence[str], after: Sequence[str], may: May = lambda *_: True) -> list[Pair]:
    """Pairs of places in the two lists, each place at most once.

    The same text is paired in order; then the most alike, from half of the words in common on. Where two are
    equally alike, the nearer in place win. The answer for exchanged lists is the same, exchanged.
    """
    pairs = [pair for pair in pair_equal(before, after) if may(*pair)]
    taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
    rest = {i: text for i, text in enumerate(before) if i not in taken}
    others = {j: text for j, text in enumerate(after) if j not in found}
    near = likenesses(rest, others, _ALIKE, may)
    for _, i, j in sorted(near, key=lambda one: (-one[0], abs(one[1] - one[2]), one[1] + one[2])):
        if i not in taken and j not in found:
            taken.add(i)
            found.add(j)
            pairs.append((i, j))
    return pairs


def likenesses(
    before: Mapping[Key, str], after: Mapping[Key, str], least: float, may: May
) -> Iterator[tuple[float, Key, Key]]:
    """Give the pairs of texts that are at least that alike and may be paired, with their similarity.

    Of long lists, only likely pairs are compared: those that share rare words, and those in the same place.
    """
    ours, theirs = ({key: words_of(text) for key, text in texts.items()} for texts in (before, after))
    one, other = ({key: frozenset(words) for key, words in side.items()} for side in (ours, theirs))
    for i, j in _candidates(one, other):
        if may(i, j) and may_be_alike(ours[i], theirs[j], other[j], least):
            found = similarity_of_words(ours[i], theirs[j])
            if found >= least:
                yield found, i, j


def pair_equal(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Pair]:
    """Places that hold the same, the first with the first, the second with the second; None is like nothing."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for j, item in reversed(list(enumerate(after))):
        places[item].append(j)
    return [(i, places[item].pop()) for i, item in enumerate(before) if item is not None and places.get(item)]


def pair_by_keys(
    before: Sequence[Item], after: Sequence[Item], keys: Iterable[Callable[[Item], Hashable]]
) -> list[Pair]:
    """Pairs of places whose items have the same key: by the first key, then what is left by the next ones."""
    pairs: list[Pair] = []
    for key in keys:
        taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
        left = [i for i in range(len(before)) if i not in taken]
        right = [j for j in range(len(after)) if j not in found]
        equal = pair_equal([key(before[i]) for i in left], [key(after[j]) for j in right])
        pairs += [(left[i], right[j]) for i, j in equal]
    return pairs


def _candidates(ours: Bags[Key], theirs: Bags[Key]) -> Iterable[tuple[Key, Key]]:
    """Return the pairs of texts that may be alike, by the words of each."""
    if len(ours) * len(theirs) <= FEW_PAIRS:
        return product(ours, theirs)
    there, back = _by_rare_word(ours), _by_rare_word(theirs)
    chosen = {(i, j) for i, words in ours.items() for j in _nearest(words, back)}
    chosen |= {(i, j) for j, words in theirs.items() for i in _nearest(words, there)}
    chosen |= set(zip(ours, theirs, strict=False))  # texts of nothing but common words: by their places
    return sorted(chosen)


def _by_rare_word(texts: Bags[Key]) -> dict[str, list[Key]]:
    """Return the texts that have each word, without the words that are too common."""
    found: dict[str, list[Key]] = defaultdict(list)
    for place, words in texts.items():
        for word in words:
            found[word].append(place)
    return {word: places for word, places in found.items() if len(places) <= _COMMON}


def _nearest(words: frozenset[str], by_word: Mapping[str, list[Key]]) -> list[Key]:
    """Return the places of the texts that share most of the rarest words."""
    held = sorted([(len(by_word[word]), word) for word in words if word in by_word])
    if not held:
        return []
    shared = Counter(place for _, word in held[:_TELLING] for place in by_word[word])
    ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))
    return [place for place, _ in ranked[:_SHORTLIST]]
