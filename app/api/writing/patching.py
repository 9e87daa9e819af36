"""Patches: from the body of a PATCH to the value of what it leaves."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from fastapi import Request

from app.api.protocol.request_bodies import body_in_openapi, media_type_of
from app.errors import Fault, Invalid, InvalidLadder, UnsupportedMediaType
from app.formats.patches import json_patch, merge_patch, read_patch

MERGE_PATCH: Final = "application/merge-patch+json"
"""RFC 7396."""
JSON_PATCH: Final = "application/json-patch+json"
"""RFC 6902."""
_OPERATION: Final = {
    "type": "object",
    "required": ["op", "path"],
    "properties": {
        "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
        "path": {"type": "string", "description": "JSON Pointer (RFC 6901) into what GET gives."},
        "from": {"type": "string", "description": "JSON Pointer; needed by `move` and `copy`."},
        "value": {"description": "Needed by `add`, `replace` and `test`."},
    },
}
PATCH_BODY: Final = body_in_openapi(
    "What to change, as JSON Merge Patch (RFC 7396) or JSON Patch (RFC 6902). A failed `test` is a conflict.",
    (MERGE_PATCH, {"type": "object", "description": "The properties to change; null takes one away."}),
    (JSON_PATCH, {"type": "array", "maxItems": 1000, "items": _OPERATION}),
)
"""The entry of such a body in the OpenAPI document."""
Patched = TypeVar("Patched")


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch that was read and is still to be applied."""

    content: Any
    """What its JSON parses to."""
    merges: bool
    """Whether it is a JSON Merge Patch; else it is a JSON Patch."""


def only_of(request: Request, *known: str) -> str:
    """The media type of the body of a PATCH, one of those known here. Raises UnsupportedMediaType."""
    try:
        return media_type_of(request, *known)
    except UnsupportedMediaType as error:
        raise UnsupportedMediaType(error.detail, accept_patch=", ".join(known)) from None


def patch_in(request: Request, body: bytes) -> Patch:
    """The patch in a body. Raises BadRequest, Invalid, UnsupportedMediaType."""
    media_type = only_of(request, MERGE_PATCH, JSON_PATCH)
    return Patch(read_patch(body), merges=media_type == MERGE_PATCH)


def patched(current: dict[str, Any], patch: Patch, read: Callable[[bytes], Patched]) -> Patched:
    """What a patch leaves of the plain JSON of something, read as a body would be; `current` is used up.

    Raises Conflict where a test fails, Invalid where the patch cannot be applied, InvalidLadder where what it leaves
    has not the right shape: the pointers then lead into that.
    """
    left = merge_patch(current, patch.content) if patch.merges else json_patch(current, patch.content)
    try:
        return read(json.dumps(left, allow_nan=False).encode())
    except ValueError:
        raise Invalid("The patch holds a number that is too large; write one within 2^53 of zero.") from None
    except InvalidLadder as error:
        faults = [Fault(_without_place(fault.detail), fault.pointer) for fault in error.faults]
        detail = f"What the patch leaves is wrong: {_without_place(error.detail)}"
        raise InvalidLadder(detail, faults=faults) from None


def _without_place(detail: str) -> str:
    """A detail without the `file:line:column` at its beginning: nobody has that file."""
    return detail.partition(": ")[2] or detail
