"""What differs between two ladders, what it means for people, and which release number is honest. Pure."""

from app.rubric.diff.building import diff
from app.rubric.diff.lowering import Lowering, Wish, apply, lower
from app.rubric.diff.rules import RULES
from app.rubric.diff.values import ACTIONS, IMPACTS, KINDS, Change, ChangeCounts, Diff, FieldChange

__all__ = [
    "ACTIONS",
    "IMPACTS",
    "KINDS",
    "RULES",
    "Change",
    "ChangeCounts",
    "Diff",
    "FieldChange",
    "Lowering",
    "Wish",
    "apply",
    "diff",
    "lower",
]
