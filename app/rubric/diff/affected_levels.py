"""The reach of an entity: the levels and tracks that a change of it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Expectation, Guidance
from app.rubric.owners import relation, topmost
from app.rubric.parts import Proficiency
from app.rubric.views.demands import Demands


@dataclass(frozen=True)
class Reach:
    """One ladder, seen from its levels."""

    index: Index

    def levels(self, node: Node) -> frozenset[str]:
        """Return the levels that an entity concerns.

        An expectation concerns its level and those that take it over; a competency, facet, scale, step or
        proficiency the levels that ask for it; guidance the levels that it is about. A track concerns its levels
        and those of the tracks that extend it; the ladder itself all levels.
        """
        top = topmost(node)
        if isinstance(top.entity, Expectation):
            held = self.index.once(Demands).levels_by_expectation.get(top.address, ())
            return frozenset({top.entity.level, *held})
        if isinstance(top.entity, Guidance):
            return self._about(top.entity.about)
        if top.kind == "level":
            return frozenset({top.address})
        if top.kind == "ladder":
            return frozenset(self.index.levels)
        if top.kind == "track":
            return frozenset(
                level.slug
                for level in self.index.levels.values()
                if top.address in {level.track, *self._inheritance.ancestors(level.track)}
            )
        return self._asking(node, top)

    def widest(self, node: Node) -> frozenset[str]:
        """Return the levels whose demands an entity can decide, also by hiding what they would inherit."""
        top = topmost(node)
        if isinstance(top.entity, Expectation):
            return self.above(top.entity.level)
        return self.above(top.address) if node is top and top.kind == "level" else self.levels(node)

    def tracks(self, node: Node, levels: Iterable[str]) -> frozenset[str]:
        """Return the tracks of some levels; of a track, itself too."""
        found = {self.index.levels[level].track for level in levels if level in self.index.levels}
        top = topmost(node)
        if top.kind == "track":
            found.add(top.address)
        if isinstance(top.entity, Guidance):
            found |= {target.partition(":")[2] for target in top.entity.about if target.startswith("track:")}
        return frozenset(found & self.index.tracks.keys())

    def above(self, level: str) -> frozenset[str]:
        """Return a level and those that can take over its demands: heirs, and levels above if they accumulate."""
        near = {level, *self._inheritance.heirs(level)}
        return frozenset(near.union(*(self._rungs_above.get(one, ()) for one in near)))

    @cached_property
    def _inheritance(self) -> Inheritance:
        return Inheritance(self.index)

    @cached_property
    def _rungs_above(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        if self.index.ladder.cumulative == "yes":
            for level in self.index.levels:
                for rung in self._inheritance.below(level):
                    found.setdefault(rung.slug, set()).add(level)
        return found

    def _about(self, targets: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for target in targets:
            node = self.index.find_target(target)
            if node is not None and node.kind == "level":
                found.add(node.address)
            elif node is not None and isinstance(node.entity, Expectation):
                found |= self.levels(node)
        return frozenset(found)

    def _asking(self, node: Node, top: Node) -> frozenset[str]:
        """Return the levels that use a competency, facet or scale, or ask for a step."""
        on, step = relation(node), None
        within: Node | None = node
        while within is not None and step is None:
            if isinstance(within.entity, Proficiency):
                step = within.entity.step
            elif within.kind == "step":
                step = within.address.rpartition("--")[2]
            within = within.owner
        by_scale = top.kind == "scale"
        if by_scale:
            near = self.index.ladder.expectations
        elif on.facet is not None:
            near = self.index.expectations_of_facet.get(on.facet, ())
        else:
            near = self.index.expectations_of_competency.get(on.competency or "", ())
        levels: set[str] = set()
        for one in near:
            scale = self.index.scale_name(one.competency, one.facet)
            mine = not by_scale or (scale == top.address and one.step is not None)
            if mine and one.applicability != "not-in-use" and self._includes(scale, one.step, step):
                levels.add(one.level)
        return frozenset[str]().union(*map(self.above, levels))

    def _includes(self, scale: str | None, named: str | None, step: str | None) -> bool:
        """Return whether a step is the one that is named, or one below it in a cumulative scale."""
        if step is None or named == step:
            return True
        here = None if scale is None else self.index.scales.get(scale)
        if here is None or named is None or here.cumulative != "yes":
            return False
        order = [one.slug for one in here.steps]
        return named in order and step in order and order.index(step) < order.index(named)
