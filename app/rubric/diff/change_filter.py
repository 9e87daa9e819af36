"""A part of a diff: the changes that concern one level, track or competency."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.rubric.diff.changes import Change, ChangeCounts, Diff
from app.rubric.index import Index
from app.rubric.owners import relation


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """The level, track and competency that changes must concern.

    Each set has the slugs of one entity before and after. None filters nothing.
    """

    before: Index
    after: Index
    levels: frozenset[str] | None = None
    tracks: frozenset[str] | None = None
    competencies: frozenset[str] | None = None

    def keeps(self, change: Change) -> bool:
        """Return whether a change concerns all that is given."""
        return (
            (self.levels is None or not self.levels.isdisjoint(change.levels))
            and (self.tracks is None or not self.tracks.isdisjoint(change.tracks))
            and (self.competencies is None or not self.competencies.isdisjoint(self._competencies(change)))
        )

    def part_of(self, diff: Diff) -> Diff:
        """Return the diff with the changes that pass, and the levels and tracks that these affect.

        The minimum step stays that of the whole diff.
        """
        changes = tuple(change for change in diff.changes if self.keeps(change))
        levels = {slug for change in changes for slug in change.levels}
        tracks = {slug for change in changes for slug in change.tracks}
        return diff.model_copy(
            update={
                "changes": changes,
                "counts": ChangeCounts.of(changes),
                "levels": tuple(one for one in diff.levels if one.level in levels),
                "tracks": tuple(slug for slug in diff.tracks if slug in tracks),
            }
        )

    def _competencies(self, change: Change) -> Iterator[str]:
        """Yield the competency that the changed entity belongs to, by its slug on each side."""
        for index, target in ((self.before, change.target_before), (self.after, change.target_after)):
            node = None if target is None else index.find_target(target)
            slug = None if node is None else relation(node).competency
            if slug is not None:
                yield slug
