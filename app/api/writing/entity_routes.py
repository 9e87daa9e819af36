"""The writes of an entity of a draft: PUT, PATCH and DELETE at its URL, and the order of its list.

A resource adds all of them with one line, `add_writes(router, "level", LevelResource)`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.json_body import named
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import JSON, PartBodyDep, body_in_openapi, media_type_of, part_in
from app.api.reading.draft_etags import collection_tag
from app.api.reading.entity_bodies import Resource
from app.api.reading.patterns import TARGETS
from app.api.reading.queries import Flag, wrong_value
from app.api.reading.urls import COLLECTION_OF
from app.api.writing.draft_writes import AT_DRAFT, WRITE_ERRORS, WriteDraftDep, change_draft
from app.api.writing.entity import Place, base_of, plain
from app.api.writing.inputs import INPUTS, input_schema
from app.api.writing.patching import PATCH_BODY, only_of, patch_in, patched
from app.api.writing.preconditions import PreconditionsDep
from app.errors import UriTooLong
from app.rubric.editing import Parting, remove, reorder
from app.rubric.entities import Kind
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.text import Line, Target, Text, Value
from app.store.drafts import Draft

_MOST_ORDERED: Final = 10_000
_NAMES: Final = {"faq": "FAQ", "faqs": "FAQs"}
"""Names of kinds and collections in texts, if they differ."""


class RemovalQuery(BaseModel):
    """Parameters of a removal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[
        Text | None,
        Field(
            min_length=1,
            max_length=2000,
            description="The reason for the removal. If a release had the entity, the draft records the reason, and "
            "later requests for the entity get a 410 with it.",
        ),
    ] = None
    successor: Annotated[
        Target | None, Field(description="The entity to read instead, as `kind:slug`. Requires `reason`.")
    ] = None
    successors: Annotated[
        str | None,
        Field(
            pattern=TARGETS,
            max_length=2000,
            description="The entities to read instead if there are several, as `kind:slug`, separated by commas. "
            "Requires `reason`; not with `successor`.",
            examples=["level:l4,level:l5"],
        ),
    ] = None
    cascade: Annotated[
        Flag,
        Field(
            description="True to remove its parts too: levels of a track, facets of a competency, and the "
            "expectations of each. Otherwise they stay, and findings report them."
        ),
    ] = False

    def parting(self) -> Parting | None:
        """Return the reason and the successors. Raises InvalidParameter without a reason, or with both parameters."""
        given = {"successor": self.successor, "successors": self.successors}
        named = [name for name, value in given.items() if value is not None]
        if self.reason is None:
            if named:
                raise wrong_value(named[0], f"`{named[0]}` requires `reason`. Send both, or neither.")
            return None
        if len(named) > 1:
            raise wrong_value("successors", "Send `successor` for one entity, or `successors` for several.")
        targets = (self.successor or self.successors or "").split(",")
        return Parting(self.reason, tuple(dict.fromkeys(filter(None, targets))))


class Order(Value):
    """The new order of a list of entities."""

    order: Annotated[tuple[Line, ...], Field(max_length=_MOST_ORDERED)]
    """Slugs in the new order. These entities exchange their current positions; all others stay."""


def add_writes(router: APIRouter, kind: Kind, model: type[Resource]) -> None:
    """Add PUT, PATCH and DELETE for entities of a kind, and PATCH of their list for the order.

    `model` is the class of the response to a read.
    """
    collection = COLLECTION_OF[kind]
    list_path = f"/ladders/{{ladder}}/{collection}"

    def place(
        request: Request,
        slug: WriteDraftDep,
        address: Annotated[str, Path(alias=kind)],
        conditions: PreconditionsDep,
    ) -> Place:
        return Place(request, slug, kind, address, conditions)

    _add_put(router, f"{list_path}/{{{kind}}}", kind, model, place)
    _add_patch(router, f"{list_path}/{{{kind}}}", kind, model, place)
    _add_delete(router, f"{list_path}/{{{kind}}}", kind, place)
    _add_reorder(router, list_path, kind, collection)


def _add_put(
    router: APIRouter, path: str, kind: Kind, model: type[Resource], placed: Callable[..., Place]
) -> None:
    made: dict[int | str, dict[str, Any]] = {201: {"description": f"The {kind} was created.", "model": model}}

    @router.put(
        path,
        name=f"replace_{kind}",
        description=f"Create or replace {_one(kind)}.\n\nSend `If-None-Match: *` to create it in the draft, or "
        "`If-Match` to replace it. If the slug in the body differs from the URL, the entity is renamed and "
        "references to it are updated.",
        response_model=model,
        responses=made | documented(WRITE_ERRORS),
        openapi_extra=AT_DRAFT | _body_of(kind),
    )
    def replace(
        request: Request, place: Annotated[Place, Depends(placed)], body: PartBodyDep, response: Response
    ) -> Any:  # noqa: ANN401 - of the resource's class
        media_type_of(request, JSON)
        value = part_in(body, INPUTS[kind])

        def make(draft: Draft, index: Index) -> Value:
            place.find(draft, index)
            return value

        return place.put(make).answer(model, response)


def _add_patch(
    router: APIRouter, path: str, kind: Kind, model: type[Resource], placed: Callable[..., Place]
) -> None:
    @router.patch(
        path,
        name=f"patch_{kind}",
        description=f"Change {_one(kind)}.\n\nChanges some fields in the draft. If the slug changes, the entity is "
        "renamed and references to it are updated.",
        response_model=model,
        responses=documented(WRITE_ERRORS),
        openapi_extra=AT_DRAFT | PATCH_BODY,
    )
    def patch(
        request: Request, place: Annotated[Place, Depends(placed)], body: PartBodyDep, response: Response
    ) -> Any:  # noqa: ANN401 - of the resource's class
        sent = patch_in(request, body)

        def make(draft: Draft, index: Index) -> Value:
            current = plain(place.get(draft, index))
            return patched(current, sent, lambda left: part_in(left, INPUTS[kind]))

        return place.put(make).answer(model, response)


def _add_delete(router: APIRouter, path: str, kind: Kind, placed: Callable[..., Place]) -> None:
    @router.delete(
        path,
        name=f"remove_{kind}",
        description=f"Remove {_one(kind)}.\n\nRemoves it from the draft. If you give a reason, it is recorded, and "
        "after the next publish a request for the entity gets a 410 with the reason and the successors.",
        status_code=204,
        responses=documented((*WRITE_ERRORS, UriTooLong)),
        openapi_extra=AT_DRAFT,
    )
    def remove_entity(
        place: Annotated[Place, Depends(placed)], query: Annotated[RemovalQuery, Query()]
    ) -> None:
        parting = query.parting()

        def edit(draft: Draft, index: Index) -> Ladder:
            place.get(draft, index)
            base = base_of(place.request, draft)
            return remove(index, kind, place.address, base, parting, cascade=query.cascade)

        place.change(edit)


def _add_reorder(router: APIRouter, path: str, kind: Kind, collection: str) -> None:
    @router.patch(
        path,
        name=f"reorder_{collection}",
        description=f"Reorder {_NAMES.get(collection, collection)}.\n\nThe entities in `order` exchange their "
        "current positions so that they follow that order. All others stay. `If-Match` takes the tag of the list.",
        status_code=204,
        responses=documented(WRITE_ERRORS),
        openapi_extra=AT_DRAFT | body_in_openapi("The new order.", (JSON, named(Order))),
    )
    def reorder_entities(
        request: Request,
        slug: WriteDraftDep,
        conditions: PreconditionsDep,
        body: PartBodyDep,
        response: Response,
    ) -> None:
        only_of(request, JSON)
        order = part_in(body, Order)

        def change(draft: Draft) -> Ladder:
            index = Index.of(draft.ladder)
            conditions.require(collection_tag(index, kind, draft.base_version), f"The list of {collection}")
            return reorder(index, kind, order.order)

        draft = change_draft(request, slug, change, target=collection)
        tag = collection_tag(Index.of(draft.ladder), kind, draft.base_version)
        response.headers["etag"] = tag


def _one(kind: Kind) -> str:
    """Return the name of a kind with its article."""
    name = _NAMES.get(kind, kind)
    return f"an {name}" if name[0] in "aeioF" else f"a {name}"


def _body_of(kind: Kind) -> dict[str, Any]:
    description = (
        f"The {_NAMES.get(kind, kind)}, in the format that GET returns. Read-only fields are ignored."
    )
    return body_in_openapi(description, (JSON, input_schema(kind)))
