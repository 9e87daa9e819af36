"""Merging three ladders: a common ancestor, and two that were made from it."""

from app.rubric.merging.merge import Conflict, Merged, Missing, merge

__all__ = ["Conflict", "Merged", "Missing", "merge"]
