"""The frame of a page: title and preview, the ladder's menu, the choice of releases, the link to the JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from app.errors import Unavailable
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.answers.answer import Answer
from app.serving.releases.catalog import Catalog
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.web.layout.account import Account, account_of
from app.web.layout.draft_notice import DraftNotice, draft_notice
from app.web.layout.forms import page_url
from app.web.layout.menus import MenuItem, author_menu, reading_menu
from app.web.layout.release_notice import NOT_PUBLISHED, STATUS_WORDS, ReleaseNotice, release_notice
from app.web.navigation.page_reader import Reading
from app.web.navigation.urls import PageUrls, same_page
from app.web.translation.languages import LANGUAGES, is_right_to_left, language_of, page_language

_MOST_CHOICES: Final = 12
"""The most releases in the release menu. The list of releases has them all."""


@dataclass(frozen=True, slots=True)
class ReleaseChoice:
    """An entry of the release menu."""

    version: str
    status: str
    url: str
    is_current: bool
    """True if the page shows this release."""


@dataclass(frozen=True, slots=True)
class LadderFrame:
    """The part of the frame that all pages of one ladder share."""

    title: str
    language: str
    urls: PageUrls
    label: str
    """The number of the release, or `draft`."""
    status: str
    notice: ReleaseNotice | None
    choices: tuple[ReleaseChoice, ...]
    menu: tuple[MenuItem, ...]
    authoring: tuple[MenuItem, ...] = ()
    """The menu of those who may do more than read."""
    draft: DraftNotice | None = None
    """The notice about a draft; None for a release."""

    @property
    def running(self) -> str:
        """The title and release, as a print repeats them at the top of each sheet."""
        return f"{self.title} · {self.label}"

    @property
    def rtl(self) -> bool:
        """True if the ladder's language is written from right to left."""
        return is_right_to_left(self.language)


@dataclass(frozen=True, slots=True)
class Frame:
    """The values of the base template."""

    root: str
    title: str
    """The title in the browser's tab."""
    description: str = ""
    """The text below the title in a link preview."""
    canonical: str | None = None
    """The URL for search engines: the page of the release in force."""
    api: str | None = None
    """Path of the JSON with the content of the page."""
    image: str | None = None
    """URL of the picture in a link preview."""
    ladder: LadderFrame | None = None
    account: Account | None = None
    """The visitor; None on a page that is the same for all."""
    language: str = LANGUAGES[0]
    """The language of the page's own words; content keeps its language."""


def frame_of(
    reading: Reading,
    title: str | None = None,
    *,
    section: str = "",
    description: str | None = None,
    api: str | None = None,
    image: str | None = None,
) -> Frame:
    """Return the frame of a page of a release.

    Args:
        reading: The release that the page shows.
        title: Name of the page within the ladder; None for the ladder's own page.
        section: The menu entry that the page belongs to.
        description: Text of the preview; None for the ladder's summary.
        api: Path of the JSON below the ladder; None if it is the path of the page.
        image: Path of the preview picture.
    """
    ladder, urls = reading.ladder, reading.urls
    language = page_language(reading.answer, ladder.language)
    page_title = ladder.title if title is None else f"{language_of(language).say(title)} · {ladder.title}"
    if reading.resolved and reading.resolved.pinned:
        page_title = f"{page_title} {reading.loaded.label}"
    summary = ladder.summary if description is None else description
    absolute = reading.serving.settings.absolute
    return Frame(
        root=urls.root,
        title=page_title,
        description=summary or "",
        canonical=absolute(urls.unpinned + reading.below),
        api=urls.api + (reading.below if api is None else api),
        image=None if image is None else absolute(image),
        ladder=_ladder_frame(reading, section),
        account=account_of(
            urls.root, reading.answer.session, page_url(urls.root, reading.path, reading.query)
        ),
        language=language,
    )


def frame_of_ladder(
    serving: Serving,
    answer: Answer,
    slug: str,
    title: str,
    description: str,
    path: str,
    *,
    for_authors: bool = False,  # then it has no JSON and no URL for search engines, and perhaps only a draft
) -> Frame:
    """Return the frame of a page that belongs to a ladder and to none of its releases. `path` is below the ladder."""
    root, catalog = serving.settings.root_path, answer.catalog
    urls, below = PageUrls(root, slug), path.partition("?")[0]
    release = catalog.shown(slug) if slug in catalog.releases else None
    content = _content_of(serving, answer, slug, release)
    ladder = release or cast("Ladder", content)  # a ladder has a release or a draft
    language = page_language(answer, ladder.language)
    home = urls if release else urls.pinned(DRAFT)
    menu = reading_menu(home, content, below.strip("/").partition("/")[0])
    return Frame(
        root,
        f"{language_of(language).say(title)} · {ladder.title}",
        description,
        None if for_authors else serving.settings.absolute(urls.home + path),
        None if for_authors else urls.api + path,
        ladder=LadderFrame(
            ladder.title,
            ladder.language,
            home,
            str(release.version) if release else DRAFT,
            STATUS_WORDS[catalog.status_of(release)] if release else NOT_PUBLISHED,
            notice=None,
            choices=tuple(_choices(root, catalog, slug, "", None)),
            menu=tuple(item for item in menu if release or not item.url.endswith("/releases")),
            authoring=tuple(author_menu(serving, answer, urls, below)),
        ),
        account=account_of(root, answer.session, urls.home + path),
        language=language,
    )


def _ladder_frame(reading: Reading, section: str) -> LadderFrame:
    release, catalog, urls = reading.release, reading.catalog, reading.urls
    menu = reading_menu(urls, reading.ladder, section)
    return LadderFrame(
        title=reading.ladder.title,
        language=reading.ladder.language,
        urls=urls,
        label=reading.loaded.label,
        status=NOT_PUBLISHED if release is None else STATUS_WORDS[catalog.status_of(release)],
        notice=None if release is None else release_notice(reading, release, catalog),
        choices=tuple(_choices(reading.root, catalog, urls.slug, reading.below, reading.loaded.label)),
        menu=tuple(item for item in menu if reading.line or not item.url.endswith("/releases")),
        authoring=tuple(
            author_menu(reading.serving, reading.answer, urls, reading.below, draft=release is not None)
        ),
        draft=draft_notice(reading),
    )


def _content_of(serving: Serving, answer: Answer, slug: str, release: Release | None) -> Ladder | None:
    """Return the content of a release, or of the draft without one.

    None if the release is not loaded and the database is away.
    """
    if release is None:
        return serving.drafts.get(answer.catalog, slug).index.ladder
    try:
        return serving.loaded.get(release).ladder
    except Unavailable:
        return None


def _choices(
    root: str, catalog: Catalog, slug: str, below: str, label: str | None
) -> Iterator[ReleaseChoice]:
    """Yield the newest releases, each with the URL of the same page in it, or of the nearest one."""
    for release in catalog.releases.get(slug, ())[: -_MOST_CHOICES - 1 : -1]:
        version, status = str(release.version), catalog.status_of(release)
        urls = PageUrls(root, slug if status == "in-force" else f"{release.ladder}@{version}")
        url = urls.home + below if version == label else urls.home + same_page(below)
        yield ReleaseChoice(version, STATUS_WORDS[status], url, version == label)
