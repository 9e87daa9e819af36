"""JSON made of its parts, for views of hundreds of cells: a part that many answers share is written once.

What is written here has the shape of a class of bodies, so what the OpenAPI document says of it stays true, but no
object of that class is made: that, and walking through it again, took most of the time of such an answer.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

from app.rubric.bounded_cache import Bounded
from app.rubric.index import Index

_MOST_BYTES: Final = 2 * 1024 * 1024
"""How many bytes of parts are kept of one ladder, with all that keeping them takes."""
_EACH: Final = 300
"""How many bytes a part takes beside its own: for its key, and its place among the others."""

Parts = Bounded[Hashable, bytes]
"""Parts of answers about one release, by what says which they are."""


def parts_of(index: Index, home: str) -> Parts:
    """The parts that are kept of a ladder whose URLs begin with `home`: a release, or a draft of the same content."""
    return index.once(_Homes).at(home)


def shaped(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names and in the order of a body's properties; what is None is left out."""
    return {key: values[name] for name, key, _ in _keys(model) if values.get(name) is not None}


def written(model: type[BaseModel], values: Mapping[str, Any]) -> bytes:
    """A body of that class as JSON. Values that are bytes are JSON already; what is None or missing is left out."""
    pieces: list[bytes] = []
    plain: dict[str, Any] = {}
    for name, key, head in _keys(model):
        value = values.get(name)
        if value is None:
            continue
        if not isinstance(value, bytes):
            plain[key] = value
            continue
        if plain:
            pieces.append(as_json(plain)[1:-1])
            plain = {}
        pieces.append(head + value)
    if plain:
        pieces.append(as_json(plain)[1:-1])
    return b"{%b}" % b",".join(pieces)


def listed(parts: Iterable[bytes]) -> bytes:
    """A list of what is JSON already."""
    return b"[%b]" % b",".join(parts)


def answered(model: type[BaseModel], values: Mapping[str, Any]) -> Response:
    """An answer whose body is of that class."""
    return Response(written(model, values), media_type="application/json")


def as_json(value: object) -> bytes:
    """A value as the API writes it: of what is of a class, what is None is left out."""
    return to_json(value, by_alias=True, exclude_none=True)


@cache
def _keys(model: type[BaseModel]) -> tuple[tuple[str, str, bytes], ...]:
    """The properties of a class: the name of its field, what it is called in JSON, and how that begins there."""
    names = ((name, field.alias or name) for name, field in model.model_fields.items())
    return tuple((name, key, b'"%b":' % key.encode()) for name, key in names)


class _Homes:
    """The parts of one ladder by where its URLs begin; there are only ever a few."""

    def __init__(self, _: Index) -> None:
        self._parts: dict[str, Parts] = {}

    def at(self, home: str) -> Parts:
        return self._parts.get(home) or self._parts.setdefault(home, Bounded(_MOST_BYTES, _weight))


def _weight(part: bytes) -> int:
    return _EACH + len(part)
