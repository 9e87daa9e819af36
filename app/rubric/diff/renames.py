"""Names that follow a rename: an entity that speaks of `l5` where `l5` is `senior` now has not changed itself."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from app.rubric.diff.matching import Names
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.owners import relation
from app.rubric.text import Value

_SLUGS: Final[dict[tuple[str, str], str]] = {
    ("track", "extends"): "track",
    ("level", "track"): "track",
    ("competency", "scale"): "scale",
    ("facet", "competency"): "competency",
    ("facet", "scale"): "scale",
    ("expectation", "level"): "level",
    ("expectation", "competency"): "competency",
    ("expectation", "facet"): "facet",
}
"""Properties that name an entity by its slug, by kind of owner and name, and the kind that they name."""


def followed(index: Index, node: Node, names: Names) -> dict[str, Any]:
    """Return the properties of an entity before, by name, with what they name as it is called now."""
    values: dict[str, Any] = dict(node.entity)
    if not names.targets:
        return values
    for name in _names(node.kind, type(node.entity)):
        value = values[name]
        kind = _SLUGS.get((node.kind, name))
        if kind is not None and value is not None:
            values[name] = names.slug(kind, value)
        elif name in _LISTS and value:
            values[name] = tuple(_LISTS[name](item, names) for item in value)
        elif name == "step" and value is not None:
            on = relation(node)
            values[name] = names.step(index.scale_name(on.competency or "", on.facet), value)
    return values


@cache
def _names(kind: str, owner: type[Value]) -> tuple[str, ...]:
    """Return the properties of a kind of entity that name others."""
    return tuple(
        name for name in owner.model_fields if (kind, name) in _SLUGS or name in _LISTS or name == "step"
    )


def _part(name: str, find: Callable[[Names, str], str]) -> Callable[[Any, Names], Any]:
    """Rewrite one property of a part."""

    def rewrite(part: Any, names: Names) -> Any:  # noqa: ANN401 - a part of any class
        value = getattr(part, name)
        now = value if value is None else find(names, value)
        return part if now == value else part.model_copy(update={name: now})

    return rewrite


def _alignment(part: Any, names: Names) -> Any:  # noqa: ANN401 - as the others
    return part if part.ladder is not None else _part("entity", Names.target)(part, names)


def _removal(part: Any, names: Names) -> Any:  # noqa: ANN401 - as the others
    successors = tuple(names.target(target) for target in part.successors)
    renamed = part if successors == part.successors else part.model_copy(update={"successors": successors})
    return _part("successor", Names.target)(renamed, names)


_LISTS: Final[Mapping[str, Callable[[Any, Names], Any]]] = {
    "thresholds": _part("level", lambda names, slug: names.slug("level", slug)),
    "about": lambda target, names: names.target(target),
    "alignments": _alignment,
    "removals": _removal,
    "translations": _part("entity", Names.target),
}
