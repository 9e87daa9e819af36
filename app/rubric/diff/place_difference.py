"""The difference between the demands of a level in one place, before and after.

A line that came or went counts; a line that was reworded by less than a fifth of its words does not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.rubric.diff.matching import Matched
from app.rubric.diff.pairing import pair_alike
from app.rubric.diff.word_diff import cut, similarity
from app.rubric.releases import Impact
from app.rubric.views.demands import Demand

CLEARER: Final = 0.8
"""The similarity from which a reworded text still asks for the same."""
_REQUIRED: Final = " required"
_STEP: Final = " step"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference in one place, or of several places together."""

    gained: frozenset[str] = frozenset()
    """The keys of the lines that are asked now and were not. Other demands have keys that begin with a space."""
    lost: frozenset[str] = frozenset()
    """The keys of what was asked and is not now."""
    rest: Impact | None = None
    """What the other differences mean, if there are any."""

    @property
    def impact(self) -> Impact | None:
        """Return what the differences mean for people; None if there is no difference."""
        return class_of(bool(self.gained), bool(self.lost)) or self.rest


def class_of(gained: bool, lost: bool) -> Literal["asks-more", "asks-other", "asks-less"] | None:  # noqa: FBT001 - two of a kind
    """Return what it means that demands were gained, lost or both; None if neither."""
    if gained and lost:
        return "asks-other"
    return "asks-more" if gained else "asks-less" if lost else None


def of_place(matched: Matched, one: Demand | None, other: Demand | None) -> Difference | None:
    """Return the difference between the demands in one place; None if there is none."""
    was, now = _lines(one), _lines(other)
    required = [one is not None and one.applicability == "required"]
    required.append(other is not None and other.applicability == "required")
    gained = {key: text for key, (text, _) in now.items() if key not in was}
    lost = {key: text for key, (text, _) in was.items() if key not in now}
    marks: tuple[set[str], set[str]] = set(), set()
    if required[0] != required[1]:
        marks[0 if required[1] else 1].add(_REQUIRED)
    elif all(required) and one is not None and other is not None:
        higher, lower = _steps(matched, one, other)
        if higher or lower:
            gained = {key: text for key, text in gained.items() if now[key][1] != "step"}
            lost = {key: text for key, text in lost.items() if was[key][1] != "step"}
            marks = {_STEP} if higher else set(), {_STEP} if lower else set()
    _take_out_rewordings(lost, gained)
    found = Difference(frozenset(gained) | marks[0], frozenset(lost) | marks[1], _rest(one, other))
    return None if found.impact is None else found


def _steps(matched: Matched, one: Demand, other: Demand) -> tuple[bool, bool]:
    """Return whether the step is higher or another, and whether it is lower or another."""
    if one.step is None or other.step is None:
        return other.step is not None and one.step is None, one.step is not None and other.step is None
    names = matched.names
    earlier = matched.before.scale_of(one.competency, one.facet)
    scale = matched.after.scale_of(other.competency, other.facet)
    if earlier is None or scale is None or names.slug("scale", earlier.slug) != scale.slug:
        return True, True
    then = names.step(earlier.slug, one.step)
    if then == other.step:
        return False, False
    order = [step.slug for step in scale.steps]
    if then not in order:  # the step that was asked for is gone: its old scale knows where it stood
        order = [names.step(earlier.slug, step.slug) for step in earlier.steps]
    if then not in order or other.step not in order:
        return True, True
    higher = order.index(other.step) > order.index(then)
    return higher, not higher


def _lines(demand: Demand | None) -> dict[str, tuple[str, str]]:
    """Return the required lines by their keys, with their text and origin."""
    pairs = () if demand is None else demand.required
    return {line.key: (line.text, entry.origin) for entry, line in pairs}


def _take_out_rewordings(lost: dict[str, str], gained: dict[str, str]) -> None:
    if not lost or not gained:
        return
    was, now = list(lost.items()), list(gained.items())
    for i, j in pair_alike([text for _, text in was], [text for _, text in now]):
        if similarity(was[i][1], now[j][1]) >= CLEARER:
            del lost[was[i][0]], gained[now[j][0]]


def _rest(one: Demand | None, other: Demand | None) -> Impact | None:
    """Return what a difference means that nobody is asked for."""
    was, now = (Counter(() if side is None else _all_lines(side)) for side in (one, other))
    if _place_of(one) != _place_of(other) and one is not None and other is not None:
        return "clarifies"
    return reworded((was - now).elements(), (now - was).elements())


def _place_of(demand: Demand | None) -> tuple[str | None, str | None]:
    return (None, None) if demand is None else (demand.applicability, demand.step)


def _all_lines(demand: Demand) -> Iterator[tuple[str, str]]:
    return ((line.counts_as, line.text) for _, line in demand.lines)


def reworded(before: Iterable[tuple[str, object]], after: Iterable[tuple[str, object]]) -> Impact | None:
    """Return what other texts mean that ask for nothing; None if they are the same."""
    was, now = list(before), list(after)
    if was == now:
        return None
    return "editorial" if _same_words(was) == _same_words(now) else "clarifies"


def _same_words(values: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    folded = ((name, cut(value).folded if isinstance(value, str) else value) for name, value in values)
    return sorted(folded, key=repr)
