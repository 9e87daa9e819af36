"""Patches: reading the body of a PATCH, and applying it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from fastapi import Request

from app.api.protocol.json_body import NAMED
from app.api.protocol.request_bodies import MAX_PART, body_in_openapi, media_type_of
from app.api.reading.json_values import ANY_OBJECT
from app.errors import Fault, Invalid, InvalidLadder, TooLarge, UnsupportedMediaType
from app.formats.patches import json_patch, merge_patch, read_patch

MERGE_PATCH: Final = "application/merge-patch+json"
"""RFC 7396."""
JSON_PATCH: Final = "application/json-patch+json"
"""RFC 6902."""
PATCH_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "MergePatch": {
        **ANY_OBJECT,
        "title": "MergePatch",
        "description": "The fields to change. Null removes a field.",
    },
    "JsonPatch": {
        "title": "JsonPatch",
        "type": "array",
        "maxItems": 1000,
        "items": {"$ref": NAMED.format(model="JsonPatchOperation")},
    },
    "JsonPatchOperation": {
        "title": "JsonPatchOperation",
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": {"type": "string", "enum": ["add", "remove", "replace", "move", "copy", "test"]},
            "path": {
                "type": "string",
                "description": "JSON Pointer (RFC 6901) into the body that GET returns.",
            },
            "from": {"type": "string", "description": "JSON Pointer. Required for `move` and `copy`."},
            "value": {"description": "Required for `add`, `replace` and `test`."},
        },
    },
}
"""The schemas of patches in the OpenAPI document, by name."""
PATCH_BODY: Final = body_in_openapi(
    "The changes, as JSON Merge Patch (RFC 7396) or JSON Patch (RFC 6902). A failed `test` is a conflict.",
    (MERGE_PATCH, {"$ref": NAMED.format(model="MergePatch")}),
    (JSON_PATCH, {"$ref": NAMED.format(model="JsonPatch")}),
)
"""The entry of the body of a patch in the OpenAPI document."""
Patched = TypeVar("Patched")


@dataclass(frozen=True, slots=True)
class Patch:
    """A parsed patch that is not yet applied."""

    content: Any
    """The parsed JSON."""
    merges: bool
    """True for a JSON Merge Patch, false for a JSON Patch."""


def only_of(request: Request, *known: str) -> str:
    """Return the media type of the body of a PATCH, one of `known`. Raises UnsupportedMediaType."""
    try:
        return media_type_of(request, *known)
    except UnsupportedMediaType as error:
        raise UnsupportedMediaType(error.detail, accept_patch=", ".join(known)) from None


def patch_in(request: Request, body: bytes) -> Patch:
    """Return the patch in the body. Raises BadRequest, Invalid, UnsupportedMediaType."""
    media_type = only_of(request, MERGE_PATCH, JSON_PATCH)
    return Patch(read_patch(body), merges=media_type == MERGE_PATCH)


def patched(
    current: dict[str, Any], patch: Patch, read: Callable[[bytes], Patched], most: int = MAX_PART
) -> Patched:
    """Return the patched value, checked like a body. `current` is the plain JSON to patch, which this changes.

    Raises:
        Conflict: A `test` failed.
        Invalid: The patch cannot be applied.
        InvalidLadder: The result does not have the right shape; the pointers lead into the result.
        TooLarge: The patch adds more than `most` bytes, or the result is longer.
    """
    merged = merge_patch(current, patch.content) if patch.merges else None
    left = json_patch(current, patch.content, most) if merged is None else merged
    try:
        content = json.dumps(left, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise Invalid("The patch contains half of a surrogate pair. Send whole characters.") from None
    except ValueError:
        raise Invalid("The patch contains a number that is too large. The limit is 2^53.") from None
    if len(content) > most:
        raise TooLarge(f"The result of the patch has {len(content):,} bytes. The limit is {most:,}.")
    try:
        return read(content)
    except InvalidLadder as error:
        faults = [Fault(_without_place(fault.detail), fault.pointer) for fault in error.faults]
        detail = f"The result of the patch is invalid: {_without_place(error.detail)}"
        raise InvalidLadder(detail, faults=faults) from None


def _without_place(detail: str) -> str:
    """Return a detail without the `file:line:column` at its start: the client has no such file."""
    return detail.partition(": ")[2] or detail
