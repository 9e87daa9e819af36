"""Bodies of requests: of a media type that is read here, and no larger than they may be, held while reading."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.errors import BadRequest, TooLarge, UnsupportedMediaType
from app.formats.bundle.reader import parse_document, parse_part
from app.formats.bundle.subprocess_parser import parse_apart
from app.rubric.ladder import Ladder
from app.rubric.text import Value
from app.serving.answers.incoming import BODY_TOO_LARGE
from app.store.drafts import MAX_CONTENT

JSON: Final = "application/json"
YAML: Final = "application/yaml"
"""RFC 9512."""
MAX_YAML: Final = 2 * 1024 * 1024
"""Most bytes of a YAML body: it is slow to read."""
MAX_PART: Final = 2 * 1024 * 1024
"""Most bytes of what is not a whole document."""
_AT_HAND: Final = 256 * 1024
"""Up to so many bytes, JSON is read in this process; what is larger would hold it up."""
_PART_TOO_LARGE: Final = f"A part of a ladder holds at most {MAX_PART:,} bytes. Split it."
_YAML_TOO_LARGE: Final = f"A YAML body holds at most {MAX_YAML:,} bytes. Send JSON, which may be larger."
_BODY: Final = "ladder.body"
"""Where the scope of a request keeps its body."""
_Part = TypeVar("_Part", bound=Value)


async def body_within(request: Request, most: int, said: str) -> bytes:
    """The whole body, of which no more than `most` bytes and one piece are ever in memory.

    It is read once; who asks again gets the same. Raises TooLarge that says so as `said`, as soon as it is clear, and
    BadRequest where the body ends too early.
    """
    declared = request.headers.get("content-length", "")
    kept: bytes | None = request.scope.get(_BODY)
    if (declared.isdigit() and int(declared) > most) or (kept is not None and len(kept) > most):
        raise TooLarge(said)
    if kept is not None:
        return kept
    body = bytearray()
    try:
        async for piece in request.stream():
            if len(body) + len(piece) > most:
                raise TooLarge(said)
            body += piece
    except ClientDisconnect:
        raise BadRequest("The body ended before its Content-Length.") from None
    whole = bytes(body)
    request.scope[_BODY] = whole
    return whole


async def part_of(request: Request) -> bytes:
    """The body that writes a part of a ladder, or patches it. Raises as `body_within`."""
    return await body_within(request, MAX_PART, _PART_TOO_LARGE)


async def document_of(request: Request) -> bytes:
    """The body that writes a whole ladder. Raises as `body_within`."""
    slow = request.headers.get("content-type", "").lower().partition(";")[0].strip() == YAML
    most = MAX_YAML if slow else MAX_CONTENT
    return await body_within(request, most, _YAML_TOO_LARGE if slow else BODY_TOO_LARGE)


PartBodyDep = Annotated[bytes, Depends(part_of)]
DocumentBodyDep = Annotated[bytes, Depends(document_of)]


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

    Raises BadRequest where it does not parse, InvalidLadder where it has not the shape of a ladder.
    """
    if media_type == YAML:
        return parse_apart(body, "document.yaml")
    if len(body) > _AT_HAND:
        return parse_apart(body, "document.json")
    return parse_document(body, "document.json")


def part_in(body: bytes, model: type[_Part]) -> _Part:
    """The value of that class in a JSON body, as GET gives it. Raises as `ladder_in` does, and TooLarge."""
    if len(body) > MAX_PART:
        raise TooLarge(_PART_TOO_LARGE)
    return parse_part(body, "body.json", model)


def body_in_openapi(description: str, *contents: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The entry of a body in the OpenAPI document: media types, each with its schema."""
    content = {media_type: {"schema": dict(schema)} for media_type, schema in contents}
    return {"requestBody": {"required": True, "description": description, "content": content}}
