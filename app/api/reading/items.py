"""Conversion of entities to response bodies."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from pydantic import BaseModel

from app.api.reading.bodies import ItemLinks, construct, filled, members_of
from app.api.reading.entity_bodies import Included
from app.api.reading.queries import names
from app.api.reading.sparse_fields import select_fields
from app.api.reading.urls import Urls
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.related import KIND_OF, RELATED, related
from app.serving.releases.loaded_releases import Loaded

ITEMS: Final[dict[str, type[BaseModel]]] = {
    KIND_OF[collection]: item for collection, item in members_of(Included).items()
}
"""The item class of each kind that has its own URLs."""


def changing_item(loaded: Loaded, node: Node, fields: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields of an entity's item without its links, with the release in which it last changed."""
    values = unlinked_item(loaded.index, node, fields)
    if not fields or "changed_in" in fields:
        version = loaded.changed_in(node)
        if version is not None:
            values["changed_in"] = version
    return values


def unlinked_item(index: Index, node: Node, fields: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields of an entity's item without its links, by name.

    If `fields` is not empty, only these and the required fields are returned.
    """
    return select_fields(ITEMS[node.kind], {**_fields(index, node), "uuid": node.uuid}, fields)


def _fields(index: Index, node: Node) -> dict[str, Any]:
    values = filled(node.entity)
    if node.kind == "level":
        values["effective_rank"] = index.ranks[node.address]
    elif node.kind == "expectation":
        values["slug"] = node.address
    elif node.kind == "example" and node.owner is not None:
        relation = index.relation(node)
        values |= {"address": node.address, "of": node.owner.target}
        values |= {
            "level": relation.level,
            "competency": relation.competency,
            "facet": relation.facet,
        }
    return values


def linked_item(loaded: Loaded, urls: Urls, node: Node, fields: Collection[str] = ()) -> BaseModel:
    """Return an entity as a list item, with links."""
    links = construct(ItemLinks, {"self_": urls.of(node)})
    return construct(ITEMS[node.kind], {**changing_item(loaded, node, fields), "links": links})


def included(loaded: Loaded, urls: Urls, kind: str, nodes: Sequence[Node], expand: str) -> Included:
    """Return the entities related to other entities of a kind, by collection, each once, in document order.

    Raises InvalidParameter for a collection that this kind cannot expand.
    """
    index = loaded.index
    found: dict[str, tuple[BaseModel, ...]] = {}
    for collection in names("expand", expand, RELATED[kind]):
        wanted = {id(other) for node in nodes for other in related(index, node, collection)}
        beside = (other for other in index.of_kind(KIND_OF[collection]) if id(other) in wanted)
        found[collection] = tuple(linked_item(loaded, urls, other) for other in beside)
    return construct(Included, found)
