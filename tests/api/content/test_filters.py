"""Filters of lists: each is checked against a selection from the whole list."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE, NETFLIX, problem

Item = dict[str, Any]


def items(client: TestClient, path: str) -> list[Item]:
    body = client.get(path).json()
    assert "next" not in body["links"]
    found: list[Item] = body["items"]
    return found


@pytest.mark.parametrize(
    ("collection", "query", "keeps"),
    [
        ("levels", "track=management", lambda item: item["track"] == "management"),
        (
            "facets",
            "competency=system-design-mastery",
            lambda item: item["competency"] == "system-design-mastery",
        ),
        ("expectations", "level=l5", lambda item: item["level"] == "l5"),
        ("expectations", "applicability=required", lambda item: item["applicability"] == "required"),
        (
            "expectations",
            "competency=system-design-mastery&level=l5",
            lambda item: (item["level"], item["competency"]) == ("l5", "system-design-mastery"),
        ),
        (
            "examples",
            "competency=system-design-mastery",
            lambda item: item.get("competency") == "system-design-mastery",
        ),
        ("competencies", "scale=proficiency", lambda item: item.get("scale") == "proficiency"),
        ("faqs", "about=level:l5", lambda item: "level:l5" in item["about"]),
        (
            "tips",
            "about=competency:system-design-mastery",
            lambda i: i["about"].count("competency:system-design-mastery"),
        ),
    ],
)
def test_a_filter_keeps_matching_entities_in_order(
    client: TestClient, collection: str, query: str, keeps: Callable[[Item], bool]
) -> None:
    every = items(client, f"{EXAMPLE}/{collection}?limit=500")
    expected = [item for item in every if keeps(item)]
    assert items(client, f"{EXAMPLE}/{collection}?limit=500&{query}") == expected


def test_a_category_is_found_by_any_title_that_looks_the_same(client: TestClient) -> None:
    found = items(client, f"{EXAMPLE}/competencies?category=Delivery")
    assert found
    assert items(client, f"{EXAMPLE}/competencies?category=%20DELIVERY%C2%A0") == found
    table = client.get(f"{EXAMPLE}/matrix.csv?category=Delivery").text
    assert len(table.splitlines()) > 1
    assert client.get(f"{EXAMPLE}/matrix.csv?category=delivery").text == table


def test_examples_of_a_level_include_those_of_its_expectations(client: TestClient) -> None:
    every = items(client, f"{NETFLIX}/examples?limit=500")
    assert items(client, f"{NETFLIX}/examples?limit=500&level=l5") == every


def test_examples_can_be_filtered_by_facet(client: TestClient) -> None:
    found = items(client, f"{NETFLIX}/examples?facet=scalability-expertise")
    assert found
    assert {item["of"] for item in found} == {"facet:scalability-expertise"}


def test_filters_combine(client: TestClient) -> None:
    path = f"{NETFLIX}/examples?facet=scalability-expertise&competency=system-design-mastery&level=l5"
    assert items(client, path) == items(client, f"{NETFLIX}/examples?facet=scalability-expertise")


def test_a_filter_without_matches_gives_an_empty_list(client: TestClient) -> None:
    body = client.get(f"{NETFLIX}/levels?external_id=workday:JP-123").json()
    assert body == {
        "ladder": "netflix-engineering",
        "release": "1.0.0",
        "items": [],
        "links": {
            "self": f"{NETFLIX}/levels?external_id=workday%3AJP-123",
            "current": f"{NETFLIX}/levels?external_id=workday%3AJP-123",
            "pinned": f"{NETFLIX}@1.0.0/levels?external_id=workday%3AJP-123",
            "release": f"{NETFLIX}/releases/1.0.0",
        },
    }


@pytest.mark.parametrize("collection", ["tracks", "levels", "competencies", "facets"])
def test_entities_can_be_filtered_by_external_id(client: TestClient, collection: str) -> None:
    every = items(client, f"{EXAMPLE}/{collection}?limit=500")
    bearers = {f"{one['system']}:{one['id']}": item for item in every for one in item.get("external_ids", ())}
    for name, bearer in bearers.items():
        assert bearer in items(client, f"{EXAMPLE}/{collection}?external_id={name}")
    assert items(client, f"{EXAMPLE}/{collection}?external_id=nobody:knows") == []


@pytest.mark.parametrize(
    ("path", "parameter", "detail"),
    [
        (
            "levels?track=managment",
            "track",
            "This release has no track 'managment'. Did you mean 'management'?",
        ),
        (
            "facets?competency=nothing-like-it-xyz",
            "competency",
            "This release has no competency 'nothing-like-it-xyz'.",
        ),
        ("faqs?about=page:zzz", "about", "This release has no 'page:zzz'. Write an entity as kind:slug."),
        (
            "faqs?about=level:l55",
            "about",
            "This release has no 'level:l55'. Write an entity as kind:slug. Did you mean 'level:l5'?",
        ),
        (
            "tips?about=levl:l5",
            "about",
            "This release has no 'levl:l5'. Write an entity as kind:slug. Did you mean 'level:l5'?",
        ),
        ("expectations?level=l55", "level", "This release has no level 'l55'. Did you mean 'l5'?"),
    ],
)
def test_a_filter_with_an_unknown_entity_is_rejected(
    client: TestClient, path: str, parameter: str, detail: str
) -> None:
    answer = client.get(f"{EXAMPLE}/{path}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [{"parameter": parameter, "detail": detail}]


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "expectations?applicability=perhaps",
            "Use 'required', 'optional' or 'not-in-use'.",
        ),
        (
            "expectations?level=L5",
            "Use a slug: lower-case letters and digits, joined by single hyphens, such as `system-design`.",
        ),
        ("faqs?about=l5", "Use a kind and a slug, such as `level:l5`."),
        ("levels?external_id=JP-123", "Use a system and an id, such as `workday:JP-123`."),
        ("faqs?group=", "Use 1 character or more."),
    ],
)
def test_a_filter_in_the_wrong_format_is_rejected_with_the_right_one(
    client: TestClient, path: str, detail: str
) -> None:
    answer = client.get(f"{EXAMPLE}/{path}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    parameter = path.partition("?")[2].partition("=")[0]
    assert answer.json()["errors"] == [{"parameter": parameter, "detail": detail}]
