"""API keys: made, found, ended. Only their hashes are stored, so a key is shown once and never again."""

import hashlib
import re
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, cast, get_args

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from app.errors import Conflict, Fault, Invalid, NotFound
from app.rubric.people import clean_name
from app.rubric.suggest import nearest
from app.rubric.text import MAX_SLUG, SLUG_PATTERN
from app.store.access.sessions import end_sessions_of
from app.store.mapping import table_of
from app.store.revision import take_revision
from app.store.tables.authoring import ApiKeyRow

Right = Literal["read", "write", "review", "publish", "admin"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
"""Every right, the least first: what the scopes of a key may be."""

_KEY: Final = table_of(ApiKeyRow)
_LETTERS: Final = string.ascii_letters + string.digits
_ID_LETTERS: Final = 10
_SECRET_LETTERS: Final = 43
"""Letters of 62, which hold 256 bits."""
MARK: Final = "clk_"
"""What every key begins with, so that people and scanners for secrets know one."""
_SHAPE: Final = re.compile(rf"({MARK}[A-Za-z0-9]{{{_ID_LETTERS}}})_[A-Za-z0-9]{{{_SECRET_LETTERS}}}")
_SLUG: Final = re.compile(SLUG_PATTERN)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without its secret. All times are UTC and aware."""

    id: str
    """`clk_` and ten letters: how people recognise it; the key itself begins with it."""
    secret_sha256: str
    """SHA-256 of the whole key, in hexadecimal."""
    owner: str
    scopes: tuple[Right, ...]
    ladders: tuple[str, ...] | None
    """Slugs of the ladders it is for; None: all, those to come included."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def valid(self, now: datetime) -> bool:
        """Return whether it is valid at that time: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def opened_by(self, key: str) -> bool:
        """Return whether that is the key, in a time that does not depend on where they differ."""
        return secrets.compare_digest(self.secret_sha256, key_sha256(key))


def id_of(key: str) -> str | None:
    """Return the id at the start of a key, whether it exists or not; None if the text cannot be a key."""
    found = _SHAPE.fullmatch(key)
    return None if found is None else found[1]


def key_sha256(key: str) -> str:
    """Return the stored hash of a key. Keys are random, so it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_key(
    connection: Connection,
    owner: str,
    scopes: Iterable[str],
    now: datetime,
    *,
    ladders: Iterable[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[str, ApiKey]:
    """Make a key; gives the key itself, which is nowhere kept, and what is known of it.

    Part of the caller's write transaction; takes the revision, by which every process learns of the key.

    Raises:
        Invalid: Owner, scopes, ladders or expiry are not what they may be; all faults are listed.
    """
    scopes, ladders = _once(scopes), None if ladders is None else _once(ladders)
    name = clean_name(owner)
    faults = [*_faults(name, scopes, ladders), *_late(expires_at, now)]
    if faults or name is None:
        raise Invalid(faults[0].detail, faults=faults)
    take_revision(connection)
    return _insert(connection, name, cast("tuple[Right, ...]", scopes), ladders, now, expires_at)


def rotate_key(
    connection: Connection,
    number: str,
    now: datetime,
    *,
    grace: timedelta = timedelta(0),
    expires_at: datetime | None = None,
) -> tuple[str, ApiKey]:
    """Make a key that may what another may, and end that one, at once or after a time of grace.

    The new one lives as long as the other was meant to, unless `expires_at` says otherwise.

    Raises:
        NotFound: There is no such key.
        Conflict: It is not valid any more.
        Invalid: The expiry has passed.
    """
    take_revision(connection)
    old = get_key(connection, number)
    if not old.valid(now):
        raise Conflict(f"The key {number} is no longer valid. Create a new one with `ladder keys create`.")
    if expires_at is None and old.expires_at is not None:
        expires_at = now + (old.expires_at - old.created_at)
    faults = list(_late(expires_at, now))
    if faults:
        raise Invalid(faults[0].detail, faults=faults)
    if grace:
        ends = min(now + grace, old.expires_at or now + grace)
        connection.execute(update(_KEY).where(_KEY.c.id == number).values(expires_at=ends))
    else:
        _revoke(connection, number, now)
    return _insert(connection, old.owner, old.scopes, old.ladders, now, expires_at)


def revoke_key(connection: Connection, number: str, now: datetime) -> ApiKey:
    """Revoke a key for good, and return it.

    Raises:
        NotFound: There is no such key.
        Conflict: It has already been revoked.
    """
    take_revision(connection)
    key = get_key(connection, number)
    if key.revoked_at is not None:
        raise Conflict(f"The key {number} has already been revoked.")
    _revoke(connection, number, now)
    return replace(key, revoked_at=now)


def get_key(connection: Connection, number: str) -> ApiKey:
    """Return a key by its id. Raises NotFound with similar ids; the message never repeats a whole key."""
    keys = {key.id: key for key in find_keys(connection)}
    found = keys.get(number)
    if found is None:
        near = nearest(number, keys)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        shown = "is the id of a key: its first 14 letters will do" if id_of(number) else "has that id"
        raise NotFound(f"No key {shown}; `ladder keys list` shows them.{meant}")
    return found


def find_keys(connection: Connection) -> tuple[ApiKey, ...]:
    """Return all keys, including revoked and expired ones, oldest first."""
    rows = connection.execute(select(_KEY).order_by(_KEY.c.created_at, _KEY.c.id))
    return tuple(
        ApiKey(
            id=row.id,
            secret_sha256=row.secret_sha256,
            owner=row.owner,
            scopes=tuple(row.scopes.split()),
            ladders=None if row.ladders is None else tuple(row.ladders.split()),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    )


def note_uses(connection: Connection, used: Mapping[str, datetime], seldom: timedelta) -> None:
    """Note when keys were last used, by id; what was noted less than `seldom` before that stays as it is.

    Takes no revision: nobody decides anything by it.
    """
    last = _KEY.c.last_used_at
    due = or_(last.is_(None), last <= bindparam("before"))
    noted = update(_KEY).where(_KEY.c.id == bindparam("key"), due).values(last_used_at=bindparam("used"))
    connection.execute(
        noted, [{"key": key, "used": at, "before": at - seldom} for key, at in sorted(used.items())]
    )


def _revoke(connection: Connection, number: str, now: datetime) -> None:
    connection.execute(update(_KEY).where(_KEY.c.id == number).values(revoked_at=now))
    end_sessions_of(connection, number)


def _insert(
    connection: Connection,
    owner: str,
    scopes: tuple[Right, ...],
    ladders: tuple[str, ...] | None,
    now: datetime,
    expires_at: datetime | None,
) -> tuple[str, ApiKey]:
    number = MARK + _letters(_ID_LETTERS)
    key = f"{number}_{_letters(_SECRET_LETTERS)}"
    made = ApiKey(number, key_sha256(key), owner, scopes, ladders, now, expires_at, None, None)
    row = {
        "id": made.id,
        "secret_sha256": made.secret_sha256,
        "owner": owner,
        "scopes": " ".join(scopes),
        "ladders": None if ladders is None else " ".join(ladders),
        "created_at": now,
        "expires_at": expires_at,
    }
    connection.execute(insert(_KEY), row)
    return key, made


def _faults(owner: str | None, scopes: tuple[str, ...], ladders: tuple[str, ...] | None) -> Iterable[Fault]:
    if owner is None:
        yield Fault(
            "The owner must be the name of a person or machine: 1 to 200 characters on one line, not beginning with "
            "`cli:`.",
            parameter="owner",
        )
    if not scopes:
        yield Fault(f"A key needs a scope: one or more of {', '.join(RIGHTS)}.", parameter="scope")
    for scope in scopes:
        if scope not in RIGHTS:
            yield Fault(f"{scope[:80]!r} is no scope: it is one of {', '.join(RIGHTS)}.", parameter="scope")
    if ladders is not None and not ladders:
        yield Fault("Name a ladder, or none at all for a key to all of them.", parameter="ladder")
    for ladder in ladders or ():
        if not _SLUG.fullmatch(ladder) or len(ladder) > MAX_SLUG:
            yield Fault(
                f"{ladder[:80]!r} is no slug of a ladder: lower-case letters, digits, hyphens.",
                parameter="ladder",
            )


def _late(expires_at: datetime | None, now: datetime) -> Iterable[Fault]:
    if expires_at is not None and expires_at <= now:
        yield Fault("That moment has passed: name one that is ahead.", parameter="expires")


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _letters(number: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(number))
