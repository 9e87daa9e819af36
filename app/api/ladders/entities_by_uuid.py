"""Entities by UUID, with a redirect to their current URL."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from starlette.responses import RedirectResponse

from app.api.protocol.problems import documented
from app.api.protocol.routing import resource_router
from app.api.reading.json_values import ANY_OBJECT
from app.api.reading.missing import gone
from app.api.reading.reader import ServingDep
from app.api.reading.urls import entity_path
from app.errors import Gone, InvalidParameter, NotFound, Unavailable
from app.serving.answers.answer import answer_of
from app.store.slug_history import find_entity

router = resource_router("entities")


@router.get(
    "/entities/{uuid}",
    status_code=307,
    response_class=RedirectResponse,
    responses={
        200: {
            "description": "The entity, after the redirect.",
            "content": {"application/json": {"schema": ANY_OBJECT}},
        },
        307: {"description": "The current URL of the entity is in `Location`."},
        **documented((NotFound, Gone, InvalidParameter, Unavailable)),
    },
)
def find_entity_by_uuid(
    request: Request, serving: ServingDep, uuid: Annotated[UUID, Path(description="The entity's UUID.")]
) -> RedirectResponse:
    """Find an entity by UUID.

    Redirects to the current URL of the entity in the release in force. If the entity was removed, the response is 410
    with the reason and the successor, if its author gave them.
    """
    answer = answer_of(request.scope)
    answer.across = True
    catalog = answer.catalog
    records = serving.database.ask(partial(find_entity, uuid=uuid))
    if not records or records[0].ladder not in catalog.releases:
        raise NotFound(f"No entity has or ever had the UUID {uuid}.")
    ladder = catalog.name(records[0].ladder)
    release = catalog.shown(ladder)
    loaded = serving.loaded.get(release)
    node = loaded.index.find_uuid(uuid)
    if node is None:
        raise gone(loaded.index, f"{serving.settings.root_path}/v1/ladders/{ladder}", records)
    return RedirectResponse(f"{serving.settings.root_path}/v1/ladders/{ladder}{entity_path(node)}", 307)
