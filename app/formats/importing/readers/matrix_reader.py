"""Matrices read: competencies down, levels or steps across."""

from collections.abc import Mapping
from typing import Final

from app.formats.importing.mapping import ColumnMapping, ImportMapping, Role, RowMapping, SheetMapping
from app.formats.importing.readers.facts import (
    CellPart,
    Facts,
    LevelFact,
    LevelKey,
    LevelPart,
    SkillKey,
    StepFact,
)
from app.formats.importing.readers.reading import Reading, merged_origins
from app.formats.importing.table import Table
from app.formats.importing.words.vocabulary import meaning_of_cell
from app.formats.sheets.grid import Place

_PARTS: Final[Mapping[Role, LevelPart]] = {
    "scope": "scope",
    "years": "years",
    "attribute": "attribute",
    "code": "code",
    "level": "title",
    "summary": "summary",
}


def read_matrix(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a matrix."""
    return _Matrix(Reading(table, mapping, whole)).read()


class _Matrix:
    """One matrix that is being read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.table = reading.table
        self.origins = merged_origins(reading.table)
        self.level_columns = reading.columns("level")
        self.keys = {column: self._levels(one) for column, one in self.level_columns}
        self.categories = [column for column, _ in reading.columns("category")]
        self.competencies = [column for column, _ in reading.columns("competency")]
        self.facets = [column for column, _ in reading.columns("facet")]
        self.about = reading.columns("summary", "description", "example")
        self.outer: dict[int, str] = {}
        """The text of each category column that holds now."""
        self.heading: list[str] = []
        """The texts of the category rows that hold now."""
        self.row_of_heading = -1
        self.competency = ""
        self.skill: SkillKey | None = None

    def read(self) -> Facts:
        """Return the facts."""
        self._headers()
        about_levels = dict.fromkeys(_PARTS, self._about_levels)
        for row in self.reading.ordinary_rows({"category": self._category_row, **about_levels}):
            self._row(row)
        return self.reading.finish()

    def _levels(self, one: ColumnMapping) -> list[LevelKey]:
        track = one.track or self.reading.track
        return self.reading.levels(track, one.level or one.header or one.column)

    def _headers(self) -> None:
        left_out = {column for column, _ in self.reading.columns("nothing")}
        rows = [row - 1 for row in self.reading.mapping.headers]
        for row in rows:
            self.reading.headers += [
                (row, column) for column in self.table.by_row.get(row, []) if column not in left_out
            ]
        for column, _ in self.level_columns:
            spots = self.table.spots((row, column) for row in rows if self.table.at(row, column))
            for key in self.keys[column]:
                if self.reading.mapping.axis != "steps":
                    self.reading.out.facts.append(LevelFact(key, "title", key.name, spots))

    def _category_row(self, row: int, _: RowMapping) -> None:
        columns = self.table.by_row[row]
        text = " ".join(self.table.at(row, columns[0]).split())
        self.heading = [*self.heading, text] if self.row_of_heading == row - 1 else [text]
        self.row_of_heading = row
        self.competency, self.skill = "", None
        self.reading.headers += [(row, column) for column in columns[1:]]
        self.reading.out.headings.append((text, self.table.spot(row, columns[0])))
        self.reading.categories.append((row, columns[0]))

    def _row(self, row: int) -> None:
        self._name(row)
        for column, one in self.about:
            if (row, column) in self.table.cells and one.becomes in {"summary", "description", "example"}:
                self.reading.skill_text(self._current(), one.becomes, (row, column))
        done: set[tuple[Place, LevelKey]] = set()
        for column, one in self.level_columns:
            place = (row, column) if (row, column) in self.table.cells else self.origins.get((row, column))
            if place is None or not self._holds(place, column):
                continue
            if place != (row, column):
                self.reading.twice.append(place)
            for key in self.keys[column]:
                if (place, key) not in done:
                    done.add((place, key))
                    self._cell(key, place, one)

    def _holds(self, place: Place, column: int) -> bool:
        """Return whether a merged text belongs to a column of levels too."""
        return place[1] == column or place[1] in self.keys

    def _cell(self, key: LevelKey, place: Place, one: ColumnMapping) -> None:
        skill = self._current()
        if self.reading.mapping.axis == "steps":
            if meaning_of_cell(self.table.cells[place]) == "empty":
                self.reading.dashes.append(place)
            else:
                text, spots = self.table.cells[place], self.table.spots([place])
                self.reading.out.facts.append(StepFact(skill, " ".join(key.name.split()), text, spots))
            return
        part: CellPart = "step" if one.part == "step" else "example" if one.part == "example" else "text"
        self.reading.cell(key, skill, place, part)

    def _name(self, row: int) -> None:
        """Take the names in a row: what is empty goes on from the row above."""
        changed = False
        for at, column in enumerate(self.categories):
            text = " ".join(self.table.at(row, column).split())
            if text:
                if text != self.outer.get(column):
                    changed = True
                    for inner in self.categories[at + 1 :]:
                        self.outer.pop(inner, None)
                self.outer[column] = text
                self.reading.out.headings.append((text, self.table.spot(row, column)))
        competency = next(((row, c) for c in self.competencies if (row, c) in self.table.cells), None)
        facet = next(((row, c) for c in self.facets if (row, c) in self.table.cells), None)
        if changed and competency is None:
            self.competency, self.skill = "", None
        if competency is None and facet is None:
            return
        outer = self.competency or self._category() or self.reading.default_skill().competency
        self.skill = self.reading.named_skill(self._category(), competency, facet, outer)
        self.competency = self.skill.competency

    def _category(self) -> str:
        texts = [*self.heading, *(self.outer[column] for column in self.categories if column in self.outer)]
        return " / ".join(texts) or self.reading.mapping.category or ""

    def _current(self) -> SkillKey:
        """Return the competency that texts belong to now."""
        if self.skill is None:
            default = self.reading.default_skill()
            innermost = next((self.outer[c] for c in reversed(self.categories) if c in self.outer), "")
            name = innermost or (self.heading[-1] if self.heading else "") or default.competency
            self.skill = SkillKey(self._category() if not innermost else "", name)
        return self.skill

    def _about_levels(self, row: int, one: RowMapping) -> None:
        part, label = _PARTS[one.becomes], " ".join(one.header.split())
        for column in self.table.by_row[row]:
            if column not in self.keys:
                if column not in {one for one, _ in self.reading.columns("nothing")}:
                    self.reading.headers.append((row, column))
                continue
            if meaning_of_cell(self.table.at(row, column)) == "empty":
                self.reading.dashes.append((row, column))
                continue
            covered = {c for _, c in self.table.covered(row, column) if c in self.keys} | {column}
            if len(covered) > 1:
                self.reading.twice.append((row, column))
            text, spots = self.table.at(row, column), self.table.spots([(row, column)])
            for key in dict.fromkeys(key for near in sorted(covered) for key in self.keys[near]):
                self.reading.out.facts.append(LevelFact(key, part, text, spots, label))
