"""Other slugs for several entities of a ladder at once, in all references to them too."""

from collections.abc import Mapping
from typing import Any, Final

from app.rubric.editing.mentions import rewrite
from app.rubric.entities import LISTS, Node, walk
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Facet, Ladder
from app.rubric.parts import Proficiency
from app.rubric.text import Value

_REFERENCES: Final = {
    "extends": "track",
    "track": "track",
    "level": "level",
    "competency": "competency",
    "facet": "facet",
    "scale": "scale",
}
"""The properties that hold the slug of another entity, and the kind of that entity."""
_INSIDE: Final = ("thresholds", "steps", "proficiencies", "statements", "examples")


def with_slugs(index: Index, slugs: Mapping[Node, str]) -> Ladder:
    """Return the ladder with other slugs for these entities. Slugs may be exchanged: all change at once."""
    if not slugs:
        return index.ladder
    changed = _Renaming(index, slugs).ladder()
    moved: dict[str, str] = {}
    for was, now in zip(index.nodes, walk(changed), strict=True):
        moved.setdefault(was.target, now.target)
    return rewrite(changed, moved)


class _Renaming:
    """The slugs that change, by where they are written."""

    def __init__(self, index: Index, slugs: Mapping[Node, str]) -> None:
        self.index = index
        self.own = {node.pointer: slug for node, slug in slugs.items()}
        self.named: dict[tuple[str, str], str] = {}
        self.steps: dict[tuple[str, str], str] = {}
        """New slugs of steps, by scale and old slug."""
        for node, slug in reversed(tuple(slugs.items())):
            if node.kind == "step":
                scale, _, step = node.address.partition("--")
                self.steps[scale, step] = slug
            else:
                self.named[node.kind, node.address] = slug

    def ladder(self) -> Ladder:
        """Return the ladder with all slugs changed."""
        before = self.index.ladder
        update: dict[str, Any] = {"slug": self.own[""]} if "" in self.own else {}
        for field in LISTS:
            held = getattr(before, field)
            update[field] = tuple(
                self.value(one, f"/{field}/{at}", self.scale_of(one)) for at, one in enumerate(held)
            )
        return before.model_copy(update=update)

    def scale_of(self, entity: Any) -> str | None:  # noqa: ANN401 - any entity of a list
        """Return the scale whose steps an entity names."""
        if isinstance(entity, Expectation):
            return self.index.scale_name(entity.competency, entity.facet)
        if isinstance(entity, Facet):
            return self.index.scale_name(entity.competency, entity.slug)
        return self.index.scale_name(entity.slug, None) if hasattr(entity, "proficiencies") else None

    def value(self, value: Any, pointer: str, scale: str | None) -> Any:  # noqa: ANN401 - any part of a ladder
        """Return an entity or part with the slugs in it changed."""
        update: dict[str, Any] = {}
        if pointer in self.own:
            update["slug"] = self.own[pointer]
        for name, kind in _REFERENCES.items():
            new = self.named.get((kind, getattr(value, name, None) or ""))
            if new is not None:
                update[name] = new
        if isinstance(value, Expectation | Proficiency) and (scale, value.step) in self.steps:
            update["step"] = self.steps[scale or "", value.step or ""]
        for field in _INSIDE:
            held: tuple[Value, ...] = getattr(value, field, ())
            changed = tuple(self.value(one, f"{pointer}/{field}/{at}", scale) for at, one in enumerate(held))
            if any(one is not other for one, other in zip(held, changed, strict=True)):
                update[field] = changed
        return value.model_copy(update=update) if update else value
