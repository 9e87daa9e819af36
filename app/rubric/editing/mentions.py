"""Mentions of entities as `kind:address`: in `about`, alignments, successors of removals and translations.

An address can change although its entity does not: an address made of another entity's slug changes when that entity
is renamed, and an address by position changes when a sibling is added or removed. Mentions follow. A removed entity
loses its translations. Its other mentions stay, because the author decides what to write instead. A mention by
position is removed if it would now name the next sibling.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, TypeVar

from app.rubric.editing.tree import each
from app.rubric.entities import LISTS, Node
from app.rubric.index import Index
from app.rubric.ladder import Guidance, Ladder, Removal, Translation
from app.rubric.parts import Alignment
from app.rubric.text import Value

_INSIDE: Final = ("steps", "proficiencies", "statements", "examples")
ValueOf = TypeVar("ValueOf", bound=Value)
_Change = Callable[[str], str | None]
"""From a mention to its replacement; None deletes the mention."""


def follow(before: Index, ladder: Ladder) -> Ladder:
    """Return the ladder with its mentions updated to the addresses after an edit of `before`.

    An entity with a slug is found by its former slugs, one without by identity or equality of its value.
    """
    named = {target: node for target in mentioned(before) if (node := before.find_target(target)) is not None}
    if not named:
        return ladder
    after = Index.of(ladder)
    now = {target: _now(before, after, node) for target, node in named.items()}
    lost = {target for target, there in now.items() if there is None}
    return rewrite(
        _without_translations(ladder, lost),
        {target: there.target for target, there in now.items() if there is not None},
        frozenset(target for target in lost if after.find_target(target) is not None),
    )


def rewrite(ladder: Ladder, moved: Mapping[str, str], lost: frozenset[str] = frozenset()) -> Ladder:
    """Return the ladder with the mentions in `moved` replaced and those in `lost` deleted."""
    moved = {old: new for old, new in moved.items() if old != new}
    if not moved and not lost:
        return ladder
    return _changed(ladder, lambda target: None if target in lost else moved.get(target, target))


def _without_translations(ladder: Ladder, lost: Collection[str]) -> Ladder:
    kept = tuple(one for one in ladder.translations if one.entity not in lost)
    same = len(kept) == len(ladder.translations)
    return ladder if same else ladder.model_copy(update={"translations": kept})


def mentioned(index: Index) -> Iterator[str]:
    """Yield every mention of an entity of this ladder."""
    for node in index.nodes:
        if isinstance(node.entity, Guidance):
            yield from node.entity.about
        for alignment in node.entity.alignments:
            if alignment.entity is not None and alignment.ladder in {None, *index.ladder.names}:
                yield alignment.entity
    for removal in index.ladder.removals:
        if removal.successor is not None:
            yield removal.successor
        yield from removal.successors
    for translation in index.ladder.translations:
        yield translation.entity


def _now(before: Index, after: Index, old: Node) -> Node | None:
    """Return the same entity after the edit, or None if it was removed."""
    if old.owner is None and old.kind == "ladder":
        return after.nodes[0]
    there = after.find(old.kind, old.address)
    if old.uuid is not None:
        return there or after.find_renamed(old.kind, old.address)
    if there is not None and there.entity is old.entity:
        return there
    moved = _first(after, old.kind, lambda node: node.entity is old.entity)
    if moved is not None:
        return moved
    if there is not None and _first(before, old.kind, lambda node: node.entity is there.entity):
        return None  # a sibling has moved here
    return _alike(before, after, old, there)


def _alike(before: Index, after: Index, old: Node, there: Node | None) -> Node | None:
    """Return the equal entity among new values without slugs, else the one in the same place."""
    if there is not None and there.entity == old.entity:
        return there

    def arrived(node: Node) -> bool:
        was = before.find(node.kind, node.address)
        return node.uuid is None and node.entity == old.entity and (was is None or was.entity != old.entity)

    moved = _first(after, old.kind, arrived)
    if moved is not None or there is None:
        return moved
    sibling = _first(before, old.kind, lambda node: node.uuid is None and node.entity == there.entity)
    return there if sibling is None else None


def _first(index: Index, kind: str, keep: Callable[[Node], bool]) -> Node | None:
    return next(filter(keep, index.of_kind(kind)), None)


def _changed(ladder: Ladder, change: _Change) -> Ladder:
    """Return the ladder with every mention changed. `own` are the names by which an alignment means this ladder."""
    own = frozenset({None, *ladder.names})

    def entity(value: Value) -> Value:
        return _entity(value, change, own)

    for field in LISTS:
        ladder = each(ladder, field, entity)
    ladder = each(ladder, "removals", lambda removal: _removal(removal, change))
    ladder = each(ladder, "translations", lambda translation: _translation(translation, change))
    return _own(ladder, change, own)


def _entity(value: Value, change: _Change, own: frozenset[str | None]) -> Value:
    """Return an entity with the mentions in it, and in what is inside it, changed."""
    update: dict[str, Any] = {}
    for field in _INSIDE:
        inner = getattr(value, field, ())
        update[field] = tuple(_entity(one, change, own) for one in inner)
    if isinstance(value, Guidance):
        # Two targets never become one: an address that is taken is refused before.
        changed = (change(target) for target in value.about)
        update["about"] = tuple(target for target in changed if target is not None)
    return _own(_updated(value, update), change, own)


def _own(value: ValueOf, change: _Change, own: frozenset[str | None]) -> ValueOf:
    """Return a value with the mentions in its own alignments changed."""
    given: tuple[Alignment, ...] = getattr(value, "alignments", ())
    changed = (_alignment(alignment, change, own) for alignment in given)
    return _updated(value, {"alignments": tuple(one for one in changed if one is not None)})


def _alignment(alignment: Alignment, change: _Change, own: frozenset[str | None]) -> Alignment | None:
    if alignment.entity is None or alignment.ladder not in own:
        return alignment
    target = change(alignment.entity)
    return None if target is None else _updated(alignment, {"entity": target})


def _removal(removal: Removal, change: _Change) -> Removal:
    successor = None if removal.successor is None else change(removal.successor)
    successors = (change(target) for target in removal.successors)
    return _updated(
        removal,
        {"successor": successor, "successors": tuple(one for one in successors if one is not None)},
    )


def _translation(translation: Translation, change: _Change) -> Translation:
    return _updated(translation, {"entity": change(translation.entity) or translation.entity})


def _updated(value: ValueOf, update: Mapping[str, Any]) -> ValueOf:
    """Return a copy with these properties, or the same value if none differs."""
    differing = {name: new for name, new in update.items() if getattr(value, name, ()) != new}
    return value.model_copy(update=differing) if differing else value
