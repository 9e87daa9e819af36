"""Long lists read: one row for each level and competency, or for each competency; and lists of questions."""

from typing import Final

from app.formats.importing.mapping import ImportMapping, Role, RowMapping, SheetMapping
from app.formats.importing.readers.facts import Facts, LevelFact, LevelKey, QuestionFact, SkillKey
from app.formats.importing.readers.reading import Reading, merged_origins
from app.formats.importing.table import Table, stem
from app.formats.importing.words.vocabulary import meaning_of_cell, plain
from app.formats.sheets.grid import Place
from app.rubric.suggest import slug_from

_REQUIRED: Final = frozenset(
    {"must", "must have", "required", "mandatory", "core", "pflicht", "muss", "obligatoire", "essential"}
)
_ABOUT: Final[tuple[Role, ...]] = ("summary", "description", "example")
_TEXTS: Final[tuple[Role, ...]] = ("text", "step")
_LEVELS: Final[tuple[Role, ...]] = ("track", "level", "code")
_HEADINGS: Final[tuple[Role, ...]] = ("category", "track", "level", "competency")
"""The roles of rows that hold for the rows below."""


def read_list(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a long list."""
    return _List(Reading(table, mapping, whole)).read()


def read_questions(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the questions and answers of a sheet."""
    reading = Reading(table, mapping, whole)
    _headers(reading)
    question, answer, group = (
        [c for c, one in enumerate_columns(reading) if one in roles]
        for roles in (("question",), ("answer",), ("group", "category"))
    )
    last_group = ""
    for row in reading.body():
        special = reading.special.get(row)
        asked = next((table.at(row, c) for c in question if table.at(row, c)), "")
        answers = [table.at(row, c) for c in answer if table.at(row, c)]
        last_group = next((table.at(row, c) for c in group if table.at(row, c)), last_group)
        if special is not None and special.becomes == "nothing":
            reading.leave_out(row, special.why or "")
        elif special is not None or not (asked and answers):
            reading.page(row)
        else:
            places = [(row, c) for c in (*question, *answer, *group) if (row, c) in table.cells]
            fact = QuestionFact(asked.strip(), "\n\n".join(answers), table.spots(places), last_group.strip())
            reading.out.facts.append(fact)
    return reading.finish()


def enumerate_columns(reading: Reading) -> list[tuple[int, Role]]:
    """Return the columns of a reading with their roles."""
    known = reading.columns("question", "answer", "group", "category")
    return [(column, one.becomes) for column, one in known]


def _headers(reading: Reading) -> None:
    left_out = {column for column, _ in reading.columns("nothing")}
    for number in reading.mapping.headers:
        reading.headers += [
            (number - 1, column)
            for column in reading.table.by_row.get(number - 1, [])
            if column not in left_out
        ]


class _List:
    """One long list that is being read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.table = reading.table
        self.origins = merged_origins(reading.table)
        self.at: dict[Role, list[int]] = {}
        for one in reading.mapping.columns:
            self.at.setdefault(one.becomes, [])
        for role in self.at:
            self.at[role] = [column for column, _ in reading.columns(role)]
        self.names: dict[Role, str] = {}
        """The names that hold now, by role."""
        self.skill: SkillKey | None = None
        self.has_levels = bool(self.at.get("level") or self.at.get("code") or reading.mapping.level)

    def read(self) -> Facts:
        """Return the facts."""
        _headers(self.reading)
        for row in self.reading.ordinary_rows(dict.fromkeys(_HEADINGS, self._heading)):
            self._row(row)
        return self.reading.finish()

    def _heading(self, row: int, one: RowMapping) -> None:
        role, column = one.becomes, self.table.by_row[row][0]
        self.names[role] = " ".join(self.table.at(row, column).split())
        self.reading.out.headings.append((self.names[role], self.table.spot(row, column)))
        if role == "competency":
            self.skill = self.reading.named_skill(self.names.get("category", ""), (row, column), None, "")

    def _row(self, row: int) -> None:
        levels = self._levels(row)
        skill = self._skill(row)
        for role in _ABOUT:
            for place in self._places(row, role):
                if role == "example" and levels:
                    for level in levels:
                        self.reading.cell(level, skill, place, "example")
                else:
                    self.reading.skill_text(skill, role, place)
        kind = self._kind(row)
        for role in _TEXTS:
            for place in self._places(row, role):
                if place[0] != row or place[1] not in self.at[role]:
                    self.reading.twice.append(place)
                for level in levels:
                    self.reading.cell(level, skill, place, "step" if role == "step" else "text", kind)
                if not levels and role == "text":
                    self.reading.skill_text(skill, "description", place)
        self._applicability(row, levels, skill)

    def _places(self, row: int, role: Role) -> list[Place]:
        """Return the cells of a role in a row; those of a merged range from above too."""
        places: list[Place] = []
        for column in self.at.get(role, []):
            if (row, column) in self.table.cells:
                places.append((row, column))
            elif (origin := self.origins.get((row, column))) is not None and origin[1] == column:
                places.append(origin)
        return places

    def _levels(self, row: int) -> list[LevelKey]:
        """Return the levels of a row. Empty cells go on from the row above."""
        named = [
            c for role in ("level", "code") for c in self.at.get(role, []) if (row, c) in self.table.cells
        ]
        for role in _LEVELS:
            texts = [self.table.at(row, c).strip() for c in self.at.get(role, []) if self.table.at(row, c)]
            if texts:
                self.names[role] = "\n".join(texts)
                if role == "track":
                    column = next(c for c in self.at["track"] if (row, c) in self.table.cells)
                    self.reading.out.headings.append((texts[0], self.table.spot(row, column)))
                if role == "level" and not any(self.table.at(row, c) for c in self.at.get("code", [])):
                    self.names.pop("code", None)
        if not self.has_levels:
            return []
        name = self.names.get("level") or self.reading.mapping.level or self.names.get("code")
        if name is None:
            name = stem(self.table.sheet)
        track = " ".join(self.names.get("track", "").split()) or self.reading.track
        code = self.names.get("code", "") if self.names.get("level") else ""
        keys = self.reading.levels(track, name, code)
        if named:
            spots = self.table.spots((row, column) for column in named)
            self.reading.out.facts += [LevelFact(key, "title", key.name, spots) for key in keys]
        return keys

    def _skill(self, row: int) -> SkillKey:
        """Return the competency of a row. Empty cells go on from the row above."""
        for column in self.at.get("category", []):
            if text := " ".join(self.table.at(row, column).split()):
                if text != self.names.get("category"):
                    self.names["category"] = text
                    if self.at.get("competency") and not self._places(row, "competency"):
                        self.skill = None
                self.reading.out.headings.append((text, self.table.spot(row, column)))
        competency = next(iter(self._filled(row, "competency")), None)
        facet = next(iter(self._filled(row, "facet")), None)
        category = self.names.get("category", "") or self.reading.mapping.category or ""
        if competency is not None or facet is not None:
            outer = (
                self.skill.competency if self.skill else category or self.reading.default_skill().competency
            )
            self.skill = self.reading.named_skill(category, competency, facet, outer)
        elif self.skill is None:
            default = self.reading.default_skill()
            self.skill = SkillKey(default.category, category) if category else default
        return self.skill

    def _filled(self, row: int, role: Role) -> list[Place]:
        return [(row, c) for c in self.at.get(role, []) if (row, c) in self.table.cells]

    def _kind(self, row: int) -> str:
        """Return the kind of the statements of a row, as a word."""
        for place in self._filled(row, "kind"):
            text = self.table.cells[place].strip()
            if slug_from(text):
                self.reading.out.headings.append((text, self.table.spot(*place)))
                return text
        return ""

    def _applicability(self, row: int, levels: list[LevelKey], skill: SkillKey) -> None:
        for place in self._filled(row, "applicability"):
            text = self.table.cells[place]
            mark = "yes" if plain(text) in _REQUIRED else meaning_of_cell(text)
            if mark in {"yes", "optional", "not-in-use"} and levels:
                for level in levels:
                    self.reading.mark(level, skill, place, mark)
