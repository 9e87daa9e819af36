"""Names that follow a rename: an entity that speaks of `l5` where `l5` is `senior` now has not changed itself."""

from typing import Any, Final

from app.rubric.diff.matching import Names
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.owners import relation
from app.rubric.parts import Alignment
from app.rubric.text import Value

_SLUGS: Final = {name: name for name in ("track", "level", "scale", "competency", "facet")} | {
    "extends": "track"
}
"""Properties that name an entity by its slug, and its kind."""
_TARGETS: Final = frozenset({"about", "entity", "successor", "successors"})
"""Properties that name entities as `kind:address`."""
_PARTS: Final = frozenset({"thresholds", "alignments", "removals", "translations"})
"""Lists of parts that name entities."""


def followed(index: Index, node: Node, names: Names) -> dict[str, Any]:
    """Return the properties of an entity before, by name, with what they name as it is called now."""
    if not names.targets:
        return dict(node.entity)
    on = relation(node)
    scale = index.scale_name(on.competency or "", on.facet)
    return {name: _followed(name, held, names, scale) for name, held in node.entity}


def _followed(name: str, held: Any, names: Names, scale: str | None) -> Any:  # noqa: ANN401 - any property
    if not held:
        return held
    if name in _SLUGS:
        return names.slug(_SLUGS[name], held)
    if name == "step":
        return names.step(scale, held)
    if name in _TARGETS:
        return names.target(held) if isinstance(held, str) else tuple(map(names.target, held))
    return tuple(_part(part, names) for part in held) if name in _PARTS else held


def _part(part: Value, names: Names) -> Value:
    """Return a part with what it names as it is called now. An alignment can name an entity of another ladder."""
    if isinstance(part, Alignment) and part.ladder is not None:
        return part
    return part.model_copy(update={name: _followed(name, held, names, None) for name, held in part})
