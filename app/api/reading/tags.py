"""Entity tags of what a draft holds: one for each part, so that authors of two parts do not block each other.

A tag is strong (RFC 9110, 8.8.3) and made of the part alone: of one entity as it is shown without its links, or of
the whole content where the resource tells of the whole. It is the same for every choice of `fields`, so a write may
send it as If-Match however the part was read.
"""

from pydantic_core import to_json

from app.api.reading.items import plain_item
from app.rubric.entities import Node
from app.rubric.index import Index
from app.serving.answers.representation import strong_tag


def whole_tag(content_sha256: str) -> str:
    """The tag of a whole draft, with its quotes: the document's, and the ladder's, which counts its parts."""
    return f'"{content_sha256[:32]}"'


def entity_tag(index: Index, node: Node) -> str:
    """The tag of one entity, with its quotes."""
    return strong_tag(to_json(plain_item(index, node)))


def collection_tag(index: Index, kind: str) -> str:
    """The tag of all entities of a kind and their order, with its quotes."""
    items = [plain_item(index, node) for node in index.of_kind(kind)]
    return strong_tag(to_json(items))
