"""What stands around a page's own content: title and preview, the ladder's menu, the choice of releases, the JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.api.ladders.ladders import shown_release
from app.api.ladders.releases import Status, status_of
from app.rubric.releases import Release, latest
from app.serving.answers.answer import Answer
from app.serving.releases.catalog import Catalog
from app.serving.releases.loaded import DRAFT
from app.serving.serving import Serving
from app.web.layout.account import Account, account_of
from app.web.layout.draft_notice import DraftView, draft_view, has_draft
from app.web.layout.forms import here
from app.web.layout.rendering import day
from app.web.navigation.reader import Reading
from app.web.navigation.urls import PageUrls, same_page

_MOST_CHOICES: Final = 12
"""How many releases the choice shows; the list of releases has all."""
STANDING: Final[dict[Status, str]] = {
    "in-force": "in force",
    "scheduled": "not yet in force",
    "superseded": "superseded",
    "withdrawn": "withdrawn",
}
"""Where a release stands, in the words of a page."""
_MENU: Final = (
    ("overview", "Overview", ""),
    ("matrix", "Matrix", "/matrix"),
    ("compare", "Compare", "/compare"),
    ("faqs", "Questions", "/faqs"),
    ("releases", "Releases", "/releases"),
)
"""The pages of a ladder that every one of its pages leads to: name, words, path."""
_RIGHT_TO_LEFT: Final = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"]
)
"""Languages (ISO 639) whose usual script runs from right to left."""
_OF_LADDER: Final = frozenset({"releases"})
"""Those that belong to the ladder and to none of its releases."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A release that the reader may choose instead."""

    version: str
    standing: str
    url: str
    here: bool
    """Whether it is the one being read."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader should know of the release before reading it."""

    text: str
    link: str | None = None
    """Words of the link to what to read instead."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu."""

    words: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What the pages of one ladder share."""

    title: str
    language: str
    urls: PageUrls
    label: str
    """The number of the release that is read, or `draft`."""
    standing: str
    notice: Notice | None
    choices: tuple[Choice, ...]
    menu: tuple[Item, ...]
    draft: DraftView | None = None
    """What to say of the draft that is read."""

    @property
    def rtl(self) -> bool:
        """Whether its language is written from right to left."""
        return self.language.partition("-")[0].lower() in _RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template needs."""

    root: str
    title: str
    """What the browser's tab says."""
    description: str = ""
    """What a preview says below the title."""
    canonical: str | None = None
    """The page that search engines should name: the one of the release in force."""
    api: str | None = None
    """Path of the JSON that the page shows."""
    image: str | None = None
    """Path of the picture in a preview."""
    around: Around | None = None
    account: Account | None = None
    """Who is signed in; None where a page is the same for all."""


def frame_of(
    reading: Reading,
    title: str | None = None,
    *,
    section: str = "",
    description: str | None = None,
    api: str | None = None,
    image: str | None = None,
) -> Frame:
    """The frame of a page of a ladder. `title` names the page within it, `api` is a path below the ladder.

    Without `api` the JSON is the resource at the page's own path.
    """
    ladder, urls = reading.ladder, reading.urls
    said = ladder.title if title is None else f"{title} · {ladder.title}"
    summary = ladder.summary if description is None else description
    return Frame(
        root=urls.root,
        title=f"{said} {reading.loaded.label}" if reading.resolved and reading.resolved.pinned else said,
        description=summary or "",
        canonical=urls.unpinned + reading.below,
        api=urls.api + (reading.below if api is None else api),
        image=image,
        around=_around(reading, section),
        account=account_of(urls.root, reading.answer.visit, here(urls.root, reading.path, reading.query)),
    )


def frame_of_ladder(
    serving: Serving, answer: Answer, slug: str, title: str, description: str, path: str
) -> Frame:
    """The frame of a page that belongs to a ladder and to none of its releases; `path` is below the ladder."""
    root, catalog = serving.settings.root_path, answer.catalog
    urls, release = PageUrls(root, slug), shown_release(catalog, slug)
    return Frame(
        root=root,
        title=f"{title} · {release.title}",
        description=description,
        canonical=urls.home + path,
        api=urls.api + path,
        around=Around(
            title=release.title,
            language=release.language,
            urls=urls,
            label=str(release.version),
            standing=STANDING[status_of(catalog, release)],
            notice=None,
            choices=tuple(_choices(root, catalog, slug, "", None)),
            menu=(*_menu(urls, path.partition("?")[0].strip("/")), *_draft_item(serving, answer, urls)),
        ),
        account=account_of(root, answer.visit, urls.home + path),
    )


def _around(reading: Reading, section: str) -> Around:
    release, catalog, urls = reading.release, reading.catalog, reading.urls
    return Around(
        title=reading.ladder.title,
        language=reading.ladder.language,
        urls=urls,
        label=reading.loaded.label,
        standing="not published" if release is None else STANDING[status_of(catalog, release)],
        notice=None if release is None else _notice(reading, release, catalog),
        choices=tuple(_choices(reading.root, catalog, urls.slug, reading.below, reading.loaded.label)),
        menu=(
            *(item for item in _menu(urls, section) if reading.line or not item.url.endswith("/releases")),
            *(() if release is None else _draft_item(reading.serving, reading.answer, urls)),
        ),
        draft=draft_view(reading),
    )


def _menu(urls: PageUrls, section: str) -> tuple[Item, ...]:
    homes = {name: urls.unpinned if name in _OF_LADDER else urls.home for name, _, _ in _MENU}
    return tuple(Item(words, homes[name] + path, section == name) for name, words, path in _MENU)


def _draft_item(serving: Serving, answer: Answer, urls: PageUrls) -> tuple[Item, ...]:
    """The way to the draft, for who may know that there is one."""
    if not has_draft(serving, answer, urls.slug):
        return ()
    return (Item("Draft", f"{urls.unpinned}@{DRAFT}", here=False),)


def _choices(root: str, catalog: Catalog, slug: str, below: str, label: str | None) -> Iterator[Choice]:
    """The newest releases, each at the page that is read now, or what comes nearest to it there."""
    for release in catalog.releases.get(slug, ())[: -_MOST_CHOICES - 1 : -1]:
        version, status = str(release.version), status_of(catalog, release)
        urls = PageUrls(root, slug if status == "in-force" else f"{slug}@{version}")
        url = urls.home + below if version == label else urls.home + same_page(below)
        yield Choice(version, STANDING[status], url, version == label)


def _notice(reading: Reading, release: Release, catalog: Catalog) -> Notice | None:
    """That another release is in force, or that this one was taken back or is on its way out."""
    standing = catalog.in_force.get(release.ladder)
    here = f"You are reading {release.version}"
    status = status_of(catalog, release)
    newest = latest(reading.line, catalog.moment)
    said = [event for event in release.events if event.at <= catalog.moment]
    if status == "withdrawn":
        here += ", which was withdrawn"
    elif status == "scheduled":
        here += f", which comes into force on {day(release.effective_from)}"
    elif said:
        here += ", whose readers are asked to move on"
    elif status == "in-force":
        return None
    reason = f" {said[-1].reason}" if said else ""
    if standing is not None and standing.id != release.id:
        text = f"{here}. {standing.version} is in force.{reason}"
        url = reading.urls.unpinned + same_page(reading.below)
        return Notice(text, f"Read {standing.version}", url)
    if newest is not None and newest.id != release.id:
        return Notice(f"{here}.{reason}", f"Read {newest.version}", f"{reading.urls.unpinned}@latest")
    return Notice(f"{here}.{reason}" if standing else f"{here}. No release is in force.{reason}")
