"""Matching and ranking of entries. Every database follows this rule.

First come exact titles; then entries with more terms in their names or summaries; then more terms in their names;
then more matches in total; then the order of ladder slugs and of entities in the ladder. `docs/reference/search.md`
explains it to readers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.rubric.searching.documents import Document
from app.rubric.searching.entries import Entry
from app.rubric.searching.query import Question

MOST_MATCHES: Final = 65_535
"""Matches that are counted at most."""
EXACT: Final = 1 << 26
LED: Final = 1 << 21
NAMED: Final = 1 << 16
"""The weights in a score. There are at most 16 terms, so no weight reaches the next."""
HIGHEST: Final = 2 * EXACT
"""No score is as high."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a search; None means everything."""

    kind: str | None = None
    level: str | None = None
    """Slug: only what belongs to that level or speaks of it."""
    competency: str | None = None
    """Slug: only what belongs to that competency or speaks of it."""

    @property
    def about(self) -> tuple[str, ...]:
        """The places that a document must be about, as `kind:slug`."""
        pairs = (("level", self.level), ("competency", self.competency))
        return tuple(f"{kind}:{slug}" for kind, slug in pairs if slug is not None)

    def keep(self, document: Document) -> bool:
        """Return whether the filters keep a document."""
        return self.kind in {None, document.kind} and document.about.issuperset(self.about)


def score(entry: Entry, question: Question) -> int | None:
    """Return the score of an entry, higher is better, or None if it does not match."""
    words, named, led, matches = entry.words, 0, 0, 0
    for term in question.terms:
        places = [place for needle in term.needles if (place := words.find(needle)) >= 0]
        if not places:
            return None
        named += min(places) < entry.names_end
        led += min(places) < entry.lead_end
        matches += sum(words.count(needle) for needle in term.needles)
    if not question.terms:
        return None
    exact = any(words.find(name, 0, entry.names_end) >= 0 for name in question.names)
    return exact * EXACT + led * LED + named * NAMED + min(matches, MOST_MATCHES)


def ranked(
    documents: Iterable[tuple[Document, Entry]], question: Question, filters: Filters
) -> Sequence[tuple[int, int, Document, Entry]]:
    """Return the matching documents of one ladder, best first: score, position, document and entry."""
    found = (
        (points, place, document, entry)
        for place, (document, entry) in enumerate(documents)
        if filters.keep(document) and (points := score(entry, question)) is not None
    )
    return sorted(found, key=lambda hit: (-hit[0], hit[1]))
