"""Effective expectations over HTTP: whole bodies, formats, filters and errors."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import COMMON_HEADERS, EXAMPLE, NOW, PINNED, UNPINNED, Api, Json, problem, serve, table
from tests.databases import SqliteDatabases

HOME = "/v1/ladders/acme@1.0.0"
LADDER = {
    "slug": "acme",
    "title": "Acme",
    "tracks": [
        {"slug": "generic", "title": "Generic"},
        {"slug": "web", "title": "Web", "extends": "generic"},
    ],
    "levels": [
        {"slug": "g1", "track": "generic", "title": "One", "code": "G1", "rank": 1},
        {"slug": "w1", "track": "web", "title": "Web one", "code": "W1", "rank": 1},
    ],
    "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "care", "title": "Care"}],
    "facets": [{"slug": "tests", "competency": "craft", "title": "Tests"}],
    "expectations": [
        {"level": "g1", "competency": "craft", "summary": "=1+1"},
        {"level": "g1", "competency": "care", "summary": "Cares.", "statements": [{"text": "Asks *why*."}]},
        {"level": "w1", "competency": "craft", "summary": "Draws pages.", "applicability": "optional"},
        {
            "level": "w1",
            "competency": "craft",
            "facet": "tests",
            "applicability": "not-in-use",
            "summary": "No.",
        },
    ],
}


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        served.publish(Ladder.model_validate(LADDER), "1.0.0", NOW)
        yield served


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def test_a_level_has_its_own_and_inherited_expectations(api: Api) -> None:
    body = api.json(f"{HOME}/levels/w1/effective")
    here = f"{HOME}/levels/w1"
    assert body.pop("links") == {
        "self": f"{here}/effective",
        "current": "/v1/ladders/acme/levels/w1/effective",
        "pinned": f"{here}/effective",
        "release": "/v1/ladders/acme/releases/1.0.0",
        "level": here,
        "markdown": f"{here}/effective.md",
        "csv": f"{here}/effective.csv",
    }
    own, unused, inherited = (item.pop("expectations") for item in body["items"])
    assert body == {
        "ladder": "acme",
        "release": "1.0.0",
        "level": "w1",
        "track": "web",
        "cumulative": "unsaid",
        "items": [
            {
                "competency": "craft",
                "competency_title": "Craft",
                "state": "overridden",
                "applicability": "optional",
                "hidden": ["g1--craft"],
                "links": {"competency": f"{HOME}/competencies/craft"},
            },
            {
                "competency": "craft",
                "competency_title": "Craft",
                "facet": "tests",
                "facet_title": "Tests",
                "state": "not-in-use",
                "applicability": "not-in-use",
                "links": {"competency": f"{HOME}/competencies/craft", "facet": f"{HOME}/facets/tests"},
            },
            {
                "competency": "care",
                "competency_title": "Care",
                "state": "inherited",
                "applicability": "required",
                "links": {"competency": f"{HOME}/competencies/care"},
            },
        ],
    }
    assert [one["origin"] for one in (*own, *unused, *inherited)] == ["own", "own", "extended"]
    uuid = inherited[0].pop("uuid")
    (line,) = inherited[0].pop("statements")
    assert (line["text"], line["counts_as"]) == ("Asks *why*.", "asked")
    assert inherited == [
        {
            "slug": "g1--care",
            "level": "g1",
            "competency": "care",
            "applicability": "required",
            "summary": "Cares.",
            "origin": "extended",
            "links": {"self": f"{HOME}/expectations/g1--care"},
        }
    ]
    assert api.json(f"{HOME}/expectations/g1--care")["uuid"] == uuid


def test_facets_and_steps_have_titles(api: Api) -> None:
    path = f"{EXAMPLE}@1.1.0/levels/l5/effective?competency=system-design-mastery"
    items = api.json(path)["items"]
    assert {item["competency"] for item in items} == {"system-design-mastery"}
    facet = next(item for item in items if item.get("facet") == "scalability-expertise")
    assert facet["facet_title"] == "Scalability Expertise"
    assert items[0]["step"]
    assert items[0]["step_title"]


def test_cells_can_be_filtered_and_paged(api: Api) -> None:
    everything = api.json(f"{EXAMPLE}@1.1.0/levels/m1/effective?limit=500")["items"]
    paged: list[Json] = []
    path: str | None = f"{EXAMPLE}@1.1.0/levels/m1/effective?limit=3"
    while path is not None:
        body = api.json(path)
        paged += body["items"]
        path = body["links"].get("next")
    assert paged == everything
    states = {item["state"] for item in everything}
    for state in states:
        kept = api.json(f"{EXAMPLE}@1.1.0/levels/m1/effective?limit=500&state={state}")["items"]
        assert kept == [item for item in everything if item["state"] == state] != []


def test_markdown_lists_expectations_and_their_origin(client: TestClient) -> None:
    answer = client.get(f"{HOME}/levels/w1/effective.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["cache-control"] == PINNED
    assert "vary" not in answer.headers
    assert answer.text == (
        "# W1 Web one\n\nacme@1.0.0\n\n"
        "## Craft (optional)\n\nDraws pages.\n\n"
        "## Care\n\n*From G1 One:*\n\nCares.\n\n- Asks \\*why\\*.\n\n"
        "## Not in use\n\n- Tests: No.\n"
    )


def test_csv_has_a_row_per_line_and_no_formulas(client: TestClient) -> None:
    answer = client.get(f"{HOME}/levels/g1/effective.csv")
    header, *rows = table(answer)
    craft = ["craft", "Craft", "", "", "own", "required", "", "", "own", "g1"]
    care = ["care", "Care", "", "", "own", "required", "", "", "own", "g1"]
    assert [dict(zip(header, row, strict=True)) for row in rows] == [
        dict(zip(header, row, strict=True))
        for row in (
            [*craft, "summary", "", "asked", "'=1+1"],
            ["craft", "Craft", "tests", "Tests", "absent", *[""] * 9],
            [*care, "summary", "", "asked", "Cares."],
            [*care, "statement", "", "asked", "Asks *why*."],
        )
    ]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; header=present; charset=utf-8"),
        ("text/markdown, application/json;q=0.9", "text/markdown; charset=utf-8"),
        ("application/json, text/markdown;q=0.9", "application/json"),
        ("text/*", "text/csv; header=present; charset=utf-8"),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
def test_accept_chooses_the_format_of_cached_responses_too(
    client: TestClient, accept: str | None, given: str
) -> None:
    """First and cached reads behave the same, whatever other clients requested at the same URL."""
    path = f"{EXAMPLE}/levels/l5/effective"
    for _ in range(3):
        client.get(path)
        client.get(path, headers={"accept": "text/csv"})
        answer = client.get(path, headers={} if accept is None else {"accept": accept})
        assert answer.headers["content-type"] == given
        assert answer.headers["vary"] == "accept, accept-encoding"
        assert answer.headers["cache-control"] == UNPINNED
        again = client.get(path, headers={"accept": accept or "*/*", "if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["vary"] == "accept, accept-encoding"


@pytest.mark.parametrize("lookalike", ["%20.csv", "%20.md", "+.csv", "%0A.csv", "%00.csv"])
def test_a_negotiated_response_is_not_used_for_other_urls(client: TestClient, lookalike: str) -> None:
    path = f"{EXAMPLE}/levels/l5/effective"
    for accept in ("text/csv", "text/markdown"):
        assert client.get(path, headers={"accept": accept}).status_code == 200
    assert client.get(path + lookalike).status_code == 404


def test_an_unknown_format_is_rejected(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLE}/levels/l5/effective", headers={"accept": "image/png"})
    assert problem(answer) == (
        406,
        "not-acceptable",
        "Only application/json, text/csv, text/markdown can be given here.",
    )


@pytest.mark.parametrize("extension", ["", ".md", ".csv"])
def test_a_missing_level_is_explained(client: TestClient, extension: str) -> None:
    answer = client.get(f"{HOME}/levels/g11/effective{extension}")
    assert problem(answer) == (404, "not-found", "acme@1.0.0 has no level 'g11'. Did you mean 'g1'?")


def test_a_renamed_level_redirects_to_its_view(api: Api) -> None:
    renamed = {**LADDER, "levels": [{**LADDER["levels"][0], "slug": "e1", "formerly": ["g1"]}]}  # type: ignore[dict-item]
    renamed |= {"slug": "zenith", "tracks": LADDER["tracks"], "expectations": []}
    api.publish(Ladder.model_validate(renamed), "1.0.0", NOW)
    answer = api.client.get("/v1/ladders/zenith/levels/g1/effective.md")
    assert problem(answer)[0] == 307
    assert answer.headers["location"] == "/v1/ladders/zenith/levels/e1/effective.md"


@pytest.mark.parametrize(
    "query", ["state=none", "competency=crafts", "limit=0", "fields=none", "cursor=x", "x=1"]
)
def test_parameters_are_checked(client: TestClient, query: str) -> None:
    answer = client.get(f"{HOME}/levels/g1/effective?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_other_formats_take_no_parameters(client: TestClient) -> None:
    for extension in (".md", ".csv"):
        assert problem(client.get(f"{HOME}/levels/g1/effective{extension}?limit=3"))[0] == 422


def test_responses_have_the_common_headers(client: TestClient) -> None:
    for extension in ("", ".md", ".csv"):
        answer = client.get(f"{HOME}/levels/g1/effective{extension}")
        assert COMMON_HEADERS.items() <= dict(answer.headers).items()
        assert 'rel="canonical"' in answer.headers["link"]


def test_a_cell_that_names_a_step_has_an_entry_with_its_text(api: Api) -> None:
    scale = {"slug": "depth", "title": "Depth", "steps": [{"slug": "low", "title": "Low"}]}
    steady = {
        "step": "low",
        "title": "Steady",
        "statements": [{"text": "Tests.", "kind": "indicator"}],
        "examples": [{"text": "A small one."}],
    }
    craft = {"slug": "craft", "title": "Craft", "scale": "depth", "proficiencies": [steady]}
    ladder = {
        "slug": "stepped",
        "title": "Stepped",
        "scales": [scale],
        "competencies": [craft],
        "tracks": [{"slug": "t", "title": "T"}],
        "levels": [{"slug": "l1", "track": "t", "title": "L1"}],
        "expectations": [{"level": "l1", "competency": "craft", "step": "low"}],
    }
    api.publish(Ladder.model_validate(ladder), "1.0.0", NOW)
    home = "/v1/ladders/stepped@1.0.0"
    (cell,) = api.json(f"{home}/levels/l1/effective")["items"]
    own, step = cell["expectations"]
    assert (own["origin"], own["step"], own.get("statements")) == ("own", "low", None)
    assert step == {
        "origin": "step",
        "competency": "craft",
        "step": "low",
        "title": "Steady",
        "statements": [{"kind": "indicator", "counts_as": "sign", "text": "Tests."}],
        "examples": [{"text": "A small one."}],
        "links": {"self": f"{home}/competencies/craft"},
    }
    assert api.client.get(f"{home}/levels/l1/effective.md").text == (
        "# L1\n\nstepped@1.0.0\n\n## Craft (Steady)\n\n"
        "*Step Steady:*\n\n- *Indicator (sign):* Tests.\n- For example: A small one.\n"
    )
