"""An import into a draft that waits for its confirmation: keeping the upload, planning, and importing it once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from fastapi import Request

from app.api.protocol.write_transaction import Change
from app.api.reading.draft_etags import whole_tag
from app.api.reading.reader import serving_of
from app.api.tables.import_plan import ImportPlan, ImportPlanner
from app.api.writing.draft_writes import change_draft
from app.errors import PreconditionFailed
from app.formats.file_import.plan import Mode
from app.rubric.ladder import Ladder
from app.serving.answers.answer import answer_of
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.store.drafts import Draft, get_draft
from app.store.work.waiting import take_waiting
from app.web.pages.importing.creating import done_before
from app.web.pages.importing.once import note_done
from app.web.pages.importing.uploads import Upload, UploadOver, drop_upload, get_upload, keep_upload

MODES: Final[Mapping[str, Mode]] = {"merge": "merge", "replace": "replace"}
_PURPOSE: Final = "import"


@dataclass(frozen=True)
class Planned:
    """The state of a draft after an import that is not carried out yet."""

    plan: ImportPlan
    is_source_known: bool
    """False if the file was made from a ladder that is not known, so that every difference counts as a change."""


@dataclass(frozen=True)
class DraftImport:
    """The imports of one person into the draft of one ladder."""

    request: Request
    slug: str

    @cached_property
    def serving(self) -> Serving:
        """The parts of this process."""
        return serving_of(self.request)

    @cached_property
    def draft(self) -> Draft:
        """The draft as it is now. Raises NotFound, and Unavailable."""
        question = partial(get_draft, slug=self.slug, now=self.serving.clock())
        return self.serving.database.ask(question)

    @property
    def home(self) -> str:
        """The URL of the draft."""
        return f"{self.serving.settings.root_path}/ladders/{self.slug}@{DRAFT}"

    @property
    def purpose(self) -> str:
        """The purpose of its forms, for their tokens."""
        return f"{_PURPOSE} {self.slug}"

    def keep(self, upload: Upload) -> str:
        """Keep an upload for the draft as it is now, and return the URL of its page.

        Raises BadRequest, Invalid, InvalidLadder, TooLarge or Conflict if it cannot be imported.
        """
        self.plan(upload, self.draft, "merge")
        key = keep_upload(self.request, upload, _PURPOSE, self.slug, tag_of(self.draft))
        return f"{self.home}/import/{key}"

    def find(self, key: str) -> tuple[Upload, bool]:
        """Return an upload, and whether the draft is as it was when the upload was made. Raises UploadOver."""
        upload, tag = get_upload(self.request, key, _PURPOSE, self.slug)
        return upload, tag == tag_of(self.draft)

    def plan(self, upload: Upload, draft: Draft, mode: Mode) -> Planned:
        """Return what an upload makes of a draft. Raises as `ImportPlanner.plan`."""
        answer = answer_of(self.request.scope)
        contents = upload.read(_name_of(draft.ladder))
        planner = ImportPlanner(self.serving, answer, self.slug, contents, mode)
        plan = planner.plan(draft)
        if plan.imported.known_bases:
            return Planned(plan, is_source_known=True)
        return Planned(replace(planner, base=DRAFT).plan(draft), is_source_known=False)

    def again(self, key: str) -> str:
        """Keep an upload for the draft as it is now, and return the URL of its page. Raises UploadOver."""
        upload, _ = self.find(key)
        drop_upload(self.request, key)
        return self.keep(upload)

    def cancel(self, key: str) -> str:
        """Delete an upload of this person, and return the URL of the draft. Raises UploadOver."""
        self.find(key)
        drop_upload(self.request, key)
        return self.home

    def confirm(self, key: str, form: Mapping[str, str]) -> str:
        """Import an upload once, and return the URL of the draft. Repeating the same form gives the same URL.

        Raises UploadOver, and PreconditionFailed if somebody has changed the draft.
        """
        purpose = f"{_PURPOSE} {key}"
        try:
            self._import(key, form, purpose)
        except (UploadOver, PreconditionFailed):
            done = done_before(self.request, purpose, form)
            if done is None:
                raise
            return done
        return self.home

    def _import(self, key: str, form: Mapping[str, str], purpose: str) -> None:
        upload, tag = get_upload(self.request, key, _PURPOSE, self.slug)
        mode = MODES.get(form.get("mode", ""), "merge")

        def change(draft: Draft) -> Ladder:
            if tag_of(draft) != tag:
                raise PreconditionFailed("The draft has changed since the upload.", etag=tag_of(draft))
            return self.plan(upload, draft, mode).plan.imported.ladder

        def finish(held: Change, _after: Draft) -> None:
            if not take_waiting(held.connection, key, held.identity):
                raise UploadOver
            note_done(held, purpose, form, self.home)

        change_draft(self.request, self.slug, change, finish=finish)


def _name_of(ladder: Ladder) -> str:
    """Return what sheets without a title are called: as the only track, so that their levels are on it."""
    return ladder.tracks[0].title if len(ladder.tracks) == 1 else ladder.title


def tag_of(draft: Draft) -> str:
    """Return the tag of a draft."""
    return whole_tag(draft.content_sha256, draft.base_version)
