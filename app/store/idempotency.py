"""What POSTs with an Idempotency-Key were answered, so that whoever sends one again gets the same answer.

A row is made before the request runs and holds its answer afterwards. It is kept for a day; old rows go when new
ones come. A request that neither ended nor failed within a minute counts as abandoned: its process is gone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.errors import Conflict, Invalid
from app.store.mapping import table_of
from app.store.revision import hold_revision
from app.store.tables.authoring import IdempotencyRow

KEPT: Final = timedelta(hours=24)
ABANDONED: Final = timedelta(minutes=1)
_ROW: Final = table_of(IdempotencyRow)


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to be done once."""

    caller: str
    """Who asks: keys of two callers are never the same."""
    key: str
    request_sha256: str
    """What is asked, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def begin_once(connection: Connection, once: Once, now: datetime) -> Answered | None:
    """Take the key for a request that runs from now on, or give what the same request was answered before.

    Part of a write transaction of its own. Raises Conflict while the first is running, Invalid where the key was
    used for another request.
    """
    hold_revision(connection)
    connection.execute(delete(_ROW).where(_ROW.c.at <= now - KEPT))
    row = connection.execute(select(_ROW).where(*_this(once))).one_or_none()
    if row is None:
        started = {"caller": once.caller, "key": once.key, "request_sha256": once.request_sha256, "at": now}
        connection.execute(insert(_ROW), started)
        return None
    if row.request_sha256 != once.request_sha256:
        raise Invalid("This Idempotency-Key was used for another request. Choose a new one for each.")
    if row.status is not None:
        return _answered(row)
    if row.at > now - ABANDONED:
        raise Conflict("The first request with this Idempotency-Key is running. Send it again in a while.")
    connection.execute(update(_ROW).where(*_this(once)).values(at=now))
    return None


def keep_answer(connection: Connection, once: Once, answered: Answered) -> None:
    """Keep what a request was answered."""
    headers = json.dumps(answered.headers)
    answer = {"status": answered.status, "headers": headers, "body": answered.body}
    connection.execute(update(_ROW).where(*_this(once)).values(answer))


def forget_once(connection: Connection, once: Once) -> None:
    """Give the key free: the request was refused, and nothing was done."""
    connection.execute(delete(_ROW).where(*_this(once), _ROW.c.status.is_(None)))


def _this(once: Once) -> Sequence[Any]:
    return _ROW.c.caller == once.caller, _ROW.c.key == once.key


def _answered(row: Row[Any]) -> Answered:
    headers = tuple((name, value) for name, value in json.loads(row.headers))
    return Answered(row.status, headers, bytes(row.body))
