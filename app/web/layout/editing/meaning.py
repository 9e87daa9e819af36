"""The meaning of a draft's changes for people, and the marks of what it has changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.rubric.diff import Change, Diff
from app.rubric.owners import Relation, relation, topmost
from app.rubric.releases import Impact
from app.rubric.rules import Finding
from app.serving.releases.loaded_releases import LoadedDraft
from app.web.layout.impacts import IMPACT_WORDS
from app.web.navigation.page_reader import Reading
from app.web.translation.messages import N_

_MOST_NAMED: Final = 12
"""The most levels that are named one by one."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One class of changes since the release that the draft builds on, and the levels that it concerns."""

    impact: str
    text: str
    levels: tuple[str, ...]
    more: int
    """The number of further levels."""


def diff_of(reading: Reading) -> Diff | None:
    """Return the diff from the base to the draft; None if nothing is published or nobody has edited yet."""
    loaded = reading.loaded
    if not isinstance(loaded, LoadedDraft) or loaded.base is None or loaded.number == 0:
        return None
    return reading.serving.diffs.get(reading.serving.loaded.get(loaded.base), loaded)


def meanings_at(reading: Reading, place: Relation) -> tuple[Meaning, ...]:
    """Return the meaning of all changes of one level, competency and facet, the weightiest class first."""
    found = diff_of(reading)
    return () if found is None else _meanings(reading, _at(reading, found.changes, place))


def meanings_of(reading: Reading, target: str) -> tuple[Meaning, ...]:
    """Return the meaning of the changes of one entity, and of what is inside it."""
    found = diff_of(reading)
    if found is None:
        return ()
    return _meanings(reading, (one for one in found.changes if _top(reading, one) == target))


def meanings_at_level(reading: Reading, level: str) -> tuple[Meaning, ...]:
    """Return the meaning of all changes for one level."""
    found = diff_of(reading)
    changes = () if found is None else (one for one in found.levels if one.level == level)
    return tuple(Meaning(*IMPACT_WORDS[one.impact], (), 0) for one in changes)


def changed_targets(reading: Reading) -> Mapping[str, str]:
    """Return `new` or `changed` for each entity of the ladder's own lists that differs from the base."""
    found = diff_of(reading)
    marks: dict[str, str] = {}
    for change in () if found is None else found.changes:
        if "removed" in change.actions and reading.index.find_target(change.target) is None:
            continue
        top = _top(reading, change)
        if top == change.target and "added" in change.actions:
            marks[top] = N_("new")
        else:
            marks.setdefault(top, N_("changed"))
    return marks


def findings_by_target(reading: Reading) -> Mapping[str, tuple[Finding, ...]]:
    """Return the findings of the draft by the entity of the ladder's own lists that they are about."""
    found: dict[str, list[Finding]] = {}
    for one in reading.serving.findings_of(reading.loaded, reading.answer):
        found.setdefault(topmost(reading.index.at_pointer(one.path)).target, []).append(one)
    return {target: tuple(findings) for target, findings in found.items()}


def _top(reading: Reading, change: Change) -> str:
    node = reading.index.find_target(change.target)
    return change.target if node is None else topmost(node).target


def _at(reading: Reading, changes: Iterable[Change], place: Relation) -> Iterator[Change]:
    gone = f"expectation:{'--'.join(part for part in (place.level, place.competency, place.facet) if part)}"
    for change in changes:
        node = reading.index.find_target(change.target)
        if change.target == gone or (node is not None and relation(node) == place):
            yield change


def _meanings(reading: Reading, changes: Iterable[Change]) -> tuple[Meaning, ...]:
    levels: dict[Impact, dict[str, None]] = {}
    for change in changes:
        levels.setdefault(change.impact, {}).update(dict.fromkeys(change.levels))
    order = [impact for impact in IMPACT_WORDS if impact in levels]
    return tuple(Meaning(*IMPACT_WORDS[impact], *_named(reading, levels[impact])) for impact in order)


def _named(reading: Reading, slugs: Iterable[str]) -> tuple[tuple[str, ...], int]:
    known = reading.index.levels
    names = [known[slug].code or known[slug].title for slug in slugs if slug in known]
    return tuple(names[:_MOST_NAMED]), max(0, len(names) - _MOST_NAMED)
