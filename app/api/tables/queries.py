"""Query parameters of tables: what they show, and how a CSV file is written."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.reading.queries import Flag
from app.api.reading.reader import Reader
from app.formats.sheets.table_parts import Chosen

Several = Annotated[str | None, Field(min_length=1)]


class CsvQuery(BaseModel):
    """Query parameters of every CSV file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    separator: Annotated[
        Literal["comma", "semicolon", "tab"],
        Field(description="The separator. Excel in many European countries expects `semicolon`."),
    ] = "comma"
    bom: Annotated[
        Flag,
        Field(description="`true`: begin with a byte order mark, so that Excel reads the file as UTF-8."),
    ] = False
    guard: Annotated[
        Flag,
        Field(
            description="`true`: put an apostrophe in front of a text that a spreadsheet program would compute, or "
            "that begins with an apostrophe. `false`: write every text as it is."
        ),
    ] = True


class LevelFilter(BaseModel):
    """Query parameters that choose levels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    track: Annotated[Several, Field(description="Only these tracks, by slug, separated by commas.")] = None
    level: Annotated[Several, Field(description="Only these levels, by slug, separated by commas.")] = None


class CompetencyFilter(BaseModel):
    """Query parameter that chooses competencies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    competency: Annotated[
        Several, Field(description="Only these competencies, by slug, separated by commas.")
    ] = None


class CellFilter(CompetencyFilter, LevelFilter):
    """Query parameters that choose levels and competencies."""


class AboutFilter(CompetencyFilter, LevelFilter):
    """Query parameters that choose what a question is about."""


class StatementFilter(CellFilter):
    """Query parameters of the table of statements."""

    effective: Annotated[
        Flag,
        Field(
            description="`true`: what each level effectively asks, with what it inherits and includes. `false`: what "
            "is written."
        ),
    ] = False


class StatementCsv(StatementFilter, CsvQuery):
    """Query parameters of the table of statements in CSV."""


class LevelCsv(LevelFilter, CsvQuery):
    """Query parameters of the table of levels in CSV."""


class CompetencyCsv(CompetencyFilter, CsvQuery):
    """Query parameters of the table of competencies in CSV."""


class CellCsv(CellFilter, CsvQuery):
    """Query parameters of other tables in CSV."""


Filter = LevelFilter | CompetencyFilter
_LISTS: Final = (("track", "tracks"), ("level", "levels"), ("competency", "competencies"))


def chosen_of(release: Reader, query: Filter) -> Chosen:
    """Return what the filters choose. Raises InvalidParameter for a slug that the release does not have."""
    found = {name: release.slugs(kind, kind, getattr(query, kind, None)) for kind, name in _LISTS}
    return Chosen(**found, effective=getattr(query, "effective", False))
