"""The sheets of our workbook and their columns, read from the classes of the model.

Each kind of entity and each kind of part has a sheet with one row for each. The columns are its properties that are
not lists of parts. A part or entity that belongs to another one names it: either by properties of its own (a level
names its track), by the columns in `OWNER_COLUMNS`, or by the key of its owner in the column `Of`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args, get_type_hints

from app.rubric.entities import LISTS
from app.rubric.ladder import (
    Attribute,
    Expectation,
    Ladder,
    Removal,
    Scale,
    StatementKind,
    Step,
    Threshold,
    Translation,
)
from app.rubric.parts import Alignment, Example, Link, Proficiency, Source, Statement
from app.rubric.shape import properties
from app.rubric.text import Number, Value

Holds = Literal["text", "number", "list", "ids", "false"]
"""The type of a column: a text, a number, a list with one line per item, ids in other systems, or `false`."""

OF: Final = "Of"
"""The column with the key of the row's owner."""
UUID: Final = "UUID"
KEY: Final = "Key"
"""The column with the key by which other rows name this one."""
PART: Final = "Part"
"""The column that numbers the rows of one entry: 2 and more in the rows that continue it."""
ABOUT: Final = "About"
MATRIX: Final = "Matrix"
"""The beginning of the names of sheets that are for reading and printing only."""
MARK: Final = "Career ladder workbook"
"""The text in the first cell of the sheet `About`, by which a workbook of ours is known."""
VERSION: Final = "1"

OWNER_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "steps": ("scale",),
    "thresholds": ("track",),
    "attributes": ("level",),
    "proficiencies": ("competency", "facet"),
    "statements": ("level", "competency", "facet", "step"),
}
"""The columns that name the owner of a row, by the property of the owner that holds the row."""


@dataclass(frozen=True)
class Sheet:
    """One sheet with a row for each entity or part of a kind."""

    title: str
    field: str
    """The property of the owner that holds the rows: a list."""
    model: type[Value]

    @property
    def of_ladder(self) -> bool:
        """Return whether all rows belong to the ladder itself."""
        return self.field in _OF_LADDER

    @property
    def owner_columns(self) -> tuple[str, ...]:
        """The headers of the columns that name the owner; none if it is the ladder."""
        if self.of_ladder:
            return ()
        return tuple(header(name) for name in OWNER_COLUMNS.get(self.field, ("of",)))

    @property
    def is_entity(self) -> bool:
        """Return whether the rows are entities, which other rows can belong to."""
        return self.model in _ENTITIES

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of all columns, in order."""
        own = tuple(header(name) for name in columns(self.model))
        ends = (UUID, KEY, PART) if self.is_entity else (PART,)
        return (*self.owner_columns, *own, *ends)


_OF_LADDER: Final = frozenset({*LISTS, "statement_kinds", "removals", "translations"})

SHEETS: Final = (
    Sheet("Tracks", "tracks", get_args(Ladder.model_fields["tracks"].annotation)[0]),
    Sheet("Thresholds", "thresholds", Threshold),
    Sheet("Levels", "levels", get_args(Ladder.model_fields["levels"].annotation)[0]),
    Sheet("Level attributes", "attributes", Attribute),
    Sheet("Competencies", "competencies", get_args(Ladder.model_fields["competencies"].annotation)[0]),
    Sheet("Facets", "facets", get_args(Ladder.model_fields["facets"].annotation)[0]),
    Sheet("Scales", "scales", Scale),
    Sheet("Steps", "steps", Step),
    Sheet("Proficiencies", "proficiencies", Proficiency),
    Sheet("Expectations", "expectations", Expectation),
    Sheet("Statements", "statements", Statement),
    Sheet("Examples", "examples", Example),
    Sheet("Questions", "faqs", get_args(Ladder.model_fields["faqs"].annotation)[0]),
    Sheet("Tips", "tips", get_args(Ladder.model_fields["tips"].annotation)[0]),
    Sheet("Pages", "pages", get_args(Ladder.model_fields["pages"].annotation)[0]),
    Sheet("Kinds", "statement_kinds", StatementKind),
    Sheet("Categories", "categories", get_args(Ladder.model_fields["categories"].annotation)[0]),
    Sheet("Groups", "groups", get_args(Ladder.model_fields["groups"].annotation)[0]),
    Sheet("Links", "references", Link),
    Sheet("Sources", "sources", Source),
    Sheet("Alignments", "alignments", Alignment),
    Sheet("Removals", "removals", Removal),
    Sheet("Translations", "translations", Translation),
)
"""All sheets but `About` and the matrices, in order. An owner's sheet comes before those of its parts."""

_ENTITIES: Final = frozenset(
    sheet.model
    for sheet in SHEETS
    if sheet.field in LISTS or sheet.field in {"steps", "proficiencies", "statements", "examples"}
)
BY_FIELD: Final[Mapping[str, Sheet]] = {sheet.field: sheet for sheet in SHEETS}
BY_TITLE: Final[Mapping[str, Sheet]] = {sheet.title.lower(): sheet for sheet in SHEETS}
LADDER_FIELDS: Final = ("slug", "title", "summary", "organisation", "language", "attribution", "cumulative")
"""The properties of the ladder itself that the sheet `About` has as they are."""


def header(name: str) -> str:
    """Return the header of a property: `Other titles` for `other_titles`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


@cache
def columns(model: type[Value]) -> Mapping[str, Holds]:
    """Return what each property of a class holds that a column shows, by the property's name, in order."""
    hints = get_type_hints(model, include_extras=True)
    found: dict[str, Holds] = {}
    for name, known in properties(model).items():
        if name == "external_ids":
            found[name] = "ids"
        elif known.part is None:
            found[name] = "list" if known.many else _holds(hints[name])
    return found


def _holds(hint: object) -> Holds:
    """Return what a property that is no list holds."""
    choices = (hint, *get_args(hint))
    if Number in choices or any(Number in get_args(choice) for choice in choices):
        return "number"
    return "false" if Literal[False] in choices else "text"
