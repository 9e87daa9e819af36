"""Small JSON bodies that are sent: read into a value, once the caller is known to be allowed."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.api.protocol.request_bodies import JSON, body_in_openapi, body_within, media_type_of
from app.api.reading.patterns import in_words
from app.errors import MOST_FAULTS, BadRequest, Fault, Invalid
from app.rubric.suggest import did_you_mean
from app.rubric.text import Value

SentOf = TypeVar("SentOf", bound=Value)
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
    """Return the entry of that body in the OpenAPI document, with an example.

    The document adds the schema of the body that the route declares (`RouteFacts.body`).
    """
    told = body_in_openapi(inspect.getdoc(model) or "", (media_type, {}))
    told["requestBody"]["content"][media_type]["example"] = dict(example)
    return told


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
