"""The weight of a change of one entity: the classes of the places whose lines it touches."""

from dataclasses import dataclass
from typing import Final

from app.rubric.diff.affected_levels import line_of
from app.rubric.diff.demand_changes import Asked
from app.rubric.diff.place_difference import class_of
from app.rubric.entities import Node
from app.rubric.owners import topmost
from app.rubric.views.level_sets import LevelSet

_WHOLE: Final = frozenset({"expectation", "competency", "facet", "scale", "level", "track", "proficiency"})
"""Kinds that decide in their places what is asked, so that they carry all that differs there if they come or go."""
_RULES: Final = {"asks-more": "demands-more", "asks-other": "demands-other", "asks-less": "demands-less"}


@dataclass(frozen=True)
class Weighing:
    """The link between changes of single entities and the differences in the expectations of two ladders."""

    asked: Asked

    def demands(self, one: Node | None, other: Node | None, *, structure: bool = False) -> str | None:
        """Return the rule for what an entity asks, if that differs.

        An entity that decides what is asked in its places, by coming, by going or by its structure, carries all that
        differs there; another one only what its own lines make.
        """
        here = other or one
        whole = structure or (None in {one, other} and here is not None and here.kind in _WHOLE)
        gained = lost = 0
        for node, before in ((one, True), (other, False)):
            line = None if node is None else line_of(node)
            if node is None or (line is None and not whole):
                continue
            levels: LevelSet | None = None
            for place in self.asked.places(node, before=before):
                difference = self.asked.by_place.get(place)
                if difference is None:
                    continue
                if levels is None:
                    levels = (self.asked.before if before else self.asked.after).widest(node)
                if whole:
                    gained, lost = gained | (difference.gaining & levels), lost | (difference.losing & levels)
                elif before:
                    lost |= difference.lost.get(line or "", 0) & levels
                else:
                    gained |= difference.gained.get(line or "", 0) & levels
        impact = class_of(gained, lost)
        return None if impact is None else _RULES[impact]

    def touched(self, one: Node | None, other: Node | None, *, asks: bool) -> tuple[LevelSet, frozenset[str]]:
        """Return the levels and tracks that a change concerns, the tracks by today's names.

        A track, or the ladder itself, concerns levels only if the change asks anything of them.
        """
        names = self.asked.matched.names
        levels, tracks = 0, set[str]()
        for node, reach in ((one, self.asked.before), (other, self.asked.after)):
            if node is not None:
                silent = topmost(node).kind in {"track", "ladder"} and not asks
                near = 0 if silent else reach.levels(node)
                beside = reach.tracks(node, near)
                levels |= near
                tracks |= {names.slug("track", track) if node is one else track for track in beside}
        return levels, frozenset(tracks)
