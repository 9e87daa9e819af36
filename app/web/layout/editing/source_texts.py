"""The texts of a draft with their translations into one language: missing, made from an older text, or good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Translation
from app.rubric.owners import topmost
from app.rubric.shape import written
from app.web.layout.editing.form_fields import digest
from app.web.layout.rendering import display_name
from app.web.translation.field_words import field_word

State = Literal["missing", "stale", "good"]


@dataclass(frozen=True, slots=True)
class SourceText:
    """One text of an entity, and its translation."""

    target: str
    field: str
    """The field within the entity, as a translation names it."""
    place: str
    """The entity as people call it."""
    label: str
    """The field as people call it."""
    text: str
    translation: Translation | None

    @property
    def name(self) -> str:
        """The name of its control in a form."""
        return digest([self.target, self.field])

    @property
    def state(self) -> State:
        """The state of the translation."""
        if self.translation is None:
            return "missing"
        source = self.translation.source
        return "stale" if source is not None and source != self.text else "good"


@dataclass(frozen=True)
class SourceTexts:
    """All texts of a draft, for one language."""

    index: Index
    language: str

    @cached_property
    def texts(self) -> tuple[SourceText, ...]:
        """The texts in document order."""
        return tuple(self._texts())

    @cached_property
    def by_name(self) -> Mapping[str, SourceText]:
        """The texts by the names of their controls."""
        return {one.name: one for one in self.texts}

    def _texts(self) -> Iterator[SourceText]:
        known = {
            (one.entity, one.field): one
            for one in reversed(self.index.ladder.translations)
            if one.language.lower() == self.language.lower()
        }
        for node in self.index.nodes:
            place = _place(self.index, node)
            for found in written(node.entity):
                if found.pointer.startswith(("translations/", "removals/", "sources/")):
                    continue
                root = found.pointer.partition("/")[0]
                label = field_word(root)
                translation = known.get((node.target, found.pointer))
                yield SourceText(node.target, found.pointer, place, label, found.text, translation)


def languages_of(index: Index) -> tuple[str, ...]:
    """Return the languages into which a ladder is translated, in the order in which they first occur."""
    return tuple(dict.fromkeys(one.language for one in index.ladder.translations))


def _place(index: Index, node: Node) -> str:
    """Return the entity as people call it: `L5 · System design`."""
    top = topmost(node)
    if not isinstance(top.entity, Expectation):
        return display_name(top)
    one = top.entity
    level, competency = index.levels.get(one.level), index.competencies.get(one.competency)
    facet = index.facets.get(one.facet or "")
    names = (
        (level.code or level.title) if level else one.level,
        competency.title if competency else one.competency,
        facet.title if facet else None,
    )
    return " · ".join(name for name in names if name)
