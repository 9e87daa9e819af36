"""API keys: creating, finding and revoking them. Only hashes are stored, so a key is shown only once."""

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
from app.store.revision import take_revision
from app.store.tables.authoring import ApiKeyRow
from app.store.tables.mapping import table_of

Right = Literal["read", "write", "review", "publish", "admin"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
"""Every right, the least first: the allowed scopes of a key."""

_KEY: Final = table_of(ApiKeyRow)
_LETTERS: Final = string.ascii_letters + string.digits
_ID_LETTERS: Final = 10
_SECRET_LETTERS: Final = 43
"""The length of a secret: 43 letters from an alphabet of 62 hold 256 bits."""
MARK: Final = "clk_"
"""The prefix of every key, by which people and secret scanners recognise one."""
_SHAPE: Final = re.compile(rf"({MARK}[A-Za-z0-9]{{{_ID_LETTERS}}})_[A-Za-z0-9]{{{_SECRET_LETTERS}}}")
_SLUG: Final = re.compile(SLUG_PATTERN)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without its secret. All times are UTC and aware."""

    id: str
    """`clk_` and ten letters. The key begins with them, and people recognise it by them."""
    secret_sha256: str
    """SHA-256 of the whole key, in hexadecimal."""
    owner: str
    scopes: tuple[Right, ...]
    ladders: tuple[str, ...] | None
    """Slugs of the ladders it gives access to; None means all ladders, including future ones."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def valid(self, now: datetime) -> bool:
        """Return whether it is valid at that time: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def opened_by(self, key: str) -> bool:
        """Return whether `key` is this key, in a time that does not depend on where the two differ."""
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
    """Create a key, and return the key itself, which is not stored, and its record.

    This runs in the caller's write transaction. It takes a revision, by which every process learns of the key.

    Raises:
        Invalid: The owner, a scope, a ladder or the expiry is not allowed; every fault is listed.
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
    """Create a key with the same rights as another one, and end the other now or after a grace period.

    The new key lives as long as the other was meant to, unless `expires_at` is given.

    Raises:
        NotFound: The key does not exist.
        Conflict: The key is no longer valid.
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
        NotFound: The key does not exist.
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
        suggestion = f" Did you mean {' or '.join(near)}?" if near else ""
        wrong = (
            "Give the id of a key, which is its first 14 letters." if id_of(number) else "No key has that id."
        )
        raise NotFound(f"{wrong} `ladder keys list` shows all ids.{suggestion}")
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
    """Record when keys were last used, by id, unless the recorded time is less than `seldom` older.

    This takes no revision, because no decision depends on it.
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
            "The owner must be the name of a person or machine: 1 to 200 characters on one line, without "
            "`cli:` at the start.",
            parameter="owner",
        )
    if not scopes:
        yield Fault(f"A key needs a scope: one or more of {', '.join(RIGHTS)}.", parameter="scope")
    for scope in scopes:
        if scope not in RIGHTS:
            yield Fault(
                f"{scope[:80]!r} is not a scope. Use one or more of {', '.join(RIGHTS)}.", parameter="scope"
            )
    if ladders is not None and not ladders:
        yield Fault(
            "The list of ladders is empty. Name at least one, or leave the list out for a key to all ladders.",
            parameter="ladder",
        )
    for ladder in ladders or ():
        if not _SLUG.fullmatch(ladder) or len(ladder) > MAX_SLUG:
            yield Fault(
                f"{ladder[:80]!r} is not a ladder's slug. Use lower-case letters, digits and hyphens.",
                parameter="ladder",
            )


def _late(expires_at: datetime | None, now: datetime) -> Iterable[Fault]:
    if expires_at is not None and expires_at <= now:
        yield Fault("The expiry is in the past. Choose a time in the future.", parameter="expires")


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _letters(number: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(number))
