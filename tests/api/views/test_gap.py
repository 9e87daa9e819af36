"""Self-ratings measured against a level over HTTP: a POST that changes and stores nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import COMMON_HEADERS, EXAMPLE, NETFLIX, NOW, Api, Clock, problem, serve, table
from tests.databases import SqliteDatabases
from tests.strategies import framework_ladders

HOME: Final = f"{EXAMPLE}@1.1.0"
CONFIDED: Final = "rated-by-ada-in-confidence"
MEDIUM: Final = "/v1/ladders/shape-medium@1.0.0"
Json = Any


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        for name in ("medium-snowflake", "engineeringladders"):
            served.publish(framework_ladders()[name], "1.0.0", NOW)
        yield served


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def rate(client: TestClient, path: str, *ratings: dict[str, str]) -> Json:
    """Send a self-rating and return the body of the response."""
    answer = client.post(path, json={"ratings": ratings})
    assert answer.status_code == 200, answer.text
    return answer.json()


def none_of(**counts: int) -> dict[str, int]:
    return (
        dict.fromkeys(
            (
                "met_count",
                "missing_count",
                "unrated_count",
                "no_step_count",
                "no_scale_count",
                "missing_step_count",
            ),
            0,
        )
        | counts
    )


def test_points_give_levels_and_titles(client: TestClient) -> None:
    ratings = ({"competency": "mobile", "step": "m3"}, {"competency": "mentorship", "step": "m1"})
    body = rate(client, f"{MEDIUM}/levels/e2/gap", *ratings)
    assert body == {
        "ladder": "shape-medium",
        "release": "1.0.0",
        "level": "e2",
        "track": "engineer",
        "note": "This level asks nothing in any competency, so there is nothing to measure by.",
        "required": none_of(),
        "optional": none_of(),
        "cells": [],
        "not_asked": [
            {"competency": "mobile", "rating": "m3"},
            {"competency": "mentorship", "rating": "m1"},
        ],
        "score": {"reached": 7, "asked": 5, "place_count": 2, "unrated_count": 0},
        "tracks": [
            {
                "track": "engineer",
                "track_title": "Engineer",
                "given": [
                    {"points_from": 5, "points_to": 10, "level": "e2"},
                    {"points_from": 0, "points_to": 8, "title": "Engineer"},
                    {"points_from": 6, "points_to": 16, "title": "Senior engineer"},
                ],
                "ranges_ahead": [
                    {"points_from": 11, "level": "e3", "missing_points": 4},
                    {"points_from": 12, "title": "Group lead", "missing_points": 5},
                ],
            }
        ],
        "links": {
            "self": f"{MEDIUM}/levels/e2/gap",
            "current": "/v1/ladders/shape-medium/levels/e2/gap",
            "pinned": f"{MEDIUM}/levels/e2/gap",
            "release": "/v1/ladders/shape-medium/releases/1.0.0",
            "level": f"{MEDIUM}/levels/e2",
            "effective": f"{MEDIUM}/levels/e2/effective",
            "next": f"{MEDIUM}/levels/e2/next",
        },
    }


def test_each_cell_has_the_expected_step_the_rating_and_the_missing_steps(client: TestClient) -> None:
    body = rate(
        client,
        f"{HOME}/levels/m1/gap",
        {"competency": "mentorship-role", "step": "working"},
        {"facet": "scalability-expertise", "step": "shaping"},
        {"facet": "specialized-domain-mastery", "step": "learning"},
    )
    cells = {(cell["competency"], cell.get("facet")): cell for cell in body["cells"]}
    assert cells["mentorship-role", None] == {
        "competency": "mentorship-role",
        "competency_title": "Mentorship Role",
        "applicability": "required",
        "measure": "missing",
        "step": "leading",
        "step_title": "Develops mentors",
        "rating": "working",
        "rating_title": "Helps the next person",
        "missing_step_count": 2,
        "links": {"competency": f"{HOME}/competencies/mentorship-role"},
    }
    met = cells["system-design-mastery", "scalability-expertise"]
    assert (met["measure"], met["missing_step_count"], met["facet_title"]) == (
        "met",
        0,
        "Scalability Expertise",
    )
    assert "missing_step_count" not in cells["technical-leadership", None]
    assert body["required"] == none_of(met_count=1, missing_count=1, unrated_count=26, missing_step_count=2)
    assert body["optional"] == none_of(missing_count=1, unrated_count=2, missing_step_count=1)
    assert body["score"] == {"reached": 3, "asked": 36, "place_count": 7, "unrated_count": 6}


def test_ratings_at_the_expected_steps_leave_no_gap(api: Api) -> None:
    asked = api.json(f"{HOME}/levels/m2/effective?limit=500")["items"]
    ratings = [
        {name: cell[name] for name in ("competency", "facet", "step") if name in cell}
        for cell in asked
        if "step" in cell
    ]
    body = rate(api.client, f"{HOME}/levels/m2/gap", *ratings)
    assert body["required"]["missing_count"] == body["required"]["unrated_count"] == 0
    assert body["score"] == {"reached": 58, "asked": 50, "place_count": 7, "unrated_count": 0}
    assert [one["level"] for track in body["tracks"] for one in track["given"]] == ["l5", "m2"]
    assert body["not_asked"] == []


def test_a_level_without_steps_says_that_nothing_can_be_measured(client: TestClient) -> None:
    body = rate(client, f"{NETFLIX}@1.0.0/levels/l5/gap")
    assert body["note"] == (
        "This level names no steps, so no rating can be measured by it: read what it asks instead."
    )
    assert body["required"] == none_of(no_scale_count=31)
    assert "score" not in body
    assert body["tracks"] == []
    axes = rate(
        client,
        "/v1/ladders/shape-axes@1.0.0/levels/d2/gap",
        {"competency": "people", "step": "one"},
    )
    assert [cell["measure"] for cell in axes["cells"]] == ["unrated", "no-step"]
    assert "note" not in axes


def test_markdown_shows_the_measured_rating(client: TestClient) -> None:
    answer = client.post(
        f"{HOME}/levels/m3/gap.md",
        json={
            "ratings": [
                {"competency": "individual-contribution", "step": "practising"},
                {"competency": "mentorship-role", "step": "leading"},
            ]
        },
    )
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    head, rest = answer.text.split("\n\n## Not rated\n\n")
    assert head == (
        "# Measured against M3 Director of engineering\n\nexample-engineering@1.1.0\n\n"
        "- Required: 1 met, 1 missing, 22 not rated, 1 step missing in all\n\n"
        "## Missing\n\n- Mentorship Role (asked: Builds the habit, rated: Develops mentors)"
    )
    assert rest.endswith(
        "\n\n## Met\n\n- Individual contribution (asked: Practising, rated: Practising)\n\n"
        "## Points\n\n16 points; this level asks for 66.\n\n"
        "- Individual contributor: L3 Software engineer; next: L4 Software engineer II, with 2 more points\n"
        "- Management: nothing yet; next: M1 Engineering manager, with 20 more points\n"
    )


def test_csv_has_a_row_per_cell(client: TestClient) -> None:
    answer = client.post(
        f"{HOME}/levels/m1/gap.csv",
        json={"ratings": [{"facet": "broad-system-knowledge", "step": "learning"}]},
    )
    header, *rows = table(answer)
    assert len(rows) == 31
    assert dict(zip(header, rows[2], strict=True)) == {
        "competency": "deep-technical-expertise",
        "competency_title": "Deep Technical Expertise",
        "facet": "broad-system-knowledge",
        "facet_title": "Broad System Knowledge",
        "applicability": "required",
        "measure": "missing",
        "step": "practising",
        "rating": "learning",
        "missing": "2",
    }


@pytest.mark.parametrize(
    ("rating", "pointer", "detail"),
    [
        ({"step": "working"}, "", "Set `competency`, `facet`, or both."),
        (
            {"competency": "mentorship-rule", "step": "working"},
            "/competency",
            "This release has no competency 'mentorship-rule'. Did you mean 'mentorship-role'?",
        ),
        (
            {"competency": "System design mastery", "step": "working"},
            "/competency",
            "This release has no competency 'System design mastery'. Did you mean 'system-design-mastery'?",
        ),
        (
            {"facet": "root-cause", "step": "working"},
            "/facet",
            "This release has no facet 'root-cause'. Did you mean 'root-cause-analysis-proficiency'?",
        ),
        (
            {"competency": "mentorship-role", "facet": "scalability-expertise", "step": "working"},
            "/facet",
            "The facet 'scalability-expertise' belongs to 'system-design-mastery'. Use that, or leave it out.",
        ),
        (
            {"competency": "mentorship-role", "step": "workin"},
            "/step",
            (
                "The scale 'proficiency' has no step 'workin'. Did you mean 'working'? "
                "Its steps: learning, working, practising, leading, shaping."
            ),
        ),
        (
            {"competency": "technical-leadership", "step": "leading"},
            "",
            "This is already rated at /ratings/0. Remove one of the two.",
        ),
        ({"competency": "mentorship-role"}, "/step", "This is missing."),
        (
            {"competency": "mentorship-role", "step": "working", "steps": "x"},
            "/steps",
            "This property is unknown. Did you mean step?",
        ),
    ],
)
def test_an_invalid_rating_is_named_with_a_fix(
    client: TestClient, rating: dict[str, str], pointer: str, detail: str
) -> None:
    first = {"competency": "technical-leadership", "step": "leading"}
    answer = client.post(f"{HOME}/levels/l5/gap", json={"ratings": [first, rating]})
    assert problem(answer)[:2] == (422, "invalid")
    (error,) = answer.json()["errors"]
    assert error["pointer"] == f"/ratings/1{pointer}"
    assert error["detail"].startswith(detail.removesuffix(" Did you mean step?"))


def test_a_competency_without_a_scale_cannot_be_rated(client: TestClient) -> None:
    body = {"ratings": [{"competency": "technical-leadership", "step": "x"}]}
    answer = client.post(f"{NETFLIX}@1.0.0/levels/l5/gap", json=body)
    assert answer.json()["errors"] == [
        {
            "detail": "'technical-leadership' has no scale, so it cannot be rated. Leave it out.",
            "pointer": "/ratings/0",
        }
    ]


def test_ratings_may_use_former_slugs(api: Api) -> None:
    before = {
        "slug": "zenith",
        "title": "Zenith",
        "tracks": [{"slug": "t", "title": "T"}],
        "levels": [{"slug": "then", "track": "t", "title": "L"}],
        "scales": [{"slug": "depth", "title": "D", "steps": [{"slug": "lowly", "title": "L"}]}],
        "competencies": [{"slug": "skill", "title": "C", "scale": "depth"}],
        "facets": [{"slug": "side", "competency": "skill", "title": "F"}],
        "expectations": [{"level": "then", "competency": "skill", "facet": "side", "step": "lowly"}],
    }
    after = {
        **before,
        "levels": [{"slug": "now", "track": "t", "title": "L", "formerly": ["then"]}],
        "scales": [
            {
                "slug": "scale",
                "title": "D",
                "formerly": ["depth"],
                "steps": [{"slug": "low", "title": "L", "formerly": ["lowly"]}],
            }
        ],
        "competencies": [{"slug": "craft", "title": "C", "scale": "scale", "formerly": ["skill"]}],
        "facets": [{"slug": "part", "competency": "craft", "title": "F", "formerly": ["side"]}],
        "expectations": [{"level": "now", "competency": "craft", "facet": "part", "step": "low"}],
        "removals": [{"kind": "competency", "slug": "typing", "reason": "Nobody asked."}],
    }
    for version, content in (("1.0.0", before), ("2.0.0", after)):
        api.publish(Ladder.model_validate(content), version, NOW)
    path = "/v1/ladders/zenith/levels/now/gap"
    for competency, facet, step in (
        ("craft", "part", "low"),
        ("skill", "side", "lowly"),
        (None, "side", "low"),
    ):
        rating = {"competency": competency, "facet": facet, "step": step}
        body = {"ratings": [{name: value for name, value in rating.items() if value}]}
        (cell,) = api.client.post(path, json=body).json()["cells"]
        assert (cell["competency"], cell["facet"], cell["rating"]) == ("craft", "part", "low")
    both = {"ratings": [{"competency": "skill", "step": "low"}, {"competency": "craft", "step": "lowly"}]}
    twice = api.client.post(path, json=both)
    assert (
        twice.json()["errors"][0]["detail"] == "This is already rated at /ratings/0. Remove one of the two."
    )
    gone = api.client.post(path, json={"ratings": [{"competency": "typing", "step": "low"}]})
    assert gone.json()["errors"] == [
        {"detail": "The competency 'typing' was removed: Nobody asked.", "pointer": "/ratings/0/competency"}
    ]
    moved = api.client.post("/v1/ladders/zenith/levels/then/gap.md", json={"ratings": []})
    assert (problem(moved)[0], moved.headers["location"]) == (307, "/v1/ladders/zenith/levels/now/gap.md")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ("{}", "application/json", 422),
        ('{"ratings": 5}', "application/json", 422),
        ('{"ratings": [' + "[" * 5000, "application/json", 400),
        ('{"ratings": [{"competency": "\\ud800", "step": "x"}]}', "application/json", 400),
        ('{"ratings": [{"competency": "a\\u0000", "step": "x"}]}', "application/json", 422),
        ("ratings: []", "application/yaml", 415),
        ('{"ratings": []}' + " " * 300_000, "application/json", 413),
    ],
)
def test_an_invalid_body_is_rejected(client: TestClient, content: str, media_type: str, status: int) -> None:
    answer = client.post(f"{HOME}/levels/l5/gap", content=content, headers={"content-type": media_type})
    assert problem(answer)[0] == status


def test_an_error_lists_at_most_twenty_faults(client: TestClient) -> None:
    ratings = [{"competency": f"none-{place}", "step": "x"} for place in range(2_000)]
    answer = client.post(f"{HOME}/levels/l5/gap", json={"ratings": ratings})
    assert (problem(answer)[0], len(answer.json()["errors"])) == (422, 20)


@pytest.mark.parametrize("reference", ["example-engineering", "example-engineering@1.1.0"])
def test_a_response_is_never_cached(client: TestClient, reference: str) -> None:
    answer = client.post(f"/v1/ladders/{reference}/levels/l5/gap", json={"ratings": []})
    assert answer.headers["cache-control"] == "no-store"
    assert COMMON_HEADERS.items() <= dict(answer.headers).items()
    assert "etag" not in answer.headers


def test_only_post_is_allowed(client: TestClient) -> None:
    for extension in ("", ".md", ".csv"):
        path = f"{HOME}/levels/l5/gap{extension}"
        answer = client.options(path)
        assert answer.headers["allow"] == answer.headers["access-control-allow-methods"] == "OPTIONS, POST"
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
            refused = client.request(method, path)
            assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")
        assert problem(client.post(f"{path}?x=1", json={"ratings": []}))[0] == 422


def test_a_missing_level_is_explained(client: TestClient) -> None:
    answer = client.post(f"{HOME}/levels/l55/gap", json={"ratings": []})
    assert problem(answer)[:2] == (404, "not-found")
    assert problem(client.post("/v1/ladders/none/levels/l5/gap", json={"ratings": []}))[0] == 404


def test_the_read_scope_is_enough_and_needed_if_reads_are_closed(
    sqlite_databases: SqliteDatabases,
) -> None:
    path: str = f"{HOME}/levels/l5/gap"
    body: dict[str, list[str]] = {"ratings": []}
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), read_access="key") as api:
        assert problem(api.client.post(path, json=body))[:2] == (401, "unauthenticated")
        reader = api.key("reader", "read")
        assert api.client.post(path, json=body, headers=reader).status_code == 200
        draft = path.replace("@1.1.0", "@draft")
        assert problem(api.client.post(draft, json=body, headers=reader))[:2] == (403, "forbidden")
        writer = api.key("writer", "write")
        assert api.client.post(draft, json=body, headers=writer).json()["release"] == "draft"


def test_a_measurement_counts_as_a_read(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_writes=1, rate_reads=3) as api:
        statuses = [
            api.client.post(f"{HOME}/levels/l5/gap", json={"ratings": []}).status_code for _ in range(4)
        ]
    assert statuses == [200, 200, 200, 429]


def test_the_body_is_neither_stored_nor_logged(
    sqlite_databases: SqliteDatabases, capfd: pytest.CaptureFixture[str]
) -> None:
    """This holds even with an Idempotency-Key and with every request logged."""
    with (
        sqlite_databases.fresh("seeded") as url,
        serve(url, Clock(), access_log="all", log_level="debug") as api,
    ):
        headers = {**api.key("ada", "write"), "idempotency-key": "once-for-all"}
        before = _rows(api)
        for step in ("working", CONFIDED):
            body = {"ratings": [{"competency": "mentorship-role", "step": step}]}
            answer = api.client.post(f"{HOME}/levels/l5/gap", json=body, headers=headers)
            assert answer.status_code == (200 if step == "working" else 422)
        assert _rows(api) == before
        files = [path for path in Path(url.removeprefix("sqlite:///")).parent.iterdir() if path.is_file()]
        assert files
        assert all(CONFIDED.encode() not in path.read_bytes() for path in files)
    logged = capfd.readouterr()
    assert "/levels/l5/gap" in logged.out + logged.err
    assert CONFIDED not in logged.out + logged.err


def _rows(api: Api) -> dict[str, int]:
    """Return the number of rows of each table."""
    with api.application.serving.engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_token%'"
        ).scalars()
        return {
            table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()  # noqa: S608 - its own names
            for table in tables
        }
