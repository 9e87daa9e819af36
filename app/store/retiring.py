"""Deprecation and withdrawal of releases."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.rubric.releases import Event, Release, rfc3339
from app.store.audit import Action, Actor, record
from app.store.releases import append_event, get_release


def announce(connection: Connection, release: Release, event: Event, actor: Actor) -> Release:
    """Add an event to a release in the caller's write transaction, dated now, and return the release with it.

    Clocks differ between machines, so the event is never dated before an earlier one. Raises like `append_event`.
    """
    known = get_release(connection, release.ladder, release.version)
    before: list[datetime] = [known.published_at, *(earlier.at for earlier in known.events)]
    dated = replace(event, at=max(event.at, *before))
    append_event(connection, known, dated, now=dated.at)
    detail = {
        "reason": event.reason,
        "successor": None if event.successor is None else str(event.successor),
        "sunset": None if event.sunset is None else rfc3339(event.sunset),
    }
    action = "release.withdraw" if event.kind == "withdrawn" else "release.deprecate"
    told = {name: value for name, value in detail.items() if value is not None}
    record(connection, actor, Action(action, known.ladder, str(known.version), detail=told), dated.at)
    return replace(known, events=(*known.events, dated))
