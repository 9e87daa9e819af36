"""Filters that several lists share."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from app.api.reading.missing import find_present
from app.api.reading.patterns import EXTERNAL_ID
from app.api.reading.queries import wrong_value
from app.api.reading.reader import Reader
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.suggest import did_you_mean
from app.rubric.text import TARGET_PATTERN, folded

Keeps = Callable[[Node], bool]

ExternalIdFilter = Annotated[
    str | None,
    Field(
        min_length=3,
        pattern=EXTERNAL_ID,
        description="Only entities with this id in another system, as `system:id`.",
    ),
]
AboutFilter = Annotated[
    str | None,
    Field(pattern=TARGET_PATTERN, description="Only entries about this entity, as `kind:slug`."),
]
GroupFilter = Annotated[str | None, Field(min_length=1, description="Only entries in this group.")]


def has_external_id(wanted: str | None) -> Keeps:
    """Return a filter for entities with the external id `system:id`. None keeps all."""
    if wanted is None:
        return _everything
    system, _, identity = wanted.partition(":")

    def keeps(node: Node) -> bool:
        bearer: Any = node.entity
        return any((one.system, one.id) == (system, identity) for one in bearer.external_ids)

    return keeps


def is_about(release: Reader, target: str | None) -> Keeps:
    """Return a filter for FAQs, tips and pages about an entity, by its present or a former slug. None keeps all.

    Raises InvalidParameter if the release has no such entity.
    """
    if target is None:
        return _everything
    index, (kind, _, address) = release.index, target.partition(":")
    found = find_present(release.serving.database, release.loaded, kind, address)
    if found is None:
        detail = f"This release has no {target[:80]!r}. Write an entity as kind:slug.{_did_you_mean(index, target)}"
        raise wrong_value("about", detail)
    wanted = frozenset(id(node) for node in index.about.get(found.target, ()))
    return lambda node: id(node) in wanted


def _did_you_mean(index: Index, target: str) -> str:
    """Return a sentence that suggests similar slugs of the kind, or the slug in a similar kind."""
    kind, _, slug = target.partition(":")
    kinds = {node.kind for node in index.nodes}
    if kind in kinds:
        return did_you_mean(slug, (node.address for node in index.of_kind(kind)), prefix=f"{kind}:")
    return did_you_mean(kind, (one for one in kinds if index.find(one, slug) is not None), suffix=f":{slug}")


def has(name: str, wanted: str | None) -> Keeps:
    """Return a filter for entities whose field of that name has this value. None keeps all."""
    if wanted is None:
        return _everything
    return lambda node: getattr(node.entity, name) == wanted


def titled(name: str, wanted: str | None) -> Keeps:
    """Return a filter for entities whose field of that name looks like this title. None keeps all."""
    if wanted is None:
        return _everything
    title = folded(wanted)
    return lambda node: folded(getattr(node.entity, name) or "") == title


def both(*filters: Keeps) -> Keeps:
    """Return a filter for entities that every given filter keeps."""
    return lambda node: all(keeps(node) for keeps in filters)


def _everything(_: Node) -> bool:
    return True
