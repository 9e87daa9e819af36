"""Sparse fields: the query parameter `fields`, which limits a body to some fields and the required ones."""

from collections.abc import Collection
from typing import Any, Final

from pydantic import BaseModel

from app.api.reading.bodies import required_fields
from app.api.reading.queries import names

_ENVELOPE: Final = frozenset({"ladder", "release", "links", "included"})
"""The fields of a body that do not belong to its entity."""


def requested_fields(model: type[BaseModel], fields: str | None) -> tuple[str, ...]:
    """Return the names in the parameter `fields`. Raises InvalidParameter for a name that the model lacks."""
    return () if fields is None else names("fields", fields, field_names(model))


def field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the names that `fields` accepts: all fields of the entity itself."""
    return tuple(name for name in model.model_fields if name not in _ENVELOPE)


def select_fields(model: type[BaseModel], values: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Return the required values and those named in `fields`. Without `fields`, return all values."""
    if not fields:
        return values
    required = required_fields(model)
    return {name: value for name, value in values.items() if name in fields or name in required}
