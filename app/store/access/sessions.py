"""Sign-in sessions for the pages: starting one with a key, finding it by the token in a cookie, ending it.

Only the hash of a token is stored, so reading the table does not let anyone sign in. A session has the rights that
its key has at that moment, so no rights are stored either.
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
"""Most sessions of one key at the same time; a further sign-in ends the oldest."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session. All times are UTC and aware."""

    key_id: str
    """The key that the person signed in with."""
    created_at: datetime
    expires_at: datetime
    """The time at which it ends in any case."""


def create_session(connection: Connection, key_id: str, now: datetime, expires_at: datetime) -> str:
    """Start a session of a key in the caller's write transaction, and return the token, which is not stored.

    Expired sessions are deleted, and so is the oldest session of the key if it has too many.
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
    """Delete expired sessions, and return their number."""
    return connection.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now)).rowcount


def _hashed(token: str) -> str:
    """Return the stored hash of a token. Tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
