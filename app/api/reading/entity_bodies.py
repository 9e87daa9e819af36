"""Response bodies of every kind of entity: alone, in a list, in a document, and included with others.

An entry is an entity in a document: its value, its UUID and the fields derived from its position. An item is an entry
in a list: it also has links.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.reading.bodies import Body, EntityLinks, InRelease, ItemLinks, ListLinks, Uuid
from app.rubric.ladder import (
    Competency,
    Expectation,
    Facet,
    Faq,
    Level,
    Page,
    Scale,
    Tip,
    Track,
)
from app.rubric.parts import Example
from app.rubric.text import Number, Slug, Target

ChangedIn = Annotated[
    str | None,
    Field(
        description="Number of the release in which this last changed. In a draft, left out if it differs from the "
        "release that the draft builds on.",
        examples=["1.1.0"],
    ),
]


class TrackEntry(Track):
    """A track and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class LevelEntry(Level):
    """A level, its UUID and its rank."""

    uuid: Uuid
    effective_rank: Number
    """The rank of the level. If the author set none, its position in the track, starting at 1."""
    changed_in: ChangedIn = None


class ScaleEntry(Scale):
    """A scale and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class CompetencyEntry(Competency):
    """A competency and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class FacetEntry(Facet):
    """A facet and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class ExpectationEntry(Expectation):
    """An expectation, its UUID and its derived slug."""

    uuid: Uuid
    slug: str
    """`{level}--{competency}` or `{level}--{competency}--{facet}`."""
    changed_in: ChangedIn = None


class FaqEntry(Faq):
    """A question, its answer and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class TipEntry(Tip):
    """A tip and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class PageEntry(Page):
    """A page and its UUID."""

    uuid: Uuid
    changed_in: ChangedIn = None


class TrackItem(TrackEntry):
    """A track in a list."""

    links: ItemLinks


class LevelItem(LevelEntry):
    """A level in a list."""

    links: ItemLinks


class ScaleItem(ScaleEntry):
    """A scale in a list."""

    links: ItemLinks


class CompetencyItem(CompetencyEntry):
    """A competency in a list."""

    links: ItemLinks


class FacetItem(FacetEntry):
    """A facet in a list."""

    links: ItemLinks


class ExpectationItem(ExpectationEntry):
    """An expectation in a list."""

    links: ItemLinks


class ExampleItem(Example):
    """An example in a list, with what it hangs on."""

    address: str
    """Slug of the example, or its position if it has no slug. Used in URLs."""
    of: Target
    """The entity it belongs to, as `kind:address`."""
    level: Slug | None = None
    """Slug of the level it belongs to, if any."""
    competency: Slug | None = None
    """Slug of the competency it belongs to, if any."""
    facet: Slug | None = None
    """Slug of the facet it belongs to, if any."""
    uuid: UUID | None = None
    """UUID of the example; left out if it has no slug."""
    changed_in: ChangedIn = None
    links: ItemLinks


class FaqItem(FaqEntry):
    """A question and its answer in a list."""

    links: ItemLinks


class TipItem(TipEntry):
    """A tip in a list."""

    links: ItemLinks


class PageItem(PageEntry):
    """A page in a list."""

    links: ItemLinks


class Entries(Body):
    """All entities of a release, by collection."""

    tracks: tuple[TrackEntry, ...] = ()
    """Tracks, in order."""
    levels: tuple[LevelEntry, ...] = ()
    """Levels, in order; those of one track from the lowest to the highest."""
    scales: tuple[ScaleEntry, ...] = ()
    """Proficiency scales, in order."""
    competencies: tuple[CompetencyEntry, ...] = ()
    """Competencies, in order."""
    facets: tuple[FacetEntry, ...] = ()
    """Facets, in order."""
    expectations: tuple[ExpectationEntry, ...] = ()
    """Expectations, in order."""
    faqs: tuple[FaqEntry, ...] = ()
    """FAQs, in order."""
    tips: tuple[TipEntry, ...] = ()
    """Tips, in order."""
    pages: tuple[PageEntry, ...] = ()
    """Pages, in order."""


class Counts(Body):
    """The number of entities of each kind in the release."""

    track_count: int
    level_count: int
    scale_count: int
    competency_count: int
    facet_count: int
    expectation_count: int
    example_count: int
    faq_count: int
    tip_count: int
    page_count: int


class Included(Body):
    """Related entities, each once, in document order. Only the collections named in `expand` are present."""

    tracks: tuple[TrackItem, ...] | None = None
    """Related tracks."""
    levels: tuple[LevelItem, ...] | None = None
    """Related levels."""
    scales: tuple[ScaleItem, ...] | None = None
    """Related scales."""
    competencies: tuple[CompetencyItem, ...] | None = None
    """Related competencies."""
    facets: tuple[FacetItem, ...] | None = None
    """Related facets."""
    expectations: tuple[ExpectationItem, ...] | None = None
    """Related expectations."""
    examples: tuple[ExampleItem, ...] | None = None
    """Related examples."""
    faqs: tuple[FaqItem, ...] | None = None
    """Related questions and answers."""
    tips: tuple[TipItem, ...] | None = None
    """Related tips."""
    pages: tuple[PageItem, ...] | None = None
    """Related pages."""


class ListBody(Body):
    """The fields of every list in a release, besides its items."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was read, or `draft`."""
    links: ListLinks
    included: Included | None = None
    """Related entities; left out unless `expand` is set."""


class Resource(InRelease):
    """The fields of every single entity in a release, besides its own."""

    links: EntityLinks
    included: Included | None = None
    """Related entities; left out unless `expand` is set."""
