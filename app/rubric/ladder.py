"""The value: one release of a whole career ladder, as frozen, typed parts.

The parts lie flat and in order: a level names its track, a facet its competency, an expectation its level and
competency. Lists that belong to one part alone (statements, examples, thresholds, …) are inside it. Whether
slugs are unique and references resolve is not a matter of shape; the rules (`rules/`) answer that.

What is unset is None, what is empty is an empty tuple; the two mean different things only for text, where an
empty text was written and None was not.
"""

from typing import Literal

from app.rubric.parts import (
    About,
    Alignments,
    Examples,
    ExternalIds,
    Formerly,
    Links,
    Proficiency,
    Sources,
    Statement,
)
from app.rubric.text import Language, Line, Number, Slug, Target, Text, Value

Cumulative = Literal["yes", "no", "unsaid"]
Applicability = Literal["required", "optional", "not-in-use"]
Extending = Literal["replaces", "adds"]
CountsAs = Literal["asked", "optional", "ahead", "sign", "unwanted"]


class Licence(Value):
    """The licence of the content."""

    title: Line
    """Name or SPDX identifier."""
    url: Line | None = None
    """URL of the licence's text."""


class Threshold(Value):
    """A range of points and the level and title it gives on a track; ranges may overlap."""

    points_from: Number
    """Fewest points, inclusive."""
    points_to: Number | None = None
    """Most points, inclusive; unset means no upper end."""
    level: Slug | None = None
    """The level these points give."""
    title: Line | None = None
    """The title these points give."""


class Track(Value):
    """A path through the ladder, such as individual contributor or management."""

    slug: Slug
    """Name for URLs, unique among the ladder's tracks."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the track."""
    group: Line | None = None
    """The group of tracks this one belongs to, such as a role family. `groups` can describe it."""
    extends: Slug | None = None
    """The track whose expectations hold here too, at equal rank. Both tracks need written ranks."""
    extending: Extending | None = None
    """`replaces` (the default) if this track's own text replaces the inherited text, `adds` if it adds to it."""
    ordered: Literal[False] | None = None
    """`false` if the order of the levels has no meaning, as in an alphabetical list of roles."""
    thresholds: tuple[Threshold, ...] = ()
    """The points that lead to each level and title."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Attribute(Value):
    """A named list on a level, such as Reach: team, department."""

    title: Line
    """Name of the list."""
    items: tuple[Text, ...] = ()
    """Its lines, in order."""


class Level(Value):
    """A rung of a track."""

    slug: Slug
    """Name for URLs, unique among the ladder's levels."""
    track: Slug
    """The track it is a rung of."""
    code: Line | None = None
    """The name that people use, such as `L5`; need not be unique."""
    rank: Number | None = None
    """Height on the track. Levels of different tracks have equal rank only if both ranks are written. Without ranks,
    position orders the levels of one track."""
    title: Line
    """Name for people."""
    other_titles: tuple[Line, ...] = ()
    """Other names for the same level."""
    summary: Text | None = None
    """Short description of the level."""
    scope: Text | None = None
    """The reach of its work."""
    attributes: tuple[Attribute, ...] = ()
    """Named lists, in order."""
    years_from: Number | None = None
    """Fewest years of experience usual at this level."""
    years_to: Number | None = None
    """Most years of experience usual at this level; unset means no upper end."""
    examples: Examples = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Competency(Value):
    """Something that is looked at, such as system design mastery."""

    slug: Slug
    """Name for URLs, unique among the ladder's competencies."""
    title: Line
    """Name for people."""
    category: Line | None = None
    """The group of competencies this one belongs to. `categories` can describe it."""
    summary: Text | None = None
    """Short description of the competency."""
    description: Text | None = None
    """The competency at length."""
    scale: Slug | None = None
    """The scale its steps are of."""
    proficiencies: tuple[Proficiency, ...] = ()
    """The meaning of each step in this competency."""
    examples: Examples = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Facet(Value):
    """A part of a competency."""

    slug: Slug
    """Name for URLs, unique among the ladder's facets."""
    competency: Slug
    """The competency it is a part of."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the facet."""
    description: Text | None = None
    """The facet at length."""
    scale: Slug | None = None
    """The scale its steps are of; unset means its competency's."""
    proficiencies: tuple[Proficiency, ...] = ()
    """The meaning of each step in this facet."""
    examples: Examples = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Expectation(Value):
    """A level's demand in a competency, or in one facet of it.

    Its slug is made: `{level}--{competency}` or `{level}--{competency}--{facet}`.
    """

    level: Slug
    """The level that asks."""
    competency: Slug
    """The competency it asks in."""
    facet: Slug | None = None
    """The facet it asks in; unset means the competency as a whole."""
    applicability: Applicability = "required"
    """`required`, `optional` or `not-in-use`."""
    extending: Extending | None = None
    """`replaces` if it replaces the inherited expectation, `adds` if it adds to it. Unset: as its track says."""
    step: Slug | None = None
    """The step asked for, of the scale of the facet or competency."""
    summary: Text | None = None
    """Short description of the expectation."""
    statements: tuple[Statement, ...] = ()
    """The lines of the expectation, in order."""
    examples: Examples = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Step(Value):
    """One step of a scale. Its address is `{scale}--{step}`."""

    slug: Slug
    """Name for URLs, unique within the scale."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the step."""
    points: Number | None = None
    """The points for reaching this step. Their sum meets a track's thresholds."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Scale(Value):
    """A named proficiency scale, lowest step first."""

    slug: Slug
    """Name for URLs, unique among the ladder's scales."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the scale."""
    cumulative: Literal["yes", "no"] | None = None
    """`yes` if a step includes the steps below it."""
    steps: tuple[Step, ...] = ()
    """Its steps, lowest first."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Faq(Value):
    """A question people ask, and its answer."""

    slug: Slug
    """Name for URLs, unique among the ladder's FAQs."""
    question: Line
    """The question."""
    answer: Text
    """The answer."""
    group: Line | None = None
    """The group of questions this one belongs to."""
    about: About = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Tip(Value):
    """Advice to the reader."""

    slug: Slug
    """Name for URLs, unique among the ladder's tips."""
    title: Line | None = None
    """The advice in a few words."""
    text: Text
    """The advice."""
    about: About = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Page(Value):
    """Longer text that fits no cell: overview, history, progression."""

    slug: Slug
    """Name for URLs, unique among the ladder's pages."""
    title: Line
    """Heading."""
    text: Text
    """The text, in Markdown."""
    about: About = ()
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


Guidance = Faq | Tip | Page
"""Entities that are about other entities."""


class StatementKind(Value):
    """A kind of statement that this ladder uses, and what a line of that kind counts as."""

    slug: Slug
    """The word that statements write as their `kind`."""
    title: Line
    """Name for people."""
    counts_as: CountsAs
    """`asked`, `optional`, `ahead` (points beyond the level), `sign` (helps to recognise it) or `unwanted` (a
    counter-example)."""


class Category(Value):
    """A description of a category of competencies. Categories are listed in the order to show them."""

    slug: Slug
    """Name for references, unique among the ladder's categories."""
    title: Line
    """The category, as competencies write it."""
    summary: Text | None = None
    """Short description of the category."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Group(Value):
    """A description of a group of tracks. Groups are listed in the order to show them."""

    slug: Slug
    """Name for references, unique among the ladder's groups of tracks."""
    title: Line
    """The group, as tracks write it."""
    summary: Text | None = None
    """Short description of the group."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


class Removal(Value):
    """An entity that is gone: why, and what to read instead."""

    kind: Slug
    """Kind of the entity that is gone."""
    slug: Line
    """Its slug, or its address where it had a made one."""
    reason: Text
    """Why it is gone."""
    successor: Target | None = None
    """The entity to read instead, as `kind:slug`."""
    successors: tuple[Target, ...] = ()
    """The entities to read instead if there are several, each as `kind:slug`."""


class Translation(Value):
    """One field of an entity in another language."""

    entity: Target
    """The entity, as `kind:slug`; one without a slug by its address within the release."""
    field: Line
    """The field: a property's name, or a JSON Pointer within the entity without the leading slash."""
    language: Language
    """The language of `text`."""
    text: Text
    """The field in that language."""
    source: Text | None = None
    """The text it was made from, so that a translation whose source has changed can be found."""


class Ladder(Value):
    """One career framework of one organisation: the whole content of a release."""

    slug: Slug
    """Name for URLs."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the ladder."""
    organisation: Line | None = None
    """The organisation whose ladder this is."""
    language: Language = "en"
    """The language the content is written in."""
    licence: Licence | None = None
    """The licence of the content."""
    attribution: Text | None = None
    """The credit that the licence requires."""
    cumulative: Cumulative = "unsaid"
    """`yes` if a level includes those below it, `no` if not, `unsaid` if the author does not say."""
    statement_kinds: tuple[StatementKind, ...] = ()
    """The kinds of statements that this ladder uses. A kind listed here overrides the default of its word."""
    categories: tuple[Category, ...] = ()
    """Descriptions of categories of competencies, in order."""
    groups: tuple[Group, ...] = ()
    """Descriptions of groups of tracks, in order."""
    tracks: tuple[Track, ...] = ()
    """Paths through the ladder, in order."""
    levels: tuple[Level, ...] = ()
    """Rungs, in order; those of one track from the lowest up."""
    scales: tuple[Scale, ...] = ()
    """Proficiency scales, in order."""
    competencies: tuple[Competency, ...] = ()
    """The competencies that are assessed, in order."""
    facets: tuple[Facet, ...] = ()
    """Parts of competencies, in order."""
    expectations: tuple[Expectation, ...] = ()
    """The expectations of the levels, in order."""
    faqs: tuple[Faq, ...] = ()
    """Questions and answers, in order."""
    tips: tuple[Tip, ...] = ()
    """Advice, in order."""
    pages: tuple[Page, ...] = ()
    """Longer texts, in order."""
    removals: tuple[Removal, ...] = ()
    """Entities that are gone."""
    translations: tuple[Translation, ...] = ()
    """Fields in other languages."""
    formerly: tuple[Slug, ...] = ()
    """Former slugs of the ladder, oldest first."""
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()

    @property
    def names(self) -> tuple[Slug, ...]:
        """Return its slug and its former slugs, by which URLs, mentions and keys name it."""
        return (self.slug, *self.formerly)
