"""Pages of a list: they have every item exactly once, and a cursor belongs to one list of one release."""

import base64

import pytest
from starlette.testclient import TestClient

from tests.api.serving import COLLECTIONS, EXAMPLE, NETFLIX, Json, problem


def walk(client: TestClient, path: str) -> list[Json]:
    """Yield the bodies of all pages, and check that `next` is the same in body and header."""
    bodies = []
    following: str | None = path
    while following is not None:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        bodies.append(body)
        following = body["links"].get("next")
        assert answer.links.get("next", {}).get("url") == following
        assert len(bodies) < 500
    return bodies


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("query", ["limit=7", "limit=7&sort=-slug", "limit=1&fields=slug"])
def test_the_pages_have_every_item_once_in_order(
    each_client: TestClient, collection: str, query: str
) -> None:
    whole = each_client.get(
        f"{EXAMPLE}/{collection}?{query.replace('limit=7', 'limit=500').replace('limit=1&', 'limit=500&')}"
    )
    bodies = walk(each_client, f"{EXAMPLE}/{collection}?{query}")
    assert [item for body in bodies for item in body["items"]] == whole.json()["items"]
    assert all(body["items"] for body in bodies[1:])


def test_next_links_are_pinned(client: TestClient) -> None:
    first, second, *_ = walk(client, f"{EXAMPLE}/facets?limit=5")
    assert first["links"]["next"].startswith(f"{EXAMPLE}@1.1.0/facets?cursor=")
    assert second["links"]["self"] == first["links"]["next"]
    assert second["links"]["pinned"] == first["links"]["next"]
    assert second["links"]["current"] == f"{EXAMPLE}/facets?limit=5"


def test_next_links_keep_filters_sort_and_fields(client: TestClient) -> None:
    path = f"{EXAMPLE}/expectations?level=l5&limit=2&sort=-slug&fields=summary&expand=levels"
    following = client.get(path).json()["links"]["next"]
    asked = set(following.partition("?")[2].split("&"))
    assert {"level=l5", "limit=2", "sort=-slug", "fields=summary", "expand=levels"} < asked


def test_a_list_has_fifty_items_by_default(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/expectations").json()
    assert len(body["items"]) == 50
    assert "next" in body["links"]


def test_the_last_page_has_no_next(client: TestClient) -> None:
    count = client.get(NETFLIX).json()["counts"]["facet_count"]
    answer = client.get(f"{NETFLIX}/facets?limit={count}")
    assert "next" not in answer.json()["links"]
    assert "link" not in answer.headers


def test_ladders_and_releases_have_pages_too(each_client: TestClient) -> None:
    ladders = walk(each_client, "/v1/ladders?limit=1")
    assert [[item["slug"] for item in body["items"]] for body in ladders] == [
        ["example-engineering"],
        ["netflix-engineering"],
    ]
    releases = walk(each_client, f"{EXAMPLE}/releases?limit=1")
    assert [[item["version"] for item in body["items"]] for body in releases] == [["1.1.0"], ["1.0.0"]]


def cursor_of(client: TestClient, path: str) -> str:
    following: str = client.get(path).json()["links"]["next"]
    return following.partition("cursor=")[2].partition("&")[0]


@pytest.mark.parametrize(
    "other",
    [
        f"{EXAMPLE}@1.0.0/facets?limit=5",
        f"{EXAMPLE}/competencies?limit=5",
        f"{EXAMPLE}/facets?sort=slug",
        f"{EXAMPLE}/facets?competency=system-design-mastery",
        f"{NETFLIX}/facets?limit=5",
        f"{EXAMPLE}/releases?limit=1",
        "/v1/ladders?limit=1",
    ],
)
def test_a_cursor_of_another_list_is_rejected(client: TestClient, other: str) -> None:
    cursor = cursor_of(client, f"{EXAMPLE}/facets?limit=5")
    answer = client.get(f"{other}&cursor={cursor}")
    assert problem(answer) == (422, "invalid-parameter", "The query parameter 'cursor' is invalid.")
    detail = (
        "This cursor belongs to another release, list, filter or sort order. Start again at the first page."
    )
    assert answer.json()["errors"] == [{"parameter": "cursor", "detail": detail}]


def test_a_cursor_works_with_another_limit(client: TestClient) -> None:
    cursor = cursor_of(client, f"{EXAMPLE}/facets?limit=5")
    rest = client.get(f"{EXAMPLE}/facets?limit=500&cursor={cursor}").json()["items"]
    assert rest == client.get(f"{EXAMPLE}/facets?limit=500").json()["items"][5:]


@pytest.mark.parametrize("cursor", ["x", "....", "%00", "a" * 512, "%F0%9F%98%80", "YWJj", "=", "-1"])
@pytest.mark.parametrize("path", [f"{EXAMPLE}/facets", f"{EXAMPLE}/releases", "/v1/ladders"])
def test_text_that_is_not_a_cursor_is_rejected(client: TestClient, path: str, cursor: str) -> None:
    answer = client.get(f"{path}?cursor={cursor}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    detail = "This is not a cursor. Use the `next` link of a page."
    assert answer.json()["errors"] == [{"parameter": "cursor", "detail": detail}]


@pytest.mark.parametrize("place", ["-1", "x", "1e9", " 1", "", "१"])
@pytest.mark.parametrize("path", [f"{EXAMPLE}/facets", f"{EXAMPLE}/releases"])
def test_a_forged_position_is_rejected(client: TestClient, path: str, place: str) -> None:
    given = base64.urlsafe_b64decode(cursor_of(client, f"{path}?limit=1") + "==").decode()
    forged = f"{given.partition('.')[0]}.{place}"
    cursor = base64.urlsafe_b64encode(forged.encode()).decode().rstrip("=")
    assert problem(client.get(f"{path}?cursor={cursor}"))[:2] == (422, "invalid-parameter")


@pytest.mark.parametrize(
    "limit", ["0", "-1", "501", "1e9", "1000000000", "1.0", "1_0", " 1", "%2B1", "x", "", "\uff19"]
)
@pytest.mark.parametrize("path", [f"{EXAMPLE}/facets", f"{EXAMPLE}/releases", "/v1/ladders"])
def test_a_limit_out_of_range_is_rejected_and_not_clamped(client: TestClient, path: str, limit: str) -> None:
    answer = client.get(f"{path}?limit={limit}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["limit"]
