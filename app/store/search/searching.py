"""Searching releases: the engine's index finds candidates, and string comparison selects and ranks the matches.

SQLite and PostgreSQL must give the same answers in the same order, so neither decides anything: `rubric.searching`
makes the tokens and defines the score (`ranking.score`), and `sql.py` computes it with the few string functions
that both have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from app.rubric.owners import Relation
from app.rubric.searching import Document, Entry, Filters, Part, Question
from app.rubric.searching.ranking import HIGHEST
from app.store.search.dialects import dialect_of
from app.store.search.index import document_parts
from app.store.search.sql import Statements
from app.store.tables.searching import POSITIONS

AFTER_ALL: Final = 1 << POSITIONS
"""A position after all positions in a release."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The position of a hit: a higher score comes first, then an earlier ladder, then an earlier place in it."""

    score: int
    ladder: int
    """The number of the ladder among those that are searched, from 0."""
    position: int
    """The place in the release."""

    def follows(self, other: "Rank") -> bool:
        """Return whether it comes after another rank."""
        return (-self.score, self.ladder, self.position) > (-other.score, other.ladder, other.position)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches the question."""

    release_id: int
    rank: Rank
    kind: str
    address: str
    title: str
    relation: Relation
    parts: tuple[Part, ...]
    ends: tuple[int, ...]
    """The end of each part in `words`."""
    words: str
    """The tokens, as in `rubric.searching.Entry`."""

    @classmethod
    def of(cls, rank: Rank, document: Document, entry: Entry) -> "Hit":
        """Return the error for a document that is not in the database."""
        whose = (document.kind, document.address, document.title, document.relation, document.parts)
        return cls(0, rank, *whose, entry.ends, entry.words)


def find_hits(
    connection: Connection,
    question: Question,
    releases: Sequence[int],
    filters: Filters,
    *,
    limit: int,
    after: Rank | None = None,
) -> tuple[Hit, ...]:
    """Return the matching documents, best first, in a few statements; none for an empty question.

    If there may be many, the first tier (`sql.Tier`) is tried first; it is often enough.

    Args:
        connection: The transaction to read in.
        question: The parsed question.
        releases: Ids of the releases to search, at most one per ladder, in order of the ladders' slugs.
        filters: Restrictions on the entities to search.
        limit: The highest number of hits.
        after: Only hits after this one.
    """
    if not question.terms or not releases:
        return ()
    statements = Statements(dialect_of(connection), question, tuple(releases), filters)
    place = None if after is None else (after.score, after.ladder, after.position)
    tiers = statements.tiers(HIGHEST if after is None else after.score)
    while True:
        statement, values = statements.best(tiers, place, limit)
        rows: Sequence[Any] = connection.execute(_clause(statement), values).all()
        found = rows if rows[0].id is not None else ()
        tiers = tuple(tier for tier in tiers if tier.least < rows[0].least)
        if len(found) >= limit or not tiers:
            numbers = dict(zip(releases, count(), strict=False))
            return tuple(_hit(row, numbers) for row in found)


@lru_cache(maxsize=256)
def _clause(statement: str) -> TextClause:
    """Return a statement that SQLAlchemy parses only once."""
    return text(statement)


def _hit(row: Any, numbers: Mapping[int, int]) -> Hit:  # noqa: ANN401 - a row of any shape
    release_id = row.id >> POSITIONS
    rank = Rank(row.score, numbers[release_id], row.id & (1 << POSITIONS) - 1)
    relation, parts, ends = document_parts(row.details)
    return Hit(release_id, rank, row.kind, row.address, row.title, relation, parts, ends, row.words)
