"""A look-up over one ladder, built once and shared by every view of it.

Nothing here fails on a draft with findings: of two entities with one address the first is found, and a name
that leads nowhere finds nothing. Each part is made when it is first asked for, in one pass over the ladder,
and kept (`functools.cached_property`); since the ladder is frozen, it never changes after that.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.rubric.entities import Kind, Node, walk
from app.rubric.ladder import (
    Competency,
    Expectation,
    Facet,
    Guidance,
    Ladder,
    Level,
    Page,
    Scale,
    Track,
)
from app.rubric.owners import Relation, relation, topmost

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Derived = TypeVar("Derived")
Cell = tuple[str, str, str | None]
"""Slugs of a level, a competency and a facet; the facet is None for the competency as a whole."""


class _Named(Protocol):
    @property
    def slug(self) -> str: ...


NamedItem = TypeVar("NamedItem", bound=_Named)


@dataclass(frozen=True)
class Index:
    """Every way in which views look things up in one ladder. Make it with `Index.of`."""

    ladder: Ladder
    nodes: tuple[Node, ...]
    """Every entity in document order, the ladder itself first."""
    _derived: dict[Callable[["Index"], Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Values derived from the index, by the function that derived them. Not a `cached_property`, because two threads
    may derive two."""

    @classmethod
    def of(cls, ladder: Ladder) -> "Index":
        """Index a ladder; it may have findings."""
        return cls(ladder, tuple(walk(ladder)))

    def once(self, make: Callable[["Index"], Derived]) -> Derived:
        """Return what a class or function makes of this ladder, made when first asked for: `index.once(Demands)`.

        Views keep here what costs more than a look-up. It is never given up as long as the index is kept, so what
        grows while it is used has to be bounded.
        """
        derived: Derived | None = self._derived.get(make)
        if derived is None:  # two threads may both make it, and then share what was there first
            derived = self._derived.setdefault(make, make(self))
        return derived

    # Entities

    def find(self, kind: str, address: str) -> Node | None:
        """Return the entity of that kind and address (a slug, or an address made of slugs or positions)."""
        return self._by_address.get((kind, address))

    def find_target(self, target: str) -> Node | None:
        """Return the entity that `kind:address` names, as `about`, alignments and translations write it."""
        kind, _, address = target.partition(":")
        return self.find(kind, address)

    def find_uuid(self, uuid: UUID) -> Node | None:
        """Return the entity with that UUID."""
        return self.by_uuid.get(uuid)

    def at_pointer(self, pointer: str) -> Node:
        """Return the innermost entity that a JSON Pointer into the ladder leads to."""
        while pointer not in self._by_pointer:
            pointer = pointer.rpartition("/")[0]
        return self._by_pointer[pointer]

    def find_renamed(self, kind: str, address: str) -> Node | None:
        """Return the entity that once had that address and now has another.

        A step or expectation is found by the former slugs of its parts too: `l4--quality` finds
        `l5--quality` where level `l5` was `l4`.
        """
        if kind == "step":
            return self._renamed_made("step", address, ("scale",))
        if kind == "expectation":
            return self._renamed_made("expectation", address, ("level", "competency", "facet"))
        return self.renamed.get((kind, address))

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the entities of a kind in document order."""
        return self._by_kind.get(kind, ())

    @cached_property
    def inside(self) -> Mapping[Node, tuple[Node, ...]]:
        """The entities directly inside each one, in document order: a step in its scale, a statement in its cell."""
        return _grouped((node.owner, node) for node in self.nodes if node.owner is not None)

    @cached_property
    def renamed(self) -> Mapping[tuple[str, str], Node]:
        """The entity by its kind and each of its former slugs (of a step: `{scale}--{slug}`)."""
        found: dict[tuple[str, str], Node] = {}
        for node in self.nodes:
            for former in getattr(node.entity, "formerly", ()):
                inside = node.owner.address if node.kind == "step" and node.owner is not None else None
                address = f"{inside}--{former}" if inside is not None else former
                found.setdefault((node.kind, address), node)
        return MappingProxyType(found)

    # The ladder's own lists, by slug

    @cached_property
    def tracks(self) -> Mapping[str, Track]:
        """Tracks by slug, in order."""
        return _by_slug(self.ladder.tracks)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """Levels by slug, in order."""
        return _by_slug(self.ladder.levels)

    @cached_property
    def scales(self) -> Mapping[str, Scale]:
        """Scales by slug, in order."""
        return _by_slug(self.ladder.scales)

    @cached_property
    def competencies(self) -> Mapping[str, Competency]:
        """Competencies by slug, in order."""
        return _by_slug(self.ladder.competencies)

    @cached_property
    def facets(self) -> Mapping[str, Facet]:
        """Facets by slug, in order."""
        return _by_slug(self.ladder.facets)

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Longer texts by slug, in order."""
        return _by_slug(self.ladder.pages)

    @cached_property
    def cells(self) -> Mapping[Cell, Expectation]:
        """Expectations by cell, in order."""
        found: dict[Cell, Expectation] = {}
        for asked in self.ladder.expectations:
            found.setdefault((asked.level, asked.competency, asked.facet), asked)
        return MappingProxyType(found)

    # What belongs together

    @cached_property
    def levels_of(self) -> Mapping[str, tuple[Level, ...]]:
        """The levels of each track, by the track's slug, in order of writing."""
        return _grouped((level.track, level) for level in self.ladder.levels)

    @cached_property
    def facets_of(self) -> Mapping[str, tuple[Facet, ...]]:
        """The facets of each competency, by the competency's slug."""
        return _grouped((facet.competency, facet) for facet in self.ladder.facets)

    @cached_property
    def expectations_of_level(self) -> Mapping[str, tuple[Expectation, ...]]:
        """The expectations of each level, by the level's slug."""
        return _grouped((asked.level, asked) for asked in self.ladder.expectations)

    @cached_property
    def expectations_of_competency(self) -> Mapping[str, tuple[Expectation, ...]]:
        """The expectations in each competency, its facets' included, by the competency's slug."""
        return _grouped((asked.competency, asked) for asked in self.ladder.expectations)

    @cached_property
    def expectations_of_facet(self) -> Mapping[str, tuple[Expectation, ...]]:
        """The expectations in each facet, by the facet's slug."""
        return _grouped((asked.facet, asked) for asked in self.ladder.expectations if asked.facet is not None)

    @cached_property
    def ranks(self) -> Mapping[str, int | float]:
        """The effective rank of each level by slug: the one written, else its position in its track, from 1.

        It orders the levels of one track. Levels of different tracks have equal rank only if both ranks are written.
        """
        ranks: dict[str, int | float] = {}
        for level, rank in effective_ranks(self.ladder.levels):
            ranks.setdefault(level.slug, rank)
        return MappingProxyType(ranks)

    def is_ordered(self, track: str) -> bool:
        """Return whether the order of a track's levels has a meaning."""
        return track not in self.tracks or self.tracks[track].ordered is not False

    def scale_name(self, competency: str, facet: str | None = None) -> str | None:
        """Slug of the scale that applies: the facet's own, else its competency's; None if none is named."""
        if facet is not None and facet in self.facets and self.facets[facet].scale is not None:
            return self.facets[facet].scale
        return self.competencies[competency].scale if competency in self.competencies else None

    def scale_of(self, competency: str, facet: str | None = None) -> Scale | None:
        """Return the scale that applies; None if none is named, or the name leads nowhere."""
        name = self.scale_name(competency, facet)
        return None if name is None else self.scales.get(name)

    # What hangs together, and what speaks of it

    def relation(self, node: Node) -> Relation:
        """Return the level, competency and facet that an entity hangs on, through all its owners."""
        return relation(node)

    @cached_property
    def examples(self) -> tuple[tuple[Node, Relation], ...]:
        """Every example in document order, with what it hangs on."""
        return tuple((node, relation(node)) for node in self.of_kind("example"))

    @cached_property
    def examples_of(self) -> Mapping[str, tuple[Node, ...]]:
        """The examples of each level, competency, facet and expectation, by its `kind:address`, in document order.

        A competency has those of its facets and proficiencies too. A level has those that hang on it or on its
        expectations, and those on a facet or competency in which it asks anything that is not `not-in-use`.
        """
        asking: dict[str, set[str]] = defaultdict(set)
        for asked in self.ladder.expectations:
            if asked.applicability != "not-in-use":
                asking[f"competency:{asked.competency}"].add(asked.level)
                asking[f"facet:{asked.facet}"].add(asked.level)
        pairs: list[tuple[str, Node]] = []
        for example, on in self.examples:
            pairs += ((f"{kind}:{slug}", example) for kind, slug in asdict(on).items() if slug is not None)
            if on.level is None:
                place = f"facet:{on.facet}" if on.facet is not None else f"competency:{on.competency}"
                pairs += ((f"level:{level}", example) for level in sorted(asking.get(place, ())))
            top = topmost(example)
            if top.kind == "expectation":
                pairs.append((top.target, example))
        return _grouped(pairs)

    @cached_property
    def about(self) -> Mapping[str, tuple[Node, ...]]:
        """The FAQs, tips and pages about an entity, by its `kind:address`, each once, in document order."""
        return _grouped(
            (target, node)
            for node in self.nodes
            if isinstance(node.entity, Guidance)
            for target in dict.fromkeys(node.entity.about)
        )

    # Behind the look-ups

    @cached_property
    def _by_address(self) -> Mapping[tuple[str, str], Node]:
        found: dict[tuple[str, str], Node] = {}
        for node in self.nodes:
            found.setdefault((node.kind, node.address), node)
        return found

    @cached_property
    def by_uuid(self) -> Mapping[UUID, Node]:
        """The entities that have a UUID, by it."""
        found: dict[UUID, Node] = {}
        for node in self.nodes:
            if node.uuid is not None:
                found.setdefault(node.uuid, node)
        return found

    @cached_property
    def _by_pointer(self) -> Mapping[str, Node]:
        return {node.pointer: node for node in self.nodes}

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Node, ...]]:
        return _grouped((str(node.kind), node) for node in self.nodes)

    def _renamed_made(self, kind: Kind, address: str, parts: tuple[Kind, ...]) -> Node | None:
        """Return an entity whose address is made of others' slugs, by their earlier ones."""
        if self.find(kind, address) is not None:
            return None
        slugs = address.split("--")
        choices = [self._names(part, slug) for part, slug in zip(parts, slugs, strict=False)]
        choices += [[slug] for slug in slugs[len(choices) :]]
        for made in product(*choices):
            now = "--".join(made)
            found = self.find(kind, now) or self.renamed.get((kind, now))
            if found is not None:
                return found
        return None

    def _names(self, kind: Kind, slug: str) -> list[str]:
        """Return the slug as it is, and the one its entity has today."""
        now = self.renamed.get((kind, slug))
        return [slug] if now is None else [slug, now.address]


def effective_ranks(levels: Iterable[Level]) -> Iterator[tuple[Level, int | float]]:
    """Give each level with its rank: the one written, else its place among the levels of its track, from 1."""
    places: dict[str, int] = defaultdict(int)
    for level in levels:
        places[level.track] += 1
        yield level, places[level.track] if level.rank is None else level.rank


def _grouped(pairs: Iterable[tuple[Key, Item]]) -> Mapping[Key, tuple[Item, ...]]:
    found: dict[Key, list[Item]] = defaultdict(list)
    for key, item in pairs:
        found[key].append(item)
    return MappingProxyType({key: tuple(items) for key, items in found.items()})


def _by_slug(entities: Iterable[NamedItem]) -> Mapping[str, NamedItem]:
    found: dict[str, NamedItem] = {}
    for entity in entities:
        found.setdefault(entity.slug, entity)
    return MappingProxyType(found)
