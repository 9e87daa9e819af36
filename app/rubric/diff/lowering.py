"""Lowering: a publisher who knows better says that a single change weighs one class less, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from app.errors import MOST_FAULTS, Fault, Invalid
from app.rubric.diff.changes import IMPACTS, Change, ChangeCounts, Diff, greatest
from app.rubric.diff.diff import bump_of, keeps_major
from app.rubric.releases import Bump, Impact, Lowered
from app.rubric.suggest import nearest


@dataclass(frozen=True, slots=True)
class Wish:
    """One change that a publisher wants to count one class lower."""

    change: str
    """Its target, `kind:address`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Lowering:
    """The lowered changes, and the minimum bump after them."""

    lowered: tuple[Lowered, ...]
    least_bump: Bump | None
    """None if nothing changed."""


def lower(diff: Diff, wishes: Sequence[Wish], pointer: str = "/lowered") -> Lowering:
    """Count single changes one class lower, each by its target and with a reason.

    The removal or rename of a level, competency or facet asks for a major release whatever it means, so it cannot be
    lowered. Raises Invalid with a fault for each wish that cannot be granted, at `{pointer}/{n}/change` or `/reason`.
    """
    times = Counter(wish.change for wish in wishes)
    by_target: dict[str, list[Change]] = defaultdict(list)
    for change in diff.changes:
        by_target[change.target].append(change)
    faults = chain.from_iterable(
        _faults(by_target, wish, times[wish.change], f"{pointer}/{place}")
        for place, wish in enumerate(wishes)
    )
    found = tuple(islice(faults, MOST_FAULTS))
    if found:
        raise Invalid("A change cannot be lowered as asked.", faults=found)
    told = tuple(_lowered(by_target[wish.change][0], wish.reason) for wish in wishes)
    return Lowering(told, apply(diff, told).least_bump)


def apply(diff: Diff, lowered: Sequence[Lowered]) -> Diff:
    """Return the diff with these changes counted as they were lowered."""
    if not lowered:
        return diff  # its number comes from the levels too, not from single changes alone
    now = {one.change: one.now for one in lowered}
    changes = tuple(_counted(change, now.get(change.target)) for change in diff.changes)
    bump = greatest(change.bump for change in changes)
    return diff.model_copy(
        update={"changes": changes, "counts": ChangeCounts.of(changes), "least_bump": bump}
    )


def _counted(change: Change, impact: Impact | None) -> Change:
    if impact is None:
        return change
    bump = bump_of(change.kind, change.actions, impact)
    return change.model_copy(update={"impact": impact, "bump": bump})


def _lowered(change: Change, reason: str) -> Lowered:
    now = IMPACTS[IMPACTS.index(change.impact) + 1]
    return Lowered(change.target, change.impact, now, reason)


def _faults(
    by_target: Mapping[str, Sequence[Change]], wish: Wish, times: int, pointer: str
) -> Iterator[Fault]:
    if not wish.reason.strip():
        yield Fault("Say why the change weighs less; the reason is kept.", f"{pointer}/reason")
    why = _refused(by_target, wish.change, times)
    if why is not None:
        yield Fault(why, f"{pointer}/change")


def _refused(by_target: Mapping[str, Sequence[Change]], target: str, times: int) -> str | None:
    """Return why that change cannot be lowered; None if it can."""
    if times > 1:
        return f"{target[:80]!r} is named more than once; a change is lowered by one class only."
    found = by_target.get(target, ())
    if not found:
        near = nearest(target, by_target)
        meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        return f"No change is called {target[:80]!r}.{meant} Name one by its `target` in the diff."
    if len(found) > 1:
        return f"{target!r} names {len(found)} changes, one gone and one new; give what they are of a slug."
    (change,) = found
    if keeps_major(change.kind, change.actions):
        return f"The removal or rename of a {change.kind} asks for a major release, whatever else it means."
    if change.impact == IMPACTS[-1]:
        return f"{target!r} is {change.impact} already, the lowest class there is."
    return None
