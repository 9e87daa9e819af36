"""The work of one person: drafts, reviews that wait, and releases that come into force."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.rubric.people import share_a_person
from app.rubric.releases import Release
from app.rubric.reviews import Review, State, Subject, last_decisions, state_of
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.store.access.rights import Right
from app.store.drafts import find_draft_titles
from app.store.reviews import find_open_reviews
from app.store.work.draft_list import DraftWork, find_draft_work
from app.web.layout.moments import in_zones
from app.web.pages.importing.common import people_of
from app.web.translation.messages import N_

_STATES: Final[dict[State, str]] = {
    "open": N_("waiting for approval"),
    "changes-requested": N_("changes requested"),
    "approved": N_("approved"),
}
_DOING: Final[tuple[Right, ...]] = ("write", "review", "publish")


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft in the list."""

    title: str
    url: str
    is_mine: bool
    changed_by: str
    changed_at: datetime
    errors: int
    warnings: int
    state: str | None
    """The state of its open review; None without one."""
    changes_url: str | None
    """The URL of what the draft changes; None if the ladder was never published."""
    may_write: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review in the list."""

    title: str
    ladder: str
    """The title of the ladder."""
    url: str
    opened_by: str
    opened_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class ScheduledView:
    """A release that comes into force later."""

    title: str
    language: str
    version: str
    url: str
    when: str
    reschedule_url: str | None
    """None if the visitor cannot change the date."""


@dataclass(frozen=True)
class WorkList:
    """The drafts and open reviews that a person may see, as the database has them at one moment."""

    serving: Serving
    answer: Answer
    drafts: tuple[DraftWork, ...]
    """Those that the person edited first, then by the time of the last change."""
    reviews: tuple[Review, ...]

    @classmethod
    def of(cls, serving: Serving, answer: Answer) -> "WorkList":
        """Read the list of the caller. Raises Unavailable."""

        def read(connection: Connection) -> tuple[tuple[DraftWork, ...], tuple[Review, ...]]:
            return find_draft_work(connection), find_open_reviews(connection)

        drafts, reviews = serving.database.ask(read)
        name, caller = answer.catalog.name, answer.caller
        seen = [one for one in drafts if caller.reads_draft(name(one.ladder))]
        seen.sort(key=lambda one: not share_a_person(people_of(caller), one.subject.authors))
        ladders = {one.ladder for one in seen}
        return cls(serving, answer, tuple(seen), tuple(one for one in reviews if one.ladder in ladders))

    def views(self, drafts: Iterable[DraftWork]) -> Iterator[DraftView]:
        """Yield drafts as the page shows them. Raises Unavailable."""
        chosen = tuple(drafts)
        titles, reviews = (
            self._titles(one.ladder for one in chosen),
            {one.ladder: one for one in self.reviews},
        )
        for one in chosen:
            slug, review = self.answer.catalog.name(one.ladder), reviews.get(one.ladder)
            loaded = self.serving.drafts.get(self.answer.catalog, slug)
            findings = self.serving.findings_of(loaded, self.answer)
            errors = sum(finding.severity == "error" for finding in findings)
            yield DraftView(
                titles.get(one.ladder, slug),
                f"{self._home(slug)}@{DRAFT}",
                share_a_person(self._people, one.subject.authors),
                one.changed_by,
                one.changed_at,
                errors,
                len(findings) - errors,
                None if review is None else _STATES[state_of(review, one.subject)],
                f"{self._home(slug)}/diff?to={DRAFT}" if loaded.base is not None else None,
                self.answer.caller.may("write", slug),
            )

    def waiting(self, most: int) -> tuple[tuple[ReviewView, ...], int]:
        """Return the reviews in which others wait for a decision of the person, and the number of further ones."""
        return self._listed([one for one in self.reviews if self._waits(one)], most)

    def opened(self, most: int) -> tuple[tuple[ReviewView, ...], int]:
        """Return the reviews that the person opened, and the number of further ones."""
        mine = [one for one in self.reviews if share_a_person((one.opened_by,), (self.answer.caller.name,))]
        return self._listed(mine, most)

    def scheduled(self) -> tuple[ScheduledView, ...]:
        """Return the releases that come into force later, the next one first, of ladders that the person works on."""
        catalog, caller = self.answer.catalog, self.answer.caller
        ahead = [
            release
            for slug, line in catalog.lines.items()
            if any(caller.may(right, catalog.name(slug)) for right in _DOING)
            for release in line
            if catalog.status_of(release) == "scheduled"
        ]
        return tuple(map(self._scheduled, sorted(ahead, key=lambda one: (one.effective_from, one.original))))

    def _waits(self, review: Review) -> bool:
        """Return whether the person may decide in a review and has not decided about the present content."""
        subject = self._subjects[review.ladder]
        if not self.answer.caller.may("review", self.answer.catalog.name(review.ladder)):
            return False
        read = (subject.content_sha256, subject.number)
        decided = any(
            share_a_person(one.sender, self._people) and (one.content_sha256, one.draft_number) == read
            for one in last_decisions(review)
        )
        return not decided and not share_a_person(self._people, subject.authors)

    @property
    def _people(self) -> tuple[str, ...]:
        return people_of(self.answer.caller)

    @property
    def _subjects(self) -> dict[str, Subject]:
        return {one.ladder: one.subject for one in self.drafts}

    def _listed(self, reviews: list[Review], most: int) -> tuple[tuple[ReviewView, ...], int]:
        shown = reviews[:most]
        titles, subjects = self._titles(one.ladder for one in shown), self._subjects
        views = tuple(
            ReviewView(
                one.title,
                titles.get(one.ladder, one.ladder),
                f"{self._home(self.answer.catalog.name(one.ladder))}/reviews/{one.number}",
                one.opened_by,
                one.opened_at,
                _STATES[state_of(one, subjects[one.ladder])],
            )
            for one in shown
        )
        return views, len(reviews) - len(shown)

    def _scheduled(self, release: Release) -> ScheduledView:
        slug = self.answer.catalog.name(release.original)
        home, may = self._home(slug), self.answer.caller.may("publish", slug)
        return ScheduledView(
            release.title,
            release.language,
            str(release.version),
            f"{self._home(release.ladder)}@{release.version}",
            in_zones(release.effective_from, self.serving.settings.zone),
            f"{home}/releases/{release.version}/reschedule" if may else None,
        )

    def _titles(self, ladders: Iterable[str]) -> dict[str, str]:
        slugs = frozenset(ladders)
        return dict(self.serving.database.ask(lambda connection: find_draft_titles(connection, slugs)))

    def _home(self, slug: str) -> str:
        return f"{self.serving.settings.root_path}/ladders/{slug}"
