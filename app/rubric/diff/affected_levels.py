"""The reach of an entity: the levels and tracks that a change of it concerns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Guidance, Step
from app.rubric.owners import relation, topmost
from app.rubric.parts import Proficiency, Statement
from app.rubric.text import Slug, folded
from app.rubric.views.holdings import Place
from app.rubric.views.level_sets import NOWHERE, DemandSets, LevelSet, PlaceDemands, union


@dataclass(frozen=True)
class Reach:
    """One ladder, seen from its levels. Each level is one bit."""

    index: Index
    bits: Mapping[Slug, LevelSet]
    now: Callable[[Place], Place]
    """The place of the ladder after that a place is now."""

    @cached_property
    def sets(self) -> DemandSets:
        """The demands of all levels."""
        return DemandSets(self.index, self.bits)

    @cached_property
    def own(self) -> Mapping[Place, Place]:
        """The places of this ladder, by what they are now."""
        return {self.now(place): place for place in self.all_places}

    def at(self, place: Place) -> PlaceDemands:
        """Return the demands in a place of today."""
        return self.sets.of(self.own[place]) if place in self.own else NOWHERE

    @cached_property
    def all_places(self) -> Mapping[Place, None]:
        """Every place of the ladder, in order."""
        return dict.fromkeys(self.sets.demands.places)

    def places(self, node: Node) -> Iterable[Place]:
        """Return the places that an entity has to do with: its own, those of its scale, or all."""
        top, on = topmost(node), relation(node)
        if on.facet is not None:
            place = on.competency or "", on.facet
            return (place,) if place in self.all_places else ()
        if on.competency is not None:
            return self._places_of.get(("competency", on.competency), ())
        return self._places_of.get(("scale", top.address), ()) if top.kind == "scale" else self.all_places

    def levels(self, node: Node) -> LevelSet:
        """Return the levels that an entity concerns.

        An expectation concerns its level and those at which it holds; a competency or facet those that use it; a
        scale, step or proficiency those that ask for it; guidance those that it is about. A track concerns its
        levels and those of the tracks that extend it; the ladder itself all levels.
        """
        top = topmost(node)
        if isinstance(top.entity, Expectation):
            holders = self.sets.of((top.entity.competency, top.entity.facet)).holders
            return self.bits.get(top.entity.level, 0) | holders.get(top.address, 0)
        if isinstance(top.entity, Guidance):
            about = filter(None, map(self.index.find_target, top.entity.about))
            return union(self.levels(one) for one in about if one.kind in {"level", "expectation"})
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
        top = topmost(node)
        targets = top.entity.about if isinstance(top.entity, Guidance) else (top.target,)
        named = {target.partition(":")[2] for target in targets if target.startswith("track:")}
        return frozenset((named | self._tracks_of(levels)) & self.index.tracks.keys())

    @cached_property
    def _tracks_of(self) -> Callable[[LevelSet], frozenset[str]]:
        """The function from levels to their tracks, which looks once for all changes of the same levels."""
        return cache(lambda levels: frozenset(track for track, its in self._by_track.items() if its & levels))

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

    def _asking(self, node: Node, top: Node) -> LevelSet:
        """Return the levels that use a competency or facet, ask for a step, or ask for any step of a scale."""
        found, step = 0, _step_of(node)
        for place in self.places(node):
            sets = self.sets.of(place)
            if step is not None:
                found |= union(sets.steps.get(one, 0) for one in self._including(place, step))
            elif top.kind == "scale":
                found |= union(sets.steps.values())
            else:
                found |= sets.applicability.get("required", 0) | sets.applicability.get("optional", 0)
        return found

    def _including(self, place: Place, step: Slug) -> Sequence[Slug]:
        """Return a step and, in a cumulative scale, those above it."""
        scale = self.index.scale_of(*place)
        steps = [] if scale is None or scale.cumulative != "yes" else [one.slug for one in scale.steps]
        return steps[steps.index(step) :] if step in steps else [step]

    @cached_property
    def _places_of(self) -> Mapping[tuple[str, str | None], Sequence[Place]]:
        """The places of each competency and each scale."""
        found: dict[tuple[str, str | None], list[Place]] = defaultdict(list)
        for place in self.all_places:
            found["competency", place[0]].append(place)
            found["scale", self.index.scale_name(*place)].append(place)
        return found


def line_of(node: Node) -> str | None:
    """Return the key of the line that an entity makes itself; None if it makes none."""
    entity = node.entity
    if isinstance(entity, Statement):
        return folded(entity.text)
    if isinstance(entity, Expectation | Proficiency | Step) and entity.summary:
        return folded(entity.summary)
    return None


def _step_of(node: Node) -> Slug | None:
    """Return the step that an entity is, describes, or is inside the description of."""
    within: Node | None = node
    while within is not None and within.kind != "step":
        if isinstance(within.entity, Proficiency):
            return within.entity.step
        within = within.owner
    return None if within is None else within.address.rpartition("--")[2]
