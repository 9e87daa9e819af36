"""Stored answers of POST requests with an Idempotency-Key, so that a repeated request gets the same answer.

An answer is written in the transaction of the action that it reports, so both are stored or neither is. A
repeated request waits for the write lock, and therefore for the first request. Answers are kept for a day.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from app.errors import Invalid
from app.store.tables.authoring import IdempotencyRow
from app.store.tables.mapping import table_of

KEPT: Final = timedelta(hours=24)
MAX_STORED: Final = 1024 * 1024
"""The size limit in bytes of a stored body; a repeated request gets a longer answer without its body."""
_ROW: Final = table_of(IdempotencyRow)


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with an Idempotency-Key."""

    caller: str
    """The person or machine that sends it; each has keys of their own."""
    key: str
    request_sha256: str
    """Hash of the URL and the body, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer to a request, which is sent again if the request is repeated."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Location and ETag, if the answer has them."""
    body: bytes


def find_answer(connection: Connection, request: KeyedRequest, now: datetime) -> StoredAnswer | None:
    """Return the stored answer to a request; None if the request was not done within the last day.

    The caller holds the write lock. Raises Invalid if the key was used for another request.
    """
    current = (*_identity(request), _ROW.c.at > now - KEPT, _ROW.c.status.is_not(None))
    row = connection.execute(select(_ROW).where(*current)).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != request.request_sha256:
        raise Invalid("This Idempotency-Key was used for another request. Choose a new one for each request.")
    return _answer(row)


def store_answer(connection: Connection, request: KeyedRequest, answer: StoredAnswer, now: datetime) -> None:
    """Store the answer to a request, in the transaction of its action, and delete the answers of other days."""
    connection.execute(delete(_ROW).where(_ROW.c.at <= now - KEPT))
    connection.execute(delete(_ROW).where(*_identity(request)))
    body = answer.body if len(answer.body) <= MAX_STORED else b""
    row = {
        "caller": request.caller,
        "key": request.key,
        "request_sha256": request.request_sha256,
        "at": now,
        "status": answer.status,
        "headers": json.dumps(answer.headers),
        "body": zlib.compress(body),
    }
    connection.execute(insert(_ROW), row)


def _identity(request: KeyedRequest) -> Sequence[Any]:
    return _ROW.c.caller == request.caller, _ROW.c.key == request.key


def _answer(row: Row[Any]) -> StoredAnswer:
    headers = tuple((name, value) for name, value in json.loads(row.headers))
    return StoredAnswer(row.status, headers, zlib.decompress(bytes(row.body)))
