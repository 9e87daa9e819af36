"""Base classes of response bodies and of their links.

A field that is not set is left out, and so is an empty list unless the field is required.
"""

from collections.abc import Container, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.field_descriptions import Described
from app.rubric.text import Slug, Value

BodyOf = TypeVar("BodyOf", bound=BaseModel)
_set: Final = object.__setattr__


class Body(Described):
    """A JSON object of the API."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)


def construct(model: type[BodyOf], values: Mapping[str, Any]) -> BodyOf:
    """Create a body without validating it: its values were validated before.

    A field that is missing from `values` is missing from the JSON too, and so is an empty list in a field that is not
    required.
    """
    held = {name: values[name] for name in model.__pydantic_fields__ if name in values}
    if () in held.values():
        required = required_fields(model)
        held = {name: value for name, value in held.items() if value != () or name in required}
    return of_fields(model, held)


def of_fields(model: type[BodyOf], held: dict[str, Any]) -> BodyOf:
    """Create a body from a dict with exactly the fields to set. The body keeps the dict."""
    # Like pydantic's `model_construct`, without aliases and defaults: views create hundreds of these.
    made = model.__new__(model)
    _set(made, "__dict__", held)
    _set(made, "__pydantic_fields_set__", set(held))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def filled(value: Value, without: Container[str] = ()) -> dict[str, Any]:
    """Return the fields of an entity or part that are set, without empty lists, and so on inside its parts.

    `without` names fields to leave out.
    """
    fields = vars(value).items()
    return {
        name: filled_in(held)
        for name, held in fields
        if held is not None and held != () and name not in without
    }


def filled_in(held: Any) -> Any:  # noqa: ANN401 - the value of any field
    """Return the value of a field: inside its parts, only fields that are set, without empty lists."""
    if isinstance(held, tuple):
        return tuple([filled_in(one) for one in held])
    return of_fields(type(held), filled(held)) if isinstance(held, Value) else held


@cache
def required_fields(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that every body of a class has."""
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
