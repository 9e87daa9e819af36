"""An import in one call: what files hold, and a ladder, become the ladder with the edits of the files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from app.errors import Conflict, Fault
from app.formats.file_import.contents import Content, OwnLadder, OwnTable, OwnWorkbook
from app.formats.file_import.findings import conflict_findings, missing_findings, new_errors
from app.formats.importing.findings import ImportFinding
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.understand import Understood, UnderstoodSheet
from app.formats.sheets.edits.reader import read_table
from app.formats.sheets.edits.tables import edited_ladder
from app.formats.sheets.grid import refusal
from app.formats.sheets.workbook.importing import import_workbook, made_from
from app.formats.sheets.workbook.layout import BY_TITLE
from app.formats.sheets.workbook.reader import Entry
from app.rubric.entities import LISTS, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.merging import merge
from app.rubric.merging.pairs import paired_entities
from app.rubric.merging.renaming import with_slugs
from app.rubric.merging.trees import cells_of

Mode = Literal["merge", "replace"]
"""`merge`: only edits are taken, and what a file lacks stays. `replace`: what a file lacks is removed."""

_TOP: Final = 2
"""The number of slashes in the JSON Pointer of an entity in a list of the ladder itself."""


def _nothing(_: str) -> Index | None:
    return None


@dataclass(frozen=True)
class Bases:
    """The ladders that a file may have been made from."""

    by_hash: Callable[[str], Index | None] = _nothing
    """Returns the ladder with a content hash."""
    by_release: Callable[[str], Index | None] = _nothing
    """Returns the ladder of a release number."""
    chosen: Index | None = None
    """The ladder that the author names."""


@dataclass(frozen=True)
class Imported:
    """The result of an import."""

    ladder: Ladder
    findings: tuple[ImportFinding, ...] = ()
    tables: tuple[UnderstoodSheet, ...] = ()
    mapping: ImportMapping | None = None
    """The mapping that was used for sheets of other people."""
    known_bases: bool = True
    """False if a file was made from a ladder that is not known, so every difference counts as an edit."""


@dataclass
class Import:
    """An import under way."""

    mine: Index | None
    """The ladder that takes the edits; None if there is none yet."""
    bases: Bases
    mode: Mode = "merge"
    where: str = "the draft"
    """Words for the ladder that takes the edits."""
    advice: str = (
        "Send `base` with the release that it was made from, `base=draft` to count every difference as an edit, or "
        "`mode=replace`."
    )
    """The advice if the ladder that a file was made from is not known."""
    findings: list[ImportFinding] = field(default_factory=list)
    tables: list[UnderstoodSheet] = field(default_factory=list)
    mapping: ImportMapping | None = None
    known_bases: bool = True

    def run(self, contents: Sequence[Content]) -> Imported:
        """Import contents one after the other.

        Raises:
            BadRequest: A table has no ladder that it belongs to.
            Conflict: A file belongs to another ladder.
            InvalidLadder: A row belongs to nothing, or has a value that does not fit.
        """
        for content in contents:
            self.mine = Index.of(self._one(content))
        assert self.mine is not None  # noqa: S101 - each content gives a ladder
        return Imported(
            self.mine.ladder, tuple(self.findings), tuple(self.tables), self.mapping, self.known_bases
        )

    def _one(self, content: Content) -> Ladder:
        if isinstance(content, OwnWorkbook):
            return self._workbook(content)
        if isinstance(content, OwnLadder):
            return self._whole(content)
        return self._table(content) if isinstance(content, OwnTable) else self._others(content)

    def _workbook(self, content: OwnWorkbook) -> Ladder:
        """Import a workbook of ours."""
        file, (release, digest) = content.file, made_from(content.grids, content.file)
        base = self.bases.chosen or self.bases.by_hash(digest)
        if base is None and self.mine is not None and self.mode == "merge":
            self._unknown(file, f"release {release}" if release else "a ladder", f" ({digest[:12]}…)")
            base = self.mine
        found = import_workbook(content.grids, file, base)
        self._refuse_other(file, found.ladder.slug)
        self.findings += (ImportFinding("unread", fault.detail) for fault in found.faults)
        for grid in content.grids:
            if grid.name.strip().lower() in BY_TITLE:
                rows = max(len(grid.cells) - 1, 0)
                self.tables.append(UnderstoodSheet(file, grid.name, "workbook", (), {"rows": rows}))
        if self.mine is None or base is None or self.mode == "replace":
            return self._checked(found.ladder, found.ladder, found.entries)
        return self._merged(file, base, found.ladder, found.entries, found.known)

    def _table(self, content: OwnTable) -> Ladder:
        """Import one of our tables."""
        file, table = content.file, read_table(content.grid, content.file, content.name)
        base = self.bases.chosen or self.bases.by_release(table.release)
        mine = self.mine or base
        if mine is None:
            raise refusal(
                f"{file}: this table is one part of a ladder, so it can only be imported into that ladder. "
                f"Name its files, or the release that it was made from."
            )
        for row in table.rows[:1]:
            self._refuse_other(file, row.cells.get("ladder", mine.ladder.slug), mine)
        layout = f"table of {content.name}"
        self.tables.append(UnderstoodSheet(file, content.grid.name, layout, (), {"rows": len(table.rows)}))
        if base is None and self.mode == "merge":
            made = {"": "several releases", "draft": "a draft"}.get(table.release, f"release {table.release}")
            self._unknown(file, made, "")
        if base is None or self.mode == "replace":
            base = mine
        edited = edited_ladder(table, base, file)
        self.findings += (ImportFinding(remark.code, remark.detail) for remark in edited.remarks)
        if self.mode == "replace":
            return self._checked(_without_orphans(mine, edited.ladder), edited.ladder, edited.entries)
        self.mine = mine
        return self._merged(file, base, edited.ladder, edited.entries, edited.known)

    def _whole(self, content: OwnLadder) -> Ladder:
        """Import a whole ladder. If nobody says what it was made from, every difference counts as an edit."""
        file, theirs = content.file, content.ladder
        self._refuse_other(file, theirs.slug)
        counts = {
            name: len(getattr(theirs, name)) for name in ("levels", "competencies") if getattr(theirs, name)
        }
        self.tables.append(UnderstoodSheet(file, file, "ladder", (), counts))
        if self.mine is None or self.mode == "replace":
            return self._checked(theirs, theirs, {})
        return self._merged(file, self.bases.chosen or self.mine, theirs, {}, ())

    def _others(self, content: Understood) -> Ladder:
        """Import sheets that somebody else laid out."""
        self.findings += content.findings
        self.tables += content.tables
        self.mapping = content.mapping
        if self.mine is None:
            return content.ladder
        theirs = _adopted(content.ladder, self.mine)
        if self.mode == "replace":
            return theirs
        found = merge(self.mine, Index.of(theirs), self.mine, partial=True)
        given = {name for name in LISTS if name != "expectations" and getattr(theirs, name)}
        listed = [one for one in found.missing if one.pointer.count("/") > _TOP or one.field in given]
        self.findings += missing_findings("the import", listed, self.where)
        return found.ladder

    def _merged(
        self,
        file: str,
        base: Index,
        theirs: Ladder,
        entries: Mapping[str, Entry],
        known: Sequence[tuple[str, str]],
    ) -> Ladder:
        """Return the ladder with the edits of one file, and note what did not become one."""
        assert self.mine is not None  # noqa: S101 - asked only if there is one
        found = merge(base, Index.of(theirs), self.mine, known=known)
        self.findings += conflict_findings(file, found.conflicts, entries, self.where)
        self.findings += missing_findings(file, found.missing, self.where)
        return self._checked(found.ladder, theirs, entries)

    def _checked(self, ladder: Ladder, theirs: Ladder, entries: Mapping[str, Entry]) -> Ladder:
        """Note the errors that the ladder has and had not before."""
        if self.mine is not None and ladder == self.mine.ladder:
            return ladder
        self.findings += new_errors(self.mine, Index.of(ladder), Index.of(theirs), entries)
        return ladder

    def _unknown(self, file: str, made: str, more: str) -> None:
        """Note that the ladder that a file was made from is not known."""
        self.known_bases = False
        detail = (
            f"{file}: this file was made from {made}{more}, which is not known here, so nobody can tell which of its "
            f"differences are edits. {self.advice}"
        )
        self.findings.append(ImportFinding("unknown-base", detail))

    def _refuse_other(self, file: str, slug: str, mine: Index | None = None) -> None:
        """Refuse a file of another ladder."""
        own = mine or self.mine
        if own is not None and slug not in {own.ladder.slug, *own.ladder.formerly}:
            detail = (
                f"{file}: this file belongs to the ladder {slug[:80]!r}, not to {own.ladder.slug!r}. Import it "
                f"there, or change the slug in the file."
            )
            raise Conflict(detail, faults=[Fault(detail)])


def _without_orphans(before: Index, after: Ladder) -> Ladder:
    """Return the ladder without what belonged to entities that a table removed, and without their translations."""
    index = Index.of(after)
    gone = {
        (node.kind, node.address)
        for kind in ("level", "competency", "facet")
        for node in before.of_kind(kind)
        if index.find(kind, node.address) is None and index.find_renamed(kind, node.address) is None
    }
    if not gone:
        return after
    facets = tuple(one for one in after.facets if ("competency", one.competency) not in gone)
    expectations = tuple(
        one
        for one in after.expectations
        if gone.isdisjoint({("level", one.level), ("competency", one.competency), ("facet", one.facet or "")})
    )
    kept = Index.of(after.model_copy(update={"facets": facets, "expectations": expectations}))
    translations = tuple(
        one
        for one in after.translations
        if kept.find_target(one.entity) is not None or before.find_target(one.entity) is None
    )
    return kept.ladder.model_copy(update={"translations": translations})


def _adopted(theirs: Ladder, mine: Index) -> Ladder:
    """Return a ladder under the names that another one has for the same ladder and entities."""
    own = {name: getattr(mine.ladder, name) for name in cells_of(Ladder)}
    index = Index.of(theirs.model_copy(update=own))
    slugs: dict[Node, str] = {}
    for here, there in paired_entities(mine, index):
        old, new = mine.at_pointer(here), index.at_pointer(there)
        slug = getattr(old.entity, "slug", None)
        if slug is not None and getattr(new.entity, "slug", slug) not in {None, slug}:
            slugs[new] = slug
    return with_slugs(index, slugs)
