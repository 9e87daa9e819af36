"""The changes that an import would make to a draft, and what they mean for people, as far as one page shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.api.views.diff_sides import Sides
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import LoadedDraft
from app.serving.serving import Serving
from app.store.drafts import Draft
from app.web.layout.change_sections import ChangeView, Section, change_sections
from app.web.layout.impacts import IMPACT_WORDS
from app.web.pages.importing.draft_import import Planned
from app.web.pages.importing.understood import FindingView, SheetView, finding_views, sheet_views, size_of

_MOST_CHANGES: Final = 60
"""The most changes that are shown."""
_MOST_HTML: Final = 30_000
"""The most characters of changed texts that are shown."""
_MOST_LEVELS: Final = 60
"""The most levels that are listed."""


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level that would change, and what that means."""

    name: str
    impact: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The values of the page that shows what an import would do."""

    sheets: tuple[SheetView, ...]
    findings: tuple[FindingView, ...]
    size: tuple[tuple[int, str], ...]
    """The size of the draft after the import."""
    is_source_known: bool
    change_count: int
    removed_count: int
    levels: tuple[LevelView, ...]
    more_levels: int
    sections: tuple[Section, ...]
    more_changes: int
    language: str


def preview_of(serving: Serving, answer: Answer, draft: Draft, planned: Planned) -> Preview:
    """Return what an import would do to a draft."""
    sides = _sides(serving, answer, draft, planned)
    diff, imported = sides.diff, planned.plan.imported
    shown = diff.changes[:_MOST_CHANGES]
    names = {**_names(sides.before.index), **_names(sides.after.index)}
    levels = tuple(
        LevelView(names[one.level], IMPACT_WORDS[one.impact][0]) for one in diff.levels[:_MOST_LEVELS]
    )
    return Preview(
        sheets=sheet_views(imported.tables),
        findings=finding_views(imported.findings, planned.plan.before),
        size=size_of(imported.ladder),
        is_source_known=planned.is_source_known,
        change_count=len(diff.changes),
        removed_count=sum("removed" in one.actions for one in diff.changes),
        levels=levels,
        more_levels=max(0, len(diff.levels) - _MOST_LEVELS),
        sections=tuple(_short(change_sections(sides, shown))),
        more_changes=len(diff.changes) - len(shown),
        language=draft.ladder.language,
    )


def _sides(serving: Serving, answer: Answer, draft: Draft, planned: Planned) -> Sides:
    """Return the draft as it is and as it would be."""
    after = planned.plan.imported.ladder
    load = serving.loaded.get
    loaded = LoadedDraft(
        draft.slug, planned.plan.before, draft.base, draft.number, draft.content_sha256, load
    )
    changed = replace(loaded, index=Index.of(after), content_sha256=content_sha256(canonical(after)))
    return Sides(serving, answer, draft.slug, loaded, changed)


def _names(index: Index) -> dict[str, str]:
    return {slug: level.code or level.title for slug, level in index.levels.items()}


def _short(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield sections without links, because the pages are not there yet, and with texts up to the limit."""
    left = _MOST_HTML
    for section in sections:
        views: list[ChangeView] = []
        for view in section.changes:
            length = sum(field.length for field in view.fields)
            views.append(replace(view, url=None, fields=view.fields if length <= left else ()))
            left -= min(left, length)
        yield replace(section, changes=tuple(views))
