"""Synthetic ladders of any size: the same number and shape give the same ladder, on every machine.

Their words come from the short lists below; they read like a ladder and mean nothing.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.rubric.ladder import Competency, Expectation, Facet, Faq, Ladder, Level, Track
from app.rubric.parts import Example, Statement

_VERBS: Final = ("builds", "plans", "reviews", "explains", "measures", "repairs", "shares", "simplifies")
_KINDS: Final = ("small", "shared", "hidden", "costly", "early", "regional", "seasonal", "fragile")
_THINGS: Final = (
    "harvests",
    "bridges",
    "lanterns",
    "kitchens",
    "gardens",
    "libraries",
    "orchards",
    "harbours",
)
_PEOPLE: Final = (
    "neighbours",
    "apprentices",
    "guests",
    "sailors",
    "gardeners",
    "bakers",
    "readers",
    "pilots",
)
_MANNERS: Final = ("without being asked", "week after week", "on rainy days too", "with a calm voice")
_TOPICS: Final = ("Rope", "Bread", "Light", "Water", "Stone", "Seed", "Paper", "Copper", "Wool", "Salt")


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a ladder. Every level asks something in every facet: levels x competencies x facets cells."""

    levels: int
    competencies: int
    facets: int
    """Facets of each competency."""
    statements: int
    """Statements of each expectation."""

    @property
    def all_statements(self) -> int:
        """Statements of the whole ladder."""
        return self.levels * self.competencies * self.facets * self.statements


SMALL: Final = Shape(levels=2, competencies=2, facets=1, statements=1)
"""One of very many ladders: 19 entities."""

ENTITIES_300: Final = Shape(levels=7, competencies=6, facets=2, statements=2)
"""A ladder of a little under 300 entities."""

ENTITIES_3000: Final = Shape(levels=10, competencies=15, facets=4, statements=4)
"""A ladder of a little over 3,000 entities."""


def with_statements(count: int) -> Shape:
    """Return a ladder of that many statements (a multiple of 1,000): more competencies, everything else the same."""
    return Shape(levels=10, competencies=count // 1000, facets=4, statements=25)


def slug_of(number: int) -> str:
    """Return the slug of a ladder by its number; the order of slugs is that of numbers."""
    return f"synthetic-{number:06}"


def generate(number: int, shape: Shape = SMALL) -> Ladder:
    """Return the ladder of that number and shape. It has no findings that are errors."""
    chance = random.Random(f"{number} {shape}")  # noqa: S311 - repeatable words, not a secret
    competencies = tuple(_competency(chance, place) for place in range(shape.competencies))
    return Ladder(
        slug=slug_of(number),
        title=f"{_topic(chance)} guild {number}",
        summary=_sentence(chance),
        cumulative="yes",
        tracks=(Track(slug="guild", title="Guild", summary=_sentence(chance)),),
        levels=tuple(_level(chance, place) for place in range(1, shape.levels + 1)),
        competencies=competencies,
        facets=tuple(_facets(chance, competencies, shape.facets)),
        expectations=tuple(_expectations(chance, competencies, shape)),
        faqs=(Faq(slug="why", question="Why is there this guild?", answer=_sentence(chance)),),
    )


def long_track(number: int = 0) -> Ladder:
    """Return a ladder of 700 levels in one track, each of which includes all levels below it."""
    return generate(number, Shape(levels=700, competencies=14, facets=1, statements=1))


def wide(number: int = 0) -> Ladder:
    """Return a ladder of 190 competencies and 200 levels in ten tracks; a quarter of its cells has statements."""
    full = generate(number, Shape(levels=200, competencies=190, facets=1, statements=0))
    some = tuple(
        one.model_copy(update={"statements": (Statement(text=f"{one.summary} In cell {place}."),)})
        for place, one in enumerate(full.expectations)
        if place * 7919 % 100 < 25  # noqa: PLR2004 - a quarter
    )
    tracks = tuple(Track(slug=f"track-{n}", title=f"Track {n}") for n in range(10))
    levels = tuple(
        one.model_copy(update={"track": f"track-{place // 20}"}) for place, one in enumerate(full.levels)
    )
    return full.model_copy(update={"tracks": tracks, "levels": levels, "expectations": some})


def _level(chance: random.Random, place: int) -> Level:
    text = _sentence(chance)
    return Level(
        slug=f"g{place}",
        track="guild",
        code=f"G{place}",
        title=f"Guild member {place}",
        summary=_sentence(chance),
        scope=_sentence(chance),
        examples=(Example(slug=f"g{place}-example", title=_topic(chance), text=text),),
    )


def _competency(chance: random.Random, place: int) -> Competency:
    return Competency(
        slug=f"craft-{place}",
        title=f"{_topic(chance)} craft {place}",
        summary=_sentence(chance),
        description=" ".join(_sentence(chance) for _ in range(3)),
    )


def _facets(chance: random.Random, competencies: tuple[Competency, ...], count: int) -> Iterator[Facet]:
    for competency in competencies:
        for place in range(count):
            yield Facet(
                slug=f"{competency.slug}-part-{place}",
                competency=competency.slug,
                title=f"{_topic(chance)} part {place}",
                summary=_sentence(chance),
            )


def _expectations(
    chance: random.Random, competencies: tuple[Competency, ...], shape: Shape
) -> Iterator[Expectation]:
    for level in range(1, shape.levels + 1):
        for competency in competencies:
            for facet in range(shape.facets):
                yield Expectation(
                    level=f"g{level}",
                    competency=competency.slug,
                    facet=f"{competency.slug}-part-{facet}",
                    summary=_sentence(chance),
                    statements=tuple(Statement(text=_sentence(chance)) for _ in range(shape.statements)),
                )


def _sentence(chance: random.Random) -> str:
    verb, kind, thing = chance.choice(_VERBS), chance.choice(_KINDS), chance.choice(_THINGS)
    return f"{verb.capitalize()} {kind} {thing} for {chance.choice(_PEOPLE)} {chance.choice(_MANNERS)}."


def _topic(chance: random.Random) -> str:
    return chance.choice(_TOPICS)
