"""Rows of an edited workbook recognised as the entities of the ladder that the workbook was made from.

A row is recognised by its key, by its UUID, or by its title. So a row can get another slug, and other rows that name
it by the old one follow. A new row needs no slug: it gets one from its title.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.formats.sheets.workbook.assemble import KINDS
from app.formats.sheets.workbook.cells import decode, decode_list, encode_list
from app.formats.sheets.workbook.layout import KEY, PART, SHEETS, UUID, Sheet
from app.formats.sheets.workbook.reader import Entry
from app.formats.sheets.workbook.rows import Row, workbook_rows
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.suggest import slug_from
from app.rubric.text import folded

_SLUG: Final = "Slug"
_FORMERLY: Final = "Formerly"
_REFERENCES: Final = {
    "Extends": "track",
    "Track": "track",
    "Level": "level",
    "Competency": "competency",
    "Facet": "facet",
    "Scale": "scale",
}
"""The columns that hold the slug of another row, and its kind."""
_OWN: Final = frozenset({KEY, PART, UUID})

Rows = Mapping[str, Sequence[Entry]]
"""The rows of each sheet, by the name of the property that holds them."""


@dataclass
class Recognised:
    """The rows of a workbook, matched with the ladder that it was made from."""

    base: Index
    certain: bool
    """True if the workbook was made from exactly this ladder, so that keys by position mean the same in both."""
    nodes: dict[Entry, Node] = field(default_factory=dict)
    """The entity of each row that is not new."""
    kept_columns: list[tuple[Sheet, str]] = field(default_factory=list)
    """Columns that the file lacks. Their cells are as they were."""

    def read(self, rows: Rows) -> None:
        """Match the rows, and complete them: with slugs, and with the columns that the file lacks."""
        for sheet in SHEETS:
            if sheet.is_entity:
                self._match(sheet, rows.get(sheet.field, ()))
        before = self._rows_before()
        for sheet in SHEETS:
            if sheet.is_entity:
                self._complete(sheet, rows.get(sheet.field, ()), before)
        renamed = dict(self._renamed())
        if renamed:
            current = {
                (KINDS[sheet.field], entry.cells.get(_SLUG))
                for sheet in SHEETS
                if sheet.is_entity
                for entry in rows.get(sheet.field, ())
            }
            for entries in rows.values():
                for entry in entries:
                    self._follow(entry, before, renamed, current)

    def _match(self, sheet: Sheet, entries: Sequence[Entry]) -> None:
        """Find the entity of each row. Of several rows with one key, one is the entity; the others are copies."""
        claims: dict[Node, list[Entry]] = defaultdict(list)
        for entry in entries:
            node = self._named(KINDS[sheet.field], entry)
            if node is not None:
                claims[node].append(entry)
        for node, several in claims.items():
            original = several[0]
            if len(several) > 1:
                original = next((one for one in several if self._is_unchanged(one, node)), original)
            self.nodes[original] = node
            for copy in several:
                if copy is not original:
                    self._forget(sheet, copy, node)
        self._match_titles(sheet, [entry for entry in entries if entry not in self.nodes])

    def _named(self, kind: str, entry: Entry) -> Node | None:
        """Return the entity that the key or the UUID of a row names."""
        node = self.base.find_target(entry.cells.get(KEY, ""))
        if node is None or node.kind != kind:
            try:
                node = self.base.find_uuid(uuid.UUID(entry.cells.get(UUID, "")))
            except ValueError:
                return None
        if node is None or node.kind != kind:
            return None
        return node if self.certain or node.uuid is not None else None

    def _match_titles(self, sheet: Sheet, entries: Sequence[Entry]) -> None:
        """Match rows without key, UUID and known slug by their titles, if these are unique."""
        kind = KINDS[sheet.field]
        free: dict[str, list[Node]] = defaultdict(list)
        taken = set(self.nodes.values())
        for node in self.base.of_kind(kind):
            if node not in taken and _name_of(node):
                free[folded(_name_of(node))].append(node)
        for entry in entries:
            title = entry.cells.get("Title") or entry.cells.get("Question")
            if title is None or _SLUG in entry.cells or sheet.field in {"examples", "proficiencies", "steps"}:
                continue
            found = free.pop(folded(decode(title)), [])
            if len(found) == 1:
                self.nodes[entry] = found[0]

    def _is_unchanged(self, entry: Entry, node: Node) -> bool:
        text = getattr(node.entity, "text", None) or _name_of(node)
        shown = entry.cells.get("Text") or entry.cells.get("Title") or entry.cells.get("Question") or ""
        return decode(shown) == text

    def _forget(self, sheet: Sheet, copy: Entry, node: Node) -> None:
        """Make a copied row a new one: it has no key, and no slug if it may be without."""
        copy.cells.pop(KEY, None)
        copy.cells.pop(UUID, None)
        optional = not sheet.model.model_fields["slug"].is_required() if _has_slug(sheet) else False
        if optional and copy.cells.get(_SLUG) == getattr(node.entity, "slug", None):
            copy.cells.pop(_SLUG, None)

    def _rows_before(self) -> Mapping[str, Row]:
        return {row[KEY]: row for rows in workbook_rows(self.base).values() for row in rows if KEY in row}

    def _complete(self, sheet: Sheet, entries: Sequence[Entry], before: Mapping[str, Row]) -> None:
        """Fill in columns that the file lacks, slugs, and earlier slugs."""
        lacks: set[str] = set()
        used = {entry.cells[_SLUG] for entry in entries if _SLUG in entry.cells}
        for entry in entries:
            node = self.nodes.get(entry)
            row = {} if node is None else before[node.target]
            for name in sheet.headers:
                if name not in entry.columns and name not in _OWN and name in row:
                    entry.cells[name] = row[name]
                    lacks.add(name)
            if node is not None:
                entry.cells[KEY] = node.target
            if _has_slug(sheet):
                self._name(sheet, entry, node, used)
        self.kept_columns += ((sheet, name) for name in sheet.headers if name in lacks)

    def _name(self, sheet: Sheet, entry: Entry, node: Node | None, used: set[str]) -> None:
        """Give a row without a slug one, and a row with another slug its earlier one."""
        cells = entry.cells
        old = getattr(None if node is None else node.entity, "slug", None)
        if _SLUG not in cells and sheet.model.model_fields["slug"].is_required():
            title = cells.get("Title") or cells.get("Question") or cells.get("Text", "")
            cells[_SLUG] = old or _unused(slug_from(decode(title)[:200]), used)
            used.add(cells[_SLUG])
        if old is not None and cells.get(_SLUG, old) != old:
            earlier = [one for one in decode_list(cells.get(_FORMERLY, "")) if one != old]
            cells[_FORMERLY] = encode_list([*earlier, old])

    def _renamed(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield the new slug of each entity that was renamed, by its kind and old slug; a step by its address."""
        for entry, node in self.nodes.items():
            old, new = getattr(node.entity, "slug", None), entry.cells.get(_SLUG)
            if old is not None and new is not None and old != new:
                yield (node.kind, node.address), new

    def _follow(
        self,
        entry: Entry,
        before: Mapping[str, Row],
        renamed: Mapping[tuple[str, str], str],
        current: set[tuple[str, str | None]],
    ) -> None:
        """Replace the old slugs of other rows in a row, except where an author wrote them anew."""
        node = self.nodes.get(entry)
        row = {} if node is None else before[node.target]
        cells = entry.cells
        scale = self.base.scale_name(cells.get("Competency", ""), cells.get("Facet"))
        for name, kind in (("Step", "step"), *_REFERENCES.items()):
            old = cells.get(name)
            if old is None:
                continue
            address = f"{scale}--{old}" if kind == "step" else old
            new = renamed.get((kind, address))
            if new is not None and (row.get(name) == old or (kind, old) not in current):
                cells[name] = new


def _has_slug(sheet: Sheet) -> bool:
    return "slug" in sheet.model.model_fields


def _name_of(node: Node) -> str:
    entity: Any = node.entity
    return getattr(entity, "title", None) or getattr(entity, "question", None) or ""


def _unused(slug: str | None, used: set[str]) -> str:
    """Return a slug that no other row has."""
    first = slug or "new"
    found, number = first, 1
    while found in used:
        number += 1
        found = f"{first}-{number}"
    return found
