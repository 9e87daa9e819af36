"""The parts of rows that several flat tables share, and the choice of what a table shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Facet, Level, Step
from app.rubric.parts import Example, ExternalId, Statement
from app.rubric.steps import step_title

Cell = str | int | float | None
Values = dict[str, Cell]
"""Cells of a row by the names of their columns."""


@dataclass(frozen=True)
class Chosen:
    """The part of a ladder that a table shows. Empty sets choose everything."""

    tracks: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    competencies: frozenset[str] = frozenset()
    effective: bool = False
    """True for the statements that each level effectively asks, false for those that are written."""

    def has_level(self, level: Level) -> bool:
        """Return whether a level is in the part."""
        return (not self.tracks or level.track in self.tracks) and (
            not self.levels or level.slug in self.levels
        )

    def has_competency(self, slug: str) -> bool:
        """Return whether a competency is in the part."""
        return not self.competencies or slug in self.competencies

    @property
    def all_levels(self) -> bool:
        """Return whether the part contains all levels."""
        return not self.tracks and not self.levels


@dataclass(frozen=True)
class Parts:
    """The release that tables are made from, and the URLs of its entities."""

    index: Index
    release: str
    """The number of the release, or `draft`."""
    url_of: Callable[[Node], str]
    """Returns the pinned URL of an entity."""

    def place(self, level: str, competency: str, facet: str | None) -> Values:
        """Return the columns about a level (none if its slug is empty), and those about what it asks in."""
        found = self.index.levels.get(level)
        track = None if found is None else self.index.tracks.get(found.track)
        one = self.index.competencies.get(competency)
        return self.about(competency, facet) | {
            "track": "" if found is None else found.track,
            "track_title": "" if track is None else track.title,
            "level": level,
            "level_code": "" if found is None else found.code or "",
            "level_rank": None if found is None else self.rank(found),
            "level_title": "" if found is None else found.title,
            "level_external_id": "" if found is None else external(found.external_ids),
            "competency_external_id": "" if one is None else external(one.external_ids),
        }

    def about(self, competency: str, facet: str | None) -> Values:
        """Return the columns about a competency, and about a facet of it if one is given."""
        one = self.index.competencies.get(competency)
        part = self.index.facets.get(facet) if facet is not None else None
        return {
            "category": "" if one is None else one.category or "",
            "competency": competency,
            "competency_title": "" if one is None else one.title,
            "facet": facet or "",
            "facet_title": "" if part is None else part.title,
        }

    def step(self, competency: str, facet: str | None, step: str | None) -> Values:
        """Return the columns about a step."""
        if step is None:
            return {"step": "", "step_title": "", "step_points": None}
        found = self.step_of(competency, facet, step)
        return {
            "step": step,
            "step_title": step_title(self.index, competency, facet, step) or "",
            "step_points": None if found is None else found.points,
        }

    def step_of(self, competency: str, facet: str | None, step: str | None) -> Step | None:
        """Return a step of the scale that applies; None if the scale does not have it."""
        scale = self.index.scale_of(competency, facet)
        return next((one for one in (() if scale is None else scale.steps) if one.slug == step), None)

    def rank(self, level: Level) -> int | float | None:
        """Return the rank of a level; None if the order of its track has no meaning."""
        return self.index.ranks[level.slug] if self.index.is_ordered(level.track) else None

    def named(self, node: Node, entity: Any) -> Values:  # noqa: ANN401 - any entity with external ids
        """Return the columns that name an entity."""
        return {
            "slug": node.address,
            "external_id": external(entity.external_ids),
            **self.owner(node),
        }

    def owner(self, node: Node) -> Values:
        """Return the UUID and the URL of the nearest entity that has a UUID, from this one outwards."""
        while node.uuid is None and node.owner is not None:
            node = node.owner
        return {"uuid": str(node.uuid), "url": self.url_of(node)}

    @property
    def owners(self) -> Mapping[int, Node]:
        """The node of each source of lines, by the identity of its entity."""
        return self.index.once(_sources)

    def cells(self, chosen: Chosen) -> Iterator[tuple[Node, Expectation]]:
        """Yield the expectations that are chosen, in document order."""
        for node in self.index.of_kind("expectation"):
            asked: Any = node.entity
            level = self.index.levels.get(asked.level)
            known = chosen.all_levels if level is None else chosen.has_level(level)
            if known and chosen.has_competency(asked.competency):
                yield node, asked


def _sources(index: Index) -> dict[int, Node]:
    """Return the node of each source of lines, by the identity of its entity."""
    return {
        id(node.entity): node
        for kind in ("expectation", "proficiency", "step")
        for node in index.of_kind(kind)
    }


def place_of(entity: Any) -> tuple[str, str | None]:  # noqa: ANN401 - a competency or a facet
    """Return the slugs of the competency and the facet that an entity is."""
    return (entity.competency, entity.slug) if isinstance(entity, Facet) else (entity.slug, None)


def joined(texts: Iterable[Statement | Example]) -> str:
    """Return several texts in one cell, a line for each."""
    return "\n".join(one.text for one in texts)


def external(ids: Iterable[ExternalId]) -> str:
    """Return the names of an entity in other systems, separated by spaces."""
    return " ".join(f"{one.system}:{one.id}" for one in ids)
