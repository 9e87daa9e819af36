"""Publishing a draft, or a correction of the release in force."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.release_bodies import MissingChanges, NewlyPublishedRelease, values_after_write
from app.api.ladders.release_inputs import (
    RELEASE_WRITE_ERRORS,
    NewReleaseBody,
    inside_document,
    release_in,
)
from app.api.protocol.json_body import telling
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import JSON, document_of, media_type_of
from app.api.protocol.rights import PublisherDep, require_for_names
from app.api.protocol.routing import DocumentRoute, resource_router
from app.api.protocol.write_transaction import Change
from app.api.reading.bodies import construct
from app.api.reading.path_parameters import NoRelease
from app.api.reading.reader import ServingDep, serving_of
from app.errors import BumpTooLow, Fault, Invalid, InvalidLadder
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.answers.answer import answer_of
from app.store.ladder_names import find_names
from app.store.publishing import Plan, PublishRequest, carry_out, plan_draft, plan_release
from app.store.revision import take_revision

router = resource_router("releases", route_class=DocumentRoute)


async def _json_body(request: Request) -> bytes:
    """Return the body, which can hold a whole ladder. Raises UnsupportedMediaType and TooLarge."""
    media_type_of(request, JSON)
    return await document_of(request)


@router.post(
    "/ladders/{ladder}/releases",
    status_code=201,
    response_model=NewlyPublishedRelease,
    responses=documented((*RELEASE_WRITE_ERRORS, InvalidLadder, BumpTooLow)),
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
    body: Annotated[bytes, Depends(_json_body)],
) -> Response:
    """Publish the draft, or a correction.

    Creates a release that never changes. Needs the `publish` scope. The draft must have no findings of severity
    `error`, build on the newest release that is not withdrawn, have the content hash in the request, and be approved
    if the ladder needs a review. The changes set the minimum version number; a lower one needs a reason (`because`).

    While a release is scheduled, `corrects` and `document` publish a correction of the release in force instead. That
    also needs the `write` scope. The response lists what the scheduled release lacks.
    """
    options, document = release_in(body)
    with changing_ladder(request, ladder) as change:
        release, plan = publish_release(change, ladder, options, document)
        values = values_after_write(change.connection, serving, release)
        values["missing_in"] = tuple(
            MissingChanges(version=str(one.release), changes=one.changes) for one in plan.missing_in
        )
        shown = construct(NewlyPublishedRelease, values)
        response = change.answer(shown, location=shown.links.self_)
    serving.freshness.refresh()
    return response


def publish_release(
    change: Change, ladder: str, options: NewReleaseBody, document: Ladder | None
) -> tuple[Release, Plan]:
    """Publish the draft, or the document that corrects a release. Raises as `plan_publish` and `carry_out` do."""
    revision = take_revision(change.connection)
    plan = plan_publish(change, ladder, options, document)
    return carry_out(change.connection, plan, change.actor, change.now, revision), plan


def plan_publish(change: Change, ladder: str, options: NewReleaseBody, document: Ladder | None) -> Plan:
    """Plan the release of the draft, or of the document that corrects a release, after the revision was taken.

    Raises:
        Forbidden: The caller may not publish under the slugs of the content, or lacks `write` for a correction.
        InvalidLadder: The content breaks a rule, or the document is of another ladder.
        Invalid, Conflict, BumpTooLow: As `plan_draft` and `plan_release` do.
    """
    request, connection = change.request, change.connection
    required = serving_of(request).settings.require_review
    known = find_names(connection, ladder)
    wanted = PublishRequest(
        change.now,
        options.version or options.bump,
        options.notes,
        effective_from=options.effective_from,
        because=options.because,
        corrects=options.corrects,
    )

    def allow(content: Ladder) -> None:
        require_for_names(request, "publish", known, content.names)

    if document is None:
        reviewed = str(options.content_sha256)
        return plan_draft(connection, ladder, reviewed, wanted, require_review=required, allow=allow)
    answer_of(request.scope).caller.require("write", ladder)
    digest = content_sha256(canonical(document))
    if not {ladder, *known}.intersection(document.names):
        detail = f"The document has another slug than the URL. Set `slug` to {ladder[:100]!r}."
        raise InvalidLadder(detail, faults=[Fault(detail, "/document/slug")])
    if options.content_sha256 not in {None, digest}:
        detail = f"The document has the hash {digest}. Send that, or leave `content_sha256` out."
        raise Invalid(detail, faults=[Fault(detail, "/content_sha256")])
    allow(document)
    try:
        return plan_release(connection, document, wanted, require_review=required, digest=digest, slug=ladder)
    except InvalidLadder as error:
        raise inside_document(error) from None
