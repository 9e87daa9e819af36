"""Filters that several lists share: by an external id, by what an entity is about."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from app.api.reading.patterns import EXTERNAL_ID
from app.api.reading.queries import wrong_value
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.text import TARGET_PATTERN
from app.serving.releases.catalog import did_you_mean

Keeps = Callable[[Node], bool]

ExternalIdFilter = Annotated[
    str | None,
    Field(
        min_length=3,
        pattern=EXTERNAL_ID,
        description="Only what has this name in another system, as `system:id`.",
    ),
]
AboutFilter = Annotated[
    str | None,
    Field(pattern=TARGET_PATTERN, description="Only what speaks of this entity, as `kind:slug`."),
]
GroupFilter = Annotated[str | None, Field(min_length=1, description="Only what is in this group.")]


def has_external_id(wanted: str | None) -> Keeps:
    """Keep entities that bear the external id `system:id`; all where none is wanted."""
    if wanted is None:
        return _everything
    system, _, identity = wanted.partition(":")

    def keeps(node: Node) -> bool:
        bearer: Any = node.entity
        return any((one.system, one.id) == (system, identity) for one in bearer.external_ids)

    return keeps


def is_about(index: Index, target: str | None) -> Keeps:
    """Keep FAQs, tips and pages about an entity; all where none is named.

    Raises InvalidParameter where the release has no such entity.
    """
    if target is None:
        return _everything
    if index.find_target(target) is None:
        detail = f"This release has no {target[:80]!r}; write an entity as kind:slug.{_alike(index, target)}"
        raise wrong_value("about", detail)
    wanted = frozenset(id(node) for node in index.about.get(target, ()))
    return lambda node: id(node) in wanted


def _alike(index: Index, target: str) -> str:
    """A sentence that proposes what may have been meant: near slugs of the kind, or the slug in a near kind."""
    kind, _, slug = target.partition(":")
    kinds = {node.kind for node in index.nodes}
    if kind in kinds:
        return did_you_mean(slug, (node.address for node in index.of_kind(kind)), prefix=f"{kind}:")
    return did_you_mean(kind, (one for one in kinds if index.find(one, slug) is not None), suffix=f":{slug}")


def has(name: str, wanted: str | None) -> Keeps:
    """Keep entities whose property of that name is the one wanted; all where none is wanted."""
    if wanted is None:
        return _everything
    return lambda node: getattr(node.entity, name) == wanted


def both(*filters: Keeps) -> Keeps:
    """Keep what every filter keeps."""
    return lambda node: all(keeps(node) for keeps in filters)


def _everything(_: Node) -> bool:
    return True
