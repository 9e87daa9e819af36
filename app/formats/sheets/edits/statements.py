"""The edits of the table of statements. Rows are known again by their texts, then by their positions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.formats.sheets.edits.reader import ReadTable
from app.formats.sheets.edits.target import Target, insert_after
from app.formats.sheets.edits.values import Json, is_edited
from app.formats.sheets.formula_guard import unguarded
from app.formats.sheets.grid import refusal
from app.formats.sheets.workbook.reader import Entry
from app.rubric.diff.pairing import pair_alike, pair_equal
from app.rubric.statement_kinds import SUMMARY

Before = Mapping[str, object]
Place = tuple[str, str, str, str]
"""Level, competency, facet and step of a row. Rows of a level have no step here, since all share one."""


def edit_statements(target: Target, table: ReadTable, before: Sequence[Before], file: str) -> None:
    """Make the edits of a table of statements.

    Raises BadRequest if the table shows what levels effectively ask, which nobody wrote in one place.
    """
    for entry in table.rows:
        origin = entry.cells.get("origin", "")
        if origin not in {"", "own", "step"} or (origin == "step" and entry.cells.get("level")):
            raise refusal(
                f"{file}: this table shows what levels effectively ask, with inherited texts. Export the table "
                f"without `effective=true`, edit that one, and import it."
            )
    _Statements(target, table, before).run()


class _Statements:
    """The edits of one table."""

    def __init__(self, target: Target, table: ReadTable, before: Sequence[Before]) -> None:
        self.target = target
        self.table = table
        self.groups: dict[Place, list[Entry]] = defaultdict(list)
        self.before: dict[Place, list[Before]] = defaultdict(list)
        for entry in table.rows:
            self.groups[_place(entry.cells)].append(entry)
        for row in before:
            self.before[_place(row)].append(row)

    def run(self) -> None:
        """Make the edits, and remove the texts that the table lacks."""
        for place, entries in self.groups.items():
            owner = self.owner(place, entries)
            if owner is not None:
                self.edit(owner, entries, self.before.get(place, []))
        levels = {place[0] for place in self.groups}
        competencies = {place[1] for place in self.groups}
        for place, rows in self.before.items():
            if place not in self.groups and place[0] in levels and place[1] in competencies:
                owner = self.find(place)
                if owner is not None:
                    self.remove(owner, rows)

    def find(self, place: Place) -> Json | None:
        """Return the expectation or proficiency of a place."""
        level, competency, facet, step = place
        base = self.target.base
        if level:
            address = "--".join(part for part in (level, competency, facet) if part)
            node = base.find("expectation", address)
            return None if node is None else self.target.of(node)
        node = base.find("facet", facet) if facet else base.find("competency", competency)
        held = [] if node is None else self.target.of(node).get("proficiencies", [])
        return next((one for one in held if one["step"] == step), None)

    def owner(self, place: Place, entries: Sequence[Entry]) -> Json | None:
        """Return the owner of the texts of a place. Create it if it is not there, or say why it cannot be."""
        found = self.find(place)
        if found is not None:
            return found
        level, competency, facet, step = place
        base = self.target.base
        for kind, slug in (("level", level), ("competency", competency), ("facet", facet)):
            if (slug and base.find(kind, slug) is None) or (kind == "competency" and not slug):
                wrong = f"the ladder has no {kind} {slug[:80]!r}" if slug else f"the row has no {kind}"
                for entry in entries:
                    self.target.remark("row-not-used", f"{entry.place(kind)}: {wrong}. The row was not used.")
                return None
        made: Json
        if level:
            made = {"level": level, "competency": competency} | ({"facet": facet} if facet else {})
            self.target.add("expectation", made, entries[0], None)
            return made
        node = base.find("facet", facet) if facet else base.find("competency", competency)
        if node is None or not step:
            for entry in entries:
                detail = (
                    f"{entry.place('level')}: the row has neither a level nor a step. The row was not used."
                )
                self.target.remark("row-not-used", detail)
            return None
        made = {"step": step}
        insert_after(self.target.of(node).setdefault("proficiencies", []), made, None)
        return made

    def edit(self, owner: Json, entries: Sequence[Entry], rows: Sequence[Before]) -> None:
        """Edit the texts of one owner."""
        pairs = _paired(entries, rows)
        lines = [row for row in rows if row["kind"] != SUMMARY]
        objects = dict(zip(map(id, lines), owner.get("statements", ()), strict=False))
        last: Json | None = None
        for entry in entries:
            row = pairs.get(entry)
            if row is not None:
                self.target.check(entry, row)
            self.edit_cell(owner, entry, rows)
            if (row["kind"] if row is not None else entry.cells.get("kind")) == SUMMARY:
                self.edit_summary(owner, entry, row)
                continue
            made: Json = {} if row is None else objects[id(row)]
            self.target.edit("statement", made, entry, row)
            if row is None and "text" in made:
                insert_after(owner.setdefault("statements", []), made, last)
            last = made
        claimed = {id(row) for row in pairs.values()}
        self.remove(owner, [row for row in rows if id(row) not in claimed], objects)

    def edit_summary(self, owner: Json, entry: Entry, row: Before | None) -> None:
        """Edit the summary of an owner."""
        cell = entry.cells.get("text", "")
        if row is None and "summary" in owner:
            self.target.remark(
                "row-not-used", f"{entry.place('kind')}: another row is the summary. The row was not used."
            )
        elif is_edited("text", cell, None if row is None else row["text"]):
            owner["summary"] = unguarded(cell)
            self.target.rows.setdefault(id(owner), entry)

    def edit_cell(self, owner: Json, entry: Entry, rows: Sequence[Before]) -> None:
        """Edit the expectation of a row: each of its rows repeats its applicability and its step."""
        if "level" not in owner:
            return
        before = rows[0] if rows else {"applicability": "required", "step": ""}
        for column in ("applicability", "step"):
            cell = entry.cells.get(column, "")
            if column not in entry.columns or not is_edited(column, cell, before[column]):
                continue
            if owner.get(column, before[column] or None) not in {before[column] or None, cell}:
                detail = f"{entry.place(column)}: other rows of the same level and competency have another {column}."
                self.target.remark("row-not-used", detail)
            elif cell:
                owner[column] = cell
            elif column == "step":
                owner.pop(column, None)
            self.target.rows.setdefault(id(owner), entry)

    def remove(self, owner: Json, rows: Sequence[Before], objects: Mapping[int, Json] | None = None) -> None:
        """Remove texts from their owner."""
        known = {} if objects is None else objects
        gone = {id(known[id(row)]) for row in rows if id(row) in known}
        if any(row["kind"] == SUMMARY for row in rows):
            owner.pop("summary", None)
        if objects is None:
            owner.pop("statements", None)
        elif gone:
            owner["statements"] = [one for one in owner["statements"] if id(one) not in gone]


def _place(row: Mapping[str, object]) -> Place:
    level = str(row.get("level") or "")
    step = "" if level else str(row.get("step") or "")
    return level, str(row.get("competency") or ""), str(row.get("facet") or ""), step


def _paired(entries: Sequence[Entry], rows: Sequence[Before]) -> dict[Entry, Before]:
    """Return the row before of each row that is not new: by kind and text, by position, then by likeness."""
    found: dict[Entry, Before] = {}

    def rest() -> tuple[list[Entry], list[Before]]:
        taken = {id(row) for row in found.values()}
        return [one for one in entries if one not in found], [row for row in rows if id(row) not in taken]

    def text(entry: Entry) -> str:
        return unguarded(entry.cells.get("text", ""))

    def pair(ours: list[object], theirs: list[object], left: list[Entry], right: list[Before]) -> None:
        found.update({left[i]: right[j] for i, j in pair_equal(ours, theirs)})

    left, right = rest()
    pair(
        [(one.cells.get("kind", ""), text(one)) for one in left],
        [(row["kind"], row["text"]) for row in right],
        left,
        right,
    )
    left, right = rest()
    summary = [one.cells.get("kind") == SUMMARY or None for one in left]
    pair(list(summary), [row["kind"] == SUMMARY or None for row in right], left, right)
    left, right = rest()
    right = [row for row in right if row["kind"] != SUMMARY]
    pair([one.cells.get("position") for one in left], [str(row["position"]) for row in right], left, right)
    left, right = rest()
    right = [row for row in right if row["kind"] != SUMMARY]
    alike = pair_alike([str(row["text"]) for row in right], [text(one) for one in left])
    found.update({left[j]: right[i] for i, j in alike})
    return found
