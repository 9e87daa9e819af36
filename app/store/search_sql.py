"""The SQL of a search: what may answer, by the engine's index, and how well each does, by comparing strings.

Statements are built of names and numbers; what is asked is bound, as tokens.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from app.rubric.searching import Filters, Question
from app.rubric.searching.asking import Term
from app.rubric.searching.entries import IN_LEAD, IN_NAMES, OFTEN
from app.rubric.searching.ranking import EXACT, LED, MOST_MATCHES, NAMED
from app.store.search_dialects import Dialect
from app.store.search_index import first_id
from app.store.tables.searching import POSITIONS


class Tier(Enum):
    """Some of what answers: nothing outside of it comes before what is in it.

    All but the first and the last ask that everything is in names or lead.
    """

    NAMED = 1
    """Everything is in names."""
    OFTEN = 2
    """Something is in names, or matches more than three times for each thing asked for."""
    THRICE = 3
    """The same with two times."""
    TWICE = 4
    """The same with one time: so something matches at least twice, which the index knows."""
    LED = 5
    ALL = 6


_TIMES: Final = {Tier.OFTEN: 4, Tier.THRICE: 3, Tier.TWICE: 2}
"""How often the one that matches most often then matches at least."""
_MOST_COUNTED: Final = 2
"""Things asked for at most where it pays to ask the index how often they match."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one search."""

    dialect: Dialect
    question: Question
    releases: Sequence[int]
    filters: Filters

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that this search has, in the order in which they answer."""
        terms = self.question.terms
        counted = len(terms) <= _MOST_COUNTED and all(term.kind != "prefix" for term in terms)
        return tuple(tier for tier in Tier if counted or tier not in _TIMES)

    def probe(self, few: int, many: int) -> tuple[str, dict[str, Any]]:
        """How many may answer in each tier; and the values that the statement needs.

        Counted no further than `many` in the last, which has all, and `few` in the others.
        """
        values: dict[str, Any] = {}
        near = _within_release(self.dialect, self.releases, values)
        counts = []
        for tier in self.tiers:
            matching = f"matching_{tier.value}"
            values[matching] = _matching(self.dialect, self.question, tier)
            found = self.dialect.found.format(matching=f":{matching}")
            most = many if tier is Tier.ALL else few
            counts.append(f"(SELECT count(*) FROM (SELECT 1 FROM {found}{near} LIMIT {most}) AS counted)")  # noqa: S608 - names and numbers
        return f"SELECT {', '.join(counts)}", values

    def best(self, tier: Tier, after: tuple[int, int, int] | None, most: int) -> tuple[str, dict[str, Any]]:
        """What answers in a tier, best first, and what it shows; and the values that the statement needs.

        Args:
            tier: Where to look.
            after: Only what comes after this score, ladder and position.
            most: How many at most.
        """
        dialect = self.dialect
        values: dict[str, Any] = {
            "releases": json.dumps(list(self.releases)),
            "matching": _matching(dialect, self.question, tier),
            "most": most,
        }
        conditions = _conditions(dialect, self.filters, values) + _within_release(
            dialect, self.releases, values
        )
        measures = ", ".join(_measures(dialect, self.question, values))
        following = ""
        if after is not None:
            values |= dict(zip(("score", "ladder", "position"), after, strict=True))
            following = "WHERE (-score, ladder, position) > (-:score, :ladder, :position)"
        # Measured once for each candidate: what is materialised is not worked out again where it is named again.
        statement = f"""
            WITH chosen AS MATERIALIZED ({dialect.chosen}),
            measured AS MATERIALIZED (
                SELECT entry.id, entry.names_end, entry.lead_end, chosen.ladder, {measures}
                FROM {dialect.candidates.format(bits=POSITIONS)}{conditions}
            ),
            ranked AS (
                SELECT id, ladder, id & {(1 << POSITIONS) - 1} AS position, {_score(self.question)} AS score
                FROM measured WHERE {_there(self.question, tier)}
            ),
            best AS (SELECT * FROM ranked {following} ORDER BY score DESC, ladder, position LIMIT :most)
            SELECT best.id, score, ladder, kind, words, address, title, details
            FROM best JOIN search_entry ON search_entry.id = best.id JOIN search_text ON search_text.id = best.id
            ORDER BY score DESC, ladder, position
        """  # noqa: S608 - names and numbers, no values
        return statement, values


def _conditions(dialect: Dialect, filters: Filters, values: dict[str, Any]) -> str:
    """What the filters ask of a candidate."""
    found = []
    if filters.kind is not None:
        values["kind"] = filters.kind
        found.append(" AND entry.kind = :kind")
    for number, place in enumerate(filters.about):
        values[f"about_{number}"] = f" {place} "
        found.append(f" AND {dialect.find}(entry.about, :about_{number}) > 0")
    return "".join(found)


def _within_release(dialect: Dialect, releases: Sequence[int], values: dict[str, Any]) -> str:
    """The ids of one release lie together: the index need not be read for all the others."""
    if len(releases) != 1:
        return ""
    values |= {"first": first_id(releases[0]), "last": first_id(releases[0] + 1) - 1}
    return f" AND {dialect.key} BETWEEN :first AND :last"


def _measures(dialect: Dialect, question: Question, values: dict[str, Any]) -> list[str]:
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


def _there(question: Question, tier: Tier) -> str:
    """Whether all terms are there, and where and how often the tier wants them."""
    terms = tuple(enumerate(question.terms))
    if tier is Tier.ALL:
        return " AND ".join(_any(f"{place} > 0" for place in _places(number, term)) for number, term in terms)
    named, led = ([_in(number, term, end) for number, term in terms] for end in ("names_end", "lead_end"))
    if tier is Tier.NAMED:
        return " AND ".join(named)
    if tier is Tier.LED:
        return " AND ".join(led)
    often = f"{_count(question)} > {(_TIMES[tier] - 1) * len(terms)}"
    return " AND ".join((*led, _any((*named, often))))


def _places(number: int, term: Term) -> list[str]:
    return [f"place_{number}_{way}" for way in range(len(term.needles))]


def _in(number: int, term: Term, end: str) -> str:
    """Whether a term is there before some end."""
    return _any(f"{place} > 0 AND {place} <= {end}" for place in _places(number, term))


def _count(question: Question) -> str:
    """How many matches there are of all terms."""
    needles = (
        (f"taken_{number}_{way}", needle)
        for number, term in enumerate(question.terms)
        for way, needle in enumerate(term.needles)
    )
    return " + ".join(f"{taken} / {len(needle)}" for taken, needle in needles)


def _score(question: Question) -> str:
    """As `ranking.score` counts."""
    called = _any(f"called_{way} > 0" for way in range(len(question.names)))
    found = [_points(called, EXACT)] if question.names else []
    for number, term in enumerate(question.terms):
        found.append(_points(_in(number, term, "names_end"), NAMED))
        found.append(_points(_in(number, term, "lead_end"), LED))
    count = _count(question)
    return f"{' + '.join(found)} + CASE WHEN {count} < {MOST_MATCHES} THEN {count} ELSE {MOST_MATCHES} END"


def _points(condition: str, points: int) -> str:
    return f"CASE WHEN {condition} THEN {points} ELSE 0 END"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _matching(dialect: Dialect, question: Question, tier: Tier) -> str:
    """What is asked of the engine's index: at least all that answers in a tier."""
    if tier in _TIMES:
        marks = (IN_NAMES, OFTEN[_TIMES[tier]])
        some = dialect.either.join(_marked(dialect, term, mark) for mark in marks for term in question.terms)
        return dialect.every.join(
            (*(_marked(dialect, term, IN_LEAD) for term in question.terms), f"({some})")
        )
    mark = {Tier.NAMED: IN_NAMES, Tier.LED: IN_LEAD}.get(tier, "")
    return dialect.every.join(_marked(dialect, term, mark) for term in question.terms)


def _marked(dialect: Dialect, term: Term, mark: str) -> str:
    """All that a term needs, in whatever order, and each token with a mark."""
    return _group(dialect.either, [_way(dialect, term, way, mark) for way in term.tokens])


def _way(dialect: Dialect, term: Term, way: Sequence[str], mark: str) -> str:
    form = dialect.beginning if term.kind == "prefix" else dialect.exactly
    return _group(dialect.every, [form.format(mark + token) for token in dict.fromkeys(way)])


def _group(between: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({between.join(parts)})"
