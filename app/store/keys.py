"""API keys: made, found, ended. Only their hashes are stored, so a key is shown once and never again."""

import hashlib
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from app.store.mapping import table_of
from app.store.revision import take_revision
from app.store.tables.authoring import ApiKeyRow

_KEY: Final = table_of(ApiKeyRow)
_LETTERS: Final = string.ascii_letters + string.digits
_ID_LETTERS: Final = 10
_SECRET_LETTERS: Final = 43
"""Letters of 62, which hold 256 bits."""
MARK: Final = "clk_"
"""What every key begins with, so that people and scanners for secrets know one."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key. All times are UTC and aware."""

    id: str
    """`clk_` and ten letters: how people recognise it; the key itself begins with it."""
    secret_sha256: str
    """SHA-256 of the whole key, in hexadecimal."""
    owner: str
    scopes: tuple[str, ...]
    ladders: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def key_sha256(key: str) -> str:
    """The hash under which a key is known; a key is random enough that it needs no salt."""
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
    """
    take_revision(connection)
    number = MARK + _letters(_ID_LETTERS)
    key = f"{number}_{_letters(_SECRET_LETTERS)}"
    made = ApiKey(
        id=number,
        secret_sha256=key_sha256(key),
        owner=owner,
        scopes=tuple(scopes),
        ladders=None if ladders is None else tuple(ladders),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
    )
    row = {
        "id": made.id,
        "secret_sha256": made.secret_sha256,
        "owner": owner,
        "scopes": " ".join(made.scopes),
        "ladders": None if made.ladders is None else " ".join(made.ladders),
        "created_at": now,
        "expires_at": expires_at,
    }
    connection.execute(insert(_KEY), row)
    return key, made


def find_keys(connection: Connection) -> tuple[ApiKey, ...]:
    """All keys, those that are no longer valid included, oldest first."""
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


def _letters(number: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(number))
