"""Content that waits for a person, for one hour: an upload until it is confirmed, a form until they signed in again.

It is in the database, so any replica can continue with it. Only its own person finds it, with a token of which only
the hash is stored. Each person has a few of one purpose; a new one takes the place of the oldest.
"""

import hashlib
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.errors import TooLarge
from app.store.drafts import MAX_CONTENT
from app.store.tables.authoring import WaitingRow
from app.store.tables.mapping import table_of

KEPT: Final = timedelta(hours=1)
MOST: Final = 5
"""Most that one person can have waiting for one purpose."""
_MOST_BYTES: Final = 2 * MAX_CONTENT
"""Most bytes that one person can have waiting for one purpose."""
_TOKEN_BYTES: Final = 32
_WAITING: Final = table_of(WaitingRow)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Content that waits for a person."""

    person: str
    """The identity of the person: of an account at an issuer, else the name."""
    purpose: str
    """What it waits for, such as `import`."""
    content: bytes
    ladder: str | None = None
    """The ladder that it is for; None if there is none yet."""
    tag: str | None = None
    """The entity tag of what it changes, as the person saw it."""


def keep_waiting(connection: Connection, waiting: Waiting, now: datetime) -> str:
    """Keep content in the caller's write transaction, and return the token that finds it. Raises TooLarge.

    Content of everybody that has waited for an hour is deleted. So is the oldest of the same person and purpose if
    they have too many, or too many bytes.
    """
    size = len(waiting.content)
    if size > MAX_CONTENT:
        raise TooLarge(f"This has {size:,} bytes. The limit is {MAX_CONTENT:,}.")
    sweep_waiting(connection, now)
    _make_room(connection, waiting)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {
        "id_sha256": _hashed(token),
        "person": waiting.person,
        "purpose": waiting.purpose,
        "ladder": waiting.ladder,
        "tag": waiting.tag,
        "size": size,
        "content": zlib.compress(waiting.content),
        "created_at": now,
    }
    connection.execute(insert(_WAITING), row)
    return token


def find_waiting(
    connection: Connection, token: str, person: str, purpose: str, now: datetime
) -> Waiting | None:
    """Return the content with that token; None if it is over, was taken, or is another person's."""
    columns = _WAITING.c
    chosen = (columns.id_sha256 == _hashed(token), columns.person == person, columns.purpose == purpose)
    row = connection.execute(select(_WAITING).where(*chosen, columns.created_at > now - KEPT)).one_or_none()
    if row is None:
        return None
    return Waiting(row.person, row.purpose, zlib.decompress(bytes(row.content)), row.ladder, row.tag)


def take_waiting(connection: Connection, token: str, person: str) -> bool:
    """Delete what waits for a person with that token, and return whether it was there.

    Exactly one transaction can take it.
    """
    theirs = (_WAITING.c.id_sha256 == _hashed(token), _WAITING.c.person == person)
    return connection.execute(delete(_WAITING).where(*theirs)).rowcount == 1


def sweep_waiting(connection: Connection, now: datetime) -> int:
    """Delete what has waited for an hour, and return the number."""
    return connection.execute(delete(_WAITING).where(_WAITING.c.created_at <= now - KEPT)).rowcount


def _make_room(connection: Connection, waiting: Waiting) -> None:
    """Delete the oldest content of the person and purpose, so that one more is within the limits."""
    columns = _WAITING.c
    theirs = (columns.person == waiting.person, columns.purpose == waiting.purpose)
    rows = connection.execute(
        select(columns.id_sha256, columns.size)
        .where(*theirs)
        .order_by(columns.created_at.desc(), columns.id_sha256)
    ).all()
    total = len(waiting.content)
    for number, row in enumerate(rows, start=1):
        total += row.size
        if number >= MOST or total > _MOST_BYTES:
            connection.execute(delete(_WAITING).where(columns.id_sha256 == row.id_sha256))


def _hashed(token: str) -> str:
    """Return the stored hash of a token. Tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
