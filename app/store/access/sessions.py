"""Sign-in sessions for the pages: starting one, finding it by the token in a cookie, ending it.

Only the hash of a token is stored, so reading the table does not let anyone sign in. A session that began with a key
has the rights that its key has at that moment. The session of a person of an OpenID Connect issuer holds the rights
that the issuer's claims gave when it began; no token of the issuer is stored.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from app.rubric.people import Account
from app.store.tables.authoring import SessionRow
from app.store.tables.mapping import table_of

_SESSION: Final = table_of(SessionRow)
_TOKEN_BYTES: Final = 32
MOST: Final = 100
"""Most sessions of one key or person at the same time; a further sign-in ends the oldest."""
REMEMBERED: Final = timedelta(hours=12)
"""How long a session that has expired is remembered, so that a form of its person can be kept."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person who signed in at the issuer."""

    name: str
    """The name by which authors and approvers are told apart."""
    shown_name: str
    grants: str
    """The rights that the issuer's claims gave, as JSON."""
    account: Account | None = None
    """The account at the issuer; None in sessions that began before this was recorded."""
    no_groups: str | None = None
    """The reason why the claims gave no rights; None if they gave some."""
    email: str | None = None
    """The address that the issuer verified; None without one. It is not stored in the session."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session, of a key or of a person. All times are UTC and aware."""

    key_id: str | None
    """The key that the person signed in with; None for a person of the issuer."""
    created_at: datetime
    expires_at: datetime
    """The time at which it ends in any case."""
    person: Person | None = None
    """The person of the issuer."""


def create_session(connection: Connection, of: str | Person, now: datetime, expires_at: datetime) -> str:
    """Start a session in the caller's write transaction, and return the token, which is not stored.

    Sessions that expired hours ago are deleted. So is the oldest session of the key or person if there are too
    many.

    Args:
        connection: A connection in a write transaction.
        of: Id of the key, or the person.
        now: The time of the sign-in.
        expires_at: The time at which the session ends.
    """
    sweep_sessions(connection, now)
    columns = _SESSION.c
    too_many = (
        select(columns.id_sha256).where(*_theirs(of)).order_by(columns.created_at.desc(), columns.id_sha256)
    )
    for one in connection.execute(too_many.offset(MOST - 1)).scalars().all():
        connection.execute(delete(_SESSION).where(columns.id_sha256 == one))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row: dict[str, object] = {"id_sha256": _hashed(token), "created_at": now, "expires_at": expires_at}
    if isinstance(of, str):
        row["key_id"] = of
    else:
        row |= {"person": of.name, "shown_name": of.shown_name, "grants": of.grants}
        row |= {"no_groups": of.no_groups, **(of.account._asdict() if of.account else {})}
    connection.execute(insert(_SESSION), row)
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Return the session with that token; None if there is none or it has ended."""
    found = _find(connection, _hashed(token))
    return None if found is None or found.expires_at <= now else found


def find_ended_session(connection: Connection, id_sha256: str, now: datetime) -> Session | None:
    """Return the session whose token has that hash if it has expired and is still remembered."""
    found = _find(connection, id_sha256)
    return found if found is not None and now - REMEMBERED < found.expires_at <= now else None


def find_signed_in(connection: Connection, now: datetime) -> tuple[Person, ...]:
    """Return the people of an issuer who are signed in, once each, the latest sign-in first."""
    columns = _SESSION.c
    chosen = select(_SESSION).where(columns.subject.is_not(None), columns.expires_at > now)
    found: dict[Account | None, Person] = {}
    for row in connection.execute(chosen.order_by(columns.created_at.desc(), columns.id_sha256)):
        person = _person(row)
        if person is not None:
            found.setdefault(person.account, person)
    return tuple(found.values())


def end_session(connection: Connection, token: str) -> bool:
    """Delete a session, and return whether it existed."""
    ended = delete(_SESSION).where(_SESSION.c.id_sha256 == _hashed(token))
    return connection.execute(ended).rowcount == 1


def end_sessions_of(connection: Connection, key_id: str) -> int:
    """Delete all sessions of a key, and return their number."""
    return connection.execute(delete(_SESSION).where(_SESSION.c.key_id == key_id)).rowcount


def sweep_sessions(connection: Connection, now: datetime) -> int:
    """Delete sessions that expired hours ago, and return their number."""
    return connection.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now - REMEMBERED)).rowcount


def _theirs(of: str | Person) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of the sessions of a key or person. Other accounts may have the same name."""
    columns = _SESSION.c
    if isinstance(of, str):
        return (columns.key_id == of,)
    if of.account is None:
        return columns.person == of.name, columns.subject.is_(None)
    return columns.issuer == of.account.issuer, columns.subject == of.account.subject


def _find(connection: Connection, id_sha256: str) -> Session | None:
    row = connection.execute(select(_SESSION).where(_SESSION.c.id_sha256 == id_sha256)).one_or_none()
    if row is None:
        return None
    return Session(row.key_id, row.created_at, row.expires_at, _person(row))


def _person(row: Row[Any]) -> Person | None:
    if row.person is None:
        return None
    account = None if row.issuer is None else Account(row.issuer, row.subject)
    return Person(row.person, row.shown_name, row.grants, account, row.no_groups)


def _hashed(token: str) -> str:
    """Return the stored hash of a token. Tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
