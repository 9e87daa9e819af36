"""Tables with levels down read: competencies and texts about the levels across."""

from collections.abc import Mapping
from typing import Final

from app.formats.importing.mapping import ImportMapping, Role, RowMapping, SheetMapping
from app.formats.importing.readers.facts import Facts, LevelFact, LevelKey, LevelPart, SkillKey
from app.formats.importing.readers.reading import Reading, merged_origins
from app.formats.importing.table import Table
from app.formats.importing.words.vocabulary import meaning_of_cell

_PARTS: Final[Mapping[Role, LevelPart]] = {
    "scope": "scope",
    "years": "years",
    "attribute": "attribute",
    "summary": "summary",
    "description": "summary",
}


def read_transposed(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a table with levels down."""
    return _Transposed(Reading(table, mapping, whole)).read()


class _Transposed:
    """One table that is being read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.table = reading.table
        self.origins = merged_origins(reading.table)
        self.naming = [column for column, _ in reading.columns("level")]
        self.codes = [column for column, _ in reading.columns("code")]
        self.tracks = [column for column, _ in reading.columns("track")]
        self.about = reading.columns(*_PARTS)
        self.track = reading.track
        self.levels: list[LevelKey] = []
        self.skills: dict[int, SkillKey] = {}

    def read(self) -> Facts:
        """Return the facts."""
        self._headers()
        for row in self.reading.ordinary_rows({"track": self._track_row}):
            self._row(row)
        return self.reading.finish()

    def _track_row(self, row: int, _: RowMapping) -> None:
        column = self.table.by_row[row][0]
        self.track = " ".join(self.table.at(row, column).split())
        self.reading.out.headings.append((self.track, self.table.spot(row, column)))

    def _headers(self) -> None:
        left_out = {column for column, _ in self.reading.columns("nothing")}
        rows = [number - 1 for number in self.reading.mapping.headers]
        for row in rows:
            self.reading.headers += [(row, c) for c in self.table.by_row.get(row, []) if c not in left_out]
        categories = self._categories(rows[0]) if len(rows) > 1 else {}
        for column, one in self.reading.columns("competency"):
            category = categories.get(column) or self.reading.mapping.category or ""
            if rows and (rows[-1], column) in self.table.cells:
                self.skills[column] = self.reading.named_skill(category, (rows[-1], column), None, "")
            else:
                name = one.header or self.reading.default_skill().competency
                self.skills[column] = SkillKey(category, name)

    def _categories(self, row: int) -> dict[int, str]:
        """Return the category above each competency: it goes on to the right until the next."""
        found: dict[int, str] = {}
        last = ""
        for column in self.table.columns:
            if text := " ".join(self.table.at(row, column).split()):
                last = text
                self.reading.out.headings.append((text, self.table.spot(row, column)))
            found[column] = last
        return found

    def _row(self, row: int) -> None:
        self._name(row)
        if not self.levels:
            self.reading.page(row)
            return
        for column, one in self.about:
            place = (row, column) if (row, column) in self.table.cells else self.origins.get((row, column))
            if place is None or place[1] != column:
                continue
            if place[0] != row:
                self.reading.twice.append(place)
            if meaning_of_cell(self.table.cells[place]) == "empty":
                self.reading.dashes.append(place)
                continue
            for level in self.levels:
                part, spots = _PARTS[one.becomes], self.table.spots([place])
                text = self.table.cells[place]
                self.reading.out.facts.append(
                    LevelFact(level, part, text, spots, " ".join(one.header.split()))
                )
        self._cells(row)

    def _cells(self, row: int) -> None:
        for column, skill in self.skills.items():
            place = (row, column) if (row, column) in self.table.cells else self.origins.get((row, column))
            if place is None or place[1] not in self.skills:
                continue
            if place != (row, column):
                self.reading.twice.append(place)
            for level in self.levels:
                self.reading.cell(level, skill, place)

    def _name(self, row: int) -> None:
        """Take the level of a row. An empty cell goes on from the row above."""
        for column in self.tracks:
            if text := " ".join(self.table.at(row, column).split()):
                self.track = text
                self.reading.out.headings.append((text, self.table.spot(row, column)))
        named = [(row, c) for c in self.naming if (row, c) in self.table.cells]
        coded = [(row, c) for c in self.codes if (row, c) in self.table.cells]
        if not named and not coded:
            return
        code = " ".join(self.table.cells[coded[0]].split()) if coded else ""
        name = "\n".join(self.table.cells[place].strip() for place in named) or code
        self.levels = self.reading.levels(self.track, name, code if named else "")
        spots = self.table.spots([*named, *coded])
        self.reading.out.facts += [LevelFact(key, "title", key.name, spots) for key in self.levels]
