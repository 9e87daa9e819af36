"""View bodies as plain dicts, written to JSON in one pass.

A view can hold hundreds of cells. Creating a body object for each cell and walking through it again takes most of the
time of such a response. Views therefore build dicts with the fields of their body classes, and the body classes
describe them in the OpenAPI document.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

ANY_OBJECT: Final[dict[str, Any]] = {"type": "object", "additionalProperties": True}
"""The schema of an object with any fields. Without `additionalProperties`, some clients drop all of them."""
_EMPTY: Final[tuple[Any, ...]] = ((), [], {})


def json_object(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as a JSON object of a body class.

    `values` has the names of the class's fields. The result has their JSON names, in the order of the class, and
    leaves out fields that are None or missing, and empty lists unless the field is required.
    """
    found = {}
    for name, key, required in _json_names(model):
        value = values.get(name)
        if value or (value is not None and (required or value not in _EMPTY)):
            found[key] = value
    return found


def json_response(model: type[BaseModel], values: Mapping[str, Any]) -> Response:
    """Return a response whose body is the JSON object of a body class."""
    body = to_json(json_object(model, values), by_alias=True, exclude_none=True)
    return Response(body, media_type="application/json")


@cache
def _json_names(model: type[BaseModel]) -> tuple[tuple[str, str, bool], ...]:
    """Return each field of a class with its name in JSON, and whether it is required."""
    fields = model.model_fields.items()
    return tuple((name, field.alias or name, field.is_required()) for name, field in fields)
