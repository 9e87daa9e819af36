"""Entity tags of the resources in a draft.

Each entity has its own tag, so that authors of two entities do not block each other. A tag is strong (RFC 9110,
8.8.3). It is computed from the entity without its links, or from the whole content for a resource about the whole. It
does not depend on `fields`, so a write can send the tag of any read as If-Match.

A tag ends with the number of the release that the draft builds on, because `changed_in` follows from it. A write
compares the rest (`content_part`): if the author's text is the same, somebody else's publish does not matter.
"""

import re
from typing import Final

from pydantic_core import to_json

from app.api.reading.items import unlinked_item
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.releases import Version
from app.serving.answers.representation import strong_tag

_BASE: Final = re.compile(r'\.[0-9]+\.[0-9]+\.[0-9]+"$')


def whole_tag(content_sha256: str, base: Version | None) -> str:
    """Return the tag of the whole draft, with quotes. The document and the ladder have this tag."""
    return _with_base(f'"{content_sha256[:32]}"', base)


def content_part(tag: str) -> str:
    """Return the part of a tag that covers the content."""
    return _BASE.sub('"', tag)


def entity_tag(index: Index, node: Node, base: Version | None) -> str:
    """Return the tag of one entity, with quotes."""
    return _with_base(strong_tag(to_json(unlinked_item(index, node))), base)


def collection_tag(index: Index, kind: str, base: Version | None) -> str:
    """Return the tag of all entities of a kind and their order, with quotes."""
    items = [unlinked_item(index, node) for node in index.of_kind(kind)]
    return _with_base(strong_tag(to_json(items)), base)


def _with_base(tag: str, base: Version | None) -> str:
    return tag if base is None else f'{tag[:-1]}.{base}"'
