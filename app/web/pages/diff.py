"""What changed from one release to another, and what that means for people, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import JsonValue, field_validator
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.api.views.diff_sides import Sides, SidesQuery, sides_of
from app.rubric.diff import Change, FieldChange
from app.rubric.releases import Impact
from app.serving.releases.loaded import DRAFT
from app.web.layout.frame import frame_of_ladder
from app.web.layout.rendering import show
from app.web.navigation.urls import PageUrls, comes_in_parts

router = APIRouter(include_in_schema=False)

_MOST: Final = 60
"""How many changes of one class are shown; the JSON has all."""
_WORDS: Final[dict[Impact, tuple[str, str]]] = {
    "asks-more": ("Asks more", "People who met the level before may have something to add."),
    "asks-other": ("Asks something else", "What is asked is not what was asked: look at it anew."),
    "asks-less": ("Asks less", "Something is no longer asked, or asked less strictly."),
    "clarifies": ("New or clearer", "Nobody is asked for more; there is more to understand it by."),
    "editorial": ("Editorial", "Spelling, links and notes; nothing that matters to what is asked."),
}
"""Each class in plain words: heading and meaning, the weightiest first."""
_ACTIONS: Final = {
    "added": "New",
    "removed": "Gone",
    "renamed": "Renamed",
    "moved": "Moved",
    "changed": "Changed",
}
_SAYING: Final = ("/summary", "/description", "/text", "/answer", "/statements", "/scope")
"""Properties that say what something new is about."""
_KINDS: Final = {"faq": "question", "page": "text"}


class PageSidesQuery(SidesQuery):
    """Which two are compared, as a form sends it."""

    @field_validator("from_", mode="before")
    @classmethod
    def _unset_where_empty(cls, value: object) -> object:
        return value or None

    @field_validator("to", mode="before")
    @classmethod
    def _latest_where_empty(cls, value: object) -> object:
        return value or "latest"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A property that is not as it was."""

    name: str
    words: tuple[tuple[str, str], ...]
    """The way from one text to the other: `equal`, `delete` or `insert`, and the stretch."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change in plain words."""

    change: Change
    what: str
    """What happened, to what: `New question`."""
    name: str
    url: str | None
    """Where it is now, or was."""
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one class."""

    impact: Impact
    heading: str
    meaning: str
    changes: tuple[ChangeView, ...]
    more: int
    """How many are not shown."""


@router.get("/ladders/{ladder}/diff")
def show_changes(
    request: Request, serving: ServingDep, ladder: str, query: Annotated[PageSidesQuery, Query()]
) -> HTMLResponse:
    """Show what differs between two releases."""
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
    """What may be chosen, the newest first; the draft where it is one of the two."""
    drafts = [DRAFT] if DRAFT in sides.pinned.values() else []
    return drafts + [
        str(release.version) for release in reversed(sides.answer.catalog.releases[sides.ladder])
    ]


def _levels(sides: Sides) -> tuple[tuple[str, str | None], ...]:
    """The levels touched, by what people call them, and where they are; those that are gone have no page."""
    found: list[tuple[str, str | None]] = []
    urls = PageUrls(sides.root, f"{sides.ladder}@{sides.after.label}")
    for slug in sides.diff.levels:
        level = sides.after.index.levels.get(slug)
        found.append((slug, None) if level is None else (level.code or level.title, urls.level(slug)))
    return tuple(found)


def _sections(sides: Sides) -> Iterator[Section]:
    for impact, (heading, meaning) in _WORDS.items():
        told = [change for change in sides.diff.changes if change.impact == impact]
        if told:
            views = tuple(_view(sides, change) for change in told[:_MOST])
            yield Section(impact, heading, meaning, views, max(0, len(told) - _MOST))


def _view(sides: Sides, change: Change) -> ChangeView:
    removed = "removed" in change.actions
    loaded = sides.before if removed else sides.after
    node = loaded.index.find_target(change.target)
    urls = PageUrls(sides.root, f"{sides.ladder}@{loaded.label}", comes_in_parts(loaded.ladder))
    did = " and ".join(
        _ACTIONS[action] if not place else action for place, action in enumerate(change.actions)
    )
    kind = _KINDS.get(change.kind, change.kind)
    return ChangeView(
        change,
        f"{did}: {kind}",
        change.title or change.target.partition(":")[2],
        None if node is None else urls.of(node),
        () if removed else tuple(_fields(change)),
    )


def _fields(change: Change) -> Iterator[FieldView]:
    """What changed in an entity; of a new one, what it says beside its name."""
    new = "added" in change.actions
    for field in change.fields:
        name = field.pointer.strip("/").replace("_", " ").replace("/", " ")
        if new and (field.pointer not in _SAYING or field.after == change.title):
            continue
        if new:
            yield FieldView(name, (("equal", _told(field.after)),))
        elif field.words:
            yield FieldView(name, tuple((edit.op, edit.text) for edit in field.words))
        elif field.rule != "renamed":
            yield FieldView(name, tuple(_exchanged(field)))


def _exchanged(field: FieldChange) -> Iterator[tuple[str, str]]:
    """A value that went as a whole, and the one that came."""
    if field.before is not None:
        yield "delete", _told(field.before)
    if field.before is not None and field.after is not None:
        yield "equal", " "
    if field.after is not None:
        yield "insert", _told(field.after)


def _told(value: JsonValue) -> str:
    """A value in words."""
    if isinstance(value, dict):
        inner = value.get("text") or value.get("title")
        return inner if isinstance(inner, str) else "; ".join(map(_told, value.values()))
    if isinstance(value, list):
        return " · ".join(map(_told, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
