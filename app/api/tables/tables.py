"""Flat tables in CSV and JSON: every text, level, competency, question and cell of a release, without pages."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic_core import to_json

from app.api.protocol.json_body import NAMED
from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading.queries import wrong_value
from app.api.reading.reader import Reader, ReleaseDep
from app.api.tables.downloads import attached
from app.api.tables.queries import (
    AboutFilter,
    CellCsv,
    CellFilter,
    CompetencyCsv,
    CompetencyFilter,
    CsvQuery,
    Filter,
    LevelCsv,
    LevelFilter,
    StatementCsv,
    StatementFilter,
    chosen_of,
)
from app.formats.sheets.columns import COLUMNS, NUMBERS
from app.formats.sheets.csv_writer import SEPARATORS, write_csv
from app.formats.sheets.table_parts import Parts
from app.formats.sheets.tables import Row, table_rows
from app.serving.answers.extensions import CSV, JSON
from app.serving.route_table import Link, RouteFacts

router = resource_router("tables")

_HOME: Final = "/ladders/{ladder}"
_MOST_ROWS: Final = 250_000
"""Most rows of a table."""
_CSV_TYPE: Final = f"{CSV}; charset=utf-8; header=present"


_ROWS: Final = {
    "statements": "StatementRow",
    "levels": "LevelRow",
    "competencies": "CompetencyRow",
    "faqs": "FaqRow",
    "expectations": "ExpectationRow",
}
"""The name of the schema of a row, by table."""


def row_schemas() -> dict[str, Any]:
    """Return the schemas of the rows in JSON, by name."""
    return {
        name: {
            "title": name,
            "type": "object",
            "properties": {
                column: {"type": ["number", "null"] if column in NUMBERS else "string"}
                for column in COLUMNS[table]
            },
            "required": list(COLUMNS[table]),
        }
        for table, name in _ROWS.items()
    }


def _in_csv(table: str) -> dict[int | str, dict[str, Any]]:
    text = f"The table of {table} in CSV (RFC 4180), with a header row."
    return {200: {"description": text, "content": {CSV: {"schema": {"type": "string"}}}}} | documented(
        IN_RELEASE
    )


def _in_json(table: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "array", "items": {"$ref": NAMED.format(model=_ROWS[table])}}
    text = f"The table of {table}: an array of flat rows. Every row has every column."
    return {200: {"description": text, "content": {JSON: {"schema": schema}}}} | documented(IN_RELEASE)


def _link(table: str, form: str) -> RouteFacts:
    name = "CSV" if form == "csv" else "JSON"
    return RouteFacts(link=Link(f"{table}_{form}", f"The table of {table} in {name}."))


@router.get(f"{_HOME}/statements.csv", responses=_in_csv("statements"), response_class=Response)
@declare(_link("statements", "csv"))
def read_statements_as_csv(release: ReleaseDep, query: Annotated[StatementCsv, Query()]) -> Response:
    """Read the table of statements, in CSV.

    One row per text. Without `effective=true`, the rows are what is written: the texts of expectations, then those of
    proficiencies, whose level columns are empty.
    """
    return _csv(release, "statements", query, query)


@router.get(f"{_HOME}/statements.json", responses=_in_json("statements"), response_class=Response)
@declare(_link("statements", "json"))
def read_statements_as_json(release: ReleaseDep, query: Annotated[StatementFilter, Query()]) -> Response:
    """Read the table of statements, in JSON.

    One row per text, as in the CSV file. An empty text is `""`, an empty number is null.
    """
    return _json(release, "statements", query)


@router.get(f"{_HOME}/levels.csv", responses=_in_csv("levels"), response_class=Response)
@declare(_link("levels", "csv"))
def read_levels_as_csv(release: ReleaseDep, query: Annotated[LevelCsv, Query()]) -> Response:
    """Read the table of levels, in CSV.

    One row per level.
    """
    return _csv(release, "levels", query, query)


@router.get(f"{_HOME}/levels.json", responses=_in_json("levels"), response_class=Response)
@declare(_link("levels", "json"))
def read_levels_as_json(release: ReleaseDep, query: Annotated[LevelFilter, Query()]) -> Response:
    """Read the table of levels, in JSON.

    One row per level, as in the CSV file. An empty text is `""`, an empty number is null.
    """
    return _json(release, "levels", query)


@router.get(f"{_HOME}/competencies.csv", responses=_in_csv("competencies"), response_class=Response)
@declare(_link("competencies", "csv"))
def read_competencies_as_csv(release: ReleaseDep, query: Annotated[CompetencyCsv, Query()]) -> Response:
    """Read the table of competencies, in CSV.

    One row per competency or facet and step.
    """
    return _csv(release, "competencies", query, query)


@router.get(f"{_HOME}/competencies.json", responses=_in_json("competencies"), response_class=Response)
@declare(_link("competencies", "json"))
def read_competencies_as_json(release: ReleaseDep, query: Annotated[CompetencyFilter, Query()]) -> Response:
    """Read the table of competencies, in JSON.

    One row per competency or facet and step, as in the CSV file. An empty text is `""`, an empty number is null.
    """
    return _json(release, "competencies", query)


@router.get(f"{_HOME}/faqs.csv", responses=_in_csv("faqs"), response_class=Response)
@declare(_link("faqs", "csv"))
def read_faqs_as_csv(release: ReleaseDep, query: Annotated[CellCsv, Query()]) -> Response:
    """Read the table of questions, in CSV.

    One row per question. Filters keep the questions about the tracks, levels and competencies that they name.
    """
    return _csv(release, "faqs", query, query)


@router.get(f"{_HOME}/faqs.json", responses=_in_json("faqs"), response_class=Response)
@declare(_link("faqs", "json"))
def read_faqs_as_json(release: ReleaseDep, query: Annotated[AboutFilter, Query()]) -> Response:
    """Read the table of questions, in JSON.

    One row per question, as in the CSV file. An empty text is `""`.
    """
    return _json(release, "faqs", query)


@router.get(f"{_HOME}/expectations.csv", responses=_in_csv("expectations"), response_class=Response)
@declare(_link("expectations", "csv"))
def read_expectations_as_csv(release: ReleaseDep, query: Annotated[CellCsv, Query()]) -> Response:
    """Read the table of expectations, in CSV.

    One row per cell that is written, with or without text.
    """
    return _csv(release, "expectations", query, query)


@router.get(f"{_HOME}/expectations.json", responses=_in_json("expectations"), response_class=Response)
@declare(_link("expectations", "json"))
def read_expectations_as_json(release: ReleaseDep, query: Annotated[CellFilter, Query()]) -> Response:
    """Read the table of expectations, in JSON.

    One row per cell that is written, as in the CSV file. An empty text is `""`, an empty number is null.
    """
    return _json(release, "expectations", query)


def _csv(release: Reader, table: str, query: Filter, form: CsvQuery) -> Response:
    body = write_csv(
        COLUMNS[table],
        _rows(release, table, query),
        separator=SEPARATORS[form.separator],
        guard=form.guard,
        bom=form.bom,
    )
    return attached(release, body, _CSV_TYPE, f"{table}.csv")


def _json(release: Reader, table: str, query: Filter) -> Response:
    columns = COLUMNS[table]
    rows = [dict(zip(columns, row, strict=True)) for row in _rows(release, table, query)]
    return attached(release, to_json(rows), JSON, f"{table}.json")


def _rows(release: Reader, table: str, query: Filter) -> Iterator[Row]:
    """Return the rows of a table. Raises InvalidParameter if there are too many."""
    parts = Parts(release.index, release.loaded.label, release.urls.of)
    rows = list(islice(table_rows(parts, table, chosen_of(release, query)), _MOST_ROWS + 1))
    if len(rows) > _MOST_ROWS:
        raise wrong_value(
            "track",
            f"This table has more than {_MOST_ROWS:,} rows. Choose a part of it (track, level, competency).",
        )
    return iter(rows)
