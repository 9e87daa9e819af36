"""The audit log: who did what, when and from where. Rows are only added; the database refuses all else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select

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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    id: int
    """Grows from entry to entry."""
    at: datetime
    """UTC and aware."""
    actor: Actor
    deed: Deed

    @property
    def told(self) -> dict[str, Any]:
        """What the entry says, by the names that the log, the API and the command give it."""
        return told(self.actor, self.deed, self.at)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to find; None leaves a property open."""

    ladder: str | None = None
    who: str | None = None
    action: str | None = None
    since: datetime | None = None
    """From this instant on."""
    until: datetime | None = None
    """Up to this instant, and at it."""
    below: int | None = None
    """Entries whose id is less."""
    ladders: frozenset[str] | None = None
    """Only entries about these ladders; None: about all of them, and about none."""


def find_entries(connection: Connection, wanted: Wanted, limit: int) -> tuple[Entry, ...]:
    """The newest entries that are wanted, newest first, at most `limit` of them."""
    columns = _AUDIT.c
    tests: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (wanted.ladder, columns.ladder.__eq__),
        (wanted.who, columns.who.__eq__),
        (wanted.action, columns.action.__eq__),
        (wanted.since, columns.at.__ge__),
        (wanted.until, columns.at.__le__),
        (wanted.below, columns.id.__lt__),
        (wanted.ladders, columns.ladder.in_),
    )
    kept = [test(value) for value, test in tests if value is not None]
    rows = connection.execute(select(_AUDIT).where(*kept).order_by(columns.id.desc()).limit(limit))
    return tuple(
        Entry(
            row.id,
            row.at,
            Actor(row.who, row.via, row.request_id, row.address),
            Deed(
                row.action,
                row.ladder,
                row.target,
                row.before_sha256,
                row.after_sha256,
                None if row.detail is None else json.loads(row.detail),
            ),
        )
        for row in rows
    )


def record(connection: Connection, actor: Actor, deed: Deed, at: datetime) -> None:
    """Log something that is done; part of the very transaction that does it. `at` is UTC and aware."""
    row = told(actor, deed, at)
    if deed.detail is not None:
        row["detail"] = json.dumps(deed.detail, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(_AUDIT), row)


def told(actor: Actor, deed: Deed, at: datetime) -> dict[str, Any]:
    """Who did what and when, by the names of the log's columns."""
    return {
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
        "detail": deed.detail,
    }
