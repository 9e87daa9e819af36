"""Search hits as shown: title and snippet in plain text, cut into matching and other segments."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from app.rubric.searching.documents import Part
from app.rubric.searching.query import Question
from app.rubric.searching.words import Word, tokens_of, words_in

_BEFORE: Final = 8
"""Words that a snippet shows before the first match."""
_WORDS: Final = 40
"""Words of a snippet."""
_CUT: Final = "\u2026"
_HEADING: Final = frozenset({"level", "competency", "facet"})
"""Properties of an expectation that its title is made of: a snippet would only say them again."""
_MOST_PLACES: Final = 200
"""Matches of one term that are looked at to choose a snippet."""


class Segment(NamedTuple):
    """A piece of plain text."""

    text: str
    match: bool
    """True if the piece matches."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A search hit as shown."""

    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    """The matching part, or the beginning of the text if only names match. Empty if there is no text."""
    at: str | None
    """Address of the entity inside that the snippet is of; None for the hit itself."""
    matched: tuple[str, ...]
    """The properties in which something matches, in order."""


class Showing:
    """Shows what answers a question: one for all its hits."""

    def __init__(self, question: Question) -> None:
        terms = question.terms
        self._needles = [(number, needle) for number, term in enumerate(terms) for needle in term.needles]
        ways = [way for term in terms if term.kind != "prefix" for way in term.tokens]
        self._single = frozenset(way[0] for way in ways if len(way) == 1)
        self._phrases = [list(way) for way in ways if len(way) > 1]
        self._beginnings = tuple(term.tokens[0][0] for term in terms if term.kind == "prefix")

    def show(
        self, title: str, parts: Sequence[Part], ends: Sequence[int], words: str, language: str
    ) -> Shown:
        """Show a document that answers.

        Args:
            title: What the document is called.
            parts: Its parts.
            ends: Where each part ends in its entry.
            words: The entry's tokens.
            language: In which the entry was made.
        """
        terms_of = self._terms_by_part(ends, words)
        matched = tuple(dict.fromkeys([parts[number].field for number in sorted(terms_of)]))
        named, best, most = False, None, -1
        for number, part in enumerate(parts):
            terms = terms_of.get(number, ())
            if part.weight == "name" or part.field in _HEADING:
                named = named or bool(terms)
            elif len(terms) > most:
                best, most = number, len(terms)
        # A text in which nothing matches need not be taken to words.
        in_title = self._matches(list(words_in(title)), language) if named else []
        heading = tuple(_segments(title, 0, len(title), in_title))
        if best is None:
            return Shown(heading, (), None, matched)
        found = list(words_in(parts[best].text)) if most else []
        in_text = self._matches(found, language)
        return Shown(heading, _snippet(parts[best].text, found, in_text), parts[best].at, matched)

    def _terms_by_part(self, ends: Sequence[int], words: str) -> dict[int, set[int]]:
        """By number of each part in which something matches, the terms that do."""
        found: dict[int, set[int]] = {}
        for number, needle in self._needles:
            place, seen = words.find(needle), 0
            while place >= 0 and seen < _MOST_PLACES:
                found.setdefault(bisect_right(ends, place), set()).add(number)
                place, seen = words.find(needle, place + len(needle)), seen + 1
        return found

    def _matches(self, words: Sequence[Word], language: str) -> list[tuple[int, int]]:
        """Return the spans of matching words in a text, in order and without overlap."""
        single, beginnings = self._single, self._beginnings
        known = [(word, found) for word in words if (found := tokens_of(word.text, language)) is not None]
        spans = [
            (word.start, word.end)
            for word, tokens in known
            if tokens.stem in single or (beginnings and tokens.whole.startswith(beginnings))
        ]
        if not self._phrases:
            return spans
        stems = [tokens.stem for _, tokens in known]
        for way in self._phrases:
            starts = (place for place, stem in enumerate(stems) if stem == way[0])
            runs = (place for place in starts if stems[place : place + len(way)] == way)
            spans += ((known[place][0].start, known[place + len(way) - 1][0].end) for place in runs)
        return list(_joined(sorted(spans)))


def _snippet(text: str, words: Sequence[Word], matches: Sequence[tuple[int, int]]) -> tuple[Segment, ...]:
    """Return the text from shortly before its first match on; without a match, from its beginning."""
    if not matches:  # no more words are needed than are shown
        words = tuple(islice(words_in(text), _WORDS + 1))
    first = next((place for place, word in enumerate(words) if matches and word.end > matches[0][0]), 0)
    begin = max(0, min(first - _BEFORE, len(words) - _WORDS))
    end = min(len(words), begin + _WORDS)
    start = words[begin].start if begin else 0
    stop = words[end - 1].end if end < len(words) else len(text)
    return tuple(_segments(text, start, stop, matches))


def _segments(text: str, start: int, stop: int, matches: Sequence[tuple[int, int]]) -> Iterator[Segment]:
    place = start
    if start:
        yield Segment(_CUT, match=False)
    for begin, end in matches:
        if begin < place or end > stop:
            continue
        if begin > place:
            yield Segment(text[place:begin], match=False)
        yield Segment(text[begin:end], match=True)
        place = end
    if place < stop:
        yield Segment(text[place:stop], match=False)
    if stop < len(text):
        yield Segment(_CUT, match=False)


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    current: tuple[int, int] | None = None
    for span in spans:
        if current is not None and span[0] < current[1]:
            current = (current[0], max(current[1], span[1]))
        else:
            if current is not None:
                yield current
            current = span
    if current is not None:
        yield current
