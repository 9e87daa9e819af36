"""API keys: creating, finding and revoking them. Only hashes are stored, so a key is shown only once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from app.errors import Conflict, Fault, Invalid, NotFound
from app.rubric.people import COMMAND, clean_name, identity_of
from app.rubric.releases import rfc3339
from app.rubric.suggest import nearest
from app.store.access.api_key import ID_LETTERS, MARK, SECRET_LETTERS, ApiKey, id_of, key_sha256
from app.store.access.rights import (
    RIGHTS,
    Right,
    is_slug,
    random_letters,
    refuse_beyond,
    require_admin_left,
)
from app.store.access.sessions import end_sessions_of
from app.store.audit import Action, Actor
from app.store.revision import take_revision
from app.store.tables.authoring import ApiKeyRow
from app.store.tables.mapping import table_of

_KEY: Final = table_of(ApiKeyRow)


_MOST_CREATORS: Final = 20


class _Made(NamedTuple):
    """A key that is created."""

    owner: str
    scopes: tuple[Right, ...]
    ladders: tuple[str, ...] | None
    expires_at: datetime | None
    created_by: str | None
    creators: tuple[str, ...]


def create_key(
    connection: Connection,
    owner: str,
    scopes: Iterable[str],
    now: datetime,
    *,
    ladders: Iterable[str] | None = None,
    expires_at: datetime | None = None,
    by: Actor | None = None,
    within: frozenset[str] | None = None,
) -> tuple[str, ApiKey]:
    """Create a key, and return the key itself, which is not stored, and its record.

    This runs in the caller's write transaction. It takes a revision, by which every process learns of the key.
    `by` is the creator, whom the key counts as in reviews; an operator at the command line is not counted. `within`
    are the slugs of the ladders that the creator administers; None for all.

    Raises:
        Forbidden: The key would be for other ladders than the creator administers.
        Invalid: The owner, a scope, a ladder or the expiry is not allowed; every fault is listed.
        Conflict: It would count as too many people.
    """
    scopes, ladders = _once(scopes), None if ladders is None else _once(ladders)
    name = clean_name(owner)
    refuse_beyond(within, (None,) if ladders is None else ladders)
    faults = [*_faults(name, scopes, ladders), *_late(expires_at, now)]
    if faults or name is None:
        raise Invalid(faults[0].detail, faults=faults)
    take_revision(connection)
    made = _Made(name, cast("tuple[Right, ...]", scopes), ladders, expires_at, *_created(by))
    return _insert(connection, made, now)


def rotate_key(
    connection: Connection,
    number: str,
    now: datetime,
    *,
    grace: timedelta = timedelta(0),
    expires_at: datetime | None = None,
    by: Actor | None = None,
    within: frozenset[str] | None = None,
) -> tuple[str, ApiKey]:
    """Create a key with the same rights as another one, and end the other now or after a grace period.

    The new key lives as long as the other was meant to, unless `expires_at` is given. In reviews it counts as the
    same people as the other, and as whoever rotates it, because they see the new key.

    Raises:
        NotFound: The key does not exist.
        Conflict: The key is no longer valid, or would count as too many people.
        Invalid: The expiry has passed.
    """
    take_revision(connection)
    old = get_key(connection, number, within)
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
    created_by, creators = _created(by, old.creators)
    made = _Made(old.owner, old.scopes, old.ladders, expires_at, created_by or old.created_by, creators)
    return _insert(connection, made, now)


def revoke_key(
    connection: Connection,
    number: str,
    now: datetime,
    *,
    within: frozenset[str] | None = None,
    keep_admin: bool = False,
) -> ApiKey:
    """Revoke a key for good, and return it. With `keep_admin`, the last admin of all ladders stays.

    Raises:
        NotFound: The key does not exist, or is not within the ladders of the admin.
        Conflict: It has already been revoked, or is the last admin.
    """
    take_revision(connection)
    key = get_key(connection, number, within)
    if key.revoked_at is not None:
        raise Conflict(f"The key {number} has already been revoked.")
    _revoke(connection, number, now)
    if keep_admin and key.valid(now) and key.is_admin_of_all:
        require_admin_left(connection, now)
    return replace(key, revoked_at=now)


def get_key(connection: Connection, number: str, within: frozenset[str] | None = None) -> ApiKey:
    """Return a key by its id, if an admin of these ladders sees it.

    Raises NotFound with similar ids; the message never repeats a whole key.
    """
    keys = {key.id: key for key in find_keys(connection, within)}
    found = keys.get(number)
    if found is None:
        near = nearest(number, keys)
        suggestion = f" Did you mean {' or '.join(near)}?" if near else ""
        wrong = (
            "Give the id of a key, which is its first 14 letters." if id_of(number) else "No key has that id."
        )
        raise NotFound(f"{wrong} `ladder keys list` shows all ids.{suggestion}")
    return found


def find_keys(connection: Connection, within: frozenset[str] | None = None) -> tuple[ApiKey, ...]:
    """Return keys, including revoked and expired ones, oldest first: those for these ladders only, or all."""
    rows = connection.execute(select(_KEY).order_by(_KEY.c.created_at, _KEY.c.id))
    keys = map(_key, rows)
    return tuple(key for key in keys if key.within(within))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        secret_sha256=row.secret_sha256,
        owner=row.owner,
        scopes=tuple(row.scopes.split()),
        ladders=None if row.ladders is None else tuple(row.ladders.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        created_by=row.created_by,
        creators=() if row.creators is None else tuple(json.loads(row.creators)),
    )


def key_action(name: str, key: ApiKey, **more: str) -> Action:
    """Return the entry of the audit log about a key. Admins of the ladder see it if the key is for one ladder."""
    detail = {
        "owner": key.owner,
        "scopes": list(key.scopes),
        "ladders": None if key.ladders is None else list(key.ladders),
        "expires_at": None if key.expires_at is None else rfc3339(key.expires_at),
        **more,
    }
    ladder = key.ladders[0] if key.ladders is not None and len(key.ladders) == 1 else None
    return Action(name, ladder, key.id, detail=detail)


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


def _insert(connection: Connection, made: _Made, now: datetime) -> tuple[str, ApiKey]:
    number = MARK + random_letters(ID_LETTERS)
    key = f"{number}_{random_letters(SECRET_LETTERS)}"
    row = {
        "id": number,
        "secret_sha256": key_sha256(key),
        "owner": made.owner,
        "scopes": " ".join(made.scopes),
        "ladders": None if made.ladders is None else " ".join(made.ladders),
        "created_at": now,
        "expires_at": made.expires_at,
        "created_by": made.created_by,
        "creators": json.dumps(made.creators) if made.creators else None,
    }
    connection.execute(insert(_KEY), row)
    rights = (made.owner, made.scopes, made.ladders)
    digest, expires_at = key_sha256(key), made.expires_at
    return key, ApiKey(number, digest, *rights, now, expires_at, None, None, made.created_by, made.creators)


def _created(by: Actor | None, creators: tuple[str, ...] = ()) -> tuple[str | None, tuple[str, ...]]:
    """Return who creates a key, and everybody whom it counts as besides its owner. Raises Conflict for too many."""
    if by is None:
        return None, creators
    added = () if by.who.startswith(COMMAND) else (by.who, *by.people)
    named = {identity_of(name): name for name in (*creators, *added)}
    if len(named) > _MOST_CREATORS:
        raise Conflict(
            f"This key would count as more than {_MOST_CREATORS} people in reviews, because it would be created with "
            "a key that was created with a key, and so on. Create it while signed in as a person."
        )
    return by.who, tuple(named.values())


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
        if not is_slug(ladder):
            yield Fault(
                f"{ladder[:80]!r} is not a ladder's slug. Use lower-case letters, digits and hyphens.",
                parameter="ladder",
            )


def _late(expires_at: datetime | None, now: datetime) -> Iterable[Fault]:
    if expires_at is not None and expires_at <= now:
        yield Fault("The expiry is in the past. Choose a time in the future.", parameter="expires")


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
