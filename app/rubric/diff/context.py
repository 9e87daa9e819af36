"""Two ladders side by side: who became whom, what each asks, and where levels stand."""

from dataclasses import dataclass
from functools import cached_property

from app.rubric.diff.asked import Asked
from app.rubric.diff.matching import Matched, Names
from app.rubric.entities import Node
from app.rubric.ladder import Level


@dataclass(frozen=True)
class Context:
    """The look-ups that the rules of impact use."""

    matched: Matched

    @cached_property
    def before(self) -> Asked:
        """Return what was asked."""
        return Asked(self.matched.before)

    @cached_property
    def after(self) -> Asked:
        """Return what is asked now."""
        return Asked(self.matched.after)

    @property
    def names(self) -> Names:
        """Today's names of what was called otherwise."""
        return self.matched.names

    @cached_property
    def earlier(self) -> Names:
        """Earlier names of what is called otherwise now."""
        return Names.of((other, one) for one, other in self.matched.pairs)

    @cached_property
    def then(self) -> dict[Node, Node]:
        """The entity before by the one of today."""
        return {other: one for one, other in self.matched.pairs}

    @cached_property
    def new_levels(self) -> frozenset[str]:
        """Slugs of the levels that were not there."""
        return frozenset(node.address for node in self.matched.added if node.kind == "level")

    @cached_property
    def gone_levels(self) -> frozenset[str]:
        """Slugs of the levels that are gone."""
        return frozenset(node.address for node in self.matched.removed if node.kind == "level")

    def stays_asked(self, owner: Node) -> bool:
        """Return whether people were and are required what an entity of today says."""
        one = self.then.get(owner)
        return one is not None and self.before.is_asked(one) and self.after.is_asked(owner)

    def height_changed(self, one: Node, other: Node) -> bool:
        """Return whether a level has another effective rank."""
        return self.before.index.ranks[one.address] != self.after.index.ranks[other.address]

    @cached_property
    def shifted(self) -> frozenset[str]:
        """Tracks that inherit, or are inherited from, and have a level at another height than before."""
        tracks = self.after.index.tracks
        extended = {one.extends for one in tracks.values()}
        found = {
            other.entity.track
            for one, other in self.matched.pairs
            if isinstance(other.entity, Level) and self.height_changed(one, other)
        }
        return frozenset(
            track
            for track in found
            if track in extended or (track in tracks and tracks[track].extends is not None)
        )
