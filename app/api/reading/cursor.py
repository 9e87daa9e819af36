"""Opaque cursors: where a list goes on, bound to the release, list, filters and order that they came from."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from app.api.reading.queries import wrong_value
from app.errors import InvalidParameter


def list_identity(name: str, filters: Mapping[str, Any], sort: str | None) -> str:
    """What a cursor belongs to, as a short digest: a list by any name, its filters and its order."""
    said = json.dumps([name, sorted((key, str(value)) for key, value in filters.items()), sort])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def write(identity: str, place: str) -> str:
    """Make a cursor that goes on at `place`, in URL-safe characters."""
    return base64.urlsafe_b64encode(f"{identity}.{place}".encode()).decode().rstrip("=")


def read(cursor: str | None, identity: str, parameter: str = "cursor") -> str | None:
    """The place where the list goes on, None for its start.

    Raises InvalidParameter for text that is no cursor, and for the cursor of another list.
    """
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (ValueError, binascii.Error):
        raise not_a_cursor(parameter) from None
    owner, dot, place = text.partition(".")
    if not dot or len(owner) != len(identity) or write(owner, place) != cursor:
        raise not_a_cursor(parameter)
    if owner != identity:
        raise wrong_value(
            parameter,
            "This cursor belongs to another release, list, filter or order. Begin at the list's first page.",
        )
    return place


def read_position(cursor: str | None, identity: str, parameter: str = "cursor") -> int:
    """The position in a list from 0, of a cursor that tells one. Raises as `read`."""
    place = read(cursor, identity, parameter)
    if place is not None and not place.isdigit():
        raise not_a_cursor(parameter)
    return 0 if place is None else int(place)


def not_a_cursor(parameter: str = "cursor") -> InvalidParameter:
    """The error for text that no list gave out."""
    return wrong_value(parameter, "This is no cursor. Follow the `next` link of a page.")
