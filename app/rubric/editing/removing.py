"""Removing an entity, with a reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import NotFound
from app.rubric.editing.mentions import follow
from app.rubric.editing.renaming import published
from app.rubric.editing.tree import below, children, with_entity
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Facet, Ladder, Level, Removal

_PARTS: Final = frozenset({"level", "competency", "facet"})


@dataclass(frozen=True, slots=True)
class Parting:
    """The reason and the successors of a removed entity."""

    reason: str
    successors: tuple[str, ...] = ()
    """The entities to read instead, each as `kind:address`."""

    def removal(self, node: Node) -> Removal:
        """Return the removal of an entity."""
        only = self.successors[0] if len(self.successors) == 1 else None
        several = () if only is not None else self.successors
        return Removal(
            kind=node.kind, slug=node.address, reason=self.reason, successor=only, successors=several
        )


def remove(
    index: Index,
    kind: Kind,
    address: str,
    base: Index | None = None,
    parting: Parting | None = None,
    *,
    cascade: bool = False,
) -> Ladder:
    """Return the ladder without an entity, what is inside it, and the translations of both.

    With a parting, every removed entity that the base has gets a removal, under its slug there. References to the
    entity stay and become findings. With `cascade`, the entities that authors write inside it are removed too (levels
    of a track, facets of a competency, expectations of a level, competency or facet).

    Raises NotFound if there is no such entity.
    """
    node = index.find(kind, address)
    if node is None or node.owner is None:
        raise NotFound(f"The draft has no {kind} {address[:80]!r}.")
    tops = [node, *(parts_of(index, node) if cascade else ())]
    gone = [one for top in tops for one in below(index.nodes, top)]
    ladder = follow(index, _without(node.owner, tops))
    if parting is None or base is None:
        return ladder
    return _with_removals(ladder, _removals(index, gone, base, parting))


def parts_of(index: Index, node: Node) -> Iterator[Node]:
    """Yield the entities of the ladder's own lists that an author would write inside another. They go with it."""
    levels = index.levels_of.get(node.address, ()) if node.kind == "track" else ()
    on_track = {level.slug for level in levels}
    for other in index.nodes:
        entity, named = other.entity, False
        if isinstance(entity, Level):
            named = node.kind == "track" and entity.track == node.address
        elif isinstance(entity, Facet):
            named = node.kind == "competency" and entity.competency == node.address
        elif isinstance(entity, Expectation):
            part = getattr(entity, node.kind, None) if node.kind in _PARTS else None
            named = part == node.address or entity.level in on_track
        if named:
            yield other


def _without(owner: Node, tops: Sequence[Node]) -> Ladder:
    """Return the ladder without entities of one owner."""
    lists = {top.field: children(owner, top.field) for top in tops}
    gone = {(top.field, top.position) for top in tops}
    left = {
        field: tuple(one for position, one in enumerate(inside) if (field, position) not in gone)
        for field, inside in lists.items()
    }
    return with_entity(owner, owner.entity.model_copy(update=left))


def _removals(index: Index, gone: Sequence[Node], base: Index, parting: Parting) -> Iterator[Removal]:
    """Yield a removal for each entity that the base has, under the slug it has there."""
    for node in gone:
        was = published(index, node, base)
        if was is not None:
            yield parting.removal(was)


def _with_removals(ladder: Ladder, removals: Iterable[Removal]) -> Ladder:
    """Return the ladder with removals. A new removal replaces an older one of the same entity."""
    added = {(one.kind, one.slug): one for one in removals}
    kept = (one for one in ladder.removals if (one.kind, one.slug) not in added)
    return ladder.model_copy(update={"removals": (*kept, *added.values())})
