"""The parts that many entities of a ladder share: references, statements, examples, proficiencies.

Every entity ends with the same five lists: `formerly`, `references`, `sources`, `alignments`, `external_ids`.
They are written out in each class, because fields of a base class would come before the entity's own.
"""

import re
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.rubric.text import Line, Slug, Target, Text, Value

Match = Literal["exact", "close", "broader", "narrower", "related"]

_FULL_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _full_date(value: object) -> object:
    """Let only whole days pass: pydantic alone would read a number as seconds since 1970."""
    whole = isinstance(value, date) and not isinstance(value, datetime)
    if whole or (isinstance(value, str) and _FULL_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("full_date", "A day is written as year-month-day, such as 2026-03-31")


Day = Annotated[date, BeforeValidator(_full_date)]
"""A calendar day (RFC 3339 full-date)."""


class Link(Value):
    """A reference from an entity to something worth reading or using."""

    slug: Slug | None = None
    """Name for URLs; optional."""
    title: Line
    """Name of the target."""
    url: Line
    """The target: an absolute URL, or a path the reader understands."""
    kind: Slug | None = None
    """The sort of reference, such as `tool`, `book` or `course`. More values may be added."""
    summary: Text | None = None
    """Why it is worth following."""


class Source(Value):
    """A work that content comes from."""

    title: Line
    """Name of the work."""
    url: Line | None = None
    """URL of the source."""
    author: Line | None = None
    """The author."""
    licence: Line | None = None
    """Under what terms, by name or SPDX identifier."""
    retrieved: Day | None = None
    """The day it was read (RFC 3339 full-date)."""
    note: Text | None = None
    """The parts that were taken, and the changes to them."""


class Alignment(Value):
    """A typed match to another entity, of this ladder or another, or to a framework (after SKOS mapping)."""

    match: Match
    """The closeness of the match, read from here to there: `broader` says the other is the broader one."""
    entity: Target | None = None
    """The matched entity as `kind:slug`, of this ladder or of the one named by `ladder`."""
    ladder: Slug | None = None
    """The ladder that `entity` belongs to; unset means this one."""
    uri: Line | None = None
    """The matched thing as a URI."""
    framework: Line | None = None
    """Name of the framework that the matched thing belongs to."""
    title: Line | None = None
    """Name of the matched thing."""
    note: Text | None = None
    """In what respect they match."""


class ExternalId(Value):
    """This entity's name in another system; `external_id=workday:JP-123` finds it."""

    system: Slug
    """The other system, such as `workday`."""
    id: Line
    """The name there, kept as written."""


Formerly = Annotated[tuple[Slug, ...], Field(description="Former slugs, oldest first.")]
Links = Annotated[tuple[Link, ...], Field(description="Things worth reading or using.")]
Sources = Annotated[tuple[Source, ...], Field(description="Where the content comes from.")]
Alignments = Annotated[tuple[Alignment, ...], Field(description="Matches to other entities and frameworks.")]
ExternalIds = Annotated[tuple[ExternalId, ...], Field(description="Names in other systems.")]
About = Annotated[tuple[Target, ...], Field(description="What it speaks of, each as `kind:slug`.")]


class Example(Value):
    """A concrete illustration of the thing it hangs on."""

    slug: Slug | None = None
    """Name for URLs; without one the example has an address by position, within a release only."""
    title: Line | None = None
    """Short name."""
    text: Text
    """The illustration."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


Examples = Annotated[tuple[Example, ...], Field(description="Illustrations, in order.")]


class Statement(Value):
    """One line of an expectation or a proficiency."""

    slug: Slug | None = None
    """Name for URLs; without one the statement has an address by position, within a release only."""
    kind: Slug | None = None
    """A word for what sort of line it is, such as `core`, `growth`, `complementary` or `indicator`. The ladder's
    `statement_kinds` say what a kind counts as. Without a kind, the line is asked."""
    text: Text
    """The text of the line."""
    examples: tuple[Example, ...] = ()
    """Illustrations of this line alone."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Proficiency(Value):
    """A description of a competency or facet at one step of its scale."""

    slug: Slug | None = None
    """Name for URLs; without one the proficiency has an address by position, within a release only."""
    step: Slug
    """The step, of the scale of the competency or facet."""
    title: Line | None = None
    """The name of the step here, if it differs from the scale's own."""
    summary: Text | None = None
    """Short description of the proficiency."""
    statements: tuple[Statement, ...] = ()
    """The lines of the proficiency, in order."""
    examples: Examples = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()
