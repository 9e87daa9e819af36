"""Expectations as the rule table sees them: cells with what they inherit, and the levels that ask for a step."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.rubric.entities import Node
from app.rubric.index import Cell, Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Applicability, Expectation
from app.rubric.owners import relation
from app.rubric.parts import Proficiency, Statement

_CORE: Final = (None, "core")


@dataclass(frozen=True)
class Asked:
    """One ladder, seen from those who are asked."""

    index: Index

    def effective(self, cell: Cell) -> Expectation | None:
        """Return the expectation that holds in a cell: its own, else the one inherited at equal rank."""
        level, competency, facet = cell
        for source in self.inheritance.sources(level):
            found = self.index.cells.get((source, competency, facet))
            if found is not None:
                return found
        return None

    def applicability(self, cell: Cell) -> Applicability | None:
        """Return whether a cell is asked; None if nothing is said, inherited words included."""
        found = self.effective(cell)
        return None if found is None else found.applicability

    def holding(self, cell: Cell) -> frozenset[str]:
        """Return the levels for which the expectation in a cell is the nearest: its own, and those that inherit it.

        Levels of a track that extends this one take it over at equal rank; where the ladder is `cumulative`, so
        do the higher levels of the same track. A level with an expectation of its own in that place does not.
        """
        level, competency, facet = cell
        near = set(self.inheritance.heirs(level))
        if self.index.ladder.cumulative == "yes" and level in self.index.levels:
            own, rank = self.index.levels[level].track, self.index.ranks[level]
            near |= {one.slug for one in self.index.levels_of[own] if self.index.ranks[one.slug] > rank}
        cells = self.index.cells
        return frozenset({level, *(one for one in near if (one, competency, facet) not in cells)})

    @cached_property
    def inheritance(self) -> Inheritance:
        """Return where levels take expectations from."""
        return Inheritance(self.index)

    @cached_property
    def asking(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The levels for which a competency or facet is in use, by kind and slug."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for asked in self.index.ladder.expectations:
            if asked.applicability != "not-in-use":
                levels = self.holding(cell_of(asked))
                found["competency", asked.competency] |= levels
                found["facet", asked.facet or ""] |= levels
        return {key: frozenset(levels) for key, levels in found.items()}

    @cached_property
    def by_step(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The levels that require a step, by scale and step; by scale and "" those that require any of it."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for asked in self._required:
            scale = self.index.scale_name(asked.competency, asked.facet)
            if scale is not None and asked.step is not None:
                levels = self.holding(cell_of(asked))
                found[scale, asked.step] |= levels
                found[scale, ""] |= levels
        return {key: frozenset(levels) for key, levels in found.items()}

    @cached_property
    def by_proficiency(self) -> Mapping[tuple[str, str | None, str], frozenset[str]]:
        """The levels that require a step in a competency or facet, by competency, facet and step."""
        found: dict[tuple[str, str | None, str], set[str]] = defaultdict(set)
        for asked in self._required:
            if asked.step is not None:
                found[asked.competency, asked.facet, asked.step] |= self.holding(cell_of(asked))
        return {key: frozenset(levels) for key, levels in found.items()}

    def is_asked(self, node: Node) -> bool:
        """Return whether people are required to be or do what the entity says.

        That is so of a required expectation, of the description of a step that is required, and of core statements
        in either.
        """
        entity, owner = node.entity, node.owner
        if isinstance(entity, Expectation):
            return entity.applicability == "required"
        if isinstance(entity, Statement):
            return owner is not None and is_core(entity) and self.is_asked(owner)
        if isinstance(entity, Proficiency):
            on = relation(node)
            return (on.competency, on.facet, entity.step) in self.by_proficiency
        if node.kind == "step" and owner is not None:
            return (owner.address, getattr(entity, "slug", "")) in self.by_step
        return False

    @property
    def _required(self) -> Iterator[Expectation]:
        return (asked for asked in self.index.ladder.expectations if asked.applicability == "required")


def is_core(statement: Statement) -> bool:
    """Return whether a statement says what is asked, not what else may be seen; unset means core."""
    return statement.kind in _CORE


def cell_of(expectation: Expectation) -> Cell:
    """Return the cell of an expectation."""
    return expectation.level, expectation.competency, expectation.facet
