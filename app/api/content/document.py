"""The document: a whole release in one body."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.request_bodies import (
    JSON,
    YAML,
    DocumentBodyDep,
    PartBodyDep,
    body_in_openapi,
    ladder_in,
    media_type_of,
)
from app.api.protocol.rights import require_for_names
from app.api.protocol.routing import declare, resource_router
from app.api.protocol.write_transaction import changing
from app.api.reading.bodies import InRelease, ResourceLinks, Uuid, construct, filled_in, members_of
from app.api.reading.draft_etags import whole_tag
from app.api.reading.entity_bodies import Entries
from app.api.reading.items import changing_item
from app.api.reading.json_values import ANY_OBJECT
from app.api.reading.queries import FieldsQuery
from app.api.reading.reader import ReleaseDep
from app.api.reading.sparse_fields import requested_fields
from app.api.writing.draft_writes import (
    AT_DRAFT,
    WRITE_ERRORS,
    WriteDraftDep,
    change_draft,
    create_draft,
    written,
)
from app.api.writing.patching import PATCH_BODY, patch_in, patched
from app.api.writing.preconditions import PreconditionsDep
from app.errors import Fault, InvalidLadder, NotFound
from app.rubric.entities import COLLECTIONS
from app.rubric.ladder import Ladder
from app.serving.releases.loaded_releases import Loaded
from app.serving.route_table import Link, RouteFacts
from app.store.drafts import MAX_CONTENT, Draft, DraftContent

router = resource_router("document")


class Document(Entries, Ladder, InRelease):
    """A whole ladder: every entity with its UUID, in document order."""

    uuid: Uuid
    links: ResourceLinks


@router.get("/ladders/{ladder}/document", responses=documented(IN_RELEASE))
@declare(RouteFacts(link=Link("document", "The whole release in one body.")))
def read_document(release: ReleaseDep, query: Annotated[FieldsQuery, Query()]) -> Document:
    """Read a whole release.

    The document has every entity of the release in one body. `fields` chooses among its lists.
    """
    kept = requested_fields(Document, query.fields)
    index, ladder = release.index, release.loaded.ladder
    values: dict[str, Any] = {"uuid": index.nodes[0].uuid}
    for name, field in Ladder.model_fields.items():
        if kept and name not in kept and not field.is_required():
            continue
        entries = name in COLLECTIONS
        values[name] = _entries(release.loaded, name) if entries else filled_in(getattr(ladder, name))
    release.tag(whole_tag(release.loaded.content_sha256, release.loaded.since))
    return release.body(Document, values, release.links(query.model_dump(exclude_unset=True)))


@router.put(
    "/ladders/{ladder}/document",
    responses={201: {"model": Document, "description": "The draft was created."}, **documented(WRITE_ERRORS)},
    openapi_extra=AT_DRAFT
    | body_in_openapi(
        "The whole ladder, in the format that GET returns or in the format of ladder files "
        "(`/v1/schemas/ladder.json`). Read-only fields are ignored. At most 20 MB of JSON or 2 MB of YAML.",
        (JSON, ANY_OBJECT),
        (YAML, ANY_OBJECT),
    ),
)
def replace_document(
    request: Request,
    slug: WriteDraftDep,
    conditions: PreconditionsDep,
    body: DocumentBodyDep,
    response: Response,
) -> Document:
    """Replace the draft.

    The new draft builds on the newest release that is not withdrawn. A document that breaks rules is stored; see
    `findings`. If there is no draft yet, `If-None-Match: *` creates one.
    """
    ladder = ladder_in(body, media_type_of(request, JSON, YAML))
    name = f"the draft of {slug!r}"

    def replaced(before: Draft) -> Ladder:
        conditions.require(whole_tag(before.content_sha256, before.base_version), name)
        return ladder

    try:
        after = change_draft(request, slug, replaced, rebase=True)
    except NotFound:
        conditions.require(None, name)
        _refuse_other_slug(slug, ladder)
        require_for_names(request, "write", (), ladder.names)
        content = DraftContent.of(ladder)
        with changing(request) as change:
            after = create_draft(change, content, fresh=False)
        response.status_code = 201
    return read_document(written(request, after), FieldsQuery())


@router.patch(
    "/ladders/{ladder}/document",
    responses=documented(WRITE_ERRORS),
    openapi_extra=AT_DRAFT | PATCH_BODY,
)
def patch_document(
    request: Request, slug: WriteDraftDep, conditions: PreconditionsDep, body: PartBodyDep
) -> Document:
    """Change several entities of the draft.

    Applies a patch to the whole document. If it changes a slug, references to the entity are not updated.
    """
    sent = patch_in(request, body)

    def change(draft: Draft) -> Ladder:
        conditions.require(whole_tag(draft.content_sha256, draft.base_version), f"The draft of {slug!r}")
        current = draft.ladder.model_dump(mode="json", exclude_none=True)
        return patched(current, sent, lambda left: ladder_in(left, JSON), MAX_CONTENT)

    return read_document(written(request, change_draft(request, slug, change)), FieldsQuery())


def _refuse_other_slug(slug: str, ladder: Ladder) -> None:
    """Raise InvalidLadder if the document of a new ladder has another slug than the URL."""
    if ladder.slug != slug:
        detail = f"The document has another slug than the URL. Set `slug` to {slug[:100]!r}."
        raise InvalidLadder(detail, faults=[Fault(detail, "/slug")])


def _entries(loaded: Loaded, collection: str) -> tuple[Any, ...]:
    entry, nodes = members_of(Document)[collection], loaded.index.of_kind(COLLECTIONS[collection])
    return tuple(construct(entry, changing_item(loaded, node)) for node in nodes)
