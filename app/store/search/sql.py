"""The SQL of a search: the engine's index finds candidates, and string comparison ranks them.

Statements are built from names and numbers; the tokens of the question are bound as parameters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from app.rubric.searching import Filters, Question
from app.rubric.searching.entries import IN_LEAD, IN_NAMES, OFTEN, filter_tokens
from app.rubric.searching.query import Term
from app.rubric.searching.ranking import EXACT, LED, MOST_MATCHES, NAMED
from app.store.search.dialects import Dialect
from app.store.search.index import first_id
from app.store.tables.searching import POSITIONS


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of the matches, which all come before the matches outside this part."""

    least: int
    """The lowest score of a match in this tier."""
    marks: tuple[str, ...] = ()
    """The conditions on tokens in names or lead: all of them, or at least one; empty if they may be anywhere."""


_EVERYWHERE: Final = Tier(0)
_MOST_COUNTED: Final = 2
"""Most terms of a question for which it is worth asking the index how often they match."""


# MATERIALIZED makes the engine compute each part once, even if the statement names it twice.
_BEST: Final = """
    WITH tier AS MATERIALIZED ({chosen} LIMIT 1),
    measured AS MATERIALIZED (
        SELECT entry.id, entry.names_end, entry.lead_end, {ladder} AS ladder, {measures}
        FROM {source} WHERE {matches} AND {ladder} > :none{conditions}
    ),
    ranked AS (SELECT id, ladder, {position} AS position, {score} AS score FROM measured WHERE {there}),
    best AS (
        SELECT * FROM ranked WHERE score >= (SELECT least FROM tier) {following}
        ORDER BY score DESC, ladder, position LIMIT :most
    )
    SELECT least, best.id, score, kind, words, address, title, details
    FROM tier LEFT JOIN best ON true
    LEFT JOIN search_entry ON search_entry.id = best.id LEFT JOIN search_text ON search_text.id = best.id
    ORDER BY score DESC, ladder, position
"""
_ENOUGH: Final = """
    WHERE (SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {matches}{near} LIMIT :most) AS counted) >= :most
"""


@dataclass(frozen=True, slots=True)
class Statements:
    """The SQL of one search."""

    dialect: Dialect
    question: Question
    releases: tuple[int, ...]
    filters: Filters

    def tiers(self, most: int) -> tuple[Tier, ...]:
        """Return the tiers that can contain a score up to this one, in order.

        All tiers but the last require every term in names or lead. The first requires every term in names; the
        following ones require one term in names, or a term with many matches in the index.
        """
        terms = self.question.terms
        led = len(terms) * LED
        found = [Tier(led + len(terms) * NAMED, (IN_NAMES,))]
        if len(terms) <= _MOST_COUNTED and all(term.kind != "prefix" for term in terms):
            needles = sum(len(term.needles) for term in terms)
            found += [
                Tier(led + (times - 1) * needles + 1, (IN_LEAD, IN_NAMES, mark))
                for times, mark in OFTEN.items()
            ]
        found.append(Tier(led, (IN_LEAD,)))
        return (*(tier for tier in found if tier.least <= most), _EVERYWHERE)

    def best(
        self, tiers: Sequence[Tier], after: tuple[int, int, int] | None, most: int
    ) -> tuple[str, dict[str, Any]]:
        """Return the query for the first tier that may have enough, best first, with its values.

        Each row has the `least` score of the tier. If nothing matches, there is one row with this score only.

        Args:
            tiers: The tiers to try; the last one is taken if none has enough.
            after: Only matches after this score, ladder and position.
            most: The highest number of matches.
        """
        dialect, positions = self.dialect, (1 << POSITIONS) - 1
        least = self.releases[0] if len(self.releases) == 1 else 0  # with one release, the others are skipped
        values: dict[str, Any] = {"ladders": _packed(self.releases, least), "least": least}
        values |= {"none": _number(-1), "most": most}
        near = _within_release(dialect, self.releases, values)
        chosen = (
            self._chosen(number, tier, near, values, certain=tier is tiers[-1])
            for number, tier in enumerate(tiers)
        )
        place = dialect.number.format(f"(({dialect.key} >> {POSITIONS}) - :least)")
        statement = _BEST.format(
            chosen=" UNION ALL ".join(chosen),
            ladder=f"substr(:ladders, 4 * {place} + 1, 4)",
            measures=", ".join(_measures(dialect, self.question, values)),
            source=dialect.index + dialect.entries,
            matches=dialect.matches.format("(SELECT matching FROM tier)"),
            conditions=near + _conditions(dialect, self.filters, values),
            position=f"id & {positions}",
            score=_score(self.question, values),
            there=_there(self.question),
            following=_following(after, values),
        )
        return statement, values

    def _chosen(self, number: int, tier: Tier, near: str, values: dict[str, Any], *, certain: bool) -> str:
        """Return the SELECT of one tier. The engine tries them in order until one has enough."""
        dialect, name = self.dialect, f":matching_{number}"
        values[name[1:]] = _matching(dialect, self.question, self.filters, tier)
        chosen = f"SELECT CAST({name} AS text) AS matching, {tier.least} AS least"
        if certain:
            return chosen
        return chosen + _ENOUGH.format(index=dialect.index, matches=dialect.matches.format(name), near=near)


@lru_cache(maxsize=4)
def _packed(releases: tuple[int, ...], least: int) -> bytes:
    """Return four bytes for each release id from `least` on: the sort key of its ladder, or a mark for none.

    A position in a byte string is found at once; a list of a thousand ids would be scanned in every search.
    """
    packed = bytearray(4 * (max(releases) - least + 1))
    for ladder, release in enumerate(releases):
        place = 4 * (release - least)
        packed[place : place + 4] = _number(ladder)
    return bytes(packed)


def _number(ladder: int) -> bytes:
    """Return the sort key of a ladder; -1 stands for none."""
    return (ladder + 1).to_bytes(4)


def _following(after: tuple[int, int, int] | None, values: dict[str, Any]) -> str:
    """Return the condition for rows after a score, a ladder and a position."""
    if after is None:
        return ""
    score, ladder, position = after
    values |= {"score": score, "ladder": _number(ladder), "position": position}
    return "AND (-score, ladder, position) > (-:score, :ladder, :position)"


def _conditions(dialect: Dialect, filters: Filters, values: dict[str, Any]) -> str:
    """Return the conditions of the filters."""
    found = []
    if filters.kind is not None:
        values["kind"] = filters.kind
        found.append(" AND entry.kind = :kind")
    for number, place in enumerate(filters.about):
        values[f"about_{number}"] = f" {place} "
        found.append(f" AND {dialect.find}(entry.about, :about_{number}) > 0")
    return "".join(found)


def _within_release(dialect: Dialect, releases: Sequence[int], values: dict[str, Any]) -> str:
    """Return the range of ids to read. The ids of one release are adjacent, so others are skipped."""
    if len(releases) != 1:
        return ""
    values |= {"first": first_id(releases[0]), "last": first_id(releases[0] + 1) - 1}
    return f" AND {dialect.key} BETWEEN :first AND :last"


def _measures(dialect: Dialect, question: Question, values: dict[str, Any]) -> list[str]:
    """Return the positions of the first match of each term, and the total length in bytes."""
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


def _there(question: Question) -> str:
    """Return the condition that all terms match."""
    return " AND ".join(
        _any(f"{place} > 0" for place in _places(number, term)) for number, term in enumerate(question.terms)
    )


def _places(number: int, term: Term) -> list[str]:
    return [f"place_{number}_{way}" for way in range(len(term.needles))]


def _in(number: int, term: Term, end: str) -> str:
    """Return the condition that a term matches before a given end."""
    return _any(f"{place} > 0 AND {place} <= {end}" for place in _places(number, term))


def _count(question: Question, values: dict[str, Any]) -> str:
    """Return the number of matches of all terms."""
    found = []
    for number, term in enumerate(question.terms):
        for way, needle in enumerate(term.needles):
            values[f"size_{number}_{way}"] = len(needle)
            found.append(f"taken_{number}_{way} / :size_{number}_{way}")
    return " + ".join(found)


def _score(question: Question, values: dict[str, Any]) -> str:
    """Return the score, computed like `ranking.score`."""
    called = _any(f"called_{way} > 0" for way in range(len(question.names)))
    found = [_points(called, EXACT)] if question.names else []
    for number, term in enumerate(question.terms):
        found.append(_points(_in(number, term, "names_end"), NAMED))
        found.append(_points(_in(number, term, "lead_end"), LED))
    count = _count(question, values)
    return f"{' + '.join(found)} + CASE WHEN {count} < {MOST_MATCHES} THEN {count} ELSE {MOST_MATCHES} END"


def _points(condition: str, points: int) -> str:
    return f"CASE WHEN {condition} THEN {points} ELSE 0 END"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _matching(dialect: Dialect, question: Question, filters: Filters, tier: Tier) -> str:
    """Return the query for the engine's index, which finds at least everything in a tier."""
    every, *some = tier.marks or ("",)
    asked = [_marked(dialect, term, every) for term in question.terms]
    if some:
        marked = [_marked(dialect, term, mark) for mark in some for term in question.terms]
        asked.append(_group(dialect.either, marked))
    asked += [dialect.exactly.format(token) for token in filter_tokens(filters.kind, filters.about)]
    return dialect.every.join(asked)


def _marked(dialect: Dialect, term: Term, mark: str) -> str:
    """Return the tokens that a term needs, in any order, each with its field."""
    return _group(dialect.either, [_way(dialect, term, way, mark) for way in term.tokens])


def _way(dialect: Dialect, term: Term, way: Sequence[str], mark: str) -> str:
    form = dialect.beginning if term.kind == "prefix" else dialect.exactly
    return _group(dialect.every, [form.format(mark + token) for token in dict.fromkeys(way)])


def _group(between: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({between.join(parts)})"
