"""The audit log: who did what, when and from where. Rows are only added; the database refuses other changes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select

from app.store.ladder_names import find_names
from app.store.tables.authoring import AuditRow
from app.store.tables.mapping import table_of

_AUDIT: Final = table_of(AuditRow)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine that does something."""

    who: str
    """Owner of the key, subject of the token, or `cli:` and the account's name."""
    via: str | None = None
    """Id of the key, if there was one."""
    request_id: str | None = None
    address: str | None = None
    """The client's address."""
    people: tuple[str, ...] = ()
    """Everybody that the actor counts as in reviews, the actor first; empty for `who` alone."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action and its target."""

    name: str
    """Such as `draft.write`, `release.publish`, `key.create`."""
    ladder: str | None = None
    """Slug of the ladder."""
    target: str | None = None
    """The target: `kind:slug`, a release number, or the id of a key."""
    before: str | None = None
    """Content hash before."""
    after: str | None = None
    """Content hash after."""
    detail: Mapping[str, object] | None = None
    """More details, as JSON types; never a secret."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One line of the log."""

    id: int
    """Grows from entry to entry."""
    at: datetime
    """UTC and aware."""
    actor: Actor
    action: Action

    @property
    def fields(self) -> dict[str, Any]:
        """Return the fields of the entry, as the log, the API and the command name them."""
        return fields_of(self.actor, self.action, self.at)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """A filter for entries; None matches everything."""

    ladder: str | None = None
    """Only entries about this ladder, whatever its slug was then."""
    who: str | None = None
    action: str | None = None
    since: datetime | None = None
    """Only entries at or after this time."""
    until: datetime | None = None
    """Only entries at or before this time."""
    below: int | None = None
    """Only entries with a smaller id."""
    ladders: frozenset[str] | None = None
    """Only entries about these ladders; None includes all ladders and entries about no ladder."""


def find_entries(connection: Connection, wanted: AuditFilter, limit: int) -> tuple[AuditRecord, ...]:
    """Return the newest entries that match, newest first, at most `limit`."""
    columns = _AUDIT.c
    tests: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (None if wanted.ladder is None else _names(connection, wanted.ladder), columns.ladder.in_),
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
        AuditRecord(
            row.id,
            row.at,
            Actor(row.who, row.via, row.request_id, row.address),
            Action(
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


def _names(connection: Connection, ladder: str) -> frozenset[str]:
    return find_names(connection, ladder) | {ladder}


def record(connection: Connection, actor: Actor, action: Action, at: datetime) -> None:
    """Log an action in the transaction that does it. `at` is UTC and aware."""
    row = fields_of(actor, action, at)
    details = row.pop("details")
    row["detail"] = None if details is None else json.dumps(details, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(_AUDIT), row)


def fields_of(actor: Actor, action: Action, at: datetime) -> dict[str, Any]:
    """Return who did what and when, by field of an entry."""
    return {
        "at": at,
        "who": actor.who,
        "via": actor.via,
        "action": action.name,
        "ladder": action.ladder,
        "target": action.target,
        "request_id": actor.request_id,
        "address": actor.address,
        "before_sha256": action.before,
        "after_sha256": action.after,
        "details": action.detail,
    }
