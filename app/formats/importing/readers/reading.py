"""The common part of all readers: roles of columns, cells without a text of their own, and what is left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.formats.importing.findings import finding
from app.formats.importing.mapping import ColumnMapping, ImportMapping, Role, RowMapping, SheetMapping
from app.formats.importing.readers.facts import (
    CellFact,
    CellPart,
    Facts,
    LevelKey,
    PageFact,
    SkillFact,
    SkillKey,
    SkillPart,
)
from app.formats.importing.recognising.columns import (
    ABOUT_PEOPLE,
    FORMULAS,
    NOT_UNDERSTOOD,
    NUMBERING,
    PERHAPS_PEOPLE,
)
from app.formats.importing.table import Table, column_number, stem
from app.formats.importing.words.numbers import is_number
from app.formats.importing.words.vocabulary import KNOWN_HEADERS, meaning_of_cell, meaning_of_header, plain
from app.formats.sheets.grid import Place

_CODES: Final = {
    ABOUT_PEOPLE: "people",
    FORMULAS: "formula",
    NUMBERING: "numbering",
    NOT_UNDERSTOOD: "column-not-understood",
    PERHAPS_PEOPLE: "perhaps-people",
}
_ADVICE: Final = {
    "people": "left out, because it is about people",
    "formula": "left out, because formulas compute it",
    "numbering": "left out, because it only numbers the rows",
    "perhaps-people": (
        "left out, because it may be about a person: its cells are numbers, and its header names no level. If it is "
        "one, write `becomes: level` in the mapping"
    ),
    "column-not-understood": "left out, because its header is not understood. Write in the mapping what it `becomes`",
}


@dataclass
class Reading:
    """One table that is being read by its mapping."""

    table: Table
    mapping: SheetMapping
    whole: ImportMapping
    out: Facts = field(default_factory=Facts)
    dashes: list[Place] = field(default_factory=list)
    marks: list[Place] = field(default_factory=list)
    references: list[Place] = field(default_factory=list)
    formulas: list[Place] = field(default_factory=list)
    twice: list[Place] = field(default_factory=list)
    headers: list[Place] = field(default_factory=list)
    categories: list[Place] = field(default_factory=list)

    @property
    def special(self) -> dict[int, RowMapping]:
        """The special rows by number, from 0."""
        return {one.row - 1: one for one in self.mapping.special_rows}

    def columns(self, *roles: Role) -> list[tuple[int, ColumnMapping]]:
        """Return the columns with one of some roles, in order."""
        found = [(column_number(one.column), one) for one in self.mapping.columns if one.becomes in roles]
        return sorted(found, key=lambda one: one[0])

    def body(self) -> list[int]:
        """Return the rows that are not headers, in order."""
        heads = {row - 1 for row in self.mapping.headers}
        return [row for row in self.table.by_row if row not in heads]

    def ordinary_rows(self, readers: Mapping[Role, Callable[[int, RowMapping], None]]) -> Iterator[int]:
        """Yield the rows of the body to read as the layout says. Special rows are read by their role, in passing.

        Args:
            readers: What reads a special row, by its role. Rows of a role without a reader are left out.
        """
        special = self.special
        for row in self.body():
            one = special.get(row)
            if one is None:
                yield row
            elif one.becomes in readers:
                readers[one.becomes](row, one)
            elif one.becomes == "page":
                self.page(row)
            elif one.becomes == "headers":
                self.headers += [(row, column) for column in self.table.by_row[row]]
            else:
                self.leave_out(row, one.why or "")

    @property
    def track(self) -> str:
        """The track of levels that no column or row names."""
        return self.mapping.track or ""

    def default_skill(self) -> SkillKey:
        """Return the competency of texts that no column or row names."""
        return SkillKey(self.mapping.category or "", self.mapping.competency or stem(self.table.sheet))

    def levels(self, track: str, name: str, code: str = "") -> list[LevelKey]:
        """Return the levels that a header names: several if the mapping says so."""
        joined = " ".join(name.split())
        names = self.whole.levels.get(joined) or self.whole.levels.get(name)
        return [LevelKey(track, one) for one in names] if names else [LevelKey(track, name, code)]

    def cell(
        self, level: LevelKey, skill: SkillKey, place: Place, part: CellPart = "text", kind: str = ""
    ) -> None:
        """Add what a cell says about a level and a competency. `place` is where its text stands."""
        text = self.table.cells[place]
        spots = self.table.spots([place])
        if text.lstrip().startswith("=") or (place in self.table.formulas and is_number(text)):
            self.formulas.append(place)
            return
        meaning = meaning_of_cell(text)
        if meaning == "empty":
            self.dashes.append(place)
            return
        if meaning in {"yes", "optional", "not-in-use"}:
            self.marks.append(place)
            self.out.facts.append(CellFact(level, skill, "mark", text.strip(), spots))
            return
        if meaning == "elsewhere":
            self.references.append(place)
        self.out.facts.append(CellFact(level, skill, part, text, spots, kind))

    def mark(self, level: LevelKey, skill: SkillKey, place: Place, meaning: str) -> None:
        """Add whether a level asks for a competency, as a cell with a word for it says."""
        word = {"yes": "x", "optional": "optional", "not-in-use": self.table.cells[place].strip()}[meaning]
        self.marks.append(place)
        self.out.facts.append(CellFact(level, skill, "mark", word, self.table.spots([place])))

    def skill_text(self, skill: SkillKey, role: Role, place: Place) -> None:
        """Add a text about a competency."""
        text = self.table.cells[place]
        if meaning_of_cell(text) == "empty":
            self.dashes.append(place)
        elif role in {"summary", "description", "example"}:
            part: SkillPart = (
                "summary" if role == "summary" else "example" if role == "example" else "description"
            )
            self.out.facts.append(SkillFact(skill, part, text, self.table.spots([place])))

    def named_skill(
        self, category: str, competency: Place | None, facet: Place | None, outer: str
    ) -> SkillKey:
        """Return the competency that cells name. Further lines of a name are its description."""
        title, rest = _first_line(self.table.cells[competency]) if competency else (outer, "")
        skill = SkillKey(category, title)
        if competency:
            self.out.facts.append(SkillFact(skill, "title", title, self.table.spots([competency])))
            if rest:
                self.out.facts.append(SkillFact(skill, "description", rest, self.table.spots([competency])))
        if facet is None:
            return skill
        title, rest = _first_line(self.table.cells[facet])
        inner = SkillKey(category, skill.competency, title)
        self.out.facts.append(SkillFact(inner, "title", title, self.table.spots([facet])))
        if rest:
            self.out.facts.append(SkillFact(inner, "description", rest, self.table.spots([facet])))
        return inner

    def page(self, row: int, title: str | None = None) -> None:
        """Add a row as text that fits no cell."""
        out = {column for column, one in self.columns("nothing") if one.why != NUMBERING}
        filled = self.table.by_row[row]
        places = [(row, column) for column in filled if column not in out] or [
            (row, column) for column in filled
        ]
        label = about_person([self.table.cells[place] for place in places])
        if label is not None:
            words = f'"{label}" is left out, because it is about people.'
            self.out.findings.append(finding("people", self.table.spots(places), words))
            return
        text = " | ".join(self.table.cells[place].strip() for place in places)
        self.out.facts.append(PageFact(title or stem(self.table.sheet), text, self.table.spots(places)))

    def leave_out(self, row: int, why: str) -> None:
        """Report a row that is left out."""
        code = "total" if "adds up" in why else "left-out-by-mapping"
        spots = self.table.spots((row, column) for column in self.table.by_row[row])
        self.out.findings.append(
            finding(code, spots, f"the row is left out: {why or 'the mapping says so'}.")
        )

    def finish(self) -> Facts:
        """Return the facts, with findings about all cells that gave none."""
        self._left_out_columns()
        for code, places, text in (
            ("empty-marks", self.dashes, "read as empty, because they hold a dash or a similar mark only."),
            (
                "marks",
                self.marks,
                "read as required, optional or not in use, because they hold only such a mark.",
            ),
            ("formula", self.formulas, "left out, because formulas compute these numbers."),
            (
                "refers-elsewhere",
                self.references,
                "these cells refer to another cell. Their words were kept; write the text that they mean.",
            ),
            ("applied-twice", self.twice, "merged cells: their text holds for everything that they span."),
            (
                "categories",
                self.categories,
                "read as categories of the rows below. If they are none, delete these `special_rows` in the mapping.",
            ),
            ("headers", self.headers, "read as headers."),
        ):
            if places:
                spots = self.table.spots(dict.fromkeys(sorted(places)))
                self.out.findings.append(finding(code, spots, text))
        return self.out

    def _left_out_columns(self) -> None:
        """Report columns that are left out, by their headers and never by what they hold."""
        paged = {
            (spot.row, spot.column)
            for fact in self.out.facts
            if isinstance(fact, PageFact)
            for spot in fact.spots
        }
        heads = {row - 1 for row in self.mapping.headers}
        for column, one in self.columns("nothing"):
            rows = [
                row
                for row in self.table.by_row
                if (row, column) in self.table.cells and (row, column) not in paged
            ]
            if not any(row not in heads for row in rows) and not one.header:
                continue
            code = _CODES.get(
                one.why or "", "left-out-by-mapping" if not one.why else "column-not-understood"
            )
            words = _ADVICE.get(code, f"left out: {one.why or 'the mapping says so'}")
            named = (
                f'the column "{_shown(one.header)}" is ' if one.header else "this column without a header is "
            )
            if rows:
                spots = self.table.spots((row, column) for row in rows)
                self.out.findings.append(finding(code, spots, f"{named}{words}."))


def about_person(texts: Sequence[str]) -> str | None:
    """Return the label of a row that is about a person, such as `Name: …`; None if it is not."""
    label, _, value = texts[0].partition(":")
    if len(texts) == 1 and not value.strip():
        return None
    known = plain(label) in KNOWN_HEADERS and meaning_of_header(label) == "people"
    return label.strip() if known else None


def merged_origins(table: Table) -> dict[Place, Place]:
    """Return the first cell of the merged range of each cell that a filled one covers."""
    origins: dict[Place, Place] = {}
    for first in table.merged:
        if first in table.cells:
            origins |= {
                place: first for place in table.covered(*first) if place != first and place not in table.cells
            }
    return origins


def _first_line(text: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.strip().split("\n")]
    return lines[0], "\n".join(lines[1:]).strip()


def _shown(header: str) -> str:
    return " ".join(header.split())[:80]
