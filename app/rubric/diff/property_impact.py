"""The impact of a change of one property, by the rules of docs/reference/impact.md."""

from typing import Final

from app.rubric.diff.changes import FieldChange
from app.rubric.diff.demand_changes import Asked
from app.rubric.diff.place_difference import CLEARER
from app.rubric.diff.word_diff import same_words, similarity
from app.rubric.entities import Node

_METADATA: Final = frozenset(
    {
        "slug",
        "formerly",
        "references",
        "sources",
        "alignments",
        "external_ids",
        "removals",
        "translations",
        "about",
        "language",
        "licence",
        "attribution",
        "organisation",
    }
)
"""Properties that say nothing of what people do."""
STRUCTURE: Final = frozenset(
    {
        *(("expectation", name) for name in ("applicability", "step", "extending", "competency", "facet")),
        *(("track", name) for name in ("extends", "extending", "ordered")),
        *(("level", name) for name in ("track", "rank")),
        *(("ladder", name) for name in ("cumulative", "statement_kinds")),
        *(("competency", "scale"), ("facet", "scale"), ("facet", "competency")),
        *(("scale", "cumulative"), ("proficiency", "step"), ("expectation", "level")),
    }
)
"""Properties that decide what is asked, by kind of entity and name."""
LINES: Final = frozenset(
    {
        *(("expectation", "summary"), ("proficiency", "summary"), ("step", "summary")),
        *(("statement", "text"), ("statement", "kind")),
    }
)
"""Properties that make a line, and what it counts as."""


def name_of(field: FieldChange) -> str:
    """Return the property that a change is in."""
    return field.pointer.split("/")[1]


def of_field(asked: Asked, one: Node, other: Node, field: FieldChange, demands: str | None) -> str:
    """Return the rule for a property that differs; `demands` is the rule for what the entity asks, if it differs."""
    name = name_of(field)
    if name in {"slug", "formerly"} and _renamed(one, other):
        return "renamed"
    if name in _METADATA:
        return "metadata"
    if (other.kind, name) in STRUCTURE:
        return demands or "demands-same"
    return _number(asked, other.kind, field) or _text(other.kind, field, demands)


def _number(asked: Asked, kind: str, field: FieldChange) -> str | None:
    """Return the rule for years, thresholds and points; None for another property."""
    match kind, name_of(field):
        case "level", "years_from":
            fewer = "years-fewer" if field.after is None else "years-more"
            return _compared(field, "years-more", "years-fewer") or fewer
        case "track", "thresholds":
            return _threshold(field)
        case "step", "points":
            return _points(asked, field)
        case _:
            return None


def _renamed(one: Node, other: Node) -> bool:
    """Return whether the slug is another one. An entity that gets its first slug is not renamed."""
    was, now = getattr(one.entity, "slug", None), getattr(other.entity, "slug", None)
    return None not in {was, now} and was != now


def _text(kind: str, field: FieldChange, demands: str | None) -> str:
    if field.was is not None:
        return "moved"
    was, now = field.before, field.after
    same = isinstance(was, str) and isinstance(now, str) and same_words(was, now)
    rule = "text-same-words" if same else "text-changed"
    if demands is None or (kind, name_of(field)) not in LINES or _asks_the_same(field, rule):
        return rule
    return demands


def _asks_the_same(field: FieldChange, rule: str) -> bool:
    """Return whether a text was only reworded. A kind is no text."""
    was, now = field.before, field.after
    if field.pointer == "/kind" or not isinstance(was, str) or not isinstance(now, str):
        return False
    return rule == "text-same-words" or similarity(was, now) >= CLEARER


def _points(asked: Asked, field: FieldChange) -> str:
    ladders = (asked.matched.before.ladder, asked.matched.after.ladder)
    if not any(track.thresholds for ladder in ladders for track in ladder.tracks):
        return "points-unused"
    return _compared(field, "points-more", "points-fewer") or "points-other"


def _threshold(field: FieldChange) -> str:
    if field.was is not None:
        return "moved"
    if field.pointer.endswith("/points_from"):
        return _compared(field, "threshold-higher", "threshold-lower") or "threshold-other"
    return "threshold-other"


def _compared(field: FieldChange, higher: str, lower: str) -> str | None:
    """Return one rule for a greater number, another for a smaller; None if one of the two is no number."""
    was, now = field.before, field.after
    if not isinstance(was, int | float) or not isinstance(now, int | float):
        return None
    return higher if now > was else lower
