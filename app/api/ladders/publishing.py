"""Publishing a draft, and saying of a release that it is on its way out."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.ladders.guards import changing, refuse_unknown
from app.api.ladders.releases import ReleaseItem, release_item
from app.api.ladders.review_bodies import Sha256
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import PublisherDep, actor_of
from app.api.protocol.routing import declare, resource_router
from app.api.reading.patterns import WORDS
from app.api.reading.reader import ServingDep
from app.errors import (
    BadRequest,
    BumpTooLow,
    Conflict,
    Forbidden,
    Invalid,
    LadderError,
    NotFound,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.formats.bundle.release_block import Instant, ReleaseNumber
from app.rubric.releases import Bump, Event, Release
from app.rubric.text import Line, Target, Text, Value
from app.serving.releases.catalog import Catalog, find_version
from app.serving.route_table import RouteFacts
from app.serving.serving import Serving
from app.store.publishing import PublishRequest, carry_out, plan_draft
from app.store.releases import find_releases
from app.store.retiring import announce
from app.store.revision import take_revision

router = resource_router("releases")

_REFUSED: tuple[type[LadderError], ...] = (
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    *COMMON,
)
_LONGEST = 20_000


Reason = Annotated[Line, StringConstraints(max_length=_LONGEST, pattern=WORDS)]


class NewLowering(Value):
    """A change to count one class lower than the rules do."""

    change: Target
    """Its `target` in the diff, such as `expectation:l5--system-design`."""
    reason: Reason
    """Why; kept in the release and in the audit log."""


class NewReleaseBody(Value):
    """A release to publish from the draft."""

    content_sha256: Sha256
    """The `content_sha256` of the draft that you checked."""
    version: ReleaseNumber | None = None
    """Number of the release; at least the minimum number."""
    bump: Bump | None = None
    """Instead of a number: what to raise of the newest one. With neither, the least honest number is taken; a first
    release is 1.0.0."""
    notes: Annotated[Text, Field(max_length=_LONGEST)] | None = None
    """Release notes. If you leave them out, they are generated from the diff."""
    effective_from: Instant | None = None
    """When the release comes into force: an instant, or a date, which means its first moment in UTC. Default: now."""
    lower: Annotated[tuple[NewLowering, ...], Field(max_length=500)] = ()
    """Changes to count one class lower."""

    @model_validator(mode="after")
    def _one_number(self) -> "NewReleaseBody":
        if self.version is not None and self.bump is not None:
            raise PydanticCustomError("one_number", "Say one of `version` and `bump`, not both")
        return self


class NewEvent(Value):
    """A deprecation or withdrawal of a release."""

    kind: Literal["deprecated", "withdrawn"]
    """`deprecated`: use another release. `withdrawn`: do not use this release any more."""
    reason: Reason
    """Why."""
    successor: ReleaseNumber | None = None
    """Number of the release to use instead."""
    sunset: Instant | None = None
    """The time from which the release should no longer be used: an instant, or a date, which means its first moment
    in UTC. Not for a withdrawal, which takes effect at once."""


@router.post(
    "/ladders/{ladder}/releases",
    status_code=201,
    responses=documented((*_REFUSED, BumpTooLow)),
    openapi_extra=telling(
        NewReleaseBody,
        {"content_sha256": "0" * 64, "bump": "minor", "effective_from": "2026-12-01"},
    ),
)
@declare(RouteFacts(body=NewReleaseBody))
def create_release(
    request: Request,
    response: Response,
    serving: ServingDep,
    _: PublisherDep,
    ladder: str,
    body: Annotated[NewReleaseBody, Depends(sent(NewReleaseBody))],
) -> ReleaseItem:
    """Publish the draft.

    Creates a release that never changes. Needs the `publish` scope. The draft must have no findings of severity
    `error`, build on the newest release that is not withdrawn, have the content hash in the request, and be approved
    if the ladder needs a review. The changes set the minimum version number.
    """
    refuse_unknown(request, ladder)
    lower = {one.change: one.reason for one in body.lower}
    if len(lower) < len(body.lower):
        raise Invalid("A change is lowered once, by one class: name each once in `lower`.")
    with changing(serving) as connection:
        revision, now = take_revision(connection), serving.clock()
        wanted = PublishRequest(
            now, body.version or body.bump, body.notes, effective_from=body.effective_from, lower=lower
        )
        required = serving.settings.require_review
        plan = plan_draft(connection, ladder, body.content_sha256, wanted, require_review=required)
        release = carry_out(connection, plan, actor_of(request), now, revision)
        shown = _shown(connection, serving, release)
    response.headers["location"] = shown.links.self_
    serving.freshness.refresh()
    return shown


@router.post(
    "/ladders/{ladder}/releases/{version}/events",
    status_code=201,
    responses=documented(_REFUSED),
    openapi_extra=telling(
        NewEvent,
        {
            "kind": "deprecated",
            "reason": "1.1.0 says it better.",
            "successor": "1.1.0",
            "sunset": "2027-06-30",
        },
    ),
)
@declare(RouteFacts(body=NewEvent))
def create_release_event(
    request: Request,
    response: Response,
    serving: ServingDep,
    _: PublisherDep,
    ladder: str,
    version: str,
    body: Annotated[NewEvent, Depends(sent(NewEvent))],
) -> ReleaseItem:
    """Deprecate or withdraw a release.

    This cannot be undone. The release stays readable. Needs the `publish` scope.
    """
    refuse_unknown(request, ladder)
    with changing(serving) as connection:
        line = find_releases(connection, ladder)
        if not line:
            raise NotFound(f"{ladder!r} has no release yet.")
        release = find_version(line, version)
        event = Event(body.kind, serving.clock(), body.reason, body.successor, body.sunset)
        announced = announce(connection, release, event, actor_of(request))
        shown = _shown(connection, serving, announced)
    response.headers["location"] = shown.links.self_
    serving.freshness.refresh()
    return shown


def _shown(connection: Connection, serving: Serving, release: Release) -> ReleaseItem:
    """What is known of a release now, before this process has learnt of it."""
    line = find_releases(connection, release.ladder)
    moment: datetime = max(serving.clock(), release.published_at, *(event.at for event in release.events))
    return release_item(serving.settings.root_path, Catalog.of(0, line, moment), release)
