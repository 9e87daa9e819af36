"""The audit log, which records the actor, action, time and address of every change."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Query, Request
from pydantic import Field, WithJsonSchema

from app.api.protocol.problems import documented
from app.api.protocol.rights import AdminDep
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ListItemLinks, construct, linked
from app.api.reading.dates import MOMENT_SCHEMA, moment_of
from app.api.reading.paging import page_links
from app.api.reading.queries import PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields
from app.errors import InvalidParameter, Unavailable
from app.rubric.text import Text
from app.serving.answers.answer import answer_of
from app.serving.callers import Caller
from app.store.audit import AuditFilter, AuditRecord, find_entries

router = resource_router("audit")

_GREATEST: Final = 2**63 - 1
"""The greatest number that an entry can have in any database."""
_Moment = Annotated[str, WithJsonSchema(MOMENT_SCHEMA)]


class AuditEntry(Body):
    """An action of a person or machine."""

    at: datetime
    """The time of the action (UTC)."""
    who: str
    """Owner of the key, subject of the token, or `cli:` and the account that ran a command on the server."""
    via: str | None = None
    """Id of the key, if there was one."""
    action: str
    """The action, such as `draft.write` or `release.publish`. More values may be added."""
    ladder: str | None = None
    """Slug of the ladder."""
    target: str | None = None
    """The target: `kind:slug`, a release number, or the id of a key."""
    request_id: str | None = None
    """The id of the request, which the server's log also shows."""
    address: str | None = None
    """Address of the client."""
    before_sha256: str | None = None
    """Content hash before the action."""
    after_sha256: str | None = None
    """Content hash after the action."""
    details: Mapping[str, Any] | None = None
    """More details. The fields depend on the action."""


class AuditList(Body):
    """One page of the audit log, the newest entry first."""

    items: tuple[AuditEntry, ...]
    """The entries on this page."""
    links: ListItemLinks


class AuditQuery(PageQuery):
    """Query parameters of the audit log."""

    ladder: Annotated[Text | None, Field(description="Only actions on this ladder.")] = None
    who: Annotated[Text | None, Field(description="Only actions of this person or machine.")] = None
    action: Annotated[Text | None, Field(description="Only this action.", examples=["release.publish"])] = (
        None
    )
    since: Annotated[
        _Moment | None,
        Field(
            description="Only actions at or after this time (RFC 3339); a date means its first moment in UTC."
        ),
    ] = None
    until: Annotated[
        _Moment | None,
        Field(
            description="Only actions at or before this time (RFC 3339); a date means its last moment in UTC."
        ),
    ] = None


@router.get("/audit", responses=documented((InvalidParameter, Unavailable)))
def list_audit(
    request: Request, serving: ServingDep, caller: AdminDep, query: Annotated[AuditQuery, Query()]
) -> AuditList:
    """Read the audit log.

    Returns the newest entries first. A key for single ladders sees only the entries of those ladders.
    """
    asked = query.model_dump(exclude_unset=True)
    filters = {name: value for name, value in asked.items() if name not in PageQuery.model_fields}
    identity = cursor.list_identity("audit", filters, None)
    wanted = _wanted(caller, query, cursor.read(query.cursor, identity))
    found = serving.database.ask(partial(find_entries, wanted=wanted, limit=query.limit + 1))
    chosen = found[: query.limit]
    path = f"{serving.settings.root_path}/v1/audit"
    following = cursor.write(identity, str(chosen[-1].id)) if len(found) > len(chosen) else None
    links = page_links(answer_of(request.scope), path, asked, following)
    fields = requested_fields(AuditEntry, query.fields)
    items = tuple(_entry(entry, fields) for entry in chosen)
    return construct(AuditList, {"items": items, "links": linked(AuditList, links)})


def _wanted(caller: Caller, query: AuditQuery, place: str | None) -> AuditFilter:
    if place is not None and not (place.isdigit() and int(place) <= _GREATEST):
        raise cursor.not_a_cursor()
    return AuditFilter(
        ladder=query.ladder,
        who=query.who,
        action=query.action,
        since=None if query.since is None else moment_of("since", query.since, first=True),
        until=None if query.until is None else moment_of("until", query.until),
        below=None if place is None else int(place),
        ladders=caller.where("admin"),
    )


def _entry(entry: AuditRecord, fields: tuple[str, ...]) -> AuditEntry:
    values = entry.fields
    kept = {*fields, "at", "who", "action"} if fields else values.keys()
    return construct(AuditEntry, {name: value for name, value in values.items() if name in kept})
