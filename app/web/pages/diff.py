"""The page of changes from one release to another, and what they mean for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import ConfigDict, JsonValue, field_validator
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.api.views.diff_sides import Sides, SidesQuery, sides_of
from app.rubric.diff import Change, FieldChange
from app.rubric.releases import Impact
from app.serving.releases.loaded_releases import DRAFT
from app.web.layout.frame import frame_of_ladder
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.navigation.urls import PageUrls, comes_in_parts

router = page_router()

_MOST: Final = 60
"""The most changes of one class on the page. The JSON has them all."""
_ACTIONS: Final = {
    "added": "New",
    "removed": "Removed",
    "renamed": "Renamed",
    "moved": "Moved",
    "changed": "Changed",
}
_TEXTS: Final = ("/summary", "/description", "/text", "/answer", "/statements", "/scope")
"""Fields shown of a new entity."""
_KINDS: Final = {"faq": "question", "page": "text"}


class PageSidesQuery(SidesQuery):
    """The two releases to compare, as a form sends them."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @field_validator("from_", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("to", mode="before")
    @classmethod
    def _empty_is_latest(cls, value: object) -> object:
        return value or "latest"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that changed."""

    name: str
    words: tuple[tuple[str, str], ...]
    """The edits from the old to the new text: `equal`, `delete` or `insert`, and the words."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, in the words of a page."""

    change: Change
    what: str
    """The kind of change and of entity: `New: question`."""
    name: str
    url: str | None
    """URL of the page that shows the entity, now or before."""
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one class."""

    impact: Impact
    heading: str
    meaning: str
    changes: tuple[ChangeView, ...]
    more: int
    """The number of changes that are left out."""


@router.get("/ladders/{ladder}/diff")
def show_changes(
    request: Request, serving: ServingDep, ladder: str, query: Annotated[PageSidesQuery, Query()]
) -> HTMLResponse:
    """Show the changes between two releases."""
    sides = sides_of(request, serving, ladder, query)
    sides.answer.across = True
    title = sides.after.ladder.title
    before, after = sides.before.label, sides.after.label
    frame = frame_of_ladder(
        serving,
        sides.answer,
        ladder,
        f"{before} to {after}",
        f"What changed in {title} from {before} to {after}, and what it means for people.",
        with_query("/diff", sides.pinned),
    )
    return show(
        "diff.html",
        frame=frame,
        urls=PageUrls(sides.root, ladder),
        language=sides.after.ladder.language,
        before=before,
        after=after,
        versions=_versions(sides),
        diff=sides.diff,
        levels=_levels(sides),
        sections=tuple(_sections(sides)),
    )


def _versions(sides: Sides) -> list[str]:
    """Return the releases to choose from, newest first; also the draft if it is one of the two."""
    drafts = [DRAFT] if DRAFT in sides.pinned.values() else []
    return drafts + [
        str(release.version) for release in reversed(sides.answer.catalog.releases[sides.ladder])
    ]


def _levels(sides: Sides) -> tuple[tuple[str, str | None], ...]:
    """Return the names of the affected levels and their URLs. A removed level has no URL."""
    found: list[tuple[str, str | None]] = []
    urls = PageUrls(sides.root, f"{sides.ladder}@{sides.after.label}")
    for slug in (one.level for one in sides.diff.levels):
        level = sides.after.index.levels.get(slug)
        found.append((slug, None) if level is None else (level.code or level.title, urls.level(slug)))
    return tuple(found)


def _sections(sides: Sides) -> Iterator[Section]:
    for impact, (heading, meaning) in IMPACT_WORDS.items():
        changes = [change for change in sides.diff.changes if change.impact == impact]
        if changes:
            views = tuple(_view(sides, change) for change in changes[:_MOST])
            yield Section(impact, heading, meaning, views, max(0, len(changes) - _MOST))


def _view(sides: Sides, change: Change) -> ChangeView:
    removed = "removed" in change.actions
    loaded = sides.before if removed else sides.after
    node = loaded.index.find_target(change.target)
    urls = PageUrls(sides.root, f"{sides.ladder}@{loaded.label}", comes_in_parts(loaded.ladder))
    action = " and ".join(_ACTIONS[name] if not place else name for place, name in enumerate(change.actions))
    kind = _KINDS.get(change.kind, change.kind)
    return ChangeView(
        change,
        f"{action}: {kind}",
        change.title or change.target.partition(":")[2],
        None if node is None else urls.of(node),
        () if removed else tuple(_fields(change)),
    )


def _fields(change: Change) -> Iterator[FieldView]:
    """Yield the changed fields of an entity; for a new entity, its texts other than its name."""
    new = "added" in change.actions
    for field in change.fields:
        name = field.pointer.strip("/").replace("_", " ").replace("/", " ")
        if new and (field.pointer not in _TEXTS or field.after == change.title):
            continue
        if new:
            yield FieldView(name, (("equal", _as_text(field.after)),))
        elif field.words:
            yield FieldView(name, tuple((edit.op, edit.text) for edit in field.words))
        elif field.rule != "renamed":
            yield FieldView(name, tuple(_replacement(field)))


def _replacement(field: FieldChange) -> Iterator[tuple[str, str]]:
    """Yield an old value as deleted, and the new one as inserted."""
    if field.before is not None:
        yield "delete", _as_text(field.before)
    if field.before is not None and field.after is not None:
        yield "equal", " "
    if field.after is not None:
        yield "insert", _as_text(field.after)


def _as_text(value: JsonValue) -> str:
    """Return a value as text."""
    if isinstance(value, dict):
        inner = value.get("text") or value.get("title")
        return inner if isinstance(inner, str) else "; ".join(map(_as_text, value.values()))
    if isinstance(value, list):
        return " · ".join(map(_as_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
