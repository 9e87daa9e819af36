"""Request bodies: their media types, their size limits, and reading them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.errors import BadRequest, TooLarge, UnsupportedMediaType
from app.formats.bundle.reader import parse_document, parse_document_within, parse_part
from app.formats.bundle.subprocess_parser import parse_apart, parse_within_apart
from app.rubric.ladder import Ladder
from app.rubric.text import Value
from app.serving.answers.request import BODY_TOO_LARGE
from app.store.drafts import MAX_CONTENT

JSON: Final = "application/json"
YAML: Final = "application/yaml"
"""RFC 9512."""
MAX_YAML: Final = 2 * 1024 * 1024
"""The size limit of a YAML body, which is slow to parse."""
MAX_PART: Final = 2 * 1024 * 1024
"""The size limit of a body that is one entity of a ladder."""
MAX_SMALL: Final = 256 * 1024
"""The size limit of all other bodies, such as settings, comments and the options of a publish."""
_IN_PROCESS: Final = 256 * 1024
"""JSON bodies up to this size are parsed in this process; larger ones in a subprocess."""
_PART_TOO_LARGE: Final = f"A part of a ladder can have at most {MAX_PART:,} bytes. Split it."
_SMALL_TOO_LARGE: Final = f"The body of this request can have at most {MAX_SMALL:,} bytes. Shorten it."
_YAML_TOO_LARGE: Final = f"A YAML body can have at most {MAX_YAML:,} bytes. Send JSON, which can be larger."
_BODY: Final = "ladder.body"
"""The key under which the scope of a request holds its body."""
_Part = TypeVar("_Part", bound=Value)


async def body_within(request: Request, most: int, said: str) -> bytes:
    """Return the whole body, with at most `most` bytes and one chunk in memory.

    The body is read once; later calls return the same bytes. Raises TooLarge with the detail `said` as soon as the
    body is known to be too large, and BadRequest if it ends early.
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
        raise BadRequest("The body is shorter than its Content-Length.") from None
    whole = bytes(body)
    request.scope[_BODY] = whole
    return whole


async def part_of(request: Request) -> bytes:
    """Return the body that writes or patches a part of a ladder. Raises as `body_within`."""
    return await body_within(request, MAX_PART, _PART_TOO_LARGE)


async def small_of(request: Request) -> bytes:
    """Return the body of a POST, or another small one. Raises as `body_within`."""
    return await body_within(request, MAX_SMALL, _SMALL_TOO_LARGE)


async def document_of(request: Request) -> bytes:
    """Return the body that writes a whole ladder. Raises as `body_within`."""
    slow = request.headers.get("content-type", "").lower().partition(";")[0].strip() == YAML
    most = MAX_YAML if slow else MAX_CONTENT
    return await body_within(request, most, _YAML_TOO_LARGE if slow else BODY_TOO_LARGE)


SmallBodyDep = Annotated[bytes, Depends(small_of)]
PartBodyDep = Annotated[bytes, Depends(part_of)]
DocumentBodyDep = Annotated[bytes, Depends(document_of)]


def media_type_of(request: Request, *known: str) -> str:
    """Return the media type of the body, one of `known`. Raises UnsupportedMediaType, which lists them."""
    given = request.headers.getlist("content-type")
    listed = " or ".join(known)
    if len(given) != 1:
        raise UnsupportedMediaType(f"Send {listed}, with one Content-Type header.")
    media_type, *parameters = given[0].lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType("Send the body as UTF-8.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    if media_type.strip() not in known:
        raise UnsupportedMediaType(f"Send {listed}, not {media_type.strip()[:80]!r}.")
    return media_type.strip()


def ladder_in(body: bytes, media_type: str) -> Ladder:
    """Return the ladder in a body, in the format of GET or of ladder files.

    Raises BadRequest if the body does not parse, InvalidLadder if it does not have the shape of a ladder.
    """
    if media_type == YAML:
        return parse_apart(body, "document.yaml")
    if len(body) > _IN_PROCESS:
        return parse_apart(body, "document.json")
    return parse_document(body, "document.json")


def ladder_within(body: bytes, member: str) -> tuple[Ladder, dict[str, object]]:
    """Return the ladder in one property of a JSON body, and the other properties. Raises as `ladder_in`."""
    parse = parse_within_apart if len(body) > _IN_PROCESS else parse_document_within
    return parse(body, "body.json", member)


def part_in(body: bytes, model: type[_Part]) -> _Part:
    """Return the value of that class in a JSON body, in the format of GET. Raises as `ladder_in`, and TooLarge."""
    if len(body) > MAX_PART:
        raise TooLarge(_PART_TOO_LARGE)
    return parse_part(body, "body.json", model)


def body_in_openapi(description: str, *contents: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the entry of a body in the OpenAPI document: media types, each with its schema."""
    content = {media_type: {"schema": dict(schema)} for media_type, schema in contents}
    return {"requestBody": {"required": True, "description": description, "content": content}}
