"""The weight of a change of one entity: the classes of the places whose lines it touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.rubric.diff.affected_levels import Reach
from app.rubric.diff.demand_changes import Asked
from app.rubric.diff.place_difference import Difference, class_of
from app.rubric.entities import Node
from app.rubric.ladder import Expectation, Step
from app.rubric.owners import topmost
from app.rubric.parts import Proficiency, Statement
from app.rubric.text import folded

_WHOLE: Final = frozenset({"expectation", "competency", "facet", "scale", "level", "track", "proficiency"})
"""Kinds that decide in their places what is asked, so that they carry all that differs there if they come or go."""
_RULES: Final = {"asks-more": "demands-more", "asks-other": "demands-other", "asks-less": "demands-less"}


@dataclass(frozen=True)
class Weighing:
    """The link between changes of single entities and the differences in the expectations of two ladders."""

    asked: Asked

    @cached_property
    def before(self) -> Reach:
        """Return whom the entities of the ladder before concern."""
        return Reach(self.asked.matched.before)

    @cached_property
    def after(self) -> Reach:
        """Return whom the entities of the ladder after concern."""
        return Reach(self.asked.matched.after)

    def demands(self, one: Node | None, other: Node | None, *, structure: bool = False) -> str | None:
        """Return the rule for what an entity asks, if that differs.

        An entity that decides what is asked in its places, by coming, by going or by its structure, carries all that
        differs there; another one only what its own lines make.
        """
        here = other or one
        whole = structure or (None in {one, other} and here is not None and here.kind in _WHOLE)
        gained = lost = False
        for node, before in ((one, True), (other, False)):
            if node is None:
                continue
            keys = frozenset(_keys(node))
            if not whole and not keys:
                continue
            for difference in self._differences(node, before=before):
                if whole:
                    gained |= bool(difference.gained)
                    lost |= bool(difference.lost)
                elif before:
                    lost |= not keys.isdisjoint(difference.lost)
                else:
                    gained |= not keys.isdisjoint(difference.gained)
        impact = class_of(gained, lost)
        return None if impact is None else _RULES[impact]

    def touched(
        self, one: Node | None, other: Node | None, *, asks: bool
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return the levels and tracks that a change concerns, by today's names.

        A track, or the ladder itself, concerns levels only if the change asks anything of them.
        """
        names = self.asked.matched.names
        levels: set[str] = set()
        tracks: set[str] = set()
        for node, reach in ((one, self.before), (other, self.after)):
            if node is not None:
                silent = topmost(node).kind in {"track", "ladder"} and not asks
                near = frozenset[str]() if silent else reach.levels(node)
                levels |= {names.slug("level", level) if node is one else level for level in near}
                beside = reach.tracks(node, near)
                tracks |= {names.slug("track", track) if node is one else track for track in beside}
        return frozenset(levels), frozenset(tracks)

    def _differences(self, node: Node, *, before: bool) -> Iterator[Difference]:
        """Give the differences in the places and at the levels that an entity concerns."""
        names = self.asked.matched.names
        levels: frozenset[str] | None = None
        for place in self.asked.places(node, before=before):
            differing = self.asked.by_place.get(place)
            if not differing:
                continue
            if levels is None:
                found = (self.before if before else self.after).widest(node)
                levels = frozenset(names.slug("level", level) for level in found) if before else found
            yield from (differing[level] for level in levels & differing.keys())


def _keys(node: Node) -> Iterator[str]:
    """Give the keys of the lines that an entity makes itself."""
    entity = node.entity
    if isinstance(entity, Statement):
        yield folded(entity.text)
    elif isinstance(entity, Expectation | Proficiency | Step) and entity.summary:
        yield folded(entity.summary)
