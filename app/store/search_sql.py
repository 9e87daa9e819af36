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
    """Some of what answers: nothing that is in none of its tiers up to here comes before what is in one of them."""

    NAMED = 1
    """Everything asked for is in names."""
    LED_OFTEN = 2
    """There, or in names or lead four times at least; where a single thing is asked for."""
    LED_THRICE = 3
    LED_TWICE = 4
    LED = 5
    """Everything is in names or lead."""
    ALL = 6


_TIMES: Final = {Tier.LED_OFTEN: 4, Tier.LED_THRICE: 3, Tier.LED_TWICE: 2}


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
        single = len(self.question.terms) == 1 and self.question.terms[0].kind != "prefix"
        return tuple(tier for tier in Tier if single or tier not in _TIMES)

    def probe(self, tier: Tier, most: int) -> tuple[str, dict[str, Any]]:
        """How many may answer in a tier, counted no further than `most`; and the values that the statement needs."""
        values: dict[str, Any] = {"matching": _matching(self.dialect, self.question, tier)}
        near = _within_release(self.dialect, self.releases, values)
        counted = f"SELECT 1 FROM {self.dialect.few}{near} LIMIT {most}"  # noqa: S608 - names and numbers
        return f"SELECT count(*) FROM ({counted}) AS counted", values  # noqa: S608 - as above

    def best(self, tier: Tier, after: tuple[int, int, int] | None, most: int) -> tuple[str, dict[str, Any]]:
        """Id, score and ladder of what answers in a tier, best first; and the values that the statement needs.

        Args:
            tier: Where to look.
            after: Only what comes after this score, ladder and position.
            most: How many at most.
        """
        dialect, terms = self.dialect, tuple(enumerate(self.question.terms))
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
        there = " AND ".join(_there(number, term, tier) for number, term in terms)
        # Measured once for each candidate: what is materialised is not worked out again where it is named again.
        statement = f"""
            WITH chosen AS MATERIALIZED ({dialect.chosen}),
            measured AS MATERIALIZED (
                SELECT entry.id, entry.names_end, entry.lead_end, chosen.ladder, {measures}
                FROM {dialect.candidates.format(bits=POSITIONS)}{conditions}
            ),
            ranked AS (
                SELECT id, ladder, id & {(1 << POSITIONS) - 1} AS position, {_score(self.question)} AS score
                FROM measured WHERE {there}
            )
            SELECT id, ladder, score FROM ranked {following} ORDER BY score DESC, ladder, position LIMIT :most
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


def _there(number: int, term: Term, tier: Tier) -> str:
    """Whether a term is there, and where the tier wants it."""
    ways = range(len(term.needles))
    if tier is Tier.ALL:
        return _any(f"place_{number}_{way} > 0" for way in ways)
    named = _any(_within(f"place_{number}_{way}", "names_end") for way in ways)
    if tier is Tier.NAMED:
        return named
    led = _any(_within(f"place_{number}_{way}", "lead_end") for way in ways)
    if tier is Tier.LED:
        return led
    count = " + ".join(_count(number, way, needle) for way, needle in enumerate(term.needles))
    return f"({named} OR ({led} AND {count} >= {_TIMES[tier]}))"


def _count(number: int, way: int, needle: str) -> str:
    return f"taken_{number}_{way} / {len(needle)}"


def _score(question: Question) -> str:
    """As `ranking.score` counts."""
    called = _any(f"called_{way} > 0" for way in range(len(question.names)))
    found = [_points(called, EXACT)] if question.names else []
    matches = []
    for number, term in enumerate(question.terms):
        places = [f"place_{number}_{way}" for way in range(len(term.needles))]
        found.append(_points(_any(_within(place, "names_end") for place in places), NAMED))
        found.append(_points(_any(_within(place, "lead_end") for place in places), LED))
        matches += [_count(number, way, needle) for way, needle in enumerate(term.needles)]
    count = " + ".join(matches)
    return f"{' + '.join(found)} + CASE WHEN {count} < {MOST_MATCHES} THEN {count} ELSE {MOST_MATCHES} END"


def _points(condition: str, points: int) -> str:
    return f"CASE WHEN {condition} THEN {points} ELSE 0 END"


def _within(place: str, end: str) -> str:
    return f"{place} > 0 AND {place} <= {end}"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _matching(dialect: Dialect, question: Question, tier: Tier) -> str:
    """What is asked of the engine's index: at least all that answers in a tier."""
    if tier in _TIMES:
        often = OFTEN[_TIMES[tier]]
        marked = dialect.every.join((_marked(dialect, question, IN_LEAD), _marked(dialect, question, often)))
        return dialect.either.join((f"({_marked(dialect, question, IN_NAMES)})", f"({marked})"))
    return _marked(dialect, question, {Tier.NAMED: IN_NAMES, Tier.LED: IN_LEAD}.get(tier, ""))


def _marked(dialect: Dialect, question: Question, mark: str) -> str:
    """All that the terms need, in whatever order, and each token with a mark."""
    return dialect.every.join(
        _group(dialect.either, [_way(dialect, term, way, mark) for way in term.tokens])
        for term in question.terms
    )


def _way(dialect: Dialect, term: Term, way: Sequence[str], mark: str) -> str:
    form = dialect.beginning if term.kind == "prefix" else dialect.exactly
    return _group(dialect.every, [form.format(mark + token) for token in dict.fromkeys(way)])


def _group(between: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({between.join(parts)})"
