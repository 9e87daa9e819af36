"""The content of the page of a review, read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import Connection

from app.rubric.people import same_person
from app.rubric.reviews import Entry, Review, Subject, approvals, last_decisions, requests, state_of
from app.store.ladder_settings import get_settings
from app.store.reviews import find_comments_about, find_review_entries, find_subject, get_review
from app.store.work.draft_history import DraftChanges, find_draft_changes
from app.web.layout.authoring.draft_changes import draft_sides
from app.web.layout.authoring.ladder_pages import LadderPage
from app.web.layout.rendering import display_name
from app.web.navigation.query_values import PageQuery
from app.web.pages.reviewing.reviewed_changes import Excerpt, ReviewedChanges, excerpts, reviewed_changes
from app.web.pages.reviewing.reviews import STATE_WORDS

_MOST_ENTRIES: Final = 20
_MOST_TEXT: Final = 20_000
"""The most characters of the conversation on a page, unless one entry alone is longer."""
_MOST_COMMENTS: Final = 40
"""The most comments below the changes of a page."""


class ReviewQuery(PageQuery):
    """The part of a review to show."""

    skip: Annotated[int, Field(ge=0, le=10**6)] = 0
    """The number of changes to skip."""
    only: Annotated[str, Field(max_length=10)] = ""
    """`new` to show only the changes since the person looked."""
    before: Annotated[int | None, Field(ge=1, le=10**9)] = None
    """Show only comments and decisions with a lower number."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The people whose decisions count, by name."""

    approved: tuple[str, ...]
    outdated: tuple[str, ...]
    """Those whose approval does not count: the draft was edited after it, or they are authors."""
    asked: tuple[str, ...]
    """Those who asked for changes and have not approved since."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """The draft that an open review is about."""

    content_sha256: str
    language: str
    base: str | None
    """The release that it is compared with; None if there is none."""
    changes: ReviewedChanges
    comments: Mapping[str, list[Excerpt]]
    """Comments on the changes of the page, by the entity that they are about."""
    since: DraftChanges | None
    """What was written since the person looked; None if they have not looked yet."""
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The values of the page."""

    review: Review
    status_words: str
    entries: tuple[Entry, ...]
    """Comments and decisions, the newest first."""
    draft: OpenDraft | None
    """The draft; None if the review is closed."""
    is_required: bool
    """True if the ladder needs an approval before it is published."""
    is_opener: bool
    """True if the person opened the review."""
    names: Mapping[str | None, str]
    """The names of the entities that the entries are about, as far as the draft has them."""

    @property
    def older(self) -> int | None:
        """The number before which there are older entries; None if there are none."""
        last = self.entries[-1].number if self.entries else 1
        return last if last > 1 else None


@dataclass(frozen=True, slots=True)
class _Found:
    review: Review
    subject: Subject | None
    entries: tuple[Entry, ...]
    is_required: bool
    since: DraftChanges | None


def view_of(page: LadderPage, number: int, query: ReviewQuery, form: Mapping[str, str]) -> ReviewView:
    """Return what the page of a review shows; `form` is what was typed. Raises NotFound and Unavailable."""
    found = page.serving.database.ask(
        partial(_read, page=page, number=number, query=query, seen=form.get("content_sha256", ""))
    )
    review = found.review
    is_open = review.closed is None and found.subject is not None
    return ReviewView(
        review,
        STATE_WORDS[state_of(review, found.subject)],
        found.entries,
        _open_draft(page, query, found, found.subject) if is_open and found.subject else None,
        found.is_required,
        same_person(page.caller.name, review.opened_by),
        _names(page, found.entries),
    )


def _names(page: LadderPage, entries: tuple[Entry, ...]) -> Mapping[str | None, str]:
    index = page.index()
    if index is None:
        return {}
    nodes = {entry.about: index.find_target(entry.about) for entry in entries if entry.about is not None}
    return {about: display_name(node) for about, node in nodes.items() if node is not None}


def _read(connection: Connection, page: LadderPage, number: int, query: ReviewQuery, seen: str) -> _Found:
    review = get_review(connection, page.slug, number)
    subject = find_subject(connection, page.slug)
    entries = find_review_entries(connection, review, _MOST_ENTRIES, before=query.before, longest=_MOST_TEXT)
    known = seen or _last_seen(page, (*entries, *review.decisions))
    since = None
    if known and subject is not None and review.closed is None:
        since = find_draft_changes(connection, page.slug, known, subject.content_sha256)
    required = get_settings(connection, page.slug).requires_review(page.serving.settings.require_review)
    return _Found(review, subject, entries, required, since)


def _last_seen(page: LadderPage, entries: tuple[Entry, ...]) -> str:
    """Return the hash of the draft that the person commented or decided on last; empty if they have not."""
    own = [entry for entry in entries if same_person(entry.by, page.caller.name)]
    return max(own, key=lambda entry: entry.number).content_sha256 if own else ""


def _open_draft(page: LadderPage, query: ReviewQuery, found: _Found, subject: Subject) -> OpenDraft:
    sides = draft_sides(page.serving, page.answer, page.slug)
    changes = reviewed_changes(sides, found.since, skip=query.skip, only_new=query.only == "new")
    views = (view for section in changes.sections for view in section.changes)
    about = {changes.targets[view.change.target] for view in views if view.change.target in changes.targets}
    comments = page.serving.database.ask(
        partial(find_comments_about, review=found.review, targets=about, limit=_MOST_COMMENTS)
    )
    base = sides.after.since
    return OpenDraft(
        sides.after.content_sha256,
        sides.after.ladder.language,
        None if base is None else str(base),
        changes,
        excerpts(comments),
        found.since,
        _standing(found.review, subject),
    )


def _standing(review: Review, subject: Subject) -> Standing:
    counting = approvals(review, subject)
    given = [entry for entry in last_decisions(review) if entry.kind == "approve"]
    return Standing(
        tuple(entry.by for entry in counting),
        tuple(entry.by for entry in given if entry not in counting),
        tuple(entry.by for entry in requests(review)),
    )
