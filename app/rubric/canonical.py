"""The canonical JSON of a ladder and its hash.

Canonical JSON is RFC 8785 (sorted keys, one form for each number, UTF-8) over the content alone: no number,
notes, dates or status of a release. None, empty lists and empty maps are left out however the value was
built; the defaults that mean something (`applicability`, `cumulative`, `language`) are always written. So a
property added to the model later changes no hash of a ladder that does not use it.
"""

import hashlib

import rfc8785
from pydantic import BaseModel

from app.rubric.ladder import Ladder


def plain(value: BaseModel) -> dict[str, object]:
    """Return the value as JSON types (dict, list, str, int, float) without None, empty lists and empty maps."""
    kept = _without_empty(value.model_dump(mode="json"))
    assert isinstance(kept, dict)  # noqa: S101 - a model dumps as a dict
    return kept


def canonical(ladder: Ladder) -> bytes:
    """Return the ladder's canonical JSON (RFC 8785), UTF-8; equal ladders give equal bytes."""
    return rfc8785.dumps(plain(ladder))  # type: ignore[arg-type]  # its JSON type is recursive, ours is object


def content_sha256(content: bytes) -> str:
    """SHA-256 of canonical JSON as 64 lower-case hexadecimal digits: the content hash of a release."""
    return hashlib.sha256(content).hexdigest()


def _without_empty(value: object) -> object:
    if isinstance(value, dict):
        pairs = ((name, _without_empty(item)) for name, item in value.items())
        return {name: item for name, item in pairs if item not in (None, {}, [])}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value
