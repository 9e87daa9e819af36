"""A new ladder with the content of another one."""

from typing import Any, Final, TypeVar

from app.rubric.editing.mentions import follow
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.text import Value

_OF_ORIGINAL: Final = ("formerly", "external_ids")
"""The properties that only the original entity has: its former slugs, and its names in other systems."""
ValueOf = TypeVar("ValueOf", bound=Value)


def copy_as(ladder: Ladder, slug: str, title: str, organisation: str | None) -> Ladder:
    """Return a new ladder with the content of another one.

    The copy has no history: no former slugs, no removals, and no names in other systems.
    """
    alone = _alone(ladder.model_copy(update={"removals": ()}))
    named = alone.model_copy(update={"slug": slug, "title": title, "organisation": organisation})
    return follow(Index.of(alone), named)


def _alone(value: ValueOf) -> ValueOf:
    """Return a part without what belongs to the original, at every depth."""
    changes: dict[str, Any] = {}
    for name, item in properties(type(value)).items():
        held = getattr(value, name)
        if not held:
            continue
        if name in _OF_ORIGINAL:
            changes[name] = ()
        elif item.part is not None:
            changes[name] = tuple(map(_alone, held)) if item.many else _alone(held)
    return value.model_copy(update=changes) if changes else value
