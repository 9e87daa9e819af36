"""The pages that edit the entities of a draft, for links to them."""

from typing import Final

from app.api.reading.urls import COLLECTION_OF
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.owners import relation, topmost
from app.web.layout.editing.kinds import KINDS

_DEPTH: Final = 3
"""The parts of the pointer to an entity of one of the ladder's lists: empty, list, position."""


def edit_path(index: Index, node: Node, pointer: str = "") -> str:
    """Return the page that edits an entity, below its draft; the outline if it has none.

    Args:
        index: The content of the draft.
        node: The entity.
        pointer: JSON Pointer to a field of it, to which the path leads.
    """
    top, on = topmost(node), relation(node)
    field = ".".join(pointer.split("/")[_DEPTH:])
    fragment = f"#{field}" if field else ""
    if top.kind == "expectation":
        is_there = on.level in index.levels and on.competency in index.competencies
        if not is_there or (on.facet is not None and on.facet not in index.facets):
            return "/edit"
        place = f"{on.competency}--{on.facet}" if on.facet else on.competency
        return f"/levels/{on.level}/in/{place}/edit{fragment}"
    if top.kind in KINDS:
        return f"/{COLLECTION_OF[top.kind]}/{top.address}/edit{fragment}"
    return "/edit"
