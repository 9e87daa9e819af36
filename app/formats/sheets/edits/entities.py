"""The edits of the tables of levels, competencies, questions and expectations."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.formats.sheets.edits.reader import ReadTable
from app.formats.sheets.edits.target import Target, insert_after
from app.formats.sheets.edits.values import FIELDS, Json
from app.formats.sheets.formula_guard import unguarded
from app.formats.sheets.workbook.reader import Entry
from app.rubric.entities import Node
from app.rubric.suggest import slug_from
from app.rubric.text import folded

Before = Mapping[str, object]
"""A row of the table as the ladder gives it, by column."""
_TITLES: Final = {
    "level": "title",
    "competency": "competency_title",
    "facet": "facet_title",
    "faq": "question",
}


def edit_entities(target: Target, table: ReadTable, before: Sequence[Before]) -> None:
    """Make the edits of a table whose rows are entities."""
    _Entities(target, table, before).run()


def kind_of(table: str, row: Mapping[str, object]) -> str:
    """Return the kind of the entity of a row."""
    if table == "competencies":
        return "facet" if row.get("facet") else "competency"
    return {"levels": "level", "faqs": "faq", "expectations": "expectation"}[table]


class _Entities:
    """The edits of one table."""

    def __init__(self, target: Target, table: ReadTable, before: Sequence[Before]) -> None:
        self.target = target
        self.table = table
        self.before = before
        self.by_key: dict[tuple[str, str, str], Before] = {}
        for row in before:
            kind, step = kind_of(table.name, row), str(row.get("step") or "") if self.has_steps else ""
            self.by_key.setdefault((kind, str(row["uuid"]), step), row)
            self.by_key.setdefault((kind, str(row["slug"]), step), row)
        self.claimed: set[int] = set()
        self.last: Json | None = None

    @property
    def has_steps(self) -> bool:
        """Return whether a row is an entity and one of its steps."""
        return self.table.name == "competencies"

    def run(self) -> None:
        """Make the edits, and remove what the table lacks."""
        for entry in self.table.rows:
            before = self.find(entry)
            kind = kind_of(self.table.name, entry.cells)
            if before is None:
                self.add(kind, entry)
                continue
            self.claimed.add(id(before))
            self.target.check(entry, before)
            node = self.node(kind, before)
            if node is None:
                continue
            self.last = self.target.of(node)
            self.target.edit(kind, self.last, entry, before)
            if self.has_steps and before["step"]:
                self.edit_step(node, entry, before)
        self.remove_missing()

    def find(self, entry: Entry) -> Before | None:
        """Return the row before: by UUID, slug, earlier slug or title. A second row of the same is a new one."""
        kind = kind_of(self.table.name, entry.cells)
        step = entry.cells.get("step", "") if self.has_steps else ""
        names = [entry.cells.get("uuid", "").lower(), entry.cells.get("slug", "")]
        renamed = self.target.base.find_renamed(kind, names[1]) if names[1] else None
        if renamed is not None:
            names.append(renamed.address)
        for name in names:
            found = self.by_key.get((kind, name, step))
            if found is not None and id(found) not in self.claimed:
                return found
        if names[1]:
            return None
        title = folded(unguarded(entry.cells.get(_TITLES.get(kind, ""), "")))
        alike = [
            row
            for row in self.before
            if title
            and id(row) not in self.claimed
            and kind_of(self.table.name, row) == kind
            and folded(str(row[_TITLES[kind]])) == title
            and (not self.has_steps or (row["step"] or "") == step)
        ]
        return alike[0] if len(alike) == 1 else None

    def node(self, kind: str, row: Before) -> Node | None:
        """Return the entity of a row before."""
        return self.target.base.find(kind, str(row["slug"]))

    def add(self, kind: str, entry: Entry) -> None:
        """Add the entity of a new row, or say why there is none."""
        made: Json = {}
        for column in ("level", "competency", "facet"):
            if column in entry.cells and (kind == "expectation" or (kind, column) == ("facet", "competency")):
                made[column] = unguarded(entry.cells[column])
        self.target.edit(kind, made, entry, None)
        if kind == "expectation":
            reason = self.unplaced(made)
        else:
            made.setdefault("slug", slug_from(unguarded(entry.cells.get(_TITLES[kind], ""))[:200]))
            taken = self.target.base.find(kind, made["slug"] or "")
            reason = "another row has this slug or uuid" if taken is not None else None
            reason = reason or ("the row has no slug and no title" if not made["slug"] else None)
        if reason is not None:
            self.target.remark("row-not-used", f"{entry.place('slug')}: {reason}. The row was not used.")
            return
        self.target.add(kind, made, entry, self.last)
        self.last = made

    def unplaced(self, made: Mapping[str, Any]) -> str | None:
        """Return why an expectation cannot be added; None if it can."""
        base = self.target.base
        for kind in ("level", "competency", "facet"):
            slug = made.get(kind)
            if slug is None and kind != "facet":
                return f"the row has no {kind}"
            if slug is not None and base.find(kind, slug) is None:
                return f"the ladder has no {kind} {slug[:80]!r}"
        if (made["level"], made["competency"], made.get("facet")) in base.cells:
            return "another row has the same level, competency and facet"
        return None

    def edit_step(self, node: Node, entry: Entry, before: Before) -> None:
        """Edit what a competency or facet looks like at one step."""
        made = self.target.of(node)
        held = made.get("proficiencies", [])
        found = next((one for one in held if one["step"] == before["step"]), None)
        described: Json = {"step": before["step"]} if found is None else found
        self.target.edit("proficiency", described, entry, before)
        if found is None and len(described) > 1:
            insert_after(made.setdefault("proficiencies", []), described, None)

    def remove_missing(self) -> None:
        """Remove the entities that the table lacks, within the tracks or cells that it shows."""
        shown = {
            name: {row.cells.get(name, "") for row in self.table.rows}
            for name in ("track", "level", "competency")
        }
        names = {"levels": ("track",), "expectations": ("level", "competency")}.get(self.table.name, ())
        seen = {
            (kind_of(self.table.name, row), row["slug"]) for row in self.before if id(row) in self.claimed
        }
        for row in self.before:
            kind = kind_of(self.table.name, row)
            if (kind, row["slug"]) in seen or any(str(row[name]) not in shown[name] for name in names):
                continue
            node = self.node(kind, row)
            if node is not None:
                made = self.target.of(node)
                held = self.target.whole[node.field]
                held[:] = [one for one in held if one is not made]


def read_columns(table: str) -> frozenset[str]:
    """Return the columns of a table that are read. The others only repeat what another table holds."""
    kinds = {
        "levels": ("level",),
        "competencies": ("competency", "facet", "proficiency"),
        "faqs": ("faq",),
        "expectations": ("expectation",),
        "statements": ("statement", "cell"),
    }[table]
    edited = {column for kind in kinds for column in FIELDS[kind]}
    named = {
        "levels": set[str](),
        "competencies": {"competency", "facet", "step"},
        "faqs": set[str](),
        "expectations": {"level", "competency", "facet"},
        "statements": {"level", "competency", "facet", "position"},
    }[table]
    return frozenset(edited | named | {"uuid"})
