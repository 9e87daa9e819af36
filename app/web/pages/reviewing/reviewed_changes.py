"""The changes of a draft as a review shows them: in pages, with their comments, and marked if they are new."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.api.views.diff_sides import Sides
from app.rubric.diff import Change
from app.rubric.owners import topmost
from app.rubric.reviews import Entry
from app.rubric.text import TARGET_PATTERN
from app.store.work.draft_history import DraftChanges
from app.web.layout.change_sections import Section, change_sections, in_sections

MOST_CHANGES: Final = 25
"""The most changes on a page."""
_MOST_HTML: Final = 40_000
"""The most characters of the changes on a page, unless one change alone is longer."""
_MOST_CHARACTERS: Final = 600
"""The most characters of a comment below a change. The conversation has the whole text."""
_TARGET: Final = re.compile(TARGET_PATTERN)


@dataclass(frozen=True, slots=True)
class ReviewedChanges:
    """The changes on one page of a review."""

    sections: tuple[Section, ...]
    first: int
    """The number of the first change on the page, from 1."""
    last: int
    total: int
    """The number of all changes, or of the new ones if the page is limited to them."""
    new_count: int
    """The number of changes since the person looked."""
    targets: Mapping[str, str]
    """The entity that a comment on a change is about, by the target of the change."""
    new: frozenset[str]
    """The targets of the changes that were made since the person looked."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a comment."""

    entry: Entry
    text: str
    is_cut: bool


def reviewed_changes(
    sides: Sides, since: DraftChanges | None, *, skip: int, only_new: bool
) -> ReviewedChanges:
    """Return the changes on a page.

    Args:
        sides: The draft, and what it builds on.
        since: What was written since the person looked; None if they have not looked yet.
        skip: The number of changes on earlier pages.
        only_new: True to leave out the changes that the person has seen.
    """
    targets = {change.target: comment_target(sides, change) for change in sides.diff.changes}
    new = frozenset(_written(since, targets)) if since is not None else frozenset[str]()
    wanted = [change for change in sides.diff.changes if not only_new or change.target in new]
    ordered = in_sections(sides, wanted)[skip : skip + MOST_CHANGES]
    sections, shown = _fitting(change_sections(sides, ordered))
    return ReviewedChanges(
        sections,
        skip + 1,
        skip + shown,
        len(wanted),
        len(new),
        {target: about for target, about in targets.items() if about is not None},
        new,
    )


def excerpts(entries: Iterable[Entry]) -> Mapping[str, list[Excerpt]]:
    """Return the beginnings of comments by the entity that they are about, oldest first."""
    found: dict[str, list[Excerpt]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: one.number):
        text = entry.text or ""
        cut = text[:_MOST_CHARACTERS]
        found[entry.about or ""].append(Excerpt(entry, cut, cut != text))
    return found


def comment_target(sides: Sides, change: Change) -> str | None:
    """Return the entity that a comment on a change is about: one with its own name; None if there is none."""
    for side in (sides.after, sides.before):
        node = side.index.find_target(change.target)
        if node is not None:
            target = topmost(node).target
            return target if _TARGET.fullmatch(target) else None
    return None


def _written(since: DraftChanges, targets: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the targets of the changes that were written."""
    if since.is_whole:
        yield from targets
        return
    for target, about in targets.items():
        if not since.targets.isdisjoint({target, about}):
            yield target


def _fitting(sections: Iterable[Section]) -> tuple[tuple[Section, ...], int]:
    """Return the first sections and changes that fit on a page, and the number of these changes."""
    found: list[Section] = []
    length = shown = 0
    for section in sections:
        kept = []
        for view in section.changes:
            length += 500 + sum(field.length for field in view.fields)
            if shown and length > _MOST_HTML:
                break
            kept.append(view)
            shown += 1
        if kept:
            found.append(replace(section, changes=tuple(kept)))
        if len(kept) < len(section.changes):
            break
    return tuple(found), shown
