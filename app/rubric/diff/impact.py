"""The impact of a change on people, by the rules of docs/reference/impact.md.

Each function looks at one thing that happened to an entity and gives the code of the rule that speaks of it; what
happened to single properties is looked at in `properties.py`.
"""

from app.rubric.diff.asked import cell_of, is_core
from app.rubric.diff.context import Context
from app.rubric.diff.matching import Names
from app.rubric.diff.properties import applicability
from app.rubric.entities import Node
from app.rubric.index import Cell
from app.rubric.ladder import Expectation, Level
from app.rubric.parts import Statement


def of_added(context: Context, node: Node) -> str:
    """Return the rule for an entity that was not there."""
    if isinstance(node.entity, Expectation):
        return _added_expectation(context, node.entity)
    if isinstance(node.entity, Statement):
        asked = node.owner is not None and is_core(node.entity) and context.stays_asked(node.owner)
        return "statement-added" if asked else "content-added"
    if isinstance(node.entity, Level) and node.entity.track in context.shifted:
        return "levels-shifted"
    return "content-added"


def of_removed(context: Context, node: Node) -> str:
    """Return the rule for an entity that is gone."""
    if isinstance(node.entity, Expectation):
        return _removed_expectation(context, node.entity)
    if isinstance(node.entity, Statement):
        owner = None if node.owner is None else context.matched.now.get(node.owner)
        asked = owner is not None and is_core(node.entity) and context.stays_asked(owner)
        return "statement-removed" if asked else "content-removed"
    return {"level": "level-removed", "track": "track-removed"}.get(node.kind, "content-removed")


def of_move(context: Context, one: Node, other: Node) -> str:
    """Return the rule for an entity that changed places."""
    if other.kind == "level":
        return "level-height" if context.height_changed(one, other) else "moved"
    if other.kind == "step" and other.owner is not None:
        return "steps-reordered" if (other.owner.address, "") in context.after.by_step else "moved"
    if other.kind == "statement" and one.owner is not None:
        elsewhere = context.matched.now.get(one.owner) is not other.owner
        asked = context.before.is_asked(one) or context.after.is_asked(other)
        return "statement-elsewhere" if elsewhere and asked else "moved"
    return "moved"


def _added_expectation(context: Context, asked: Expectation) -> str:
    if asked.level in context.new_levels:
        return "expectation-of-new-level"
    was = context.before.applicability(_cell_in(context.earlier, asked))
    if was is None:
        return "expectation-added" if asked.applicability == "required" else "expectation-added-unasked"
    return applicability(was, asked.applicability) or "expectation-overrides"


def _removed_expectation(context: Context, asked: Expectation) -> str:
    if asked.level in context.gone_levels:
        return "expectation-of-gone-level"
    now = context.after.applicability(_cell_in(context.names, asked))
    if now is None:
        return "expectation-removed" if asked.applicability == "required" else "expectation-removed-unasked"
    return applicability(asked.applicability, now) or "expectation-overrides"


def _cell_in(names: Names, asked: Expectation) -> Cell:
    """Return the cell of an expectation as the other ladder calls it."""
    level, competency, facet = cell_of(asked)
    other = None if facet is None else names.slug("facet", facet)
    return names.slug("level", level), names.slug("competency", competency), other
