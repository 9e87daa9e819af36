"""Release notes: a diff as Markdown that people read.

What the ladder says is escaped and put on one line, so no content can break the page or pass for a heading.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Final

from pydantic import JsonValue

from app.rubric.diff.changes import Change, Diff, FieldChange, TextChange
from app.rubric.diff.word_diff import aligned
from app.rubric.markdown import escaped
from app.rubric.releases import Impact

_SECTIONS: Final[dict[Impact, tuple[str, str, str]]] = {
    "asks-more": ("Asks more", "asks more", "ask more"),
    "asks-other": ("Asks something else", "asks something else", "ask something else"),
    "asks-less": ("Asks less", "asks less", "ask less"),
    "clarifies": ("New or clearer", "adds or clarifies", "add or clarify"),
    "editorial": ("Editorial", "is editorial", "are editorial"),
}
"""Heading of each class, and how one change and several are counted."""
_NEAR: Final = 8
"""The number of words that are shown around a change."""
_LONGEST: Final = 80
"""The most words of one stretch that are shown."""
_MOST: Final = 200
"""The most changes of one class that are listed."""
_BODIES: Final = ("/text", "/answer", "/summary", "/description")
"""The property that says most of something new."""


def release_notes(diff: Diff) -> str:
    """Return the diff as Markdown (CommonMark, with `~~` of GFM): what it means, whom it touches, each change.

    Changes are grouped by what they mean for people.
    """
    if not diff.changes:
        return "Nothing changed.\n"
    sections = (_section(impact, diff.changes) for impact in _SECTIONS)
    return "\n".join([*_headline(diff), *chain.from_iterable(sections)]) + "\n"


def marked(before: str, after: str) -> str:
    """Return two texts as one line: ~~what went~~ and **what came**, with a few words around each change."""
    one, other = before.split(), after.split()
    ends = [(-1, -1), *aligned(one, other), (len(one), len(other))]
    parts: list[str] = []
    same: list[str] = []
    for (i, j), (following_i, following_j) in pairwise(ends):
        gone, come = one[i + 1 : following_i], other[j + 1 : following_j]
        if gone or come:
            parts += [_around(same, first=not parts), _stretch(gone, "~~"), _stretch(come, "**")]
            same = []
        same += one[following_i : following_i + 1]
    parts.append(_around(same, first=not parts, last=True))
    return " ".join(part for part in parts if part)


def _headline(diff: Diff) -> Iterator[str]:
    counted = [_counted(impact, number) for impact, number in diff.counts.by_impact.items() if number]
    total = diff.counts.total_count
    yield from (f"{total} {'change' if total == 1 else 'changes'}: {', '.join(counted)}.", "")
    for impact in ("asks-more", "asks-other", "asks-less"):
        named = [one.level for one in diff.levels if one.impact == impact]
        if named:
            yield f"- {_SECTIONS[impact][0]} of {_codes(named)}"
    if diff.levels:
        yield f"- Levels touched: {_codes([one.level for one in diff.levels])}"
    if diff.tracks:
        yield f"- Tracks touched: {_codes(diff.tracks)}"
    yield f"- Minimum step: {diff.least_bump}"


def _counted(impact: Impact, number: int) -> str:
    return f"{number} {_SECTIONS[impact][1 if number == 1 else 2]}"


def _section(impact: Impact, changes: Sequence[Change]) -> Iterator[str]:
    told = [change for change in changes if change.impact == impact]
    if not told:
        return
    yield from ("", f"## {_SECTIONS[impact][0]}", "")
    for change in islice(told, _MOST):
        yield from _lines(change)
    if len(told) > _MOST:
        yield f"- … and {len(told) - _MOST} more"


def _lines(change: Change) -> Iterator[str]:
    title = f" “{escaped(change.title)}”" if change.title else ""
    yield f"- {' and '.join(change.actions).capitalize()}: `{change.target}`{title}{_aside(change)}"
    if change.reason is not None:
        instead = "" if change.successor is None else f" Read `{change.successor}` instead."
        yield f"  - Why: {escaped(change.reason)}{instead}"
    if change.actions == ("added",):
        yield from _said(change)
    elif change.actions != ("removed",):
        yield from (_field(field) for field in change.fields if field.rule != "renamed")


def _aside(change: Change) -> str:
    """Return where it was before."""
    told: list[str] = []
    if change.was is not None and "renamed" in change.actions:
        told.append(f"was `{change.was}`")
    if change.moved is not None:
        before, after = change.moved.before, change.moved.after
        if before.of == after.of:
            told.append(f"from place {before.position} to {after.position}")
        else:
            told.append(f"from `{before.of}` to `{after.of}`")
    return f" ({', '.join(told)})" if told else ""


def _said(change: Change) -> Iterator[str]:
    """Give what something new says, where its title does not say it all."""
    texts = {field.pointer: field.after for field in change.fields}
    body = next((texts[name] for name in _BODIES if name in texts), None)
    if isinstance(body, str) and " ".join(body.split()) != change.title:
        yield f"  - {_cut(body.split())}"
    statements = texts.get("/statements")
    for statement in statements if isinstance(statements, list) else ():
        if isinstance(statement, dict):
            yield f"  - {_cut(str(statement['text']).split())}"


def _field(field: FieldChange) -> str:
    name = f"`{field.pointer[1:]}`"
    if field.was is not None:
        return f"  - {name} was `{field.was[1:]}`"
    if isinstance(field, TextChange):
        return f"  - {name}: {marked(field.before, field.after) or 'spacing only'}"
    sides = ("~~", field.before), ("**", field.after)
    values = (f"{mark}{_value(value)}{mark}" for mark, value in sides if value is not None)
    return f"  - {name}: {' '.join(values)}"


def _value(value: JsonValue) -> str:
    return _cut(_told(value).split()) or "(empty)"


def _told(value: JsonValue) -> str:
    """Return a value in words: the properties of a part one after the other, the items of a list too."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return value if isinstance(value, str) else json.dumps(value)


def _stretch(words: Sequence[str], mark: str) -> str:
    return f"{mark}{_cut(words)}{mark}" if words else ""


def _around(words: Sequence[str], *, first: bool, last: bool = False) -> str:
    """Return what stayed: all of it where it is short, else the words next to the changes."""
    near = _NEAR if first or last else 2 * _NEAR
    if len(words) <= near:
        return escaped(" ".join(words))
    head = [] if first else words[:_NEAR]
    tail = [] if last else words[-_NEAR:]
    return escaped(" ".join([*head, "…", *tail]))


def _cut(words: Sequence[str]) -> str:
    more = ["…"] if len(words) > _LONGEST else []
    return escaped(" ".join([*words[:_LONGEST], *more]))


def _codes(slugs: Sequence[str]) -> str:
    return ", ".join(f"`{slug}`" for slug in slugs)
