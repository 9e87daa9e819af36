"""The difference between the demands in one place, before and after, for all levels at once.

A line that came or went counts; a line that was reworded by less than a fifth of its words does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from app.rubric.diff.matching import Names
from app.rubric.diff.pairing import FEW_PAIRS, likenesses
from app.rubric.diff.word_diff import may_be_alike, similarity, words_of
from app.rubric.ladder import Scale
from app.rubric.releases import Impact
from app.rubric.text import Slug
from app.rubric.views.level_sets import NOWHERE, Held, LevelSet, PlaceDemands, union

CLEARER: Final = 0.8
"""The similarity from which a reworded text still asks for the same."""
Rewordings = Mapping[str, Collection[str]]
"""Keys of lines, and those of what their entities say now."""
_REQUIRED: Final = " required"
_STEP: Final = " step"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference in one place between what levels must meet."""

    gained: Mapping[str, LevelSet]
    """The levels by the key of a line that they must meet now and did not have to. Keys of other demands begin with a
    space."""
    lost: Mapping[str, LevelSet]
    """The same for what they had to meet and no longer must."""
    gaining: LevelSet
    """All levels in `gained`."""
    losing: LevelSet


def class_of(gained: LevelSet, lost: LevelSet) -> Literal["asks-more", "asks-other", "asks-less"] | None:
    """Return what it means that demands were gained, lost or both; None if neither."""
    if gained and lost:
        return "asks-other"
    return "asks-more" if gained else "asks-less" if lost else None


def of_place(
    was: PlaceDemands, now: PlaceDemands, steps: "StepOrder", known: Rewordings, both: LevelSet
) -> Difference:
    """Return the difference in one place between levels that are in both ladders."""
    ours, theirs = was.applicability.get("required", 0), now.applicability.get("required", 0)
    higher, lower = steps.compare(was.steps, now.steps, ours & theirs & both)
    gained, lost = (
        {key: levels & both for key, levels in one.items()}
        for one in (_more(now, was, higher | lower), _more(was, now, higher | lower))
    )
    _take_out_rewordings(lost, gained, known)
    gained |= {_REQUIRED: theirs & ~ours & both, _STEP: higher}
    lost |= {_REQUIRED: ours & ~theirs & both, _STEP: lower}
    gained, lost = ({key: levels for key, levels in one.items() if levels} for one in (gained, lost))
    return Difference(gained, lost, union(gained.values()), union(lost.values()))


def _more(one: PlaceDemands, other: PlaceDemands, stepping: LevelSet) -> dict[str, LevelSet]:
    """Return the levels that must meet a line on one side and not on the other.

    The text of a step does not count where the step is another one.
    """
    found: dict[str, LevelSet] = {}
    for key, lines in one.lines.items():
        levels = union(held.levels & ~stepping if held.of_step else held.levels for held in _asked(lines))
        levels &= one.applicability.get("required", 0)
        if levels:
            known = union(held.levels for held in _asked(other.lines.get(key, ())))
            levels &= ~(known & other.applicability.get("required", 0))
        if levels:
            found[key] = levels
    return found


def _asked(lines: Iterable[Held]) -> Iterator[Held]:
    return (held for held in lines if held.line.counts_as == "asked")


def _take_out_rewordings(lost: dict[str, LevelSet], gained: dict[str, LevelSet], known: Rewordings) -> None:
    """Take out pairs of lines that say the same in other words, the most alike first, at all levels at once."""

    def at_one_level(was: str, now: str) -> bool:
        return bool(lost[was] & gained[now])

    def take_out(was: str, now: str) -> None:
        both = lost[was] & gained[now]
        lost[was] &= ~both
        gained[now] &= ~both

    if len(lost) * len(gained) > FEW_PAIRS:  # not all pairs are compared, so those of one entity come first
        likely = ((was, now) for was in lost for now in known.get(was, ()) if now in gained)
        for was, now in likely:
            if may_be_alike(was, now, CLEARER) and similarity(was, now) >= CLEARER:
                take_out(was, now)
    one, other = ({key: key for key, levels in keys.items() if levels} for keys in (lost, gained))
    found = likenesses(one, other, CLEARER, at_one_level)
    for _, was, now in sorted(found, key=lambda pair: (-pair[0], sorted(pair[1:]))):
        take_out(was, now)


@dataclass(frozen=True)
class StepOrder:
    """The steps of the scale of one place, before and after."""

    names: Names
    before: Scale | None
    after: Scale | None

    def compare(
        self, was: Mapping[Slug, LevelSet], now: Mapping[Slug, LevelSet], levels: LevelSet
    ) -> tuple[LevelSet, LevelSet]:
        """Return the levels whose step is higher or another, and those whose step is lower or another."""
        had, have = union(was.values()) & levels, union(now.values()) & levels
        higher, lower = have & ~had, had & ~have
        for step, here in was.items():
            then = self.names.step(self.before.slug, step) if self.before is not None else step
            left = here & had & have & ~(now.get(then, 0) if self._same_scale else 0)
            for other, there in now.items() if left else ():
                up, down = self._direction(then, other)
                higher |= left & there if up else 0
                lower |= left & there if down else 0
        return higher, lower

    def _direction(self, then: Slug, now: Slug) -> tuple[bool, bool]:
        """Return whether a step is above an earlier one, and whether it is below; both if nothing tells."""
        order = self._places_now if then in self._places_now else self._places_then
        if not self._same_scale or then not in order or now not in order:
            return True, True
        return order[now] > order[then], order[now] < order[then]

    @cached_property
    def _same_scale(self) -> bool:
        if self.before is None or self.after is None:
            return False
        return self.names.slug("scale", self.before.slug) == self.after.slug

    @cached_property
    def _places_now(self) -> Mapping[Slug, int]:
        return {} if self.after is None else {step.slug: place for place, step in enumerate(self.after.steps)}

    @cached_property
    def _places_then(self) -> Mapping[Slug, int]:
        """The order before, by today's names: it knows where a step stood that is gone."""
        if self.before is None:
            return {}
        scale = self.before.slug
        return {self.names.step(scale, step.slug): place for place, step in enumerate(self.before.steps)}


def reworded_levels(was: PlaceDemands, now: PlaceDemands, levels: LevelSet) -> tuple[LevelSet, LevelSet]:
    """Return the levels at which other words say more or something else, and those where only spelling differs."""
    clearer = 0
    if was is not NOWHERE and now is not NOWHERE:
        for one, other in ((was.applicability, now.applicability), (was.steps, now.steps)):
            clearer |= union(_get(one, name) ^ _get(other, name) for name in {*one, *other})
    words: dict[object, list[LevelSet]] = defaultdict(lambda: [0, 0])
    differing = 0
    for key in {**was.lines, **now.lines}:
        before, after = (_wordings(side.lines.get(key, ())) for side in (was, now))
        for wording in {**before, **after} if before != after else ():
            gone, come = before[wording] & ~after[wording], after[wording] & ~before[wording]
            if (gone | come) & levels & ~clearer:
                differing |= gone | come
                sides = words[wording[0], words_of(wording[1])]
                sides[0] |= gone
                sides[1] |= come
    clearer |= union(gone ^ come for gone, come in words.values())
    return clearer & levels, differing & levels & ~clearer


def _wordings(lines: Iterable[Held]) -> Mapping[tuple[str, str], LevelSet]:
    found: dict[tuple[str, str], LevelSet] = defaultdict(int)
    for line, levels, _ in lines:
        found[line.counts_as, line.text] |= levels
    return found


def _get(sets: Mapping[Any, LevelSet], name: object) -> LevelSet:
    return sets.get(name, 0)


def reworded(before: Iterable[tuple[str, object]], after: Iterable[tuple[str, object]]) -> Impact | None:
    """Return what other texts mean that ask for nothing; None if they are the same."""
    was, now = list(before), list(after)
    if was == now:
        return None
    return "editorial" if _same_words(was) == _same_words(now) else "clarifies"


def _same_words(values: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    folded = ((name, words_of(value) if isinstance(value, str) else value) for name, value in values)
    return sorted(folded, key=repr)
