"""The ladder that a table was made from, as JSON that takes the edits of the table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from app.errors import MOST_FAULTS, Fault, InvalidLadder
from app.formats.sheets.edits.values import FIELDS, Json, is_edited
from app.formats.sheets.workbook.reader import Entry
from app.rubric.canonical import plain
from app.rubric.entities import LISTS, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.merging.renaming import with_slugs
from app.rubric.text import MAX_SLUG, SLUG_PATTERN
from app.validation import in_words

_SLUG: Final = re.compile(SLUG_PATTERN)
_LIST_OF: Final[Mapping[str, str]] = {kind: name for name, kind in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a table that did not become an edit."""

    code: str
    """The code of the finding: `computed-column` or `row-not-used`."""
    detail: str
    """The place, what is wrong, and how to fix it."""


@dataclass(frozen=True)
class EditedLadder:
    """The ladder that a table was made from, with the edits of the table."""

    ladder: Ladder
    known: tuple[tuple[str, str], ...]
    """The places of each entity that is not new: in the ladder before, and in this one."""
    entries: Mapping[str, Entry]
    """The row of each edited entity, by its JSON Pointer (RFC 6901) into the ladder."""
    remarks: tuple[Remark, ...]


@dataclass
class Target:
    """A ladder that takes edits."""

    base: Index
    read: frozenset[str]
    """The columns that are read. The others repeat what is written elsewhere."""
    computed: dict[str, list[Entry]] = field(default_factory=dict)
    """The rows with edits in the other columns."""
    remarks: list[Remark] = field(default_factory=list)
    whole: Any = field(init=False)
    made: dict[str, Json] = field(init=False)
    """The JSON of each entity and part, by its pointer in the ladder before."""
    rows: dict[int, Entry] = field(default_factory=dict)
    """The row of each edited object, by the identity of the object."""
    faults: list[Fault] = field(default_factory=list)
    """Slugs that are none."""
    renamed: dict[str, str] = field(default_factory=dict)
    """New slugs, by the pointer of the entity in the ladder before."""

    def __post_init__(self) -> None:
        """Copy the ladder."""
        self.whole = plain(self.base.ladder)
        self.made = dict(_objects(self.whole, ""))
        self.origins = {id(made): pointer for pointer, made in self.made.items()}

    def of(self, node: Node) -> Json:
        """Return the JSON of an entity."""
        return self.made[node.pointer]

    def edit(self, kind: str, made: Json, entry: Entry, before: Mapping[str, object] | None) -> None:
        """Set what the row of an entity changes. A new entity has no row before."""
        for column, (name, put) in FIELDS[kind].items():
            if column not in entry.columns:
                continue
            cell = entry.cells.get(column, "")
            if before is None and not cell:
                continue
            if before is not None and not is_edited(column, cell, before[column]):
                continue
            if column == "slug" and before is not None:
                self._rename(made, entry, cell)
            else:
                put(made, name, cell)
            self.rows.setdefault(id(made), entry)

    def _rename(self, made: Json, entry: Entry, slug: str) -> None:
        """Note another slug of an entity. An empty cell keeps the slug."""
        if slug and (_SLUG.fullmatch(slug) is None or len(slug) > MAX_SLUG):
            wanted = "use lower-case letters and digits, joined by single hyphens, such as `system-design`."
            self.faults.append(Fault(f"{entry.place('slug')}: `slug`: {wanted}"))
        elif slug:
            self.renamed[self.origins[id(made)]] = slug

    def check(self, entry: Entry, before: Mapping[str, object]) -> None:
        """Note the edits of a row in columns that are not read."""
        for column in entry.columns:
            if column not in self.read and is_edited(column, entry.cells.get(column, ""), before[column]):
                self.computed.setdefault(column, []).append(entry)

    def remark(self, code: str, detail: str) -> None:
        """Note something that did not become an edit."""
        self.remarks.append(Remark(code, detail))

    def add(self, kind: str, made: Json, entry: Entry, after: Json | None) -> None:
        """Add an entity to its list, after another one if that is given."""
        insert_after(self.whole.setdefault(_LIST_OF[kind], []), made, after)
        self.rows[id(made)] = entry

    def result(self) -> EditedLadder:
        """Return the edited ladder. Raises InvalidLadder with the place of each value that does not fit."""
        for collection in LISTS:
            if not self.whole.get(collection, True):
                del self.whole[collection]
        if self.faults:
            raise InvalidLadder(self.faults[0].detail, faults=self.faults[:MOST_FAULTS])
        now = dict(_objects(self.whole, ""))
        try:
            ladder = Ladder.model_validate(self.whole)
        except ValidationError as error:
            raise self._invalid(error, now) from None
        known = tuple(
            (self.origins[id(made)], there) for there, made in now.items() if id(made) in self.origins
        )
        entities = {node.pointer for node in self.base.nodes}
        known = tuple(pair for pair in known if pair[0] in entities)
        entries = {pointer: self.rows[id(made)] for pointer, made in now.items() if id(made) in self.rows}
        return EditedLadder(self._with_new_slugs(ladder, dict(known)), known, entries, tuple(self.remarks))

    def _with_new_slugs(self, ladder: Ladder, places: Mapping[str, str]) -> Ladder:
        """Return the ladder with the entities renamed, each with its earlier slug."""
        if not self.renamed:
            return ladder
        index = Index.of(ladder)
        slugs = {index.at_pointer(places[was]): slug for was, slug in self.renamed.items() if was in places}
        changed = with_slugs(index, slugs)
        update: dict[str, Any] = {}
        for node in slugs:
            held = list(update.get(node.field, getattr(changed, node.field)))
            one: Any = held[node.position]
            old: Any = node.entity
            earlier = tuple(slug for slug in one.formerly if slug != old.slug)
            held[node.position] = one.model_copy(update={"formerly": (*earlier, old.slug)})
            update[node.field] = tuple(held)
        return Ladder.model_validate(plain(changed.model_copy(update=update)))

    def _invalid(self, error: ValidationError, now: Mapping[str, Json]) -> InvalidLadder:
        faults: list[Fault] = []
        for found in error.errors(include_url=False)[:MOST_FAULTS]:
            if found["type"] == "float_type":
                continue  # a number may be whole or not; pydantic says both, one after the other
            entry, name, pointer = None, "", ""
            for step in map(str, found["loc"]):
                made = now.get(pointer)
                name = step if made is not None else name
                entry = self.rows.get(id(made), entry)
                pointer += f"/{step}"
            place = "the table" if entry is None else entry.place(name)
            words = "Use a number." if found["type"] == "int_type" else in_words(dict(found))
            faults.append(Fault(f"{place}: `{name}`: {words[:1].lower()}{words[1:]}"))
        return InvalidLadder(faults[0].detail, faults=faults)


def insert_after(items: list[Json], made: Json, after: Json | None) -> None:
    """Put an object into a list, after another one; at the end if that is not there."""
    at = next((place for place, one in enumerate(items) if one is after), len(items) - 1)
    items.insert(at + 1, made)


def _objects(value: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield every object in lists of objects, by its JSON Pointer."""
    for name, held in value.items():
        if isinstance(held, list):
            for at, one in enumerate(held):
                if isinstance(one, dict):
                    here = f"{pointer}/{name}/{at}"
                    yield here, one
                    yield from _objects(one, here)
