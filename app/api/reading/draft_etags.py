"""Entity tags of the resources in a draft.

Each entity has its own tag, so that authors of two entities do not block each other. A tag is strong (RFC 9110,
8.8.3). It is computed from the entity without its links, or from the whole content for a resource about the whole. It
does not depend on `fields`, so a write can send the tag of any read as If-Match.
"""

from pydantic_core import to_json

from app.api.reading.items import unlinked_item
from app.rubric.entities import Node
from app.rubric.index import Index
from app.serving.answers.representation import strong_tag


def whole_tag(content_sha256: str) -> str:
    """Return the tag of the whole draft, with quotes. The document and the ladder have this tag."""
    return f'"{content_sha256[:32]}"'


def entity_tag(index: Index, node: Node) -> str:
    """Return the tag of one entity, with quotes."""
    return strong_tag(to_json(unlinked_item(index, node)))


def collection_tag(index: Index, kind: str) -> str:
    """Return the tag of all entities of a kind and their order, with quotes."""
    items = [unlinked_item(index, node) for node in index.of_kind(kind)]
    return strong_tag(to_json(items))
