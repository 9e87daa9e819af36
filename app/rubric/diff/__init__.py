"""The difference between two ladders, what it means for people, and the minimum release number. Pure."""

from app.rubric.diff.change_filter import ChangeFilter
from app.rubric.diff.changes import IMPACTS, Change, ChangeCounts, Diff, FieldChange, LevelChange
from app.rubric.diff.diff import diff
from app.rubric.diff.impact_rules import RULES

__all__ = [
    "IMPACTS",
    "RULES",
    "Change",
    "ChangeCounts",
    "ChangeFilter",
    "Diff",
    "FieldChange",
    "LevelChange",
    "diff",
]
