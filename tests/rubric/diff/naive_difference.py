"""The difference between what a level asks before and after, worked out as plainly as can be.

It shares no code with the program but the classes of the value.
"""

import re

from app.rubric.ladder import Ladder, Level, Scale
from tests.rubric.naive_demands import Asked, asked
from tests.rubric.small_ladders import PLACES


def meaning(before: Ladder, after: Ladder, one: Level, other: Level) -> str:
    """Return `more`, `less`, `other` or `same` for a level, all places together."""
    gained = lost = False
    for competency, facet in PLACES:
        was, now = asked(before, one, competency, facet), asked(after, other, competency, facet)
        scales = [_scale(ladder, competency, facet) for ladder in (before, after)]
        came, went = _in_place(was, now, *scales)
        gained, lost = gained or came, lost or went
    return {(True, True): "other", (True, False): "more", (False, True): "less"}.get((gained, lost), "same")


def _in_place(was: Asked, now: Asked, earlier: Scale | None, scale: Scale | None) -> tuple[bool, bool]:
    """Return whether something is expected that was not, and whether something is no longer expected."""
    came = [line for line in _required(now) if line not in _required(was)]
    went = [line for line in _required(was) if line not in _required(now)]
    gained = (was.applicability, now.applicability).count("required") == 1 and now.applicability == "required"
    lost = (was.applicability, now.applicability).count("required") == 1 and was.applicability == "required"
    if was.applicability == now.applicability == "required" and was.step != now.step:
        higher, lower = _steps(was.step, now.step, earlier, scale)
        gained, lost = gained or higher, lost or lower
        of_step = {
            _fold(text) for side in (was, now) for text, _, _, origin in side.lines if origin == "step"
        }
        come_from_step = {_fold(text) for text, _, _, origin in now.lines if origin == "step"}
        went_with_step = {_fold(text) for text, _, _, origin in was.lines if origin == "step"}
        assert of_step == come_from_step | went_with_step
        came = [line for line in came if line not in come_from_step]
        went = [line for line in went if line not in went_with_step]
    elif (
        was.applicability == now.applicability == "required" and was.step is not None and earlier is not None
    ):
        assert scale is not None
        if earlier.slug != scale.slug:
            gained = lost = True
            came, went = [], []
    pairs = sorted((-_alike(one, other), one, other) for one in went for other in came)
    for likeness, one, other in pairs:
        if -likeness >= 0.8 and one in went and other in came:
            went.remove(one)
            came.remove(other)
    return gained or bool(came), lost or bool(went)


def _steps(was: str | None, now: str | None, earlier: Scale | None, scale: Scale | None) -> tuple[bool, bool]:
    if was is None or now is None:
        return was is None, now is None
    assert earlier is not None
    assert scale is not None
    if earlier.slug != scale.slug:
        return True, True
    order = [step.slug for step in scale.steps]
    return order.index(now) > order.index(was), order.index(now) < order.index(was)


def _required(side: Asked) -> list[str]:
    if side.applicability != "required":
        return []
    return [_fold(text) for text, _, counts_as, _ in side.lines if counts_as == "asked"]


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _alike(one: str, other: str) -> float:
    """Twice the words that stayed in order, divided by the words of both."""
    left, right = re.findall(r"[a-z]+", one), re.findall(r"[a-z]+", other)
    return 2 * _common(left, right) / (len(left) + len(right))


def _common(left: list[str], right: list[str]) -> int:
    if not left or not right:
        return 0
    if left[0] == right[0]:
        return 1 + _common(left[1:], right[1:])
    return max(_common(left[1:], right), _common(left, right[1:]))


def _scale(ladder: Ladder, competency: str, facet: str | None) -> Scale | None:
    names = [one.scale for one in ladder.facets if one.slug == facet and one.scale is not None]
    names += [one.scale for one in ladder.competencies if one.slug == competency and one.scale is not None]
    return next((scale for scale in ladder.scales if scale.slug in names[:1]), None)
