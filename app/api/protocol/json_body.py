"""Small JSON bodies that are sent: read into a value, once the caller is known to be allowed."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.encoders import jsonable_encoder
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.api.protocol.request_bodies import JSON, body_in_openapi, body_within, media_type_of
from app.api.reading.patterns import in_words
from app.errors import MOST_FAULTS, BadRequest, Fault, Invalid
from app.rubric.suggest import did_you_mean
from app.rubric.text import Value

SentOf = TypeVar("SentOf", bound=Value)
NAMED: Final = "#/components/schemas/{model}"
"""How the OpenAPI document refers to a schema."""
_BODIES: Final[dict[str, type[Value]]] = {}
"""Every body that `named` names, by its name; whole once all routes are made."""
MAX_SMALL: Final = 256 * 1024
"""Most bytes of such a body."""


def sent(model: type[SentOf], media_type: str = JSON) -> Callable[[Request], Awaitable[SentOf]]:
    """A dependency that gives the body as a value of that class.

    It raises BadRequest where the body is not JSON, Invalid with a JSON Pointer for each fault in it, TooLarge, and
    UnsupportedMediaType.
    """

    async def read(request: Request) -> SentOf:
        media_type_of(request, *{media_type: None, JSON: None})
        body = await body_within(
            request, MAX_SMALL, f"A body here holds at most {MAX_SMALL:,} bytes. Send less."
        )
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            raise _refused(error, model) from None

    return read


def telling(model: type[Value], example: Mapping[str, Any], media_type: str = JSON) -> dict[str, Any]:
    """The entry of that body in the OpenAPI document, with an example."""
    told = body_in_openapi(inspect.getdoc(model) or "", (media_type, named(model)))
    told["requestBody"]["content"][media_type]["example"] = dict(example)
    return told


def named(model: type[Value]) -> dict[str, str]:
    """The name of a body, in whose place `put_in` puts its schema once somebody asks for the OpenAPI document."""
    name = NAMED.format(model=model.__name__)
    _BODIES[name] = model
    return {"$ref": name}


def put_in(operation: dict[str, Any]) -> dict[str, Any]:
    """Put the schema of its body into an operation that names it; gives the schemas of the body's parts, by name."""
    parts: dict[str, Any] = {}
    body = operation.get("requestBody", {"content": {}})
    for content in body["content"].values():
        model = _BODIES.get(content["schema"].get("$ref", ""))
        if model is not None:
            # Defaults that are null are left out, as FastAPI does everywhere else.
            schema = jsonable_encoder(model.model_json_schema(ref_template=NAMED), exclude_none=True)
            if schema.get("description") == body["description"]:
                del schema["description"]
            parts |= schema.pop("$defs", {})
            content["schema"] = schema
    return parts


def _refused(error: ValidationError, model: type[Value]) -> BadRequest | Invalid:
    """What is wrong with a body, without repeating it."""
    found = error.errors(include_input=False, include_url=False)[:MOST_FAULTS]
    if found[0]["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}.")
    return Invalid("The body is wrong.", faults=[_fault(one, model) for one in found])


def _fault(found: ErrorDetails, model: type[Value]) -> Fault:
    steps = [str(step).replace("~", "~0").replace("/", "~1")[:80] for step in found["loc"]]
    pointer = "".join(f"/{step}" for step in steps)
    if found["type"] != "extra_forbidden":
        return Fault(in_words(found), pointer)
    known = list(model.model_fields) if len(steps) == 1 else []
    listed = f" Known: {', '.join(known)}." if known else ""
    return Fault(
        f"There is no such property here.{did_you_mean(steps[-1], known, quoted=False)}{listed}", pointer
    )
