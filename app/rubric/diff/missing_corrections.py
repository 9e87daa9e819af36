"""The changes of a correction that a scheduled release does not have, so that its author can add them."""

from app.rubric.diff.changes import Change
from app.rubric.diff.diff import diff
from app.rubric.index import Index


def missing_corrections(corrected: Index, correction: Index, scheduled: Index) -> tuple[str, ...]:
    """Return the entities that a correction changed and that read otherwise in a scheduled release.

    Args:
        corrected: The release that was corrected.
        correction: The release that corrects it.
        scheduled: A release that was made from the corrected one.

    Returns:
        Each as `kind:address`, in the order of the diff.
    """
    left = {_key(change): change for change in diff(scheduled, correction).changes}
    return tuple(
        change.target
        for change in diff(corrected, correction).changes
        if _key(change) in left and _is_missing(change, left[_key(change)])
    )


def _key(change: Change) -> str:
    return change.target if change.uuid is None else str(change.uuid)


def _is_missing(change: Change, left: Change) -> bool:
    """Return whether a change is among what still differs between the scheduled release and the correction."""
    if "added" in left.actions:  # the scheduled release removed it on purpose, unless the correction added it
        return "added" in change.actions
    if not {"added", "removed"}.isdisjoint((*change.actions, *left.actions)):
        return True
    moves = {"renamed", "moved"}.intersection(change.actions, left.actions)
    return bool(moves) or not _properties(change).isdisjoint(_properties(left))


def _properties(change: Change) -> frozenset[str]:
    """Return the names of the properties that changed. A place in a list can differ between two releases."""
    return frozenset(field.pointer.split("/")[1] for field in change.fields if field.pointer)
