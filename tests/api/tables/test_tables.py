"""Flat tables over HTTP: their columns, rows, filters and forms."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.formats.sheets.columns import COLUMNS, NUMBERS
from app.formats.sheets.formula_guard import guarded, unguarded
from app.rubric.ladder import Ladder
from tests.api.serving import EXAMPLE, NETFLIX, PINNED, Api, problem

DOCS: Final = Path("docs/reference/tables.md")
AT: Final = f"{EXAMPLE}@1.0.0"
SMALL: Final = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer", "group": "Tech"}],
        "levels": [
            {
                "slug": "l1",
                "track": "ic",
                "code": "L1",
                "title": "Junior",
                "other_titles": ["Associate", "Trainee"],
                "attributes": [{"title": "Reach", "items": ["own tasks", "team"]}],
                "years_to": 2.5,
                "external_ids": [{"system": "workday", "id": "JP-1"}, {"system": "hr", "id": "7"}],
            },
            {"slug": "l2", "track": "ic", "title": "Engineer"},
        ],
        "scales": [
            {"slug": "skill", "title": "Skill", "steps": [{"slug": "basic", "title": "Basic", "points": 1}]}
        ],
        "competencies": [
            {
                "slug": "craft",
                "title": "Craft",
                "category": "Work",
                "scale": "skill",
                "proficiencies": [
                    {"step": "basic", "summary": "Knows it.", "statements": [{"text": "Reads."}]}
                ],
            }
        ],
        "expectations": [
            {
                "level": "l1",
                "competency": "craft",
                "step": "basic",
                "summary": "=SUM(1)",
                "statements": [
                    {
                        "text": "Ships\nsmall.",
                        "kind": "growth",
                        "examples": [{"text": "One"}, {"text": "Two"}],
                    }
                ],
            },
            {"level": "l2", "competency": "craft", "applicability": "not-in-use"},
        ],
        "faqs": [{"slug": "why", "question": "Why?", "answer": "'Tis so.", "about": ["level:l1"]}],
    }
)


@pytest.fixture
def small(empty_api: Api) -> Api:
    """Serve one small ladder, on each engine."""
    empty_api.publish(SMALL, "1.0.0", datetime(2026, 1, 1, tzinfo=UTC))
    return empty_api


def rows_of(client: TestClient, path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text, newline="")))


@pytest.mark.parametrize("table", COLUMNS)
def test_the_documentation_lists_the_columns_of_each_table_in_order(table: str) -> None:
    section = DOCS.read_text().split(f"### {table}\n")[1].lstrip().split("\n\n")[0]
    assert tuple(re.findall(r"`([a-z_]+)`", section)) == COLUMNS[table]


def test_a_row_of_statements_has_all_that_is_written_about_a_text(small: Api) -> None:
    shared = {
        "ladder": "small",
        "release": "1.0.0",
        "track": "ic",
        "track_title": "Engineer",
        "level": "l1",
        "level_code": "L1",
        "level_rank": 1,
        "level_title": "Junior",
        "category": "Work",
        "competency": "craft",
        "competency_title": "Craft",
        "facet": "",
        "facet_title": "",
        "applicability": "required",
        "step": "basic",
        "step_title": "Basic",
        "step_points": 1,
        "origin": "own",
        "uuid": small.json("/v1/ladders/small/expectations/l1--craft")["uuid"],
        "level_external_id": "workday:JP-1 hr:7",
        "competency_external_id": "",
        "url": "/v1/ladders/small@1.0.0/expectations/l1--craft",
    }
    of_step = shared | {
        **dict.fromkeys(("track", "track_title", "level", "level_code", "level_title"), ""),
        "level_rank": None,
        "level_external_id": "",
        "applicability": "",
        "origin": "step",
        "uuid": small.json("/v1/ladders/small/competencies/craft")["uuid"],
        "url": "/v1/ladders/small@1.0.0/competencies/craft",
    }
    asked = {"counts_as": "asked", "examples": ""}
    assert small.json("/v1/ladders/small/statements.json") == [
        shared | asked | {"kind": "summary", "position": 1, "text": "=SUM(1)"},
        shared
        | {
            "kind": "growth",
            "counts_as": "ahead",
            "position": 2,
            "text": "Ships\nsmall.",
            "examples": "One\nTwo",
        },
        of_step | asked | {"kind": "summary", "position": 1, "text": "Knows it."},
        of_step | asked | {"kind": "", "position": 2, "text": "Reads."},
    ]


def test_effective_statements_have_their_origins(small: Api) -> None:
    found = small.json("/v1/ladders/small/statements.json?effective=true")
    assert [(row["level"], row["origin"], row["position"], row["text"]) for row in found] == [
        ("l1", "own", 1, "=SUM(1)"),
        ("l1", "own", 2, "Ships\nsmall."),
        ("l1", "step", 3, "Knows it."),
        ("l1", "step", 4, "Reads."),
    ]


def test_the_other_tables_have_whole_rows(small: Api) -> None:
    level = small.json("/v1/ladders/small/levels.json")[0]
    assert level == {
        "ladder": "small",
        "release": "1.0.0",
        "slug": "l1",
        "uuid": small.json("/v1/ladders/small/levels/l1")["uuid"],
        "external_id": "workday:JP-1 hr:7",
        "track": "ic",
        "track_title": "Engineer",
        "track_group": "Tech",
        "code": "L1",
        "rank": 1,
        "title": "Junior",
        "other_titles": "Associate\nTrainee",
        "summary": "",
        "scope": "",
        "years_from": None,
        "years_to": 2.5,
        "attributes": "Reach: own tasks\nReach: team",
        "examples": "",
        "url": "/v1/ladders/small@1.0.0/levels/l1",
    }
    (competency,) = small.json("/v1/ladders/small/competencies.json")
    assert (competency["step"], competency["step_points"], competency["proficiency_summary"]) == (
        "basic",
        1,
        "Knows it.",
    )
    assert competency["statements"] == "Reads."
    cells = small.json("/v1/ladders/small/expectations.json")
    assert [(row["slug"], row["applicability"], row["statement_count"]) for row in cells] == [
        ("l1--craft", "required", 1),
        ("l2--craft", "not-in-use", 0),
    ]
    (faq,) = small.json("/v1/ladders/small/faqs.json")
    assert (faq["question"], faq["answer"], faq["about"]) == ("Why?", "'Tis so.", "level:l1")


def test_csv_is_guarded_against_formulas_unless_told_otherwise(small: Api) -> None:
    home = "/v1/ladders/small"
    assert rows_of(small.client, f"{home}/statements.csv")[0]["text"] == "'=SUM(1)"
    assert rows_of(small.client, f"{home}/statements.csv?guard=false")[0]["text"] == "=SUM(1)"
    assert rows_of(small.client, f"{home}/faqs.csv")[0]["answer"] == "''Tis so."


@pytest.mark.parametrize("text", ["", "a", "=1", "'a", "''", "'=1", "-5", "\tx", "@a", "+1", "\nx"])
def test_removing_one_apostrophe_restores_every_text(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_csv_has_the_form_that_rfc_4180_describes(client: TestClient) -> None:
    answer = client.get(f"{AT}/levels.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="example-engineering-1.0.0-levels.csv"'
    )
    assert answer.headers["cache-control"] == PINNED
    assert answer.content.startswith(b"ladder,release,slug,uuid,")
    assert answer.content.endswith(b"\r\n")
    excel = client.get(f"{AT}/levels.csv?bom=true&separator=semicolon").content
    assert excel.startswith(b"\xef\xbb\xbfladder;release;slug;uuid;")
    assert client.get(f"{AT}/levels.csv?separator=tab").content.startswith(b"ladder\trelease\tslug")


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("home", [AT, f"{NETFLIX}@latest"])
def test_csv_and_json_have_the_same_rows(client: TestClient, home: str, table: str) -> None:
    in_csv = rows_of(client, f"{home}/{table}.csv?guard=false")
    in_json: Any = client.get(f"{home}/{table}.json").json()
    for row in in_json:
        assert tuple(row) == COLUMNS[table]
        assert all(isinstance(row[column], str) != (column in NUMBERS) for column in row)
    assert in_csv == [
        {column: "" if value is None else str(value) for column, value in row.items()} for row in in_json
    ]


def test_every_text_of_a_ladder_is_in_the_table_of_statements(client: TestClient) -> None:
    document = client.get(f"{AT}/document").json()
    written = [
        line["text"]
        for owners in (
            document["expectations"],
            *(one.get("proficiencies", ()) for one in document["competencies"]),
        )
        for owner in owners
        for line in owner.get("statements", ())
    ]
    table = [row["text"] for row in client.get(f"{AT}/statements.json").json() if row["kind"] != "summary"]
    assert sorted(written) == sorted(table)


def test_effective_statements_are_those_of_the_effective_view(client: TestClient) -> None:
    found = client.get(f"{AT}/statements.json?effective=true&level=l4").json()
    view = list(csv.DictReader(StringIO(client.get(f"{AT}/levels/l4/effective.csv").text, newline="")))
    expected = [unguarded(row["text"]) for row in view if row["part"] in {"summary", "statement"}]
    assert [row["text"] for row in found] == expected


def test_filters_choose_rows(client: TestClient) -> None:
    rows = client.get(f"{AT}/statements.json?level=l3,l4").json()
    assert {row["level"] for row in rows} == {"l3", "l4"}
    one = rows[0]["competency"]
    assert {row["competency"] for row in client.get(f"{AT}/expectations.json?competency={one}").json()} == {
        one
    }
    track = rows[0]["track"]
    assert {row["track"] for row in client.get(f"{AT}/levels.json?track={track}").json()} == {track}


def test_a_slug_that_the_release_does_not_have_is_an_error(client: TestClient) -> None:
    assert problem(client.get(f"{AT}/statements.csv?level=l99"))[:2] == (422, "invalid-parameter")
    assert problem(client.get(f"{AT}/statements.csv?separator=pipe"))[:2] == (422, "invalid-parameter")
    assert problem(client.get(f"{AT}/statements.json?guard=false"))[:2] == (422, "invalid-parameter")


@pytest.mark.parametrize("value", ["1", "yes", "True", ""])
def test_a_parameter_that_is_true_or_false_has_no_other_spelling(client: TestClient, value: str) -> None:
    answer = client.get(f"{AT}/statements.csv?bom={value}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {"detail": "Use `true` or `false`.", "parameter": "bom"},
    ]


def test_the_body_of_a_ladder_links_to_its_tables(client: TestClient) -> None:
    links = client.get(AT).json()["links"]
    for table in COLUMNS:
        assert links[f"{table}_csv"] == f"{AT}/{table}.csv"
        assert links[f"{table}_json"] == f"{AT}/{table}.json"


def test_the_second_read_of_a_table_is_hot(seeds: Api) -> None:
    url = f"{AT}/statements.csv?bom=true"
    first = seeds.client.get(url)
    misses = seeds.application.serving.meter.misses
    second = seeds.client.get(url, headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, seeds.application.serving.meter.misses) == (304, misses)


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "text/csv"])
def test_the_extension_chooses_the_format_and_accept_is_ignored(client: TestClient, accept: str) -> None:
    for extension, media_type in (("json", "application/json"), ("csv", "text/csv")):
        for _ in range(2):  # the second read is hot
            answer = client.get(f"{AT}/levels.{extension}", headers={"accept": accept})
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert client.get(f"{AT}/exports/lucca-skills", headers={"accept": accept}).status_code == 200
