"""The shapes that all bodies share, and every kind of entity as the API shows it.

An entry is an entity as the document holds it: the value with its UUID and what follows from its place. An item
is an entry with its link, as lists hold it. A property that is not set is left out; a list that is empty is `[]`.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.described import Described
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

BodyOf = TypeVar("BodyOf", bound=BaseModel)
_set: Final = object.__setattr__


class Body(Described):
    """A JSON object of the API."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)


def construct(model: type[BodyOf], values: Mapping[str, Any]) -> BodyOf:
    """Make a body without validating it again: its parts come from values that were validated before.

    What is missing from `values` is missing from the JSON too, which is how `fields` works: a default would say
    `[]` of a list that was only left out.
    """
    return of_fields(model, {name: values[name] for name in model.__pydantic_fields__ if name in values})


def of_fields(model: type[BodyOf], held: dict[str, Any]) -> BodyOf:
    """The same of values that are the body's own from now on: under the names of its fields, and no others."""
    # As pydantic's `model_construct`, without its look at aliases and defaults: views make hundreds of these.
    made = model.__new__(model)
    _set(made, "__dict__", held)
    _set(made, "__pydantic_fields_set__", set(held))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def narrowed(model: type[BaseModel], values: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """The values of a body that `fields` names, and those that every body of the class has; all where it is empty."""
    if not fields:
        return values
    required = _required(model)
    return {name: value for name, value in values.items() if name in fields or name in required}


@cache
def _required(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if field.is_required())


def linked(model: type[BaseModel], links: Mapping[str, str]) -> BaseModel:
    """The links of a body of that class, by the names of their fields."""
    kind: Any = model.model_fields["links"].annotation
    made: BaseModel = construct(kind, links)
    return made


Path = Annotated[
    str, Field(description="A path-absolute URL, with the prefix under which the API is served.")
]


class ItemLinks(Body):
    """Where an item of a list lives."""

    self_: Annotated[Path, Field(alias="self")]
    """The item, in the release it was read from."""


class ListItemLinks(Body):
    """Where a list that is not of one release lives and where it goes on."""

    self_: Annotated[Path, Field(alias="self")]
    """The URL that was asked for."""
    next: Path | None = None
    """The next page; left out on the last one."""


class ResourceLinks(Body):
    """Where one resource lives and what is near it."""

    self_: Annotated[Path, Field(alias="self")]
    """The URL that was asked for."""
    current: Path
    """The same in the release in force."""
    pinned: Path
    """The same in this release, which never changes; for a draft, in the draft."""
    release: Path
    """What is known about this release; for a draft, the releases of its ladder."""


class ListLinks(ResourceLinks):
    """Where a list lives and where it goes on."""

    next: Path | None = None
    """The next page; left out on the last one."""


class InRelease(Body):
    """What a single resource of a release begins with."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was read, or `draft`."""


Uuid = Annotated[UUID, Field(description="The same in every release and under every name.")]


class TrackEntry(Track):
    """A track and its UUID."""

    uuid: Uuid


class LevelEntry(Level):
    """A level, its UUID and its rank."""

    uuid: Uuid
    effective_rank: Number
    """The rank written, or else the level's place in its track from 1."""


class ScaleEntry(Scale):
    """A scale and its UUID."""

    uuid: Uuid


class CompetencyEntry(Competency):
    """A competency and its UUID."""

    uuid: Uuid


class FacetEntry(Facet):
    """A facet and its UUID."""

    uuid: Uuid


class ExpectationEntry(Expectation):
    """An expectation, its UUID and its made slug."""

    uuid: Uuid
    slug: str
    """`{level}--{competency}` or `{level}--{competency}--{facet}`."""


class FaqEntry(Faq):
    """A question, its answer and its UUID."""

    uuid: Uuid


class TipEntry(Tip):
    """A tip and its UUID."""

    uuid: Uuid


class PageEntry(Page):
    """A page and its UUID."""

    uuid: Uuid


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
    """Its slug, or its position where it has none; names it in URLs."""
    of: Target
    """What it hangs on, as `kind:address`."""
    level: Slug | None = None
    """The level it belongs to, through what it hangs on."""
    competency: Slug | None = None
    """The competency it belongs to, through what it hangs on."""
    facet: Slug | None = None
    """The facet it belongs to, through what it hangs on."""
    uuid: UUID | None = None
    """The same in every release; only where the example has a slug."""
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


class Included(Body):
    """Related entities, each once, in document order; only the collections that `expand` names."""

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
    """What every list of one release holds beside its items."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was read, or `draft`."""
    links: ListLinks
    included: Included | None = None
    """Related entities, where `expand` asks for them."""


class Resource(InRelease):
    """What every single entity of a release holds beside its own properties."""

    links: ResourceLinks
    included: Included | None = None
    """Related entities, where `expand` asks for them."""
