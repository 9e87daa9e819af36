"""Searching releases: the engine's index finds what may answer; comparing strings says what does, and how well.

So that SQLite and PostgreSQL give the same answers in the same order, they decide nothing: `rubric.searching` makes
the tokens and has the rule (`ranking.score`), which is written out here in the few functions on strings that both
have. They differ in `_Dialect` alone. Statements are built of names and numbers; what is asked is bound, as tokens.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, text

from app.rubric.relations import Relation
from app.rubric.searching import Document, Entry, Filters, Part, Question
from app.rubric.searching.asking import Term
from app.rubric.searching.ranking import EXACT, LED, MOST_MATCHES, NAMED
from app.store.mapping import table_of
from app.store.search_index import document_parts, first_id
from app.store.tables.searching import POSITIONS, SearchEntryRow, SearchTextRow

_ENTRY: Final = table_of(SearchEntryRow)
_TEXT: Final = table_of(SearchTextRow)
AFTER_ALL: Final = 1 << POSITIONS
"""A place that comes after all places in a release."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a hit stands: a greater score comes first, then an earlier ladder, then an earlier place in it."""

    score: int
    ladder: int
    """Number of the ladder among those that are looked through, from 0."""
    position: int
    """Place in the release."""

    def follows(self, other: "Rank") -> bool:
        """Whether it comes after another."""
        return (-self.score, self.ladder, self.position) > (-other.score, other.ladder, other.position)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers."""

    release_id: int
    rank: Rank
    kind: str
    address: str
    title: str
    relation: Relation
    parts: tuple[Part, ...]
    ends: tuple[int, ...]
    """Where each part ends in `words`."""
    words: str
    """Its tokens, as `rubric.searching.Entry` has them."""

    @classmethod
    def of(cls, rank: Rank, document: Document, entry: Entry) -> "Hit":
        """A document that is in no database."""
        whose = (document.kind, document.address, document.title, document.relation, document.parts)
        return cls(0, rank, *whose, entry.ends, entry.words)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How an engine says it."""

    chosen: str
    """The releases that are looked through, each with its number among them."""
    candidates: str
    """What may answer, as `entry`, of the releases `chosen`."""
    find: str
    """The function that gives the place of one string in another, from 1; 0 where it is not there."""
    size: str
    """Bytes of a string."""
    every: str
    either: str
    exactly: str
    beginning: str
    """How what is asked of the index is put together."""


_SQLITE: Final = _Dialect(
    chosen="SELECT value AS id, key AS ladder FROM json_each(:releases)",
    candidates=(
        "search_token CROSS JOIN search_entry AS entry ON entry.id = search_token.rowid "
        "CROSS JOIN chosen ON chosen.id = entry.id >> {bits} WHERE search_token MATCH :matching"
    ),
    find="instr",
    size="length(CAST({} AS BLOB))",
    every=" AND ",
    either=" OR ",
    exactly='"{}"',
    beginning='"{}" *',
)
_POSTGRES: Final = _Dialect(
    chosen=(
        "SELECT id, ladder - 1 AS ladder "
        "FROM json_array_elements_text(CAST(:releases AS json)) WITH ORDINALITY AS given (id, ladder)"
    ),
    candidates=(
        "search_entry AS entry JOIN chosen ON CAST(chosen.id AS bigint) = entry.id >> {bits} "
        "WHERE entry.search_token @@ CAST(:matching AS tsquery)"
    ),
    find="strpos",
    size="octet_length({})",
    every=" & ",
    either=" | ",
    exactly="'{}'",
    beginning="'{}':*",
)


def find_hits(
    connection: Connection,
    question: Question,
    releases: Sequence[int],
    filters: Filters,
    *,
    limit: int,
    after: Rank | None = None,
) -> tuple[Hit, ...]:
    """The documents that answer, best first, in two statements; none where nothing is asked.

    Args:
        connection: Where to look.
        question: What is asked.
        releases: Ids of the releases to look through, at most one of a ladder, in order of the ladders' slugs.
        filters: What of them is looked through.
        limit: How many at most.
        after: Only what comes after this.
    """
    if not question.terms or not releases:
        return ()
    statement, values = _statement(connection, question, releases, filters, after)
    found = connection.execute(text(statement), {**values, "most": limit})
    ranks = {row.id: Rank(row.score, row.ladder, row.id & (1 << POSITIONS) - 1) for row in found}
    shown = (
        select(_TEXT, _ENTRY.c.kind, _ENTRY.c.words)
        .join_from(_TEXT, _ENTRY, _TEXT.c.id == _ENTRY.c.id)
        .where(_TEXT.c.id.in_(list(ranks)))
    )
    rows = {row.id: row for row in connection.execute(shown)} if ranks else {}
    return tuple(_hit(rows[number], rank) for number, rank in ranks.items())


def _hit(row: Any, rank: Rank) -> Hit:  # noqa: ANN401 - a row
    relation, parts, ends = document_parts(row.details)
    release_id = row.id >> POSITIONS
    return Hit(release_id, rank, row.kind, row.address, row.title, relation, parts, ends, row.words)


def _statement(
    connection: Connection, question: Question, releases: Sequence[int], filters: Filters, after: Rank | None
) -> tuple[str, dict[str, Any]]:
    """Id, score and ladder of what answers, best first, and the values that the statement needs."""
    dialect = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    values: dict[str, Any] = {
        "releases": json.dumps(list(releases)),
        "matching": _matching(dialect, question),
    }
    conditions = _conditions(dialect, releases, filters, values)
    measures = _measures(dialect, question, values)
    following = ""
    if after is not None:
        values |= {"score": after.score, "ladder": after.ladder, "position": after.position}
        following = "WHERE (-score, ladder, position) > (-:score, :ladder, :position)"
    # Measured once for each candidate: what is materialised is not worked out again where it is named again.
    statement = f"""
        WITH chosen AS MATERIALIZED ({dialect.chosen}),
        measured AS MATERIALIZED (
            SELECT entry.id, entry.names_end, entry.lead_end, chosen.ladder, {", ".join(measures)}
            FROM {dialect.candidates.format(bits=POSITIONS)}{conditions}
        ),
        ranked AS (
            SELECT id, ladder, id & {(1 << POSITIONS) - 1} AS position, {_score(question)} AS score
            FROM measured WHERE {" AND ".join(_there(number, term) for number, term in enumerate(question.terms))}
        )
        SELECT id, ladder, score FROM ranked {following} ORDER BY score DESC, ladder, position LIMIT :most
    """  # noqa: S608 - names and numbers, no values
    return statement, values


def _conditions(dialect: _Dialect, releases: Sequence[int], filters: Filters, values: dict[str, Any]) -> str:
    """What else must be so of a candidate."""
    found = []
    if filters.kind is not None:
        values["kind"] = filters.kind
        found.append("entry.kind = :kind")
    for number, place in enumerate(filters.about):
        values[f"about_{number}"] = f" {place} "
        found.append(f"{dialect.find}(entry.about, :about_{number}) > 0")
    if len(releases) == 1:
        # The ids of one release lie together: the index need not be read for all the others.
        values |= {"first": first_id(releases[0]), "last": first_id(releases[0] + 1) - 1}
        key = "search_token.rowid" if dialect is _SQLITE else "entry.id"
        found.append(f"{key} BETWEEN :first AND :last")
    return "".join(f" AND {condition}" for condition in found)


def _measures(dialect: _Dialect, question: Question, values: dict[str, Any]) -> list[str]:
    """Of a candidate, where each thing asked for is first, and how many bytes it takes in all."""
    found = []
    for number, term in enumerate(question.terms):
        for way, needle in enumerate(term.needles):
            name = f"{number}_{way}"
            values[f"needle_{name}"] = needle
            without = dialect.size.format(f"replace(entry.words, :needle_{name}, '')")
            found.append(f"{dialect.find}(entry.words, :needle_{name}) AS place_{name}")
            found.append(f"{dialect.size.format('entry.words')} - {without} AS taken_{name}")
    for way, name in enumerate(question.names):
        values[f"name_{way}"] = name
        found.append(f"{dialect.find}(substr(entry.words, 1, entry.names_end), :name_{way}) AS called_{way}")
    return found


def _there(number: int, term: Term) -> str:
    return _any(f"place_{number}_{way} > 0" for way in range(len(term.needles)))


def _score(question: Question) -> str:
    """As `ranking.score` counts."""
    called = _any(f"called_{way} > 0" for way in range(len(question.names)))
    found = [_points(called, EXACT)] if question.names else []
    matches = []
    for number, term in enumerate(question.terms):
        places = [f"place_{number}_{way}" for way in range(len(term.needles))]
        found.append(_points(_any(_within(place, "names_end") for place in places), NAMED))
        found.append(_points(_any(_within(place, "lead_end") for place in places), LED))
        matches += [f"taken_{number}_{way} / {len(needle)}" for way, needle in enumerate(term.needles)]
    count = " + ".join(matches)
    return f"{' + '.join(found)} + CASE WHEN {count} < {MOST_MATCHES} THEN {count} ELSE {MOST_MATCHES} END"


def _points(condition: str, points: int) -> str:
    return f"CASE WHEN {condition} THEN {points} ELSE 0 END"


def _within(place: str, end: str) -> str:
    return f"{place} > 0 AND {place} <= {end}"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _matching(dialect: _Dialect, question: Question) -> str:
    """What is asked of the engine's index: all that the terms need, in whatever order."""
    return dialect.every.join(
        _group(dialect.either, [_way(dialect, term, way) for way in term.tokens]) for term in question.terms
    )


def _way(dialect: _Dialect, term: Term, way: Sequence[str]) -> str:
    form = dialect.beginning if term.kind == "prefix" else dialect.exactly
    return _group(dialect.every, [form.format(token) for token in dict.fromkeys(way)])


def _group(between: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({between.join(parts)})"
