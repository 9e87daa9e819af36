"""Writing what a draft's ladder says of itself, and patching the whole draft."""

from functools import partial

from fastapi import Request

from app.api.content.document import Document, read_document
from app.api.ladders.ladders import LadderResource, read_ladder
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import (
    JSON,
    PartBodyDep,
    body_in_openapi,
    ladder_in,
    media_type_of,
    part_in,
)
from app.api.protocol.routing import resource_router
from app.api.reading.queries import FieldsQuery, ReadQuery
from app.api.reading.reader import serving_of
from app.api.reading.tags import whole_tag
from app.api.writing.entity import base_of
from app.api.writing.inputs import input_schema
from app.api.writing.patching import PATCH_BODY, patch_in, patched
from app.api.writing.preconditions import PreconditionsDep
from app.api.writing.transaction import AT_DRAFT, WRITE_ERRORS, WriteDraftDep, change_draft, written
from app.errors import PreconditionFailed
from app.rubric.editing import LadderRoot, put_root
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.store.drafts import Draft, get_draft

router = resource_router("ladders")


@router.put(
    "/ladders/{ladder}",
    responses=documented(WRITE_ERRORS),
    openapi_extra=AT_DRAFT
    | body_in_openapi(
        "What the ladder says of itself, as GET gives it. What is read-only is ignored.",
        (JSON, input_schema("ladder")),
    ),
)
def replace_ladder(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> LadderResource:
    """Replace what the ladder says of itself in the draft. Its parts stay as they are."""
    media_type_of(request, JSON)
    root = part_in(body, LadderRoot)

    def change(draft: Draft) -> Ladder:
        conditions.require(whole_tag(draft.content_sha256), f"The draft of {slug!r}")
        return put_root(Index.of(draft.ladder), root, base_of(request, draft))

    return read_ladder(
        written(request, change_draft(request, slug, change, target=f"ladder:{slug}")), ReadQuery()
    )


@router.patch("/ladders/{ladder}", responses=documented(WRITE_ERRORS), openapi_extra=AT_DRAFT | PATCH_BODY)
def patch_ladder(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> LadderResource:
    """Change some of what the ladder says of itself in the draft. Its parts stay as they are."""
    sent = patch_in(request, body)

    def change(draft: Draft) -> Ladder:
        conditions.require(whole_tag(draft.content_sha256), f"The draft of {slug!r}")
        current = draft.ladder.model_dump(mode="json", exclude_none=True, include={*LadderRoot.model_fields})
        root = patched(current, sent, lambda left: part_in(left, LadderRoot))
        return put_root(Index.of(draft.ladder), root, base_of(request, draft))

    return read_ladder(
        written(request, change_draft(request, slug, change, target=f"ladder:{slug}")), ReadQuery()
    )


@router.patch(
    "/ladders/{ladder}/document",
    tags=["document"],
    responses=documented(WRITE_ERRORS),
    openapi_extra=AT_DRAFT | PATCH_BODY,
)
def patch_document(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> Document:
    """Change several parts of the draft at once. What names a part is not changed along with its slug here."""
    sent, serving, name = patch_in(request, body), serving_of(request), f"The draft of {slug!r}"
    seen = serving.database.ask(partial(get_draft, slug=slug, now=serving.clock()))
    conditions.require(whole_tag(seen.content_sha256), name)
    # A whole document may take a while to read, in which nobody else should have to wait.
    current = seen.ladder.model_dump(mode="json", exclude_none=True)
    ladder = patched(current, sent, lambda left: ladder_in(left, JSON))

    def change(draft: Draft) -> Ladder:
        tag = whole_tag(draft.content_sha256)
        if draft.content_sha256 != seen.content_sha256:
            raise PreconditionFailed(f"{name} has changed meanwhile: its tag is {tag} now.", etag=tag)
        return ladder

    return read_document(written(request, change_draft(request, slug, change)), FieldsQuery())
