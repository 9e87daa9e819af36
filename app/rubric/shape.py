"""The shape of the model, read from its classes: the order of properties, and which hold text or parts.

What the classes say is said once. Rules, translations and findings in document order follow from it here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Final, Literal, Union, get_args, get_origin, get_type_hints

from app.rubric.entities import Entity
from app.rubric.text import Line, Text, Value

Holds = Literal["line", "text"]

ENTITIES: Final[tuple[type[Value], ...]] = get_args(Entity)
"""The classes of what `entities.walk` gives: each has its own address."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a class of the model."""

    index: int
    """Its place among the properties of its class."""
    holds: Holds | None
    """`line` for a text that must not be empty, `text` for any other text for people; None for other types."""
    part: type[Value] | None
    """The class of the part or parts it holds; None if it holds plain values."""
    many: bool
    """True for a list."""
    required: bool
    """True if a value must always be written."""


@cache
def properties(owner: type[Value]) -> Mapping[str, Property]:
    """Return the properties of a class of the model by name, in order."""
    hints = get_type_hints(owner, include_extras=True)
    return {
        name: _property(index, hints[name], required=field.is_required())
        for index, (name, field) in enumerate(owner.model_fields.items())
    }


@dataclass(frozen=True, slots=True)
class Written:
    """A text written for people, and its place within its entity."""

    pointer: str
    """JSON Pointer within the entity, without the leading slash: `title`, `attributes/0/items/1`."""
    text: str
    holds: Holds
    required: bool
    """True if it must be there: a property that is always written, or an item of a list."""


def written(value: Value) -> Iterator[Written]:
    """Give every text of an entity in document order, its parts' included, inner entities' not."""
    for name, item in _texts_of(type(value)):
        held = getattr(value, name)
        if held is None or held == ():
            continue
        for position, single in enumerate(held) if item.many else ((None, held),):
            place = name if position is None else f"{name}/{position}"
            if item.holds is not None:
                yield Written(place, single, item.holds, item.required or item.many)
                continue
            for inner in written(single):
                yield Written(f"{place}/{inner.pointer}", inner.text, inner.holds, inner.required)


def document_order(pointer: str, root: type[Value]) -> tuple[int, ...]:
    """Return a sort key that puts JSON Pointers into a value in document order; a part before what is in it."""
    key: list[int] = []
    owner: type[Value] | None = root
    for segment in pointer.split("/")[1:]:
        if segment.isdigit():
            key.append(int(segment))
        elif owner is not None and segment in properties(owner):
            found = properties(owner)[segment]
            key.append(found.index)
            owner = found.part
    return tuple(key)


@cache
def _texts_of(owner: type[Value]) -> tuple[tuple[str, Property], ...]:
    return tuple(
        (name, item)
        for name, item in properties(owner).items()
        if item.holds is not None or (item.part is not None and item.part not in ENTITIES)
    )


def _property(index: int, hint: object, *, required: bool) -> Property:
    bare, many = _bare(hint)
    holds: Holds | None = "line" if bare == Line else "text" if bare == Text else None
    part = bare if isinstance(bare, type) and issubclass(bare, Value) else None
    return Property(index, holds, part, many, required)


def _bare(hint: object) -> tuple[object, bool]:
    """Return a type hint without `None` and its list, and whether it was a list."""
    if hint in (Line, Text):
        return hint, False
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _bare(next(argument for argument in arguments if argument is not NoneType))
    if origin is Annotated:
        return _bare(arguments[0])
    if origin is tuple:
        return _bare(arguments[0])[0], True
    return hint, False
