"""The matrix over HTTP: whole bodies, filters, pages in both directions, formats and errors."""

from collections.abc import Iterator
from typing import Final

import pytest
from starlette.testclient import TestClient

from app.api.views import matrix
from app.rubric.ladder import Ladder
from tests.api.drafting import write_draft
from tests.api.serving import EXAMPLE, NOW, PINNED, UNPINNED, Api, Json, problem, serve, table
from tests.api.views.test_effective import LADDER
from tests.databases import SqliteDatabases
from tests.strategies import framework_ladders

HOME: Final = "/v1/ladders/acme@1.0.0"
MATRIX: Final = f"{EXAMPLE}@1.1.0/matrix"


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        categorised = Ladder.model_validate(LADDER)
        craft, care = categorised.competencies
        named = (craft.model_copy(update={"category": "Work"}), care)
        served.publish(categorised.model_copy(update={"competencies": named}), "1.0.0", NOW)
        for ladder in framework_ladders().values():
            served.publish(ladder, "1.0.0", NOW)
        yield served


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def cells(body: Json) -> dict[tuple[str, str], Json]:
    """Return the cells of a page by row and level, and check that their levels are those of `columns`."""
    heads = [column["level"] for column in body["columns"]]
    found: dict[tuple[str, str], Json] = {}
    for row in body["items"]:
        assert [cell["level"] for cell in row["cells"]] == heads
        found |= {(row.get("facet", row["competency"]), cell["level"]): cell for cell in row["cells"]}
    return found


def test_the_matrix_has_columns_rows_and_links(api: Api) -> None:
    body = api.json(f"{HOME}/matrix?rows=facets&competency=craft")
    at_w1 = f"{HOME}/levels/w1"
    assert body == {
        "ladder": "acme",
        "release": "1.0.0",
        "counts": {"row_count": 2, "column_count": 2},
        "columns": [
            {
                "level": "g1",
                "title": "One",
                "code": "G1",
                "track": "generic",
                "track_title": "Generic",
                "effective_rank": 1,
                "links": {
                    "self": f"{HOME}/levels/g1",
                    "track": f"{HOME}/tracks/generic",
                    "effective": f"{HOME}/levels/g1/effective",
                },
            },
            {
                "level": "w1",
                "title": "Web one",
                "code": "W1",
                "track": "web",
                "track_title": "Web",
                "effective_rank": 1,
                "links": {"self": at_w1, "track": f"{HOME}/tracks/web", "effective": f"{at_w1}/effective"},
            },
        ],
        "items": [
            {
                "competency": "craft",
                "competency_title": "Craft",
                "category": "Work",
                "cells": [
                    {
                        "level": "g1",
                        "state": "own",
                        "applicability": "required",
                        "summary": "=1+1",
                        "statement_count": 0,
                        "example_count": 0,
                        "more_count": 0,
                        "expectation": "g1--craft",
                        "links": {"effective": f"{HOME}/levels/g1/effective?competency=craft"},
                    },
                    {
                        "level": "w1",
                        "state": "overridden",
                        "applicability": "optional",
                        "summary": "Draws pages.",
                        "statement_count": 0,
                        "example_count": 0,
                        "more_count": 0,
                        "expectation": "w1--craft",
                        "links": {"effective": f"{at_w1}/effective?competency=craft"},
                    },
                ],
                "links": {"competency": f"{HOME}/competencies/craft"},
            },
            {
                "competency": "craft",
                "competency_title": "Craft",
                "category": "Work",
                "facet": "tests",
                "facet_title": "Tests",
                "cells": [
                    {
                        "level": "g1",
                        "state": "absent",
                        "statement_count": 0,
                        "example_count": 0,
                        "more_count": 0,
                    },
                    {
                        "level": "w1",
                        "state": "not-in-use",
                        "applicability": "not-in-use",
                        "summary": "No.",
                        "statement_count": 0,
                        "example_count": 0,
                        "more_count": 0,
                        "expectation": "w1--craft--tests",
                        "links": {"effective": f"{at_w1}/effective?competency=craft"},
                    },
                ],
                "links": {"competency": f"{HOME}/competencies/craft", "facet": f"{HOME}/facets/tests"},
            },
        ],
        "links": {
            "self": f"{HOME}/matrix?competency=craft&rows=facets",
            "current": "/v1/ladders/acme/matrix?competency=craft&rows=facets",
            "pinned": f"{HOME}/matrix?competency=craft&rows=facets",
            "release": "/v1/ladders/acme/releases/1.0.0",
            "markdown": f"{HOME}/matrix.md?competency=craft&rows=facets",
            "csv": f"{HOME}/matrix.csv?competency=craft&rows=facets",
            "heat_map": f"{HOME}/matrix.svg",
        },
    }


def test_every_cell_agrees_with_the_effective_view(each_client: TestClient) -> None:
    shown = cells(each_client.get(f"{MATRIX}?rows=facets").json())
    levels = {level for _, level in shown}
    assert len(shown) == 8 * 31
    for level in levels:
        found = each_client.get(f"{EXAMPLE}@1.1.0/levels/{level}/effective?limit=500").json()["items"]
        for item in found:
            cell = shown[item.get("facet", item["competency"]), level]
            same = ("state", "applicability", "step", "step_title")
            assert [cell.get(name) for name in same] == [item.get(name) for name in same]
            assert cell["statement_count"] == sum(
                len(held.get("statements", ())) for held in item.get("expectations", ())
            )


def test_all_links_of_a_page_can_be_read(client: TestClient) -> None:
    body = client.get(f"{MATRIX}?rows=facets&competency=mentorship-role").json()
    links = [body["links"], *(one["links"] for one in (*body["columns"], *body["items"]))]
    links += [cell["links"] for row in body["items"] for cell in row["cells"] if "links" in cell]
    for path in {path for some in links for path in some.values()}:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("query", "rows", "columns"),
    [
        ("", 7, ["l3", "l4", "l5", "l6", "l7", "m1", "m2", "m3"]),
        ("rows=competencies&track=management", 7, ["m1", "m2", "m3"]),
        ("level=m2,l4,m2", 7, ["l4", "m2"]),
        ("level=l4,m2&track=management", 7, ["m2"]),
        ("competency=mentorship-role,technical-leadership&level=l4", 2, ["l4"]),
        ("competency=system-design-mastery&rows=facets&level=l4", 5, ["l4"]),
    ],
)
def test_filters_choose_rows_and_columns(
    client: TestClient, query: str, rows: int, columns: list[str]
) -> None:
    body = client.get(f"{MATRIX}?{query}").json()
    assert [column["level"] for column in body["columns"]] == columns
    assert body["counts"] == {"row_count": rows, "column_count": len(columns)}
    assert len(body["items"]) == rows
    assert len(cells(body)) == rows * len(columns)


def test_a_category_chooses_rows(client: TestClient) -> None:
    body = client.get(f"{HOME}/matrix?category=Work").json()
    assert [row["competency"] for row in body["items"]] == ["craft"]


def test_the_pages_cover_every_cell_once(client: TestClient) -> None:
    whole = cells(client.get(f"{MATRIX}?rows=facets&limit=500").json())
    seen: dict[tuple[str, str], Json] = {}
    down: str | None = f"{EXAMPLE}/matrix?rows=facets&limit=10&column_limit=3"
    while down is not None:
        answer = client.get(down)
        body = right = answer.json()
        down = body["links"].get("next")
        assert answer.links.get("next", {}).get("url") == down
        while True:
            assert not cells(right).keys() & seen.keys()
            seen |= cells(right)
            if "next_columns" not in right["links"]:
                break
            right = client.get(right["links"]["next_columns"]).json()
    assert seen == whole


def test_next_links_are_pinned_and_current_starts_at_the_first_page(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/matrix?limit=2&column_limit=3").json()
    for name in ("next", "next_columns"):
        path = body["links"][name]
        assert path.startswith(f"{MATRIX}?")
        following = client.get(path)
        assert following.headers["cache-control"] == PINNED
        links = following.json()["links"]
        assert (links["self"], links["pinned"]) == (path, path)
        assert links["current"] == f"{EXAMPLE}/matrix?column_limit=3&limit=2"
        assert following.links["latest-version"]["url"] == f"{EXAMPLE}/matrix"


def test_a_cursor_is_valid_for_one_direction_and_one_selection(client: TestClient) -> None:
    links = client.get(f"{MATRIX}?limit=2&column_limit=3").json()["links"]
    for path, parameter in (
        (f"{links['next']}&rows=facets", "cursor"),
        (f"{links['next_columns']}&track=management", "column_cursor"),
        (links["next"].replace("&cursor", "&column_cursor"), "column_cursor"),
        (links["next_columns"].replace("column_cursor", "cursor"), "cursor"),
        (f"{MATRIX}?column_cursor=x", "column_cursor"),
    ):
        answer = client.get(path)
        assert problem(answer)[:2] == (422, "invalid-parameter")
        assert answer.json()["errors"][0]["parameter"] == parameter


def test_fields_returns_fewer_fields_of_cells(client: TestClient) -> None:
    body = client.get(f"{MATRIX}?fields=step_title,statement_count&limit=1").json()
    assert {tuple(cell) for cell in body["items"][0]["cells"]} == {
        ("level", "state", "step_title", "statement_count", "links")
    }


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("track=managment", "track", "This release has no track 'managment'. Did you mean 'management'?"),
        ("level=l5,l55", "level", "This release has no level 'l55'. Did you mean 'l5'?"),
        ("level=l5,", "level", "This release has no level ''."),
        (
            "competency=mentorship",
            "competency",
            "This release has no competency 'mentorship'. Did you mean 'mentorship-role'?",
        ),
        ("category=none", "category", "This release has no category 'none'."),
        ("rows=levels", "rows", None),
        ("limit=501", "limit", None),
        ("column_limit=0", "column_limit", None),
        ("fields=titel", "fields", None),
        ("columns=3", "columns", None),
    ],
)
def test_an_error_names_the_invalid_parameter(
    client: TestClient, query: str, parameter: str, detail: str | None
) -> None:
    answer = client.get(f"{MATRIX}?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert detail in {None, fault["detail"]}


def test_a_page_with_too_many_cells_is_rejected(api: Api) -> None:
    level = [{"slug": f"l{n}", "track": "t", "title": "x"} for n in range(120)]
    competency = [{"slug": f"c{n}", "title": "x"} for n in range(120)]
    wide = {"slug": "wide", "title": "W", "tracks": [{"slug": "t", "title": "T"}]}
    api.publish(Ladder.model_validate(wide | {"levels": level, "competencies": competency}), "1.0.0", NOW)
    answer = api.client.get("/v1/ladders/wide/matrix?limit=200&column_limit=200")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {
            "parameter": "limit",
            "detail": "This page would have 14400 cells. The maximum is 10000. "
            "Request fewer rows (limit) or columns (column_limit).",
        }
    ]
    body = api.json("/v1/ladders/wide/matrix?limit=80&column_limit=120")
    assert len(cells(body)) == 80 * 120
    rows = table(api.client.get("/v1/ladders/wide/matrix.csv"))
    assert len(rows) == 1 + 120 * 120


@pytest.mark.parametrize("extension", [".csv", ".md"])
def test_a_matrix_that_is_too_large_for_one_response_is_rejected(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, extension: str
) -> None:
    monkeypatch.setattr(matrix, "_MOST_WHOLE", 55)
    answer = client.get(f"{EXAMPLE}/matrix{extension}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {
            "parameter": "track",
            "detail": "This matrix has 56 cells. The maximum is 55. Choose a part of it (track, level, competency, "
            "category or rows=competencies), or request JSON, which has pages.",
        }
    ]
    assert client.get(f"{EXAMPLE}/matrix{extension}?track=management").status_code == 200


@pytest.mark.parametrize("name", sorted(framework_ladders()))
def test_every_kind_of_ladder_has_a_matrix_in_every_format(api: Api, name: str) -> None:
    ladder = framework_ladders()[name]
    path = f"/v1/ladders/{ladder.slug}/matrix"
    body = api.json(f"{path}?rows=facets")
    steps = sum(len(scale.steps) for scale in ladder.scales)
    assert body["counts"]["column_count"] == (len(ladder.levels) or steps)
    assert body["counts"]["row_count"] == len(ladder.competencies) + len(ladder.facets)
    for extension in (".md", ".csv"):
        assert api.client.get(path + extension).status_code == 200


def test_an_empty_ladder_has_an_empty_matrix(api: Api) -> None:
    api.publish(Ladder.model_validate({"slug": "empty", "title": "Empty"}), "1.0.0", NOW)
    body = api.json("/v1/ladders/empty/matrix")
    assert (body["columns"], body["items"]) == ([], [])
    assert api.client.get("/v1/ladders/empty/matrix.md").text == (
        "# Empty: matrix\n\nempty@1.0.0\n\nThere is nothing to show.\n"
    )


def test_a_ladder_without_levels_shows_its_competencies_by_step(api: Api) -> None:
    body = api.json("/v1/ladders/shape-direct/matrix?rows=facets")
    assert body == api.json("/v1/ladders/shape-direct/matrix?rows=facets&columns=steps") | {
        "links": body["links"]
    }
    assert [column["step"] for column in body["columns"]] == ["0", "1", "2", "3", "4"]
    assert all("level" not in column for column in body["columns"])


def test_a_matrix_by_step_says_what_each_step_looks_like(api: Api) -> None:
    body = api.json("/v1/ladders/shape-medium/matrix?columns=steps&limit=1")
    home = "/v1/ladders/shape-medium@1.0.0"
    assert body["columns"][0] == {
        "scale": "milestone",
        "scale_title": body["columns"][0]["scale_title"],
        "step": body["columns"][0]["step"],
        "points": 0,
        "title": body["columns"][0]["title"],
        "links": {"self": f"{home}/scales/milestone"},
    }
    (row,) = body["items"]
    second = row["cells"][1]
    assert (second["step"], second["state"], second["statement_count"]) == ("m1", "own", 2)
    assert second["summary"] or second["lines"]
    text = api.client.get("/v1/ladders/shape-medium/matrix.md?columns=steps").text
    assert second.get("summary", "") in text
    header, *rows = table(api.client.get("/v1/ladders/shape-medium/matrix.csv?columns=steps"))
    assert {row[header.index("level")] for row in rows} == {""}
    answer = api.client.get("/v1/ladders/shape-medium/matrix?columns=steps&level=e1")
    assert problem(answer)[:2] == (422, "invalid-parameter")


def test_markdown_has_a_table_per_track(client: TestClient) -> None:
    answer = client.get(f"{HOME}/matrix.md?rows=facets")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["cache-control"] == PINNED
    assert answer.text == (
        "# Acme: matrix\n\nacme@1.0.0\n\n"
        "## Generic\n\n|  | G1 One |\n| --- | --- |\n"
        "| **Craft** | asked |\n| Tests |  |\n| **Care** | 1 statement |\n\n"
        "## Web\n\n|  | W1 Web one |\n| --- | --- |\n"
        "| **Craft** | asked (optional) |\n| Tests | not in use |\n| **Care** | *1 statement* |\n"
    )


def test_csv_has_a_row_per_cell_and_no_formulas(client: TestClient) -> None:
    answer = client.get(f"{HOME}/matrix.csv?rows=facets&level=g1")
    header, *rows = table(answer)
    assert header == [
        *("competency", "competency_title", "category", "facet", "facet_title"),
        *("level", "level_title", "code", "track", "rank"),
        *(
            "state",
            "applicability",
            "step",
            "step_title",
            "summary",
            "lines",
            "more_count",
            "statement_count",
            "example_count",
            "expectation",
        ),
    ]
    level = ["g1", "One", "G1", "generic", "1"]
    assert rows == [
        [
            "craft",
            "Craft",
            "Work",
            "",
            "",
            *level,
            "own",
            "required",
            "",
            "",
            "'=1+1",
            "",
            "0",
            "0",
            "0",
            "g1--craft",
        ],
        ["craft", "Craft", "Work", "tests", "Tests", *level, "absent", "", "", "", "", "", "0", "0", "0", ""],
        [
            "care",
            "Care",
            "",
            "",
            "",
            *level,
            "own",
            "required",
            "",
            "",
            "Cares.",
            "",
            "0",
            "1",
            "0",
            "g1--care",
        ],
    ]


def test_accept_chooses_the_format(client: TestClient) -> None:
    for accept, given in (
        ("text/csv", "text/csv"),
        ("text/markdown", "text/markdown"),
        ("*/*", "application/json"),
    ):
        answer = client.get(f"{EXAMPLE}/matrix?rows=facets", headers={"accept": accept})
        assert answer.headers["content-type"].startswith(given)
        assert answer.headers["vary"] == "accept, accept-encoding"
        assert answer.headers["cache-control"] == UNPINNED
    assert problem(client.get(f"{EXAMPLE}/matrix", headers={"accept": "image/png"}))[:2] == (
        406,
        "not-acceptable",
    )


def test_the_matrix_of_a_draft_needs_permission(api: Api) -> None:
    write_draft(api, Ladder.model_validate(LADDER | {"slug": "fresh"}))
    path = "/v1/ladders/fresh@draft/matrix"
    assert problem(api.client.get(path))[:2] == (401, "unauthenticated")
    answer = api.client.get(path, headers=api.key("ann", "write"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["links"]["csv"] == f"{path}.csv"
    assert answer.json()["counts"] == {"row_count": 2, "column_count": 2}
