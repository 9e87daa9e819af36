"""The release in which each entity last changed.

An entity has changed if anything differs that its body shows: its own properties, the parts that it holds, the names
of entities that it refers to, or a rank that follows from its position. A part without a UUID changes with its owner.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.rubric.entities import ADDRESSED, Node, named_entity
from app.rubric.index import Index
from app.rubric.releases import Version

LastChanges = Mapping[UUID, str]
"""The number of the release in which each entity last changed, by the entity's UUID."""


Places = Mapping[str, Sequence[int]]
"""The places of entities in document order, by the number of the release in which they last changed."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that another one builds on."""

    index: Index
    last_changes: LastChanges

    def of(self, index: Index, node: Node) -> str | None:
        """Return the release in which an entity last changed; None if it differs from this release."""
        top = named_entity(node)
        if top is None or top.uuid is None:
            return None
        before = self.index.find_uuid(top.uuid)
        if before is None or _shown(self.index, before) != _shown(index, top):
            return None
        return self.last_changes.get(top.uuid)


def of_places(index: Index, places: Places) -> LastChanges:
    """Return the last changes of the entities at these places."""
    uuids = ((index.nodes[place].uuid, number) for number, found in places.items() for place in found)
    return {uuid: number for uuid, number in uuids if uuid is not None}


def places_of(index: Index, found: LastChanges) -> Places:
    """Return the places of entities by their last change, which takes less room than their UUIDs."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, node in enumerate(index.nodes):
        if node.uuid is not None and node.uuid in found:
            places[found[node.uuid]].append(place)
    return places


def last_changes(index: Index, version: Version, base: Earlier | None) -> dict[UUID, str]:
    """Return the release in which each entity of a release last changed.

    Args:
        index: The content of the release.
        version: Its number.
        base: The release that it builds on; None if there was none.
    """
    found = {}
    for node in index.nodes:
        if node.kind in ADDRESSED and node.uuid is not None:
            earlier = None if base is None else base.of(index, node)
            found[node.uuid] = str(version) if earlier is None else earlier
    return found


def _shown(index: Index, node: Node) -> tuple[object, ...]:
    """Return what the body of an entity shows."""
    owner = None if node.owner is None or node.kind != "example" else node.owner.target
    return node.entity, owner, index.ranks[node.address] if node.kind == "level" else None
