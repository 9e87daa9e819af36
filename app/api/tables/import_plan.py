"""The plan of an import: what the contents of files make of a draft, for the API and for pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.api.reading.queries import wrong_value
from app.errors import Conflict, Fault
from app.formats.file_import.contents import Content
from app.formats.file_import.plan import Bases, Import, Imported, Mode
from app.rubric.index import Index
from app.rubric.releases import Release, latest
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.store.drafts import Draft

_LATEST: Final = "latest"


@dataclass(frozen=True)
class ImportPlan:
    """A draft, and what an import makes of it."""

    before: Index
    imported: Imported

    def require_known_bases(self) -> None:
        """Raise Conflict if a file was made from a ladder that is not known here."""
        if not self.imported.known_bases:
            details = [one.message for one in self.imported.findings if one.code == "unknown-base"]
            raise Conflict(details[0], faults=[Fault(detail) for detail in details])


@dataclass(frozen=True)
class ImportPlanner:
    """The files of an import, and how they are taken."""

    serving: Serving
    answer: Answer
    slug: str
    contents: tuple[Content, ...]
    mode: Mode
    base: str | None = None
    """What the files were made from: a release number, `latest` or `draft`. None if the files say it."""

    def plan(self, draft: Draft) -> ImportPlan:
        """Return what the files make of a draft. Raises as `Import.run`, and InvalidParameter for an unknown base."""
        before = Index.of(draft.ladder)
        imported = Import(before, self._bases(draft, before), self.mode).run(self.contents)
        return ImportPlan(before, imported)

    def _bases(self, draft: Draft, before: Index) -> Bases:
        """Return the ladders that a file may have been made from."""
        line = self.answer.catalog.releases.get(self.slug, ())

        def by_hash(digest: str) -> Index | None:
            if digest == draft.content_sha256:
                return before
            return self._first(line, lambda one: one.content_sha256 == digest)

        def by_release(number: str) -> Index | None:
            return self._first(line, lambda one: str(one.version) == number)

        return Bases(by_hash, by_release, self._chosen(line, before, by_release))

    def _chosen(
        self, line: tuple[Release, ...], before: Index, by_release: Callable[[str], Index | None]
    ) -> Index | None:
        if self.base is None:
            return None
        if self.base == DRAFT:
            return before
        if self.base == _LATEST:
            newest = latest(line, self.answer.catalog.moment_of(self.slug))
            chosen = None if newest is None else self.serving.loaded.get(newest).index
        else:
            chosen = by_release(self.base)
        if chosen is None:
            raise wrong_value("base", f"{self.slug} has no release {self.base!r}. Use an existing one.")
        return chosen

    def _first(self, line: tuple[Release, ...], wanted: Callable[[Release], bool]) -> Index | None:
        found = next((one for one in line if wanted(one)), None)
        return None if found is None else self.serving.loaded.get(found).index
