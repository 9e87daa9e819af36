"""A second, naive implementation of a level's expectations, which the tests compare with `demands.py`.

It shares only the classes of the ladder with the program, and is written to be simple, not fast.
"""

import unicodedata
from typing import Literal, NamedTuple

from app.rubric.ladder import Expectation, Ladder, Level, Scale, Step, Track
from app.rubric.parts import Proficiency

_COUNTS = {"growth": "ahead", "complementary": "optional", "indicator": "sign", "ineffective": "unwanted"}
_STRENGTH = ["asked", "optional", "ahead", "sign", "unwanted"]


class Asked(NamedTuple):
    """The expectations of one level in one competency or facet."""

    applicability: str | None
    step: str | None
    lines: list[tuple[str, str | None, str, str]]
    """Text, kind, what it counts as, and origin of each line."""


def asked(ladder: Ladder, level: Level, competency: str, facet: str | None) -> Asked:
    """Return the expectations of a level in one competency or facet."""
    here = _at_level(ladder, level, competency, facet)
    if isinstance(here, str):
        return Asked("not-in-use", None, [])
    found = [("own" if one.level == level.slug else "extended", one) for one in here or []]
    groups = [here] if here else []
    if ladder.cumulative == "yes":
        for rung in _below(ladder, level):
            group = _at_level(ladder, rung, competency, facet)
            if isinstance(group, str):
                break
            if group:
                groups.append(group)
                found += [("cumulated", one) for one in group]
    if not groups:
        return Asked(None, None, [])
    applicability = "required" if any(one.applicability == "required" for one in groups[0]) else "optional"
    scale = _scale(ladder, competency, facet)
    step = _highest(scale, [one.step for _, one in found if one.step is not None])
    sources: list[tuple[str, Expectation | Proficiency | Step]] = list(found)
    if scale is not None and step is not None:
        order = [one.slug for one in scale.steps]
        lower = order[: order.index(step)][::-1] if scale.cumulative == "yes" else []
        sources += [
            ("step", text) for one in (step, *lower) for text in _text(ladder, competency, facet, scale, one)
        ]
    return Asked(applicability, step, _each_once([line for one in sources for line in _lines(ladder, *one)]))


def _at_level(
    ladder: Ladder, level: Level, competency: str, facet: str | None
) -> list[Expectation] | Literal["unused"] | None:
    """Rule 1: the expectations of a level, or that it is `unused`, or None."""
    own = [
        one
        for one in ladder.expectations
        if (one.level, one.competency, one.facet) == (level.slug, competency, facet)
    ]
    parent = _parent(ladder, level)
    inherited = None if parent is None else _at_level(ladder, parent, competency, facet)
    if not own:
        return inherited
    if own[0].applicability == "not-in-use":
        return "unused"
    track = _track(ladder, level.track)
    adds = (own[0].extending or track.extending) == "adds"
    return [own[0], *inherited] if adds and isinstance(inherited, list) else [own[0]]


def _parent(ladder: Ladder, level: Level) -> Level | None:
    """The level of equal rank on the track that the level's track extends, or on one that this extends."""
    extended = _track(ladder, level.track).extends
    while extended is not None and level.rank is not None:
        for one in ladder.levels:
            if one.track == extended and one.rank == level.rank:
                return one
        extended = _track(ladder, extended).extends
    return None


def _below(ladder: Ladder, level: Level) -> list[Level]:
    rungs = _rungs(ladder, _track(ladder, level.track))
    return [one for one in rungs if _height(ladder, one) < _height(ladder, level)][::-1]


def _rungs(ladder: Ladder, track: Track) -> list[Level]:
    if track.ordered is False:
        return []
    own = [one for one in ladder.levels if one.track == track.slug]
    own.sort(key=lambda one: _height(ladder, one))
    lowest = own[0].rank
    if track.extends is None or lowest is None:
        return own
    earlier = _rungs(ladder, _track(ladder, track.extends))
    return [one for one in earlier if one.rank is not None and one.rank < lowest] + own


def _height(ladder: Ladder, level: Level) -> float:
    beside = [one.slug for one in ladder.levels if one.track == level.track]
    return beside.index(level.slug) + 1 if level.rank is None else level.rank


def _highest(scale: Scale | None, steps: list[str]) -> str | None:
    if not steps or scale is None:
        return None
    return max(steps, key=[one.slug for one in scale.steps].index)


def _text(
    ladder: Ladder, competency: str, facet: str | None, scale: Scale, step: str
) -> list[Expectation | Proficiency | Step]:
    """Rule 3: the text of a step in a place, if there is any."""
    texts: list[Expectation | Proficiency | Step] = []
    for part in ladder.facets:
        if part.slug == facet:
            texts += [one for one in part.proficiencies if one.step == step]
    for whole in ladder.competencies:
        own_scale = any(part.slug == facet and part.scale is not None for part in ladder.facets)
        if whole.slug == competency and not own_scale:
            texts += [one for one in whole.proficiencies if one.step == step]
    texts += [one for one in scale.steps if one.slug == step]
    return [one for one in texts if one.summary or (isinstance(one, Proficiency) and one.statements)][:1]


def _lines(
    ladder: Ladder, origin: str, source: Expectation | Proficiency | Step
) -> list[tuple[str, str | None, str, str]]:
    lines: list[tuple[str, str | None, str, str]] = []
    if source.summary:
        lines.append((source.summary, "summary", "asked", origin))
    for one in () if isinstance(source, Step) else source.statements:
        listed = [kind.counts_as for kind in ladder.statement_kinds if kind.slug == one.kind]
        lines.append(
            (one.text, one.kind, listed[0] if listed else _COUNTS.get(one.kind or "", "asked"), origin)
        )
    return lines


def _each_once(lines: list[tuple[str, str | None, str, str]]) -> list[tuple[str, str | None, str, str]]:
    """Every text once: the strongest, and of equally strong ones the first."""
    kept = []
    for place, line in enumerate(lines):
        rivals = [
            (_STRENGTH.index(other[2]), at)
            for at, other in enumerate(lines)
            if _fold(other[0]) == _fold(line[0])
        ]
        if min(rivals) == (_STRENGTH.index(line[2]), place):
            kept.append(line)
    return kept


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.casefold().split()))


def _scale(ladder: Ladder, competency: str, facet: str | None) -> Scale | None:
    names = [one.scale for one in ladder.facets if one.slug == facet and one.scale is not None]
    names += [one.scale for one in ladder.competencies if one.slug == competency and one.scale is not None]
    return next((scale for scale in ladder.scales if scale.slug in names[:1]), None)


def _track(ladder: Ladder, slug: str) -> Track:
    return next(track for track in ladder.tracks if track.slug == slug)
