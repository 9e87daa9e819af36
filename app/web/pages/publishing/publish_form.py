"""The form that publishes a draft: its first values, and the options that are sent with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection

from app.api.ladders.release_inputs import NewReleaseBody
from app.api.reading.urls import with_query
from app.api.views.diff_sides import Sides
from app.errors import Conflict, Invalid
from app.rubric.release_line import Position, position_of
from app.rubric.releases import Version
from app.rubric.reviews import Review, Subject
from app.serving.releases.loaded_releases import LoadedDraft
from app.store.ladder_settings import LadderSettings, get_settings
from app.store.reviews import find_open_review, find_subject
from app.web.layout.authoring.draft_changes import draft_sides
from app.web.layout.authoring.ladder_pages import FormRefused, LadderPage, value_of
from app.web.layout.editing.form_fields import Choice
from app.web.pages.publishing.checklist import Check, checklist
from app.web.pages.publishing.numbers import OTHER, Numbers, numbers_for
from app.web.pages.publishing.reader_notes import reader_notes
from app.web.translation.languages import language_of, page_language
from app.web.translation.messages import N_

NOW: Final = "now"
ON_A_DATE: Final = "date"
_NAMES: Final = ("content_sha256", "number", OTHER, "because", "when", "effective_from", "notes")
_LONGEST_NOTES: Final = 20_000
"""The most characters of release notes."""


@dataclass(frozen=True)
class PublishForm:
    """The draft that is published, and everything that the form offers."""

    page: LadderPage
    sides: Sides
    """The draft, and the release that it is compared with."""
    draft: LoadedDraft
    position: Position
    settings: LadderSettings
    subject: Subject | None
    review: Review | None
    corrects: Version | None
    names = _NAMES
    """The fields of the form."""

    @property
    def url(self) -> str:
        """The URL that the form is sent to."""
        corrects = {} if self.corrects is None else {"corrects": str(self.corrects)}
        return with_query(self.page.url, corrects)

    @property
    def other_ways(self) -> tuple[str, str] | None:
        """The release that could be corrected instead, and the URL for that; None if there is none."""
        if self.corrects is not None or self.position.correctable is None:
            return None
        number = str(self.position.correctable)
        return number, with_query(self.page.url, {"corrects": number})

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checklist."""
        return checklist(
            self.page,
            self.draft,
            self.subject,
            self.review,
            is_required=self.settings.requires_review(self.page.serving.settings.require_review),
            corrects=self.corrects,
        )

    @property
    def is_ready(self) -> bool:
        """True if nothing is missing."""
        return all(check.state != "missing" for check in self.checks)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers to choose from."""
        return numbers_for(self.position, self.sides.diff, may_be_lower=self.settings.allow_lower_version)

    @cached_property
    def notes(self) -> str:
        """The release notes that are made of the changes; empty if there is nothing to compare with."""
        if self.position.base is None:
            return ""
        made = reader_notes(
            self.sides, language_of(page_language(self.page.answer, self.draft.ladder.language))
        )
        return made if len(made) <= _LONGEST_NOTES else ""

    @property
    def whens(self) -> tuple[Choice, ...]:
        """The choice between now and a date."""
        return Choice(NOW, N_("At once")), Choice(ON_A_DATE, N_("On a date"))

    @property
    def first_values(self) -> dict[str, str]:
        """The values of the form when it is opened."""
        return {
            "content_sha256": self.draft.content_sha256,
            "number": self.numbers.suggested,
            OTHER: "",
            "because": "",
            "when": NOW,
            "effective_from": "",
            "notes": self.notes,
        }

    def wanted(self, sent: Mapping[str, str]) -> tuple[str, Version]:
        """Return the hash of the content that a form publishes, and its number. Raises FormRefused."""
        version = self.numbers.chosen(sent.get("number", ""), sent.get(OTHER, ""))
        return sent.get("content_sha256", ""), version

    def options(self, sent: Mapping[str, str]) -> NewReleaseBody:
        """Return the options that a form asks for. Raises FormRefused and Invalid."""
        if self.draft.content_sha256 != sent.get("content_sha256") and self.subject is not None:
            raise Conflict(N_("Somebody has edited the draft since you opened this page. Read it again."))
        digest, version = self.wanted(sent)
        given: dict[str, Any] = {"version": str(version), "content_sha256": digest}
        reason = self.numbers.reason(version, sent.get("because", ""))
        if reason is not None:
            given["because"] = reason
        if sent.get("when") == ON_A_DATE:
            if not sent.get("effective_from"):
                raise FormRefused(N_("Choose a date."), "effective_from")
            given["effective_from"] = sent["effective_from"]
            date = value_of(NewReleaseBody, {}, effective_from=sent["effective_from"]).effective_from
            if date is not None and date <= self.page.serving.clock():
                raise FormRefused(
                    N_("Choose a day after today. To publish today, choose “At once”."), "effective_from"
                )
        elif sent.get("when") != NOW:
            raise FormRefused(N_("Choose when the release comes into force."), "when")
        notes = sent.get("notes", "").replace("\r\n", "\n")
        if notes.strip() or self.notes:
            given["notes"] = notes if notes.strip() else self.notes
        if self.corrects is not None:
            given |= {"corrects": str(self.corrects), "document": {}}
        return value_of(NewReleaseBody, {}, **given)


def form_for(page: LadderPage, corrects: str | None) -> PublishForm:
    """Return the form of a draft. Raises NotFound, Conflict if the release cannot be corrected, and Unavailable."""
    catalog = page.answer.catalog
    line, moment = catalog.releases.get(page.slug, ()), catalog.moment_of(page.slug)
    version = _version(corrects)
    position = position_of(page.slug, line, moment, version)
    sides = draft_sides(page.serving, page.answer, page.slug, position.base)

    def read(connection: Connection) -> tuple[LadderSettings, Subject | None, Review | None]:
        settings = get_settings(connection, page.slug)
        return settings, find_subject(connection, page.slug), find_open_review(connection, page.slug)

    settings, subject, review = page.serving.database.ask(read)
    assert isinstance(sides.after, LoadedDraft)  # noqa: S101 - as `draft_sides` makes them
    return PublishForm(page, sides, sides.after, position, settings, subject, review, version)


def _version(text: str | None) -> Version | None:
    try:
        return None if text is None else Version.parse(text)
    except ValueError as error:
        raise Invalid(str(error)) from None
