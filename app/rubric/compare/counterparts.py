"""Pairs of competencies and facets of two ladders, or of two releases, that answer to each other.

By UUID first, which is the same in every release of a ladder and through renames; then by what authors say
(alignments of either side to the other, or of both to one URI), the nearer match first; then by slug; then by title,
without regard to case, spacing and composition. Facets are matched by slug and title within competencies that were
matched. Each is matched at most once, and exchanging the two exchanges the pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, NamedTuple

from app.rubric.diff.pairing import pair_equal
from app.rubric.entities import Kind
from app.rubric.index import Index
from app.rubric.ladder import Competency, Facet, Ladder
from app.rubric.parts import Match
from app.rubric.text import Slug, folded
from app.rubric.views.demands import Demands
from app.rubric.views.holdings import Place

By = Literal["identity", "alignment", "slug", "title"]
"""The same UUID; what an author says; the same slug; the same title."""

_NEARNESS: Final[dict[Match, int]] = {"exact": 0, "close": 1, "broader": 2, "narrower": 2}
"""The matches that count, the nearest first; what is only related is another thing."""
_TURNED: Final[dict[Match, Match]] = {"broader": "narrower", "narrower": "broader"}

Part = Competency | Facet
Key = Callable[[Part], Hashable]
Anchor = tuple[Slug | None, str]
"""The target of an alignment: an entity with its ladder, or a URI with None."""


class Counterpart(NamedTuple):
    """A competency or facet before, and the one after that answers to it; None if there is none."""

    before: Place | None
    after: Place | None
    by: By | None
    """The way in which they were matched; None if only one side has it."""
    match: Match | None = None
    """The closeness of the match, if an alignment states it, read from before to after: `broader` says the one after
    is."""


def counterparts(before: Demands, after: Demands) -> tuple[Counterpart, ...]:
    """Return every competency and facet of both: those of the side after in order, then those that are gone.

    Facets stand below their competency, those that are gone below the one that answers to theirs.
    """
    if before.index is after.index:
        return tuple(Counterpart(place, place, "identity") for place in after.places)
    one, other = before.index, after.index
    competencies = _Pairing("competency", one, other, one.competencies, other.competencies)
    competencies.by_authors()
    competencies.by_key("slug", _slug, _slug)
    competencies.by_key("title", _title, _title)
    now = {was: found.after for was, found in competencies.pairs.items()}
    facets = _Pairing("facet", one, other, _facets(before), _facets(after))
    facets.by_authors()
    same = {slug: slug for slug in now.values()}
    facets.by_key("slug", _within(now, _slug), _within(same, _slug))
    facets.by_key("title", _within(now, _title), _within(same, _title))
    found = (*competencies.counterparts(), *facets.counterparts())
    return tuple(_in_order(before.places, after.places, {one.after: one for one in found if one.after}))


def _facets(effectives: Demands) -> dict[Slug, Part]:
    """Return the facets that are part of a competency."""
    facets = effectives.index.facets
    return {facet: facets[facet] for _, facet in effectives.places if facet is not None}


def _slug(part: Part) -> str:
    return part.slug


def _title(part: Part) -> str:
    return folded(part.title)


def _within(names: Mapping[Slug, Slug], name: Callable[[Part], str]) -> Key:
    """Return a facet's name with its competency's, as that is called after; None if that was not matched."""

    def key(part: Part) -> Hashable:
        assert isinstance(part, Facet)  # noqa: S101 - asked of facets only
        return (names[part.competency], name(part)) if part.competency in names else None

    return key


@dataclass(frozen=True, slots=True)
class _Found:
    """The entity after that answers to one before."""

    after: Slug
    by: By
    match: Match | None = None


class _Pairing:
    """The competencies, or the facets, of two ladders, and which have been matched so far."""

    def __init__(
        self, kind: Kind, before: Index, after: Index, ours: Mapping[Slug, Part], theirs: Mapping[Slug, Part]
    ) -> None:
        self.pairs: dict[Slug, _Found] = {}
        self._kind = kind
        self._indexes = before, after
        self._ours, self._theirs = dict(ours), dict(theirs)
        self.by_key("identity", self._uuid(before), self._uuid(after))

    def by_key(self, by: By, ours: Key, theirs: Key) -> None:
        """Match what has the same key, in order."""
        left, right = list(self._ours.values()), list(self._theirs.values())
        for i, j in pair_equal([ours(one) for one in left], [theirs(one) for one in right]):
            self._take(left[i].slug, _Found(right[j].slug, by))

    def by_authors(self) -> None:
        """Match what alignments say, the nearest first; of those equally near, what stands higher up."""
        ours = {slug: place for place, slug in enumerate(self._ours)}
        theirs = {slug: place for place, slug in enumerate(self._theirs)}
        told = [one for one in self._told() if one[0] in ours and one[1] in theirs]
        for was, now, match in sorted(
            told, key=lambda one: (_NEARNESS[one[2]], ours[one[0]] + theirs[one[1]])
        ):
            if was in self._ours and now in self._theirs:
                self._take(was, _Found(now, "alignment", match))

    def counterparts(self) -> Iterator[Counterpart]:
        """Give the pairs as places."""
        one, other = self._indexes
        for was, found in self.pairs.items():
            yield Counterpart(
                _place(one, self._kind, was), _place(other, self._kind, found.after), found.by, found.match
            )

    def _take(self, was: Slug, found: _Found) -> None:
        del self._ours[was]
        del self._theirs[found.after]
        self.pairs[was] = found

    def _uuid(self, index: Index) -> Key:
        def key(part: Part) -> Hashable:
            node = index.find(self._kind, part.slug)
            return None if node is None else node.uuid

        return key

    def _told(self) -> Iterator[tuple[Slug, Slug, Match]]:
        """Give what alignments say of pairs: of either side about the other, and of both about a third thing."""
        before, after = self._indexes
        ours = list(_anchored(before.ladder, self._ours.values()))
        theirs = list(_anchored(after.ladder, self._theirs.values()))
        for slug, anchor, match in ours:
            for now in self._named(after, anchor):
                yield slug, now, match
        for slug, anchor, match in theirs:
            for was in self._named(before, anchor):
                yield was, slug, _TURNED.get(match, match)
        beside: dict[Anchor, list[tuple[Slug, Match]]] = defaultdict(list)
        for slug, anchor, match in theirs:
            beside[anchor].append((slug, match))
        for slug, anchor, match in ours:
            for other, its in beside.get(anchor, ()):
                joint = _joined(match, its)
                if joint is not None:
                    yield slug, other, joint

    def _named(self, index: Index, anchor: Anchor) -> Iterator[Slug]:
        """Give the entity of a ladder that an alignment names, by its slug of today."""
        ladder, target = anchor
        kind, _, slug = target.partition(":")
        if kind == self._kind and ladder in index.ladder.names:
            node = index.find(kind, slug) or index.find_renamed(kind, slug)
            if node is not None:
                yield node.address


def _place(index: Index, kind: Kind, slug: Slug) -> Place:
    return (slug, None) if kind == "competency" else (index.facets[slug].competency, slug)


def _anchored(ladder: Ladder, parts: Iterable[Part]) -> Iterator[tuple[Slug, Anchor, Match]]:
    """Give what entities are aligned to."""
    for part in parts:
        for one in part.alignments:
            if one.match in _NEARNESS and one.entity is not None:
                yield part.slug, (one.ladder or ladder.slug, one.entity), one.match
            if one.match in _NEARNESS and one.uri is not None:
                yield part.slug, (None, one.uri), one.match


def _joined(one: Match, other: Match) -> Match | None:
    """Return how two entities match that are both aligned to a third; None if that does not tell."""
    if _NEARNESS[other] < _NEARNESS["broader"]:
        return max(one, other, key=_NEARNESS.__getitem__)
    return _TURNED[other] if _NEARNESS[one] < _NEARNESS["broader"] else None


def _in_order(
    ours: Iterable[Place], theirs: Iterable[Place], found: Mapping[Place, Counterpart]
) -> Iterator[Counterpart]:
    """Give all that were matched and all that were not; `found` holds those that were, by the place after."""
    taken = {one.before for one in found.values()}
    left: dict[Slug, list[Place]] = defaultdict(list)
    for place in ours:
        if place not in taken:
            left[place[0]].append(place)
    for competency, places in groupby(theirs, key=lambda place: place[0]):
        for place in places:
            yield found.get(place) or Counterpart(None, place, None)
        matched = found.get((competency, None))
        if matched is not None and matched.before is not None:
            yield from (Counterpart(place, None, None) for place in left.pop(matched.before[0], ()))
    for gone in left.values():
        yield from (Counterpart(place, None, None) for place in gone)
