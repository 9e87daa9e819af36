"""Publishing a draft, and deprecating or withdrawing a release."""

from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.releases import ReleaseItem, release_item
from app.api.ladders.review_bodies import Sha256
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import PublisherDep, require_for_names
from app.api.protocol.routing import resource_router
from app.api.reading.path_parameters import NoRelease
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
from app.formats.bundle.release_block import MAX_BECAUSE, Instant, ReleaseNumber
from app.rubric.ladder import Ladder
from app.rubric.releases import Bump, Event, Release
from app.rubric.text import Line, Text, Value
from app.serving.releases.catalog import Catalog, find_version
from app.serving.serving import Serving
from app.store.ladder_names import find_names
from app.store.publishing import PublishRequest, carry_out, plan_draft
from app.store.release_events import announce
from app.store.releases import find_releases
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


class NewReleaseBody(Value):
    """The options for publishing the draft."""

    content_sha256: Sha256
    """The `content_sha256` of the draft that you read."""
    version: ReleaseNumber | None = None
    """The version number. A number below the minimum that the changes set needs a reason in `because`."""
    bump: Bump | None = None
    """The part of the newest version number to raise, instead of `version`. Without both, the release gets the
    minimum number, and the first release gets 1.0.0."""
    because: Annotated[
        Annotated[Reason, Field(max_length=MAX_BECAUSE)] | None,
        Field(examples=["Two lines are reworded; nobody is expected to do more."]),
    ] = None
    """The reason for a version number below the minimum. The release and the audit log keep both. The settings of the
    ladder can forbid lower numbers."""
    notes: Annotated[Text, Field(max_length=_LONGEST)] | None = None
    """Release notes, which tell readers what changed. If you leave them out, they are generated from the diff."""
    effective_from: Instant | None = None
    """The time when the release comes into force, or a date, which means its first moment in UTC. If you leave it
    out, the release comes into force at once."""

    @model_validator(mode="after")
    def _one_number(self) -> "NewReleaseBody":
        if self.version is not None and self.bump is not None:
            raise PydanticCustomError("one_number", "Send `version` or `bump`, not both")
        return self


class NewEvent(Value):
    """A deprecation, withdrawal or rescheduling of a published release."""

    kind: Literal["deprecated", "withdrawn", "rescheduled"]
    """`deprecated`: readers should move to another release. `withdrawn`: nobody should rely on it any more.
    `rescheduled`: it comes into force at another date than announced."""
    reason: Reason
    """Why."""
    successor: ReleaseNumber | None = None
    """Version number of the release to read instead."""
    sunset: Instant | None = None
    """The time from which nobody should use the deprecated release, or a date, which means its first moment in UTC.
    A withdrawal takes effect at once and has no sunset."""
    effective_from: Instant | None = None
    """The new date of a rescheduled release: a future instant, or a date, which means its first moment in UTC. It is
    not before the release that this one builds on, and not after those that build on this one."""

    @model_validator(mode="after")
    def _one_date(self) -> "NewEvent":
        if (self.kind == "rescheduled") != (self.effective_from is not None):
            raise PydanticCustomError(
                "one_date", "Send `effective_from` if `kind` is `rescheduled`, and only then"
            )
        return self


@router.post(
    "/ladders/{ladder}/releases",
    status_code=201,
    response_model=ReleaseItem,
    responses=documented((*_REFUSED, BumpTooLow)),
    openapi_extra=telling(
        NewReleaseBody,
        {"content_sha256": "0" * 64, "bump": "minor", "effective_from": "2026-12-01"},
    ),
)
def create_release(
    request: Request,
    serving: ServingDep,
    _: PublisherDep,
    ladder: NoRelease,
    body: Annotated[NewReleaseBody, Depends(sent(NewReleaseBody))],
) -> Response:
    """Publish the draft.

    Creates a release that never changes. Needs the `publish` scope. The draft must have no findings of severity
    `error`, build on the newest release that is not withdrawn, have the content hash in the request, and be approved
    if the ladder needs a review. The changes set the minimum version number; a lower one needs a reason (`because`).
    """
    with changing_ladder(request, ladder) as change:
        connection, now = change.connection, change.now
        revision = take_revision(connection)
        wanted = PublishRequest(
            now,
            body.version or body.bump,
            body.notes,
            effective_from=body.effective_from,
            because=body.because,
        )
        required = serving.settings.require_review
        known = find_names(connection, ladder)

        def allow(draft: Ladder) -> None:
            require_for_names(request, "publish", known, draft.names)

        plan = plan_draft(
            connection, ladder, body.content_sha256, wanted, require_review=required, allow=allow
        )
        release = carry_out(connection, plan, change.actor, now, revision)
        shown = _shown(connection, serving, release)
        response = change.answer(shown, location=shown.links.self_)
    serving.freshness.refresh()
    return response


@router.post(
    "/ladders/{ladder}/releases/{version}/events",
    status_code=201,
    response_model=ReleaseItem,
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
def create_release_event(
    request: Request,
    serving: ServingDep,
    _: PublisherDep,
    ladder: NoRelease,
    version: str,
    body: Annotated[NewEvent, Depends(sent(NewEvent))],
) -> Response:
    """Deprecate, withdraw or reschedule a release.

    Events are permanent. The release stays readable. Only a release that is not in force yet can be
    rescheduled. Needs the `publish` scope.
    """
    with changing_ladder(request, ladder) as change:
        connection = change.connection
        line = find_releases(connection, ladder)
        if not line:
            raise NotFound(f"{ladder!r} has no release yet.")
        release = find_version(line, version)
        event = Event(body.kind, change.now, body.reason, body.successor, body.sunset, body.effective_from)
        announced = announce(connection, release, event, change.actor)
        shown = _shown(connection, serving, announced)
        response = change.answer(shown, location=shown.links.self_)
    serving.freshness.refresh()
    return response


def _shown(connection: Connection, serving: Serving, release: Release) -> ReleaseItem:
    """Return the release with its new status, before the catalog of this process has it."""
    line = find_releases(connection, release.ladder)
    return release_item(serving.settings.root_path, Catalog.of(0, line, serving.clock()), release)
