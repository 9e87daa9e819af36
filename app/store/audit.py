"""The audit log: who did what, when and from where. Rows are only added; the database refuses all else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from app.store.mapping import table_of
from app.store.tables.authoring import AuditRow

_AUDIT: Final = table_of(AuditRow)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something, as the log names them."""

    who: str
    """Owner of the key, subject of the token, or `cli:` and the account's name."""
    via: str | None = None
    """Id of the key, where there was one."""
    request_id: str | None = None
    address: str | None = None
    """The client's address."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done."""

    action: str
    """Such as `draft.write`, `release.publish`, `key.create`."""
    ladder: str | None = None
    """Slug of the ladder it was done to."""
    target: str | None = None
    """What it was done to: `kind:slug`, a release number, a key's id."""
    before: str | None = None
    """Content hash before."""
    after: str | None = None
    """Content hash after."""
    detail: Mapping[str, object] | None = None
    """More about it, as JSON types; never a secret."""


def record(connection: Connection, actor: Actor, deed: Deed, at: datetime) -> None:
    """Log something that is done; part of the very transaction that does it. `at` is UTC and aware."""
    row = {
        "at": at,
        "who": actor.who,
        "via": actor.via,
        "action": deed.action,
        "ladder": deed.ladder,
        "target": deed.target,
        "request_id": actor.request_id,
        "address": actor.address,
        "before_sha256": deed.before,
        "after_sha256": deed.after,
        "detail": None
        if deed.detail is None
        else json.dumps(deed.detail, ensure_ascii=False, sort_keys=True),
    }
    connection.execute(insert(_AUDIT), row)
