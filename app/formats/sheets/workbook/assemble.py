"""A ladder put together from the rows of our workbook, with the sheet, row and column of each fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from app.errors import MOST_FAULTS, Fault, InvalidLadder
from app.formats.sheets.workbook.cells import decode, decode_list
from app.formats.sheets.workbook.layout import (
    ABOUT,
    BY_FIELD,
    KEY,
    LADDER_FIELDS,
    OF,
    SHEETS,
    Holds,
    Sheet,
    columns,
    header,
)
from app.formats.sheets.workbook.reader import Entry
from app.rubric.entities import LISTS
from app.rubric.ladder import Ladder
from app.validation import in_words

Json = dict[str, Any]
KINDS: Final[Mapping[str, str]] = {
    **LISTS,
    "steps": "step",
    "proficiencies": "proficiency",
    "statements": "statement",
    "examples": "example",
}
"""The kind of the entities of a sheet, by the name of the property that holds them."""


@dataclass(frozen=True)
class Assembled:
    """A ladder made of rows."""

    ladder: Ladder
    entries: Mapping[str, Entry]
    """The row of each entity and part, by its JSON Pointer (RFC 6901) into the ladder."""


def assemble(about: Mapping[str, Entry], rows: Mapping[str, Sequence[Entry]]) -> Assembled:
    """Return the ladder that these rows make.

    Raises InvalidLadder if a row belongs to nothing, or has a value that does not fit.
    """
    assembly = _Assembly(about)
    return Assembled(assembly.ladder(rows), dict(assembly.places(assembly.whole, "")))


class _Assembly:
    """A ladder that is being put together."""

    def __init__(self, about: Mapping[str, Entry]) -> None:
        self.about = about
        self.whole: Json = _root(about)
        self.owners: dict[str, Json] = {f"ladder:{self.whole.get('slug', '')}": self.whole}
        """The possible owners of rows, by key."""
        self.renamed: dict[str, Json] = {}
        """The same by the key that each would have if it stated none."""
        self.cells: dict[tuple[str, ...], Json] = {}
        """Expectations by level, competency and facet; proficiencies by competency, facet and step."""
        self.by_slug: dict[tuple[str, str], Json] = {}
        self.entries: dict[int, Entry] = {}
        """The row of each object, by the identity of the object."""
        self.faults: list[Fault] = []

    def ladder(self, rows: Mapping[str, Sequence[Entry]]) -> Ladder:
        """Return the ladder. Raises InvalidLadder."""
        for sheet in SHEETS:
            for entry in rows.get(sheet.field, ()):
                self.add(sheet, entry)
        try:
            found = Ladder.model_validate(self.whole)
        except ValidationError as error:
            errors = [dict(one) for one in error.errors(include_url=False)]
            self.faults += (self.fault(one) for one in errors if one["type"] != "float_type")
            found = None
        if self.faults or found is None:
            shown = self.faults[:MOST_FAULTS]
            more = len(self.faults) - 1
            detail = shown[0].detail + (f" ({more} more)" if more else "")
            raise InvalidLadder(detail, faults=shown)
        return found

    def places(self, made: Json, pointer: str) -> Iterator[tuple[str, Entry]]:
        """Yield the JSON Pointer and the row of everything that rows made."""
        if id(made) in self.entries:
            yield pointer, self.entries[id(made)]
        for name, held in made.items():
            if isinstance(held, list):
                for at, one in enumerate(held):
                    if isinstance(one, dict):
                        yield from self.places(one, f"{pointer}/{name}/{at}")

    def add(self, sheet: Sheet, entry: Entry) -> None:
        """Add the object of a row to the owner that the row names."""
        made = _values(sheet, entry)
        owner = self.whole if sheet.of_ladder else self.owner(sheet, entry)
        if owner is None:
            return
        owner.setdefault(sheet.field, []).append(made)
        self.entries[id(made)] = entry
        if not sheet.is_entity:
            return
        kind = KINDS[sheet.field]
        if kind == "expectation":
            self.cells[made.get("level", ""), made.get("competency", ""), made.get("facet", "")] = made
        elif kind == "proficiency":
            place = entry.cells.get("Competency", ""), entry.cells.get("Facet", "")
            self.cells["", *place, made.get("step", "")] = made
        if "slug" in made:
            self.by_slug.setdefault((kind, made["slug"]), made)
        key = entry.cells.get(KEY) or _key(kind, owner, made)
        if key in self.owners:
            detail = (
                f"{entry.place(KEY)}: another row has the key {key}. Give this row another slug or no key."
            )
            self.faults.append(Fault(detail))
        elif key is not None:
            self.owners[key] = made
        self.renamed.setdefault(_key(kind, owner, made) or "", made)

    def owner(self, sheet: Sheet, entry: Entry) -> Json | None:
        """Return what a row belongs to. Note a fault if it is not there."""
        cells = entry.cells
        if sheet.field == "statements":
            found = self.holder(entry)
        elif sheet.field == "proficiencies":
            kind = "facet" if cells.get("Facet") else "competency"
            found = self.named(kind, cells.get(header(kind), ""))
        elif sheet.owner_columns == (OF,):
            found = self.owners.get(cells.get(OF, "")) or self.renamed.get(cells.get(OF, ""))
        else:
            kind = sheet.owner_columns[0].lower()
            found = self.named(kind, cells.get(header(kind), ""))
        if found is None:
            named = ", ".join(f"{name} {cells[name][:80]!r}" for name in sheet.owner_columns if name in cells)
            wrong = f"nothing has {named}" if named else "the row does not say what it belongs to"
            self.faults.append(
                Fault(
                    f"{entry.place(sheet.owner_columns[0])}: {wrong}. Fill in {', '.join(sheet.owner_columns)}."
                )
            )
        return found

    def named(self, kind: str, slug: str) -> Json | None:
        """Return the entity of a kind with a slug."""
        return self.by_slug.get((kind, slug))

    def holder(self, entry: Entry) -> Json | None:
        """Return the expectation or proficiency of a statement. An expectation is created if it is not there."""
        level, competency, facet, step = (
            entry.cells.get(name, "") for name in BY_FIELD["statements"].owner_columns
        )
        if not level:
            return self.cells.get(("", competency, facet, step)) if competency and step else None
        found = self.cells.get((level, competency, facet))
        if found is None and competency and not step:
            found = {"level": level, "competency": competency} | ({"facet": facet} if facet else {})
            self.whole.setdefault("expectations", []).append(found)
            self.cells[level, competency, facet] = found
            self.entries[id(found)] = entry
        return found

    def fault(self, error: Json) -> Fault:
        """Return the fault for one of pydantic's errors, with the place of the value."""
        node: Any = self.whole
        entry, name, pointer = None, "", ""
        for step in error["loc"]:
            if isinstance(node, dict):
                entry, name = self.entries.get(id(node), entry), str(step)
            elif not isinstance(node, list):
                break
            pointer += f"/{step}"
            node = node.get(step) if isinstance(node, dict) else node[step]
        label = self.about.get(header(name))
        if entry is not None:
            place = entry.place(header(name))
        else:
            place = f'sheet "{ABOUT}", {header(name)}' if label is None else label.place("Value")
        # A number may be whole or not; pydantic says both, one after the other.
        words = "Use a number." if error["type"] == "int_type" else in_words(error)
        return Fault(f"{place}: `{name}`: {words[:1].lower()}{words[1:]}", pointer)


def _key(kind: str, owner: Json, made: Json) -> str | None:
    """Return the key of a row that does not state one; None if nothing can belong to it."""
    if kind == "expectation":
        return "expectation:" + "--".join(
            made[name] for name in ("level", "competency", "facet") if name in made
        )
    slug = made.get("slug")
    if slug is None:
        return None
    return f"step:{owner.get('slug')}--{slug}" if kind == "step" else f"{kind}:{slug}"


def _root(about: Mapping[str, Entry]) -> Json:
    """Return the properties of the ladder itself."""
    value = {label: entry.cells["Value"] for label, entry in about.items()}
    root: Json = {name: decode(value[header(name)]) for name in LADDER_FIELDS if header(name) in value}
    if "Licence" in value:
        root["licence"] = {"title": decode(value["Licence"])}
        if "Licence URL" in value:
            root["licence"]["url"] = decode(value["Licence URL"])
    if "Formerly" in value:
        root["formerly"] = decode_list(value["Formerly"])
    if "External ids" in value:
        root["external_ids"] = _ids(value["External ids"])
    return root


def _values(sheet: Sheet, entry: Entry) -> Json:
    """Return the properties that a row has."""
    return {
        name: _value(holds, entry.cells[header(name)])
        for name, holds in columns(sheet.model).items()
        if header(name) in entry.cells
    }


def _value(holds: Holds, cell: str) -> Any:  # noqa: ANN401 - a JSON value
    if holds == "text":
        return decode(cell)
    if holds == "list":
        return decode_list(cell)
    if holds == "ids":
        return _ids(cell)
    if holds == "false":
        return False if cell.strip().lower() == "false" else cell
    return _number(cell)


def _number(cell: str) -> int | float | str:
    """Return a number; the text as it is if it is none, so that validation names its place."""
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _ids(cell: str) -> list[Json]:
    pairs = (item.partition(":") for item in decode_list(cell))
    return [{"system": system, "id": identity} for system, _, identity in pairs]
