"""Writes to a draft's ladder itself, and patches of the whole draft."""

from fastapi import Request

from app.api.ladders.ladders import LadderResource, read_ladder
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import (
    JSON,
    PartBodyDep,
    body_in_openapi,
    media_type_of,
    part_in,
)
from app.api.protocol.routing import resource_router
from app.api.reading.draft_etags import whole_tag
from app.api.reading.queries import ReadQuery
from app.api.writing.draft_writes import AT_DRAFT, WRITE_ERRORS, WriteDraftDep, change_draft, written
from app.api.writing.entity import base_of
from app.api.writing.inputs import input_schema
from app.api.writing.patching import PATCH_BODY, patch_in, patched
from app.api.writing.preconditions import PreconditionsDep
from app.rubric.editing import LadderRoot, put_root
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.store.drafts import Draft

router = resource_router("ladders")


@router.put(
    "/ladders/{ladder}",
    responses=documented(WRITE_ERRORS),
    openapi_extra=AT_DRAFT
    | body_in_openapi(
        "The ladder's own fields, in the format that GET returns. Read-only fields are ignored.",
        (JSON, input_schema("ladder")),
    ),
)
def replace_ladder(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> LadderResource:
    """Replace the ladder's own fields.

    Replaces title, summary and the other fields of the ladder itself in the draft. Tracks, levels and other entities
    stay as they are.
    """
    media_type_of(request, JSON)
    root = part_in(body, LadderRoot)

    def change(draft: Draft) -> Ladder:
        conditions.require(whole_tag(draft.content_sha256, draft.base_version), f"The draft of {slug!r}")
        return put_root(Index.of(draft.ladder), root, base_of(request, draft))

    return read_ladder(
        written(request, change_draft(request, slug, change, target=f"ladder:{slug}")), ReadQuery()
    )


@router.patch("/ladders/{ladder}", responses=documented(WRITE_ERRORS), openapi_extra=AT_DRAFT | PATCH_BODY)
def patch_ladder(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> LadderResource:
    """Change the ladder's own fields.

    Changes title, summary and other fields of the ladder itself in the draft. Tracks, levels and other entities stay
    as they are.
    """
    sent = patch_in(request, body)

    def change(draft: Draft) -> Ladder:
        conditions.require(whole_tag(draft.content_sha256, draft.base_version), f"The draft of {slug!r}")
        current = draft.ladder.model_dump(mode="json", exclude_none=True, include={*LadderRoot.model_fields})
        root = patched(current, sent, lambda left: part_in(left, LadderRoot))
        return put_root(Index.of(draft.ladder), root, base_of(request, draft))

    return read_ladder(
        written(request, change_draft(request, slug, change, target=f"ladder:{slug}")), ReadQuery()
    )
