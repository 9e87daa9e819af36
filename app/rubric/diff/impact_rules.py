"""The rules of impact, and which of them applies to a property; docs/reference/impact.md explains them one by one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rubric.diff.changes import FieldChange, TextChange
from app.rubric.diff.place_difference import CLEARER
from app.rubric.diff.word_diff import same_words, similarity
from app.rubric.entities import Node
from app.rubric.releases import Impact

RULES: Final[Mapping[str, Impact]] = MappingProxyType(
    {
        # Demands
        "demands-more": "asks-more",
        "demands-other": "asks-other",
        "demands-less": "asks-less",
        "demands-same": "clarifies",
        # Levels, tracks and points
        "level-removed": "asks-other",
        "track-removed": "asks-other",
        "years-more": "asks-more",
        "years-fewer": "asks-less",
        "threshold-higher": "asks-more",
        "threshold-lower": "asks-less",
        "threshold-other": "asks-other",
        "points-more": "asks-less",
        "points-fewer": "asks-more",
        "points-other": "asks-other",
        "points-unused": "clarifies",
        # Everything else
        "text-same-words": "editorial",
        "text-changed": "clarifies",
        "content-added": "clarifies",
        "content-removed": "clarifies",
        "renamed": "editorial",
        "moved": "editorial",
        "metadata": "editorial",
    }
)
"""The meaning of a change, by rule. Codes are stable; a later version may add some."""

_METADATA: Final = frozenset(
    {
        *(
            "slug",
            "formerly",
            "references",
            "sources",
            "alignments",
            "external_ids",
            "removals",
            "translations",
        ),
        *("about", "language", "licence", "attribution", "organisation"),
    }
)
"""Properties that say nothing of what people do."""
STRUCTURE: Final = frozenset(
    {
        *("level", "competency", "facet", "track", "scale", "step", "rank", "applicability"),
        *("extends", "extending", "ordered", "cumulative", "statement_kinds"),
    }
)
"""Properties that decide what is asked, of whatever kind of entity."""
_LINES: Final = frozenset(
    {
        *(("expectation", "summary"), ("proficiency", "summary"), ("step", "summary")),
        *(("statement", "text"), ("statement", "kind")),
    }
)
"""Properties that make a line, and what it counts as, by kind of entity."""
_NUMBERS: Final = {
    "years_from": ("years-more", "years-fewer", "years-more", "years-fewer"),
    "points_from": ("threshold-higher", "threshold-lower", "threshold-other", "threshold-other"),
    "points": ("points-more", "points-fewer", "points-other", "points-other"),
}
"""The rules for a greater number, a smaller one, one that was added and one that was removed."""


def name_of(field: FieldChange) -> str:
    """Return the property that a change is in."""
    return field.pointer.split("/")[1]


def rule_of(one: Node, other: Node, field: FieldChange, demands: str | None, *, points_lead: bool) -> str:
    """Return the rule for a property that differs.

    Args:
        one: The entity before.
        other: The entity after.
        field: The change of the property.
        demands: The rule for what the entity asks, if that differs.
        points_lead: Whether points lead to levels or titles, before or after.
    """
    name, last = name_of(field), field.pointer.rpartition("/")[2]
    if name in {"slug", "formerly"} and _is_renamed(one, other):
        return "renamed"
    if name in _METADATA:
        return "metadata"
    if name in STRUCTURE:
        return demands or "demands-same"
    if field.was is not None:
        return "moved"
    if last in _NUMBERS:
        return _of_number(field, *_NUMBERS[last]) if last != "points" or points_lead else "points-unused"
    of_line = demands if (other.kind, name) in _LINES else None
    return "threshold-other" if name == "thresholds" else _of_text(field, of_line)


def _is_renamed(one: Node, other: Node) -> bool:
    """Return whether the slug is another one. An entity that gets its first slug is not renamed."""
    was, now = getattr(one.entity, "slug", None), getattr(other.entity, "slug", None)
    return None not in {was, now} and was != now


def _of_number(field: FieldChange, greater: str, smaller: str, added: str, removed: str) -> str:
    was, now = field.before, field.after
    if isinstance(was, int | float) and isinstance(now, int | float):
        return greater if now > was else smaller
    return removed if now is None else added


def _of_text(field: FieldChange, demands: str | None) -> str:
    """Return the rule for a text; that for what its entity asks, unless the text was only reworded."""
    was, now = field.before, field.after
    same = isinstance(was, str) and isinstance(now, str) and same_words(was, now)
    rule = "text-same-words" if same else "text-changed"
    if isinstance(field, TextChange) and (same or similarity(field.before, field.after) >= CLEARER):
        return rule
    return demands or rule
