"""Renaming an entity: its references follow, and its old slug becomes a former slug."""

from functools import partial
from typing import Any, Final

from app.errors import Conflict, Fault
from app.rubric.editing.mentions import rewrite
from app.rubric.editing.tree import each, with_entity
from app.rubric.entities import Entity, Node, walk
from app.rubric.index import Index
from app.rubric.ladder import Competency, Expectation, Facet, Ladder, Scale, Track
from app.rubric.slug_history import former_slugs

_NAMED_IN: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "track": (("tracks", "extends"), ("levels", "track")),
    "level": (("expectations", "level"),),
    "scale": (("competencies", "scale"), ("facets", "scale")),
    "competency": (("facets", "competency"), ("expectations", "competency")),
    "facet": (("expectations", "facet"),),
}
"""For each kind, the lists of the ladder and their properties that refer to it."""


def rename(index: Index, node: Node, slug: str, base: Index | None = None) -> Ladder:
    """Return the ladder with a new slug for an entity and in all references to it.

    `node` is of the index, has a slug, and is not an expectation. Its former slugs become those of the base,
    including the slug it has there.

    Raises Conflict if the slug is taken.
    """
    refuse_taken(index, node, slug)
    old = _slug(node.entity)
    renamed = node.entity.model_copy(update={"slug": slug})
    ladder = with_entity(node, remembering(renamed, published(index, node, base)))
    for field, name in _NAMED_IN.get(node.kind, ()):
        ladder = each(ladder, field, partial(_named, name=name, old=old, new=slug))
    if node.kind == "level":
        ladder = each(ladder, "tracks", lambda track: _thresholds(track, old, slug))
    if node.kind == "step" and node.owner is not None:
        ladder = rename_step(ladder, node.owner.address, old, slug)
    moved = {was.target: now.target for was, now in zip(index.nodes, walk(ladder), strict=True)}
    return rewrite(ladder, moved)


def refuse_taken(index: Index, node: Node, slug: str) -> None:
    """Raise Conflict if another entity of the same kind has that slug, or had it and was removed."""
    address = _beside(node, slug)
    if index.find(node.kind, address) is not None:
        detail = f"Another {node.kind} has the slug {slug!r}. Choose a different one."
        raise Conflict(detail, faults=[Fault(detail, "/slug")])
    if any((one.kind, one.slug) == (node.kind, address) for one in index.ladder.removals):
        detail = f"The slug {slug!r} belongs to a {node.kind} that was removed. Choose a different one."
        raise Conflict(detail, faults=[Fault(detail, "/slug")])


def published(index: Index, node: Node, base: Index | None) -> Node | None:
    """Return the entity as the base has it, under whatever slug; None if the base does not have it.

    If two entities of the ladder could be the one in the base, it is the one with the address there, or the one that
    lists former slugs.
    """
    if base is None or node.uuid is None:
        return None
    there = base.find(node.kind, node.address) or base.find_uuid(node.uuid)
    if there is None or there.address == node.address or former_slugs(node):
        return there
    others = (one for one in index.of_kind(node.kind) if one is not node)
    rival = any(one.address == there.address or one.uuid == node.uuid for one in others)
    return None if rival else there


def remembering(entity: Entity, before: Node | None) -> Entity:
    """Return the entity with the slugs it had in the base among its earlier ones, so that it stays who it is."""
    slug, formerly = _slug(entity), getattr(entity, "formerly", None)
    if before is None or formerly is None:
        return entity
    was: Any = before.entity
    earlier = was.formerly if was.slug == slug else (*was.formerly, was.slug)
    kept = tuple(dict.fromkeys((*earlier, *(one for one in formerly if one != slug))))
    return entity if kept == formerly else entity.model_copy(update={"formerly": kept})


def rename_step(ladder: Ladder, scale: str, old: str, new: str) -> Ladder:
    """Return the ladder with a new slug for a step in all references to it. The scale itself stays as it is."""
    index = Index.of(ladder)

    def measured(entity: Competency | Facet) -> Competency | Facet:
        home = (entity.competency, entity.slug) if isinstance(entity, Facet) else (entity.slug, None)
        if index.scale_name(*home) != scale:
            return entity
        changed = tuple(_named(one, "step", old, new) for one in entity.proficiencies)
        return entity if changed == entity.proficiencies else _with(entity, proficiencies=changed)

    def asked(entity: Expectation) -> Expectation:
        applies = index.scale_name(entity.competency, entity.facet) == scale
        return _named(entity, "step", old, new) if applies else entity

    ladder = each(ladder, "competencies", measured)
    ladder = each(ladder, "facets", measured)
    return each(ladder, "expectations", asked)


def renamed_steps(before: Scale, after: Scale) -> dict[str, str]:
    """Return the renamed steps of a scale, old slug to new, by the former slugs of the new steps."""
    left = {step.slug for step in before.steps} - {step.slug for step in after.steps}
    return {old: step.slug for step in after.steps for old in step.formerly if old in left}


def _thresholds(track: Track, old: str, new: str) -> Track:
    changed = tuple(_named(threshold, "level", old, new) for threshold in track.thresholds)
    return track if changed == track.thresholds else _with(track, thresholds=changed)


def _named(entity: Any, name: str, old: str, new: str) -> Any:  # noqa: ANN401 - of any class that has the property
    return _with(entity, **{name: new}) if getattr(entity, name) == old else entity


def _with(entity: Any, **update: object) -> Any:  # noqa: ANN401 - a copy is of the class of what is copied
    return entity.model_copy(update=update)


def _slug(entity: Any) -> str:  # noqa: ANN401 - of any class with a slug
    slug: str = getattr(entity, "slug", "")
    return slug


def _beside(node: Node, slug: str) -> str:
    """Return the address that an entity would have with another slug."""
    return f"{node.owner.address}--{slug}" if node.kind == "step" and node.owner is not None else slug
