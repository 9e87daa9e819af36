"""Next levels over HTTP: whole bodies, formats, filters and errors."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import EXAMPLE, NETFLIX, NOW, PINNED, Api, problem, serve, table
from tests.databases import SqliteDatabases

HOME: Final = "/v1/ladders/acme@1.0.0"
STEPS: Final = [{"slug": "low", "title": "Low", "points": 1}, {"slug": "high", "title": "High", "points": 4}]
LADDER: Final[dict[str, Any]] = {
    "slug": "acme",
    "title": "Acme",
    "tracks": [{"slug": "make", "title": "Make", "group": "Makers"}, {"slug": "lead", "title": "Lead"}],
    "levels": [
        {"slug": "m1", "track": "make", "title": "One", "code": "M1", "rank": 1},
        {"slug": "m2", "track": "make", "title": "Two", "rank": 2},
        {"slug": "l1", "track": "lead", "title": "First", "rank": 2},
    ],
    "scales": [{"slug": "depth", "title": "Depth", "steps": STEPS}],
    "competencies": [
        {"slug": "craft", "title": "Craft", "scale": "depth"},
        {"slug": "care", "title": "Care"},
    ],
    "facets": [{"slug": "tests", "competency": "craft", "title": "Tests"}],
    "expectations": [
        {
            "level": "m1",
            "competency": "craft",
            "step": "low",
            "statements": [{"text": "Builds."}, {"text": "=Leads.", "kind": "growth"}],
        },
        {"level": "m1", "competency": "care", "statements": [{"text": "Asks."}]},
        {
            "level": "m2",
            "competency": "craft",
            "step": "high",
            "summary": "Builds *well*.",
            "statements": [{"text": "builds."}, {"text": "=Leads."}],
        },
        {"level": "m2", "competency": "craft", "facet": "tests", "summary": "Tests."},
        {"level": "m2", "competency": "care", "statements": [{"text": "Asks."}]},
    ],
    "faqs": [{"slug": "when", "question": "When?", "answer": "In time.", "about": ["level:m2"]}],
    "tips": [{"slug": "go", "title": "Go", "text": "Begin.", "about": ["level:m2", "level:l1"]}],
}


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        served.publish(Ladder.model_validate(LADDER), "1.0.0", NOW)
        yield served


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def line(text: str) -> dict[str, Any]:
    return {"text": text, "counts_as": "asked"}


def test_a_promotion_lists_what_the_next_level_adds(api: Api) -> None:
    body = api.json(f"{HOME}/levels/m1/next?expand=lines&how=promotion")
    assert body.pop("links") == {
        "self": f"{HOME}/levels/m1/next?expand=lines&how=promotion",
        "current": "/v1/ladders/acme/levels/m1/next?expand=lines&how=promotion",
        "pinned": f"{HOME}/levels/m1/next?expand=lines&how=promotion",
        "release": "/v1/ladders/acme/releases/1.0.0",
        "level": f"{HOME}/levels/m1",
        "effective": f"{HOME}/levels/m1/effective",
        "markdown": f"{HOME}/levels/m1/next.md",
        "csv": f"{HOME}/levels/m1/next.csv",
    }
    craft = {"competency": "craft", "competency_title": "Craft"}
    assert body == {
        "ladder": "acme",
        "release": "1.0.0",
        "level": "m1",
        "track": "make",
        "effective_rank": 1,
        "items": [
            {
                "level": "m2",
                "title": "Two",
                "track": "make",
                "track_title": "Make",
                "effective_rank": 2,
                "how": "promotion",
                "rank_step": "next",
                "counts": {
                    "new_count": 1,
                    "raised_count": 1,
                    "more_count": 0,
                    "other_count": 0,
                    "less_count": 0,
                    "dropped_count": 0,
                    "statement_count": 1,
                    "step_count": 1,
                },
                "points_here": 1,
                "points": 4,
                "cells": [
                    {
                        **craft,
                        "change": "raised",
                        "applicability_here": "required",
                        "applicability": "required",
                        "step_here": "low",
                        "step_here_title": "Low",
                        "step": "high",
                        "step_title": "High",
                        "rise": 1,
                        "added": [
                            {
                                "expectation": "m2--craft",
                                "level": "m2",
                                "origin": "own",
                                "summary": "Builds *well*.",
                                "statements": [line("=Leads.")],
                            }
                        ],
                        "ahead": [{**line("=Leads."), "kind": "growth", "counts_as": "ahead"}],
                    },
                    {
                        **craft,
                        "facet": "tests",
                        "facet_title": "Tests",
                        "change": "new",
                        "applicability": "required",
                        "added": [
                            {
                                "expectation": "m2--craft--tests",
                                "level": "m2",
                                "origin": "own",
                                "summary": "Tests.",
                            }
                        ],
                    },
                ],
                "faqs": [{"slug": "when", "title": "When?", "links": {"self": f"{HOME}/faqs/when"}}],
                "tips": [{"slug": "go", "title": "Go", "links": {"self": f"{HOME}/tips/go"}}],
                "links": {
                    "self": f"{HOME}/levels/m2",
                    "effective": f"{HOME}/levels/m2/effective",
                    "next": f"{HOME}/levels/m2/next",
                    "compare": f"{HOME}/compare?from=m1&to=m2",
                },
            }
        ],
    }


def test_the_top_level_has_a_note_and_no_next_level(api: Api) -> None:
    body = api.json(f"{NETFLIX}@1.0.0/levels/l5/next")
    assert (body["items"], body["note"]) == (
        [],
        "There is no next level: nothing in this ladder is above it or beside it.",
    )
    assert api.client.get(f"{NETFLIX}@1.0.0/levels/l5/next.md").text.endswith(f"\n\n{body['note']}\n")
    filtered = api.json(f"{EXAMPLE}@1.1.0/levels/l3/next?how=switch")
    assert filtered["items"] == []
    assert "note" not in filtered


def followed(api: Api, path: str | None) -> list[Any]:
    """The items of a page and of all that follow it."""
    items: list[Any] = []
    while path is not None:
        body = api.json(path)
        items += body["items"]
        path = body["links"].get("next")
    return items


def test_next_levels_can_be_filtered_and_paged(api: Api) -> None:
    here = f"{EXAMPLE}@1.1.0/levels/l5/next"
    everything = followed(api, here)
    assert [item["level"] for item in everything] == ["l6", "m1", "m2"]
    assert followed(api, f"{here}?limit=1") == everything
    assert followed(api, f"{here}?track=management") == everything[1:]
    assert api.json(f"{here}?how=promotion")["items"] == everything[:1]
    assert [item["level"] for item in api.json(f"{HOME}/levels/l1/next?group=Makers")["items"]] == ["m2"]


def test_a_filter_chooses_one_competency(api: Api) -> None:
    """The question: what is next for me in system design?"""
    here = f"{EXAMPLE}@1.1.0/levels/l5/next?competency=system-design-mastery&how=promotion"
    (item,) = api.json(here)["items"]
    assert {cell["competency"] for cell in item["cells"]} == {"system-design-mastery"}
    assert (
        sum(item["counts"][f"{change}_count"] for change in ("new", "raised", "more"))
        == len(item["cells"])
        == 5
    )
    assert item["points"] == 60


def test_fields_returns_fewer_fields_and_expand_includes_guidance(api: Api) -> None:
    body = api.json(f"{HOME}/levels/m1/next?fields=points&expand=faqs,tips")
    assert [set(item) for item in body["items"]] == [
        {"level", "title", "track", "effective_rank", "how", "rank_step", "counts", "points", "links"}
    ] * 2
    assert [faq["answer"] for faq in body["included"]["faqs"]] == ["In time."]
    assert [tip["text"] for tip in body["included"]["tips"]] == ["Begin."]


def test_markdown_lists_added_and_dropped_texts_and_growth(client: TestClient) -> None:
    answer = client.get(f"{HOME}/levels/m1/next.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["cache-control"] == PINNED
    assert answer.text == (
        "# Next after M1 One\n\nacme@1.0.0\n\n"
        "## Two (promotion, Make)\n\n"
        "1 new; 1 raised; 1 statement to add; 1 step to climb; points asked: 1 here, 4 there.\n\n"
        "### Craft (raised, Low → High)\n\nBuilds \\*well\\*.\n\n- \\=Leads.\n\n- Practise: \\=Leads.\n\n"
        "#### Tests (new)\n\nTests.\n\n"
        "### Questions\n\n- **When?** In time.\n\n"
        "### Tips\n\n- **Go** Begin.\n\n"
        "## First (change of track, Lead)\n\n"
        "2 no longer asked; points asked: 1 here, 0 there.\n\n"
        "### Craft (no longer asked)\n\n- No longer: Builds.\n- Practise: \\=Leads.\n\n"
        "### Care (no longer asked)\n\n- No longer: Asks.\n\n"
        "### Tips\n\n- **Go** Begin.\n"
    )


def test_csv_has_a_row_per_line_and_no_formulas(client: TestClient) -> None:
    answer = client.get(f"{HOME}/levels/m1/next.csv")
    header, *rows = table(answer)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert found[0] == {
        "next_level": "m2",
        "how": "promotion",
        "rank": "next",
        "competency": "craft",
        "competency_title": "Craft",
        "facet": "",
        "facet_title": "",
        "change": "raised",
        "applicability_here": "required",
        "applicability": "required",
        "step_here": "low",
        "step": "high",
        "rise": "1",
        "part": "added",
        "from_level": "m2",
        "origin": "own",
        "kind": "summary",
        "counts_as": "asked",
        "text": "Builds *well*.",
    }
    lines = [(row["next_level"], row["change"], row["part"], row["kind"], row["text"]) for row in found]
    assert lines == [
        ("m2", "raised", "added", "summary", "Builds *well*."),
        ("m2", "raised", "added", "", "'=Leads."),
        ("m2", "raised", "practise", "growth", "'=Leads."),
        ("m2", "new", "added", "summary", "Tests."),
        ("l1", "dropped", "dropped", "", "Builds."),
        ("l1", "dropped", "practise", "growth", "'=Leads."),
        ("l1", "dropped", "dropped", "", "Asks."),
    ]


@pytest.mark.parametrize(
    ("accept", "given"),
    [("text/csv", "text/csv"), ("text/markdown", "text/markdown"), ("*/*", "application/json")],
)
def test_accept_chooses_the_format(client: TestClient, accept: str, given: str) -> None:
    answer = client.get(f"{HOME}/levels/m1/next", headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == given
    assert answer.headers["vary"].split(", ")[0] == "accept"


@pytest.mark.parametrize("extension", ["", ".md", ".csv"])
def test_a_missing_level_is_explained(client: TestClient, extension: str) -> None:
    answer = client.get(f"{HOME}/levels/m11/next{extension}")
    assert problem(answer) == (404, "not-found", "acme@1.0.0 has no level 'm11'. Did you mean 'm1'?")


@pytest.mark.parametrize(
    "query",
    [
        "how=up",
        "track=makes",
        "group=makes",
        "competency=none",
        "limit=0",
        "fields=none",
        "expand=none",
        "cursor=x",
        "x=1",
    ],
)
def test_parameters_are_checked(client: TestClient, query: str) -> None:
    answer = client.get(f"{HOME}/levels/m1/next?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_next_links_lead_from_the_bottom_to_the_top_of_each_track(api: Api) -> None:
    path, seen = f"{EXAMPLE}@1.1.0/levels/l3/next", []
    while True:
        items = [item for item in api.json(path)["items"] if item["how"] == "promotion"]
        if not items:
            break
        seen.append(items[0]["level"])
        path = items[0]["links"]["next"]
    assert seen == ["l4", "l5", "l6", "l7"]


def test_each_next_level_links_to_the_comparison_with_the_current_one(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/levels/l5/next").json()
    assert body["items"]
    for item in body["items"]:
        both = client.get(item["links"]["compare"]).json()
        assert (both["from"]["level"], both["to"]["level"]) == ("l5", item["level"])
        assert both["release"] == body["release"]
