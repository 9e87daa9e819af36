"""The menus of a ladder: one for readers, and one for the people who write, review, publish and administer it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.rubric.ladder import Ladder
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.web.layout.draft_notice import has_draft, is_signed_in
from app.web.navigation.urls import PageUrls
from app.web.translation.messages import N_

_MENU: Final = (
    ("overview", N_("Overview"), ""),
    ("matrix", N_("Matrix"), "/matrix"),
    ("compare", N_("Compare"), "/compare"),
    ("faqs", N_("Questions"), "/faqs"),
    ("releases", N_("Releases"), "/releases"),
)
"""The menu for readers: section, words, path below the ladder."""
_OF_LADDER: Final = frozenset({"releases"})
"""Sections that belong to the ladder, not to one of its releases."""
_OF_ENTITY: Final = re.compile(r"/(levels|competencies|pages)/[^/?]+(?=$|[?])")
"""The paths of pages about one entity."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of a menu."""

    words: str
    url: str
    is_current: bool


def reading_menu(urls: PageUrls, ladder: Ladder | None, section: str) -> Iterator[MenuItem]:
    """Yield the entries whose pages have content, and the one of the page itself. `ladder` is None if unknown."""
    for name, words, path in _MENU:
        if name == section or ladder is None or _has_content(ladder, name):
            home = urls.unpinned if name in _OF_LADDER else urls.home
            yield MenuItem(words, home + path, section == name)


def author_menu(
    serving: Serving, answer: Answer, urls: PageUrls, below: str = "", *, draft: bool = True
) -> Iterator[MenuItem]:
    """Yield the entries that the visitor may use. Others see none.

    `below` is the path of the page below its ladder. `draft` is False on a page of the draft itself.
    """
    if not is_signed_in(answer):
        return
    section = below.strip("/").partition("/")[0]
    if answer.caller.may("write", urls.slug):
        yield MenuItem(
            N_("Edit"), f"{urls.unpinned}@{DRAFT}{_edited_at(below)}", is_current=below.endswith("/edit")
        )
        yield MenuItem(N_("Import"), f"{urls.unpinned}@{DRAFT}/import", section == "import")
    has_changes = has_draft(serving, answer, urls.slug)
    if draft and has_changes:
        yield MenuItem(N_("Draft"), f"{urls.unpinned}@{DRAFT}", is_current=False)
    if answer.caller.reads_draft(urls.slug):
        yield MenuItem(N_("Reviews"), f"{urls.unpinned}/reviews", section == "reviews")
    if has_changes and answer.caller.may("publish", urls.slug):
        yield MenuItem(N_("Publish"), f"{urls.unpinned}@{DRAFT}/publish", section == "publish")
    if answer.caller.may("admin", urls.slug):
        yield MenuItem(N_("Log"), f"{urls.unpinned}/log", section == "log")
        yield MenuItem(N_("Settings"), f"{urls.unpinned}/settings", section == "settings")


def _edited_at(below: str) -> str:
    """Return the path below a draft that edits what a page shows: its entity, else the whole draft."""
    found = _OF_ENTITY.match(below)
    return f"{found.group()}/edit" if found else "/edit"


def _has_content(ladder: Ladder, section: str) -> bool:
    match section:
        case "matrix":
            return bool(ladder.levels and ladder.competencies)
        case "compare":
            return bool(ladder.levels)
        case "faqs":
            return bool(ladder.faqs or ladder.tips)
        case _:
            return True
