"""The names under which a ladder and its entities were published.

A slug means one entity forever. The history of a ladder says which entity each address meant, so that a draft, or a
ladder in files, can be checked against everything that was published before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from app.rubric.entities import Node
from app.rubric.index import Index

Address = tuple[str, str]
"""Kind and address of an entity."""


@dataclass(frozen=True)
class History:
    """Every address that a ladder ever published, with the entity that it means."""

    addresses: Mapping[Address, UUID] = field(default_factory=dict)
    """The entity of each kind and address, oldest first. Slugs of other ladders may be among them."""
    standing: Mapping[UUID, str] = field(default_factory=dict)
    """The addresses of the entities in the release that the next one builds on."""
    taken: frozenset[str] = frozenset()
    """Slugs that other ladders have or had."""

    @classmethod
    def of(cls, releases: Sequence[Index], base: Index | None = None) -> "History":
        """Return the history of these releases, oldest first. The next one builds on `base`, or else on the last."""
        found: dict[Address, UUID] = {}
        for index in releases:
            for address, uuid in addresses_of(index):
                found.setdefault(address, uuid)
        last = base or (releases[-1] if releases else None)
        standing = {} if last is None else {uuid: node.address for uuid, node in last.by_uuid.items()}
        return cls(found, standing)

    def names(self, kind: str, uuid: UUID) -> tuple[str, ...]:
        """Return the addresses that an entity was published under, oldest first."""
        return self._names.get((kind, uuid), ())

    @cached_property
    def _names(self) -> Mapping[tuple[str, UUID], tuple[str, ...]]:
        found: dict[tuple[str, UUID], tuple[str, ...]] = {}
        for (kind, address), uuid in self.addresses.items():
            found[kind, uuid] = (*found.get((kind, uuid), ()), address)
        return found


def addresses_of(index: Index) -> Iterable[tuple[Address, UUID]]:
    """Yield every address of the entities in a release, former slugs first."""
    for address, node in index.renamed.items():
        if node.uuid is not None:
            yield address, node.uuid
    for node in index.nodes:
        if node.uuid is not None:
            yield (node.kind, node.address), node.uuid


def former_slugs(node: Node) -> tuple[str, ...]:
    """Return the former slugs that an entity lists, oldest first."""
    formerly: tuple[str, ...] = getattr(node.entity, "formerly", ())
    return formerly
