"""The weight of a change of one entity: the classes of the places whose lines it touches."""

from typing import Final

from app.rubric.diff.affected_levels import line_of
from app.rubric.diff.demand_changes import Asked
from app.rubric.diff.place_difference import class_of
from app.rubric.entities import Node
from app.rubric.owners import topmost
from app.rubric.views.level_sets import LevelSet

_WHOLE: Final = frozenset({"expectation", "competency", "facet", "scale", "level", "track", "proficiency"})
"""Kinds that decide in their places what is asked, so that they carry all that differs there if they come or go."""


def demands_rule(asked: Asked, one: Node | None, other: Node | None, *, structure: bool) -> str | None:
    """Return the rule for what an entity asks, if that differs.

    An entity that decides what is asked in its places, by coming, by going or by its structure, carries all that
    differs there; another one only what its own lines make.
    """
    gained = lost = 0
    for node, side in ((one, asked.before), (other, asked.after)):
        if node is None:
            continue
        line, whole = line_of(node), structure or (None in {one, other} and node.kind in _WHOLE)
        found = asked.differences(side, node) if whole or line is not None else ()
        levels = side.widest(node) if found else 0
        for difference in found:
            if whole or node is other:
                gained |= levels & (difference.gaining if whole else difference.gained.get(line or "", 0))
            if whole or node is one:
                lost |= levels & (difference.losing if whole else difference.lost.get(line or "", 0))
    impact = class_of(gained, lost)
    return None if impact is None else impact.replace("asks", "demands")


def touched(
    asked: Asked, one: Node | None, other: Node | None, *, asks: bool
) -> tuple[LevelSet, frozenset[str]]:
    """Return the levels and tracks that a change concerns, the tracks by today's names.

    A track, or the ladder itself, concerns levels only if the change asks anything of them.
    """
    levels, tracks = 0, set[str]()
    for node, side in ((one, asked.before), (other, asked.after)):
        if node is not None:
            silent = topmost(node).kind in {"track", "ladder"} and not asks
            near = 0 if silent else side.levels(node)
            levels |= near
            names = side.tracks(node, near)
            tracks |= {asked.matched.names.slug("track", name) for name in names} if node is one else names
    return levels, frozenset(tracks)
