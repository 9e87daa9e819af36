"""The difference between the demands in one place, before and after, for all levels at once.

A line that came or went counts; a line that was reworded by less than a fifth of its words does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Final, Literal

from app.rubric.diff.matching import Names
from app.rubric.diff.pairing import FEW_PAIRS, likenesses
from app.rubric.diff.word_diff import words_of
from app.rubric.ladder import Scale
from app.rubric.text import Slug
from app.rubric.views.level_sets import NOWHERE, Held, LevelSet, PlaceDemands, union

CLEARER: Final = 0.8
"""The similarity from which a reworded text still asks for the same."""
Rewordings = Mapping[str, Collection[str]]
"""Keys of lines, and those of what their entities say now."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference in one place between what levels must meet."""

    gained: Mapping[str, LevelSet]
    """The levels by the key of a line that they must meet now and did not have to."""
    lost: Mapping[str, LevelSet]
    """The same for what they had to meet and no longer must."""
    gaining: LevelSet
    """All levels that must meet a line, the place or a step and did not have to."""
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
    return Difference(
        gained,
        lost,
        gaining=union(gained.values()) | theirs & ~ours & both | higher,
        losing=union(lost.values()) | ours & ~theirs & both | lower,
    )


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
            if any(likenesses({was: was}, {now: now}, CLEARER, at_one_level)):
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
        for (step, here), (other, there) in product(was.items(), now.items()):
            if both := here & there & levels:
                up, down = self._direction(step, other)
                higher |= both if up else 0
                lower |= both if down else 0
        return higher, lower

    def _direction(self, step: Slug, now: Slug) -> tuple[bool, bool]:
        """Return whether a step is above an earlier one, and whether it is below; both if nothing tells."""
        one, other = self.before, self.after
        if one is None or other is None or self.names.slug("scale", one.slug) != other.slug:
            return True, True
        was = self.names.step(one.slug, step)
        order = [each.slug for each in other.steps]
        if was not in order:  # it is gone: the order before tells where it stood
            order = [self.names.step(one.slug, each.slug) for each in one.steps]
        if was in order and now in order:
            return order.index(now) > order.index(was), order.index(now) < order.index(was)
        return was != now, was != now


def reworded_levels(was: PlaceDemands, now: PlaceDemands, levels: LevelSet) -> tuple[LevelSet, LevelSet]:
    """Return the levels at which other words say more or something else, and those where only spelling differs."""
    before, after = _wordings(was), _wordings(now)
    if was is not NOWHERE and now is not NOWHERE:
        for wordings, side in ((before, was), (after, now)):
            wordings.update((("applicability", name), held) for name, held in side.applicability.items())
            wordings.update((("step", name), held) for name, held in side.steps.items())
    gone, come = defaultdict[object, LevelSet](int), defaultdict[object, LevelSet](int)
    for kind, text in {**before, **after}:
        earlier, later = before[kind, text] & levels, after[kind, text] & levels
        if earlier != later:
            folded = kind, words_of(text)
            gone[folded] |= earlier & ~later
            come[folded] |= later & ~earlier
    clearer = union(gone[folded] ^ come[folded] for folded in gone)
    return clearer, union(gone.values()) & ~clearer


def _wordings(demands: PlaceDemands) -> dict[tuple[str, str], LevelSet]:
    """Return the levels that have a text, by what it counts as and its wording."""
    found: dict[tuple[str, str], LevelSet] = defaultdict(int)
    for line, levels, _ in chain.from_iterable(demands.lines.values()):
        found[line.counts_as, line.text] |= levels
    return found
