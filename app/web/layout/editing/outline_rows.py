"""The outline of a draft: its lists of entities, each entity with its marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.api.reading.urls import COLLECTION_OF
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.web.layout.editing.form_fields import digest
from app.web.layout.editing.kinds import KINDS
from app.web.layout.editing.meaning import changed_targets, findings_by_target
from app.web.layout.level_head import rungs_of
from app.web.layout.rendering import display_name
from app.web.navigation.page_reader import Reading
from app.web.translation.messages import N_

MOST: Final = 60
"""The most entities on one page of the outline."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of entities that have an order among themselves, such as the levels of a track."""

    name: str
    """The name of the list in URLs and forms: `levels-of-ic`, `faqs`."""
    kind: Kind
    heading: str
    nodes: tuple[Node, ...]
    owner: str = ""
    """The slug of the track of levels, or of the competency of facets."""

    @property
    def adding(self) -> str:
        """The label of the field that adds an entity."""
        return KINDS[self.kind].adding

    @property
    def order(self) -> str:
        """A short name for the present order."""
        return digest([node.address for node in self.nodes])


@dataclass(frozen=True, slots=True)
class Row:
    """One entity of a list."""

    node: Node
    name: str
    title: str
    """The title of a level whose name is its code; else empty."""
    url: str
    """URL of the entity in the draft, without `/edit`."""
    mark: str
    """`new` or `changed`; empty if it is as published."""
    problems: int
    facets: str
    """The name of the list of its facets; empty for other kinds than competencies."""
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list, or a part of it, on the page."""

    listing: Listing
    rows: tuple[Row, ...]
    start: int

    @property
    def total(self) -> int:
        """The number of entities in the whole list."""
        return len(self.listing.nodes)

    @property
    def following(self) -> int | None:
        """The number of the first entity of the next part; None after the last one."""
        end = self.start + len(self.rows)
        return end if end < self.total else None


def listings(index: Index) -> Iterator[Listing]:
    """Yield all lists of a draft, in the order of the outline."""
    for kind, words in KINDS.items():
        if words.heading:
            yield Listing(COLLECTION_OF[kind], kind, words.heading, index.of_kind(kind))
        yield from _parts(index, kind)


def _parts(index: Index, kind: Kind) -> Iterator[Listing]:
    """Yield the lists of the parts of all entities of a kind: levels of tracks, facets of competencies."""
    if kind == "track":
        for track in index.ladder.tracks:
            nodes = _found(index, "level", [level.slug for level in rungs_of(index, track.slug)])
            heading = N_("Levels: %(track)s", track=track.title)
            yield Listing(f"levels-of-{track.slug}", "level", heading, nodes, track.slug)
    if kind == "competency":
        for competency in index.ladder.competencies:
            facets = index.facets_of.get(competency.slug, ())
            nodes = _found(index, "facet", [facet.slug for facet in facets])
            heading = N_("Facets: %(competency)s", competency=competency.title)
            yield Listing(f"facets-of-{competency.slug}", "facet", heading, nodes, competency.slug)


def find_listing(index: Index, name: str) -> Listing | None:
    """Return the list with that name."""
    return next((one for one in listings(index) if one.name == name), None)


def shown_lists(reading: Reading, name: str, start: int) -> tuple[tuple[ShownList, ...], tuple[Listing, ...]]:
    """Return the lists on a page, and those that have a page of their own because the ladder is large.

    Args:
        reading: The draft.
        name: The one list to show; empty for all.
        start: The number of the first entity of that list.
    """
    found, marks = tuple(listings(reading.index)), _Marks.of(reading)
    named = next((one for one in found if one.name == name), None)
    if named is not None:
        start = start if start < len(named.nodes) else 0
        return (_shown(reading, named, start, marks),), ()
    left, lists, apart = MOST, [], []
    for one in found:
        if one.kind == "facet":
            continue  # a competency leads to its facets
        if len(one.nodes) + 1 <= left:
            lists.append(_shown(reading, one, 0, marks))
            left -= len(one.nodes) + 1
        else:
            apart.append(one)
    return tuple(lists), tuple(apart)


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks of all entities."""

    changed: Mapping[str, str]
    """`new` or `changed` by target."""
    levels: frozenset[str]
    """The levels in whose cells something has changed."""
    problems: Mapping[str, int]

    @classmethod
    def of(cls, reading: Reading) -> "_Marks":
        """Return the marks of a draft."""
        changed = changed_targets(reading)
        cells = (target.partition(":")[2] for target in changed if target.startswith("expectation:"))
        levels = frozenset(cell.partition("--")[0] for cell in cells)
        return cls(changed, levels, _inner_findings(findings_by_target(reading)))


def _shown(reading: Reading, listing: Listing, start: int, marks: _Marks) -> ShownList:
    nodes = listing.nodes[start : start + MOST]
    return ShownList(listing, tuple(_row(reading, listing, node, marks) for node in nodes), start)


def _inner_findings(findings: Mapping[str, Sequence[object]]) -> Mapping[str, int]:
    """Return the number of findings by target; those of expectations count for their level too."""
    counts: dict[str, int] = {}
    for target, found in findings.items():
        counts[target] = counts.get(target, 0) + len(found)
        kind, _, address = target.partition(":")
        if kind == "expectation":
            level = f"level:{address.partition('--')[0]}"
            counts[level] = counts.get(level, 0) + len(found)
    return counts


def _row(reading: Reading, listing: Listing, node: Node, marks: _Marks) -> Row:
    name, title = display_name(node), getattr(node.entity, "title", None) or ""
    mark = marks.changed.get(node.target, "")
    if not mark and node.kind == "level" and node.address in marks.levels:
        mark = N_("changed")
    return Row(
        node,
        name,
        title if title != name else "",
        f"{reading.urls.home}/{COLLECTION_OF[node.kind]}/{node.address}",
        mark,
        marks.problems.get(node.target, 0),
        f"facets-of-{node.address}" if node.kind == "competency" else "",
        node is listing.nodes[0],
        node is listing.nodes[-1],
    )


def _found(index: Index, kind: Kind, slugs: Sequence[str]) -> tuple[Node, ...]:
    return tuple(node for slug in slugs if (node := index.find(kind, slug)) is not None)
