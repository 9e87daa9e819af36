"""Creating a ladder with its first draft, and discarding a draft."""

from typing import Final

from fastapi import Request, Response

from app.api.ladders.ladders import LadderResource, read_ladder
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import JSON, SmallBodyDep, body_in_openapi, media_type_of, part_in
from app.api.protocol.rights import WriterDep, require_for_names
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import changing
from app.api.reading.draft_etags import whole_tag
from app.api.reading.queries import ReadQuery
from app.api.writing.draft_writes import (
    AT_DRAFT,
    WRITE_ERRORS,
    WriteDraftDep,
    create_draft,
    drop_draft,
    written,
)
from app.api.writing.inputs import input_schema
from app.api.writing.preconditions import PreconditionsDep
from app.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidLadder,
    NotAcceptable,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.rubric.editing import LadderRoot
from app.rubric.ladder import Ladder
from app.serving.releases.loaded_releases import DRAFT
from app.store.drafts import Draft, DraftContent

router = resource_router("ladders")

_CREATE_ERRORS: Final = (
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotAcceptable,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    InvalidLadder,
    TooManyRequests,
    Unavailable,
)


@router.post(
    "/ladders",
    status_code=201,
    response_model=LadderResource,
    responses=documented(_CREATE_ERRORS),
    openapi_extra=body_in_openapi(
        "The ladder's own fields, without its entities.",
        (JSON, input_schema("ladder")),
    ),
)
def create_ladder(request: Request, caller: WriterDep, body: SmallBodyDep) -> Response:
    """Create a ladder.

    Creates a ladder with an empty draft. Nobody else sees the ladder before it is published.
    """
    media_type_of(request, JSON)
    new = part_in(body, LadderRoot)
    caller.require("write", new.slug)
    require_for_names(request, "write", (), (new.slug, *new.formerly))
    content = DraftContent.of(Ladder(**dict(new)))
    with changing(request) as change:
        draft = create_draft(change, content, fresh=True)
        created = written(request, draft, f"/v1/ladders/{new.slug}@{DRAFT}")
        return change.answer(read_ladder(created, ReadQuery()), location=created.path)


@router.delete(
    "/ladders/{ladder}",
    status_code=204,
    responses=documented(WRITE_ERRORS),
    openapi_extra=AT_DRAFT,
)
def discard_draft(request: Request, slug: WriteDraftDep, conditions: PreconditionsDep) -> None:
    """Discard the draft.

    Removes all edits since the release that the draft builds on, and closes an open review.
    """

    def check(draft: Draft) -> None:
        conditions.require(whole_tag(draft.content_sha256, draft.base_version), f"the draft of {slug!r}")

    drop_draft(request, slug, check)
