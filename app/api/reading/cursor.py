"""Opaque cursors for pages of a list.

A cursor is valid only for the release, list, filters and sort order that it came from.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from app.api.reading.queries import wrong_value
from app.errors import InvalidParameter


def list_identity(name: str, filters: Mapping[str, Any], sort: str | None) -> str:
    """Return a short digest of a list, its filters and its sort order. Cursors carry it."""
    identity = json.dumps([name, sorted((key, str(value)) for key, value in filters.items()), sort])
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def write(identity: str, place: str) -> str:
    """Return a cursor that continues at `place`, in URL-safe characters."""
    return base64.urlsafe_b64encode(f"{identity}.{place}".encode()).decode().rstrip("=")


def read(cursor: str | None, identity: str, parameter: str = "cursor") -> str | None:
    """Return the place where the list continues; None for its start.

    Raises InvalidParameter for text that is not a cursor, and for the cursor of another list.
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
            "This cursor belongs to another release, list, filter or sort order. Start again at the first page.",
        )
    return place


def read_position(cursor: str | None, identity: str, parameter: str = "cursor") -> int:
    """Return the position in a list, starting at 0, that a cursor holds. Raises the same errors as `read`."""
    place = read(cursor, identity, parameter)
    if place is not None and not place.isdigit():
        raise not_a_cursor(parameter)
    return 0 if place is None else int(place)


def not_a_cursor(parameter: str = "cursor") -> InvalidParameter:
    """Return the error for text that is not a cursor."""
    return wrong_value(parameter, "This is not a cursor. Use the `next` link of a page.")
