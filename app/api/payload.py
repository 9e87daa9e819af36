"""Bodies of requests: read whole, of a media type that is read here, and not larger than it may be."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.errors import BadRequest, TooLarge, UnsupportedMediaType
from app.formats.apart import parse_apart
from app.formats.bundle import parse_document, parse_part
from app.rubric.ladder import Ladder
from app.rubric.text import Value

JSON: Final = "application/json"
YAML: Final = "application/yaml"
"""RFC 9512."""
MAX_YAML: Final = 2 * 1024 * 1024
"""Most bytes of a YAML body: it is slow to read."""
MAX_PART: Final = 2 * 1024 * 1024
"""Most bytes of what is not a whole document."""
_AT_HAND: Final = 256 * 1024
"""Up to so many bytes, JSON is read in this process; what is larger would hold it up."""
_Part = TypeVar("_Part", bound=Value)


async def body_of(request: Request) -> bytes:
    """The whole body. Raises TooLarge, and BadRequest where it ends too early."""
    try:
        return await request.body()
    except ClientDisconnect:
        raise BadRequest("The body ended before its Content-Length.") from None


BodyDep = Annotated[bytes, Depends(body_of)]


def media_type_of(request: Request, *known: str) -> str:
    """The media type of the body, one of those known here. Raises UnsupportedMediaType that names them."""
    given = request.headers.getlist("content-type")
    listed = " or ".join(known)
    if len(given) != 1:
        raise UnsupportedMediaType(f"Send {listed}, and say so in one Content-Type header.")
    media_type, *parameters = given[0].lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType("Send the body as UTF-8.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")
    if media_type.strip() not in known:
        raise UnsupportedMediaType(f"Send {listed}, not {media_type.strip()[:80]!r}.")
    return media_type.strip()


def ladder_in(body: bytes, media_type: str) -> Ladder:
    """The ladder in a body, as GET gives it or as a file holds it.

    Raises BadRequest where it does not parse, InvalidLadder where it has not the shape of a ladder, TooLarge.
    """
    if media_type == YAML:
        if len(body) > MAX_YAML:
            raise TooLarge(f"A YAML body holds at most {MAX_YAML:,} bytes. Send JSON, which may be larger.")
        return parse_apart(body, "document.yaml")
    if len(body) > _AT_HAND:
        return parse_apart(body, "document.json")
    return parse_document(body, "document.json")


def part_in(body: bytes, model: type[_Part]) -> _Part:
    """The value of that class in a JSON body, as GET gives it. Raises as `ladder_in` does."""
    if len(body) > MAX_PART:
        raise TooLarge(f"A part of a ladder holds at most {MAX_PART:,} bytes. Split it.")
    return parse_part(body, "body.json", model)


def body_in_openapi(description: str, *contents: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The entry of a body in the OpenAPI document: media types, each with its schema."""
    content = {media_type: {"schema": dict(schema)} for media_type, schema in contents}
    return {"requestBody": {"required": True, "description": description, "content": content}}
