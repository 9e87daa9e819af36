"""Sessions of people at the pages: begun with a key, found by the token in a cookie, ended.

Only the hash of a token is stored: who reads the table can be nobody by it. What a session allows is what its key
allows at that moment, so nothing of that is stored either.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.store.mapping import table_of
from app.store.tables.authoring import SessionRow

_SESSION: Final = table_of(SessionRow)
_TOKEN_BYTES: Final = 32
MOST: Final = 100
"""Sessions of one key at the same time; the oldest makes room."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session. All times are UTC and aware."""

    key_id: str
    """The key that it was begun with."""
    created_at: datetime
    expires_at: datetime
    """When it ends, whatever happens meanwhile."""


def create_session(connection: Connection, key_id: str, now: datetime, expires_at: datetime) -> str:
    """Begin a session of a key; gives the token, which is nowhere kept. Part of the caller's write transaction.

    Sessions that have ended by themselves are swept away, and the oldest of the key where it has too many.
    """
    sweep_sessions(connection, now)
    columns = _SESSION.c
    newest_first = select(columns.id_sha256).where(columns.key_id == key_id)
    too_many = newest_first.order_by(columns.created_at.desc(), columns.id_sha256).offset(MOST - 1)
    for one in connection.execute(too_many).scalars().all():
        connection.execute(delete(_SESSION).where(columns.id_sha256 == one))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {"id_sha256": _hashed(token), "key_id": key_id, "created_at": now, "expires_at": expires_at}
    connection.execute(insert(_SESSION), row)
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Return the session with that token; None if there is none or it has ended."""
    row = connection.execute(select(_SESSION).where(_SESSION.c.id_sha256 == _hashed(token))).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    return Session(row.key_id, row.created_at, row.expires_at)


def end_session(connection: Connection, token: str) -> bool:
    """Delete a session, and return whether it existed."""
    ended = delete(_SESSION).where(_SESSION.c.id_sha256 == _hashed(token))
    return connection.execute(ended).rowcount == 1


def end_sessions_of(connection: Connection, key_id: str) -> int:
    """Delete all sessions of a key, and return their number."""
    return connection.execute(delete(_SESSION).where(_SESSION.c.key_id == key_id)).rowcount


def sweep_sessions(connection: Connection, now: datetime) -> int:
    """Remove what has ended by itself; gives how many there were."""
    return connection.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now)).rowcount


def _hashed(token: str) -> str:
    """Return the stored hash of a token. Tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
