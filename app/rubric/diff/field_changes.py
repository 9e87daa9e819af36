"""Changes inside one entity: its properties, and the items of its lists, one by one."""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel

from app.rubric.canonical import plain
from app.rubric.diff.changes import FieldChange, TextChange
from app.rubric.diff.moves import out_of_order
from app.rubric.diff.pairing import Pair, pair_alike, pair_by_keys
from app.rubric.entities import Node
from app.rubric.shape import ENTITIES, Property, properties

_KEYS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "thresholds": (("level", "title"), ()),
    "statement_kinds": (("slug",),),
    "attributes": (("title",),),
    "references": (("slug", "title"),),
    "sources": (("title",),),
    "alignments": (("ladder", "entity", "uri", "framework"),),
    "external_ids": (("system",),),
    "removals": (("kind", "slug"),),
    "translations": (("entity", "field", "language"),),
}
"""The properties that identify an item of a list that has changed. Without any, its place among the others does."""
_REWRITTEN: Final = frozenset({"items", "other_titles"})
"""Lists of texts, whose items are known by being alike."""


def changed_fields(before: Mapping[str, Any], after: Node) -> Iterator[FieldChange]:
    """Give the properties that differ, in the order of the class; inner entities are not looked at."""
    for name, item in properties(type(after.entity)).items():
        if item.part in ENTITIES:
            continue
        was, now = before[name], getattr(after.entity, name)
        if was != now:
            yield from _compare(f"/{name}", _plain(was), _plain(now), item)


def all_fields(node: Node, side: Literal["before", "after"]) -> Iterator[FieldChange]:
    """Give everything that an entity holds, inner entities included, as it came or went."""
    for name, value in plain(node.entity).items():
        yield FieldChange(pointer=f"/{name}").model_copy(update={side: value})


def _compare_lists(
    pointer: str, before: Sequence[Any], after: Sequence[Any], item: Property
) -> Iterator[FieldChange]:
    """Yield what came, went, changed or moved between two versions of one list, as JSON."""
    pairs = _pairs(pointer.rpartition("/")[2], before, after)
    was = {j: i for i, j in pairs}
    kept = frozenset(was.values())
    for i, value in enumerate(before):
        if i not in kept:
            yield FieldChange(pointer=f"{pointer}/{i}", before=value)
    moved = {pairs[index][1] for index in out_of_order([i for i, _ in pairs])}
    for j, value in enumerate(after):
        here = f"{pointer}/{j}"
        if j not in was:
            yield FieldChange(pointer=here, after=value)
        elif j in moved:
            earlier = before[was[j]]
            yield FieldChange(pointer=here, was=f"{pointer}/{was[j]}", before=earlier, after=value)
        elif before[was[j]] != value:
            yield from _compare(here, before[was[j]], value, item)


def _pairs(name: str, before: Sequence[Any], after: Sequence[Any]) -> list[Pair]:
    """Return which item of a list is which one now, in the order of the list now."""
    keys = (_frozen, *map(_key, _KEYS.get(name, ())))
    pairs = pair_alike(before, after) if name in _REWRITTEN else pair_by_keys(before, after, keys)
    return sorted(pairs, key=lambda pair: pair[1])


def _compare(pointer: str, before: Any, after: Any, item: Property) -> Iterator[FieldChange]:  # noqa: ANN401 - JSON
    if isinstance(before, list) or isinstance(after, list):
        yield from _compare_lists(pointer, before or [], after or [], item)
    elif isinstance(before, dict) and isinstance(after, dict) and item.part is not None:
        for name, inner in properties(item.part).items():
            if before.get(name) != after.get(name):
                yield from _compare(f"{pointer}/{name}", before.get(name), after.get(name), inner)
    else:
        texts = item.holds is not None and isinstance(before, str) and isinstance(after, str)
        yield (TextChange if texts else FieldChange)(pointer=pointer, before=before, after=after)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any property as JSON
    """Return a property as canonical JSON holds it; None if it is left out there."""
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value] or None
    return value


def _key(names: Sequence[str]) -> Callable[[Any], Hashable]:
    return lambda item: tuple(item.get(name) for name in names)


def _frozen(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, sort_keys=True)
