"""Small JSON bodies: dependencies that parse them into values, and their schemas in the OpenAPI document."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.api.protocol.request_bodies import JSON, body_in_openapi, media_type_of, small_of
from app.api.reading.patterns import in_words
from app.errors import MOST_FAULTS, BadRequest, Fault, Invalid
from app.rubric.suggest import did_you_mean
from app.rubric.text import Value

SentOf = TypeVar("SentOf", bound=Value)
NAMED: Final = "#/components/schemas/{model}"
"""Reference to a schema of the OpenAPI document."""
_BODIES: Final[dict[str, type[Value]]] = {}
"""The classes of the bodies that `named` refers to, by reference; complete when all routes exist."""


def sent(model: type[SentOf], media_type: str = JSON) -> Callable[[Request], Awaitable[SentOf]]:
    """Return a dependency that parses the body into a value of that class.

    It raises BadRequest if the body is not JSON, Invalid with a JSON Pointer to each fault, TooLarge and
    UnsupportedMediaType.
    """

    async def read(request: Request) -> SentOf:
        media_type_of(request, *{media_type: None, JSON: None})
        return value_in(await small_of(request), model)

    return read


def value_in(body: bytes, model: type[SentOf]) -> SentOf:
    """Return the value of that class in a JSON body. Raises BadRequest, or Invalid with a pointer to each fault."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error, model) from None


def telling(model: type[Value], example: Mapping[str, Any], media_type: str = JSON) -> dict[str, Any]:
    """Return the entry of a body in the OpenAPI document, with an example."""
    told = body_in_openapi(inspect.getdoc(model) or "", (media_type, named(model)))
    told["requestBody"]["content"][media_type]["example"] = dict(example)
    return told


def named(model: type[Value]) -> dict[str, str]:
    """Return a reference to the schema of a body, which `body_schemas` gives to the OpenAPI document."""
    name = NAMED.format(model=model.__name__)
    _BODIES[name] = model
    return {"$ref": name}


def body_schemas() -> dict[str, Any]:
    """Return the schemas of all bodies that `named` refers to, and of their parts, by name."""
    found: dict[str, Any] = {}
    for model in _BODIES.values():
        schema = model.model_json_schema(ref_template=NAMED)
        found |= schema.pop("$defs", {}) | {model.__name__: schema}
    return found


def _refused(error: ValidationError, model: type[Value]) -> BadRequest | Invalid:
    """Return the error for a body, without its content."""
    found = error.errors(include_input=False, include_url=False)[:MOST_FAULTS]
    if found[0]["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}.")
    return Invalid("The body has an error.", faults=[_fault(one, model) for one in found])


def _fault(found: ErrorDetails, model: type[Value]) -> Fault:
    steps = [str(step).replace("~", "~0").replace("/", "~1")[:80] for step in found["loc"]]
    pointer = "".join(f"/{step}" for step in steps)
    if found["type"] != "extra_forbidden":
        return Fault(in_words(found), pointer)
    known = list(model.model_fields) if len(steps) == 1 else []
    listed = f" Known: {', '.join(known)}." if known else ""
    return Fault(f"This property is unknown.{did_you_mean(steps[-1], known, quoted=False)}{listed}", pointer)
