"""Base classes of response bodies, and every kind of entity as the API shows it.

An entry is an entity in a document: its value, its UUID and the fields derived from its position. An item is an entry
in a list: it also has links. A field that is not set is left out; an empty list is `[]`.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin
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
    """Create a body without validating it: its values were validated before.

    A field that is missing from `values` is missing from the JSON too. `fields` relies on this: with a default, a
    list that was left out would read `[]`.
    """
    return of_fields(model, {name: values[name] for name in model.__pydantic_fields__ if name in values})


def of_fields(model: type[BodyOf], held: dict[str, Any]) -> BodyOf:
    """Create a body from a dict with exactly the fields to set. The body keeps the dict."""
    # Like pydantic's `model_construct`, without aliases and defaults: views create hundreds of these.
    made = model.__new__(model)
    _set(made, "__dict__", held)
    _set(made, "__pydantic_fields_set__", set(held))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def narrowed(model: type[BaseModel], values: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Return the required values and those named in `fields`. Without `fields`, return all values."""
    if not fields:
        return values
    required = _required(model)
    return {name: value for name, value in values.items() if name in fields or name in required}


@cache
def _required(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if field.is_required())


def linked(model: type[BaseModel], links: Mapping[str, str]) -> BaseModel:
    """Return the links object of a body class."""
    kind: Any = model.model_fields["links"].annotation
    made: BaseModel = construct(kind, links)
    if issubclass(kind, EntityLinks):
        declared = {name: url for name, url in links.items() if name not in kind.model_fields}
        _set(made, "__pydantic_extra__", declared)
    return made


@cache
def members_of(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the class of the members of each list of a body, by the name of the list."""
    return {
        name: inner
        for name, field in model.model_fields.items()
        for inner in _inside(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel)
    }


def _inside(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - any annotation
    """Yield the members of a tuple, which may be optional."""
    if get_origin(annotation) is tuple:
        yield get_args(annotation)[0]
    elif get_origin(annotation) in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _inside(part)


Path = Annotated[str, Field(description="A URL path, including the prefix under which the API is served.")]


class ItemLinks(Body):
    """Links of an item in a list."""

    self_: Annotated[Path, Field(alias="self")]
    """The item, in the release it was read from."""


class ListItemLinks(Body):
    """Links of a list that spans releases."""

    self_: Annotated[Path, Field(alias="self")]
    """The URL of the request."""
    next: Path | None = None
    """The next page; left out on the last page."""


class ResourceLinks(Body):
    """Links of a resource in a release."""

    self_: Annotated[Path, Field(alias="self")]
    """The URL of the request."""
    current: Path
    """The same resource in the release in force."""
    pinned: Path
    """The same resource in this release, which never changes; for a draft, in the draft."""
    release: Path
    """Metadata of this release; for a draft, the list of releases."""


class EntityLinks(ResourceLinks):
    """Links of one entity: its own URLs, its lists and its views."""

    # Lists and views are those whose routes declare a link; the OpenAPI document names them for each kind.
    model_config = ConfigDict(extra="allow")


class ListLinks(ResourceLinks):
    """Links of a list in a release."""

    next: Path | None = None
    """The next page; left out on the last page."""


class InRelease(Body):
    """The ladder and release of a body."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was read, or `draft`."""


Uuid = Annotated[
    UUID, Field(description="UUID of the entity. It stays the same in every release, and after a rename.")
]


class TrackEntry(Track):
    """A track and its UUID."""

    uuid: Uuid


class LevelEntry(Level):
    """A level, its UUID and its rank."""

    uuid: Uuid
    effective_rank: Number
    """The rank of the level. If the author set none, its position in the track, starting at 1."""


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
    """An expectation, its UUID and its derived slug."""

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
