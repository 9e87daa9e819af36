"""The mapping of an import: which sheet has which layout, and what became of each column and row.

An import returns the mapping that it used. Given back, it makes the next import do the same, and an author can
correct it: `docs/reference/import.md` explains every word of it.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app.errors import MOST_FAULTS, BadRequest, Fault
from app.formats.syntax.yaml_writer import to_yaml
from app.rubric.suggest import did_you_mean
from app.rubric.text import LANGUAGE_PATTERN, MAX_SLUG, SLUG_PATTERN
from app.validation import in_words

Layout = Literal["matrix", "transposed", "list", "blocks", "outline", "questions", "page", "ignored"]
"""The layout of a sheet. `ignored` leaves it out."""
Role = Literal[
    "category",
    "competency",
    "facet",
    "description",
    "summary",
    "track",
    "level",
    "code",
    "scope",
    "years",
    "attribute",
    "text",
    "step",
    "example",
    "kind",
    "applicability",
    "question",
    "answer",
    "group",
    "headers",
    "page",
    "nothing",
]
"""The content that a column or row becomes. `nothing` leaves it out."""
Part = Literal["text", "step", "example", "nothing"]
"""The content of a column of a level that has several columns."""
_MAX_BYTES: Final = 1024 * 1024


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnMapping(_Model):
    """The meaning of one column."""

    column: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
    """Its letters."""
    header: str = ""
    """Its header. The next import finds the column by it, wherever it stands then."""
    becomes: Role
    level: str | None = None
    """The level that its texts belong to, if it is the column of a level."""
    track: str | None = None
    """The track of that level, if a row above the levels names it."""
    part: Part | None = None
    """The part of that level that the column holds; by default its texts."""
    why: str | None = None
    """The reason why it is left out."""


class RowMapping(_Model):
    """The meaning of one row that is not an ordinary row of its layout."""

    row: Annotated[int, Field(ge=1)]
    """Its number, from 1."""
    header: str = ""
    """Its first text. The next import finds the row by it."""
    becomes: Role
    why: str | None = None
    """The reason why it is left out."""


class SheetMapping(_Model):
    """The layout of one sheet, or of one table of it."""

    sheet: str
    """Name of the sheet; of a CSV or Markdown file, the name of the file."""
    layout: Layout
    rows: Annotated[tuple[int, int] | None, Field(min_length=2, max_length=2)] = None
    """First and last row of the table, from 1, if the sheet has several tables."""
    headers: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of the rows that hold headers."""
    axis: Literal["levels", "steps"] | None = None
    """The meaning of a matrix's columns: career levels (the default) or the steps of a scale."""
    track: str | None = None
    """The track that the levels are on."""
    category: str | None = None
    """The category of the competencies, if no column names it."""
    competency: str | None = None
    """The competency that all texts are about, if no column names it."""
    level: str | None = None
    """The level that all texts are about, if no column names it."""
    headings: tuple[Literal["title", "track", "category", "competency", "facet", "level", "page"], ...] = ()
    """The roles of the headings of an outline, from the outermost."""
    columns: tuple[ColumnMapping, ...] = ()
    special_rows: tuple[RowMapping, ...] = ()
    why: str | None = None
    """The reason why it is left out."""


class ImportMapping(_Model):
    """The layouts of the sheets of an import."""

    title: str | None = None
    """Title of the ladder."""
    slug: Annotated[str | None, Field(pattern=SLUG_PATTERN, max_length=MAX_SLUG)] = None
    language: Annotated[str | None, Field(pattern=LANGUAGE_PATTERN, max_length=64)] = None
    split: Literal["lines", "sentences"] = "lines"
    """The places where a cell is cut into statements: line breaks and bullets, or sentences too."""
    order: Literal["lowest-first", "highest-first"] | None = None
    """The order of the levels in the sheets. By default, their names decide."""
    steps: tuple[str, ...] = ()
    """The names of the steps, lowest first, if the sheets do not show their order."""
    levels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The levels that one header names: `Junior (L1-L2): [L1, L2]`."""
    sheets: tuple[SheetMapping, ...] = ()

    def to_yaml(self) -> str:
        """Return the mapping as YAML."""
        return to_yaml(self.model_dump(mode="json", exclude_defaults=True))

    @classmethod
    def from_yaml(cls, text: str, name: str = "map.yaml") -> "ImportMapping":
        """Return the mapping in a YAML or JSON text.

        Raises BadRequest, with each fault and how to fix it, if it is not one.
        """
        if len(text) > _MAX_BYTES:
            raise _refusal([f"{name}: a mapping may have at most {_MAX_BYTES:,} characters."])
        try:
            written: Any = YAML(typ="safe", pure=True).load(text)
            return cls.model_validate({} if written is None else written)
        except YAMLError as error:
            raise _refusal([f"{name}: this is not YAML: {str(error).splitlines()[0]}."]) from None
        except RecursionError:
            raise _refusal([f"{name}: the file nests too deeply."]) from None
        except ValidationError as error:
            found = error.errors(include_url=False)[:MOST_FAULTS]
            raise _refusal([_worded(dict(one), name) for one in found]) from None


def _refusal(details: list[str]) -> BadRequest:
    return BadRequest(details[0], faults=[Fault(detail) for detail in details])


def _worded(found: dict[str, Any], name: str) -> str:
    """Return one of pydantic's errors as a sentence: `map.yaml: sheets, 1, columns, 2, becomes: Use …`."""
    loc = [str(part + 1) if isinstance(part, int) else str(part) for part in found["loc"]]
    place = ", ".join(loc) or "the whole file"
    if found["type"] == "extra_forbidden":
        known = _known(found["loc"])
        return f"{name}: {place}: there is no such property.{did_you_mean(loc[-1], known)} Known: {', '.join(known)}."
    meant = ""
    if found["type"] == "literal_error" and isinstance(found.get("input"), str):
        meant = did_you_mean(
            found["input"], [word.strip("'") for word in found["ctx"]["expected"].split(", ")]
        )
    return f"{name}: {place}: {in_words(found)}{meant}"


def _known(loc: tuple[str | int, ...]) -> list[str]:
    """Return the properties that the object at a place may have."""
    inner: dict[str, type[_Model]] = {
        "sheets": SheetMapping,
        "columns": ColumnMapping,
        "special_rows": RowMapping,
    }
    owners = [inner[str(part)] for part in loc[:-1] if str(part) in inner]
    return list((owners[-1] if owners else ImportMapping).model_fields)
