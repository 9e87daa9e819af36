"""The reach of an entity: the levels and tracks that a change of it concerns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Guidance, Step
from app.rubric.owners import relation, topmost
from app.rubric.parts import Proficiency, Statement
from app.rubric.text import Slug, folded
from app.rubric.views.demands import Place
from app.rubric.views.level_sets import DemandSets, LevelSet, union


@dataclass(frozen=True)
class Reach:
    """One ladder, seen from its levels. Each level is one bit."""

    index: Index
    bits: Mapping[Slug, LevelSet]

    @cached_property
    def sets(self) -> DemandSets:
        """The demands of all levels."""
        return DemandSets(self.index, self.bits)

    @cached_property
    def all_places(self) -> Mapping[Place, None]:
        """Every place of the ladder, in order."""
        return dict.fromkeys(self.sets.demands.places)

    def places(self, node: Node) -> Iterable[Place]:
        """Return the places that an entity has to do with: its own, those of its scale, or all."""
        on = relation(node)
        top = node if node.owner is None else node.owner if node.kind == "step" else node
        if on.facet is not None:
            place = on.competency or "", on.facet
            return (place,) if place in self.all_places else ()
        if on.competency is not None:
            return self._places_of.get(("competency", on.competency), ())
        return self._places_of.get(("scale", top.address), ()) if top.kind == "scale" else self.all_places

    def levels(self, node: Node) -> LevelSet:
        """Return the levels that an entity concerns.

        An expectation concerns its level and those that take it over; a competency, facet, scale, step or
        proficiency the levels that ask for it; guidance the levels that it is about. A track concerns its levels
        and those of the tracks that extend it; the ladder itself all levels.
        """
        top = topmost(node)
        if isinstance(top.entity, Expectation):
            holders = self.sets.of((top.entity.competency, top.entity.facet)).holders
            return self.bits.get(top.entity.level, 0) | holders.get(top.address, 0)
        if isinstance(top.entity, Guidance):
            return self._about(top.entity.about)
        if top.kind == "level":
            return self.bits.get(top.address, 0)
        if top.kind == "ladder":
            return union(self.bits.values())
        return self._of_track.get(top.address, 0) if top.kind == "track" else self._asking(node, top)

    def widest(self, node: Node) -> LevelSet:
        """Return the levels whose demands an entity can decide, also by hiding what they would inherit."""
        top = topmost(node)
        if isinstance(top.entity, Expectation):
            return self.sets.reach(top.entity.level)
        return self.sets.reach(top.address) if node is top and top.kind == "level" else self.levels(node)

    def tracks(self, node: Node, levels: LevelSet) -> frozenset[str]:
        """Return the tracks of some levels; of a track, itself too."""
        found = set(self._tracks_of(levels))
        top = topmost(node)
        if top.kind == "track":
            found.add(top.address)
        if isinstance(top.entity, Guidance):
            found |= {target.partition(":")[2] for target in top.entity.about if target.startswith("track:")}
        return frozenset(found & self.index.tracks.keys())

    def _tracks_of(self, levels: LevelSet) -> frozenset[str]:
        known = self._known_tracks.get(levels)
        if known is None:
            found = (track for track, its in self._by_track.items() if its & levels)
            known = self._known_tracks[levels] = frozenset(found)
        return known

    @cached_property
    def _known_tracks(self) -> dict[LevelSet, frozenset[str]]:
        """The tracks of sets of levels, as far as they were asked for."""
        return {}

    @cached_property
    def _by_track(self) -> Mapping[Slug, LevelSet]:
        """The levels of each track."""
        return {
            track: union(self.bits[one.slug] for one in levels if self.index.levels[one.slug] is one)
            for track, levels in self.index.levels_of.items()
        }

    @cached_property
    def _of_track(self) -> Mapping[Slug, LevelSet]:
        """The levels of each track and of those that extend it."""
        found: dict[Slug, LevelSet] = defaultdict(int)
        for track, levels in self._by_track.items():
            for one in {track, *self.sets.demands.inheritance.ancestors(track)}:
                found[one] |= levels
        return found

    def _about(self, targets: Iterable[str]) -> LevelSet:
        nodes = filter(None, map(self.index.find_target, targets))
        return union(self.levels(node) for node in nodes if node.kind in {"level", "expectation"})

    def _asking(self, node: Node, top: Node) -> LevelSet:
        """Return the levels that use a competency, facet or scale, or ask for a step."""
        step = next((step for step in map(_step, _upwards(node)) if step is not None), None)
        on = relation(node)
        by = (top.kind, top.address) if top.kind == "scale" else ("competency", on.competency)
        users = self._users.get(("facet", on.facet) if on.facet is not None else by, {})
        return union(levels for (scale, named), levels in users.items() if self._includes(scale, named, step))

    @cached_property
    def _users(self) -> Mapping[tuple[str, str | None], Mapping[tuple[str | None, str | None], LevelSet]]:
        """The levels that ask in each competency and facet, or for a step of each scale: by scale and step."""
        found: dict[tuple[str, str | None], dict[tuple[str | None, str | None], LevelSet]]
        found = defaultdict(lambda: defaultdict(int))
        for one in self.index.ladder.expectations:
            if one.applicability != "not-in-use":
                scale = self.index.scale_name(one.competency, one.facet)
                users = [("competency", one.competency), ("facet", one.facet)]
                for user in [*users, ("scale", scale)] if one.step is not None else users:
                    found[user][scale, one.step] |= self.sets.reach(one.level)
        return found

    @cached_property
    def _places_of(self) -> Mapping[tuple[str, str | None], Sequence[Place]]:
        """The places of each competency and each scale."""
        found: dict[tuple[str, str | None], list[Place]] = defaultdict(list)
        for place in self.all_places:
            found["competency", place[0]].append(place)
            found["scale", self.index.scale_name(*place)].append(place)
        return found

    def _includes(self, scale: str | None, named: str | None, step: str | None) -> bool:
        """Return whether a step is the one that is named, or one below it in a cumulative scale."""
        if step is None or named == step:
            return True
        here = None if scale is None else self.index.scales.get(scale)
        if here is None or named is None or here.cumulative != "yes":
            return False
        order = [one.slug for one in here.steps]
        return named in order and step in order and order.index(step) < order.index(named)


def line_of(node: Node) -> str | None:
    """Return the key of the line that an entity makes itself; None if it makes none."""
    entity = node.entity
    if isinstance(entity, Statement):
        return folded(entity.text)
    if isinstance(entity, Expectation | Proficiency | Step) and entity.summary:
        return folded(entity.summary)
    return None


def _upwards(node: Node) -> Iterable[Node]:
    """Give an entity and its owners, from the inside out."""
    within: Node | None = node
    while within is not None:
        yield within
        within = within.owner


def _step(node: Node) -> str | None:
    """Return the step that an entity is or describes."""
    if isinstance(node.entity, Proficiency):
        return node.entity.step
    return node.address.rpartition("--")[2] if node.kind == "step" else None
