"""Deprecating, withdrawing and rescheduling a release."""

from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.release_bodies import ReleaseItem, values_after_write
from app.api.ladders.release_inputs import RELEASE_WRITE_ERRORS, Reason
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import documented
from app.api.protocol.rights import PublisherDep
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import Change
from app.api.reading.bodies import construct
from app.api.reading.path_parameters import NoRelease
from app.api.reading.reader import ServingDep
from app.errors import NotFound
from app.formats.bundle.release_block import Instant, ReleaseNumber
from app.rubric.releases import Event, Release
from app.rubric.text import Value
from app.serving.releases.catalog import find_version
from app.store.release_events import announce
from app.store.releases import find_releases

router = resource_router("releases")


class NewEvent(Value):
    """A deprecation, withdrawal or rescheduling of a published release."""

    kind: Literal["deprecated", "withdrawn", "rescheduled"]
    """`deprecated`: readers should move to another release. `withdrawn`: nobody should rely on it any more.
    `rescheduled`: it comes into force at another date than announced."""
    reason: Reason
    """Why."""
    successor: ReleaseNumber | None = None
    """Number of the release to read instead."""
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
    "/ladders/{ladder}/releases/{version}/events",
    status_code=201,
    response_model=ReleaseItem,
    responses=documented(RELEASE_WRITE_ERRORS),
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
        announced = announce_event(change, ladder, version, body)
        shown = construct(ReleaseItem, values_after_write(change.connection, serving, announced))
        response = change.answer(shown, location=shown.links.self_)
    serving.freshness.refresh()
    return response


def announce_event(change: Change, ladder: str, version: str, new: NewEvent) -> Release:
    """Add an event to a release, and return the release with it.

    Raises NotFound if the ladder or the release does not exist, and otherwise as `announce` does.
    """
    line = find_releases(change.connection, ladder)
    if not line:
        raise NotFound(f"{ladder!r} has no release yet.")
    event = Event(new.kind, change.now, new.reason, new.successor, new.sunset, new.effective_from)
    return announce(change.connection, find_version(line, version), event, change.actor)
