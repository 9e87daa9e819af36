"""The canonical JSON of a ladder and its hash.

Canonical JSON is RFC 8785 (sorted keys, one form for each number, UTF-8) over the content alone: no number,
notes, dates or status of a release. None, empty lists and empty maps are left out however the value was
built; the defaults that mean something (`applicability`, `cumulative`, `language`) are always written. So a
property added to the model later changes no hash of a ladder that does not use it.
"""

import hashlib
import json
from typing import Final

import rfc8785
from pydantic import BaseModel

from app.rubric.ladder import Ladder

_LARGEST: Final = 2**53
_COMPACT: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
"""It writes what RFC 8785 asks for, except some numbers and the order of some names (see `encoded`)."""


def plain(value: BaseModel) -> dict[str, object]:
    """Return the value as JSON types (dict, list, str, int, float) without None, empty lists and empty maps."""
    return _without_empty(value.model_dump(mode="json", exclude_none=True))


def canonical(ladder: Ladder) -> bytes:
    """Return the ladder's canonical JSON (RFC 8785), UTF-8; equal ladders give equal bytes."""
    return encoded(plain(ladder))


def encoded(value: dict[str, object]) -> bytes:
    """Return JSON types as RFC 8785 asks for.

    The encoder of the standard library is many times faster and writes the same bytes if every name is ASCII and
    every number is an integer within 2^53.
    """
    if _is_simple(value):
        return _COMPACT.encode(value).encode()
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its JSON type is recursive, ours is object


def _is_simple(value: object) -> bool:
    """Return whether both encoders write the same bytes for the value."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(name.isascii() and _is_simple(item) for name, item in value.items())  # type: ignore[attr-defined]
    if kind is list:
        return all(map(_is_simple, value))  # type: ignore[call-overload]
    return kind is int and -_LARGEST < value < _LARGEST  # type: ignore[operator]


def content_sha256(content: bytes) -> str:
    """SHA-256 of canonical JSON as 64 lower-case hexadecimal digits: the content hash of a release."""
    return hashlib.sha256(content).hexdigest()


def _without_empty(value: dict[str, object]) -> dict[str, object]:
    kept: dict[str, object] = {}
    for name, item in value.items():
        if isinstance(item, dict):
            item = _without_empty(item)  # noqa: PLW2901 - a shorter copy of the same item
        elif isinstance(item, list):
            item = [_without_empty(one) if isinstance(one, dict) else one for one in item]  # noqa: PLW2901
        if item is not None and item not in ([], {}):
            kept[name] = item
    return kept
