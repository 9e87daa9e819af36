"""`sort`, `fields` and `expand`: their effects, and errors for unknown names."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.serving import COLLECTIONS, EXAMPLE, NETFLIX, problem

ENVELOPE = {"ladder", "release", "links"}


def slugs(client: TestClient, path: str) -> list[Any]:
    return [item.get("address", item["slug"]) for item in client.get(path).json()["items"]]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_sort_by_slug_orders_both_ways(client: TestClient, collection: str) -> None:
    path = f"{EXAMPLE}/{collection}?limit=500"
    ordered = sorted(slugs(client, path))
    assert slugs(client, f"{path}&sort=slug") == ordered
    assert slugs(client, f"{path}&sort=-slug") == ordered[::-1]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_position_is_the_order_of_the_document(client: TestClient, collection: str) -> None:
    path = f"{EXAMPLE}/{collection}?limit=500"
    assert slugs(client, f"{path}&sort=position") == slugs(client, path)
    assert slugs(client, f"{path}&sort=-position") == slugs(client, path)[::-1]


def test_levels_sort_by_rank_across_tracks(client: TestClient) -> None:
    path = f"{EXAMPLE}/levels?sort=-effective_rank"
    items = client.get(path).json()["items"]
    ranks = [item["effective_rank"] for item in items]
    assert ranks == sorted(ranks, reverse=True)
    ties = [
        (-item["effective_rank"], slugs(client, f"{EXAMPLE}/levels").index(item["slug"])) for item in items
    ]
    assert ties == sorted(ties)


def test_entities_without_a_title_come_last_in_both_directions(client: TestClient) -> None:
    for sort in ("title", "-title"):
        items = client.get(f"{NETFLIX}/examples?limit=500&sort={sort}").json()["items"]
        titled = ["title" in item for item in items]
        assert titled == sorted(titled, reverse=True)


@pytest.mark.parametrize("sort", ["rank", "--slug", "title,slug", "-", "Slug", "slug "])
def test_an_unknown_sort_key_is_rejected_with_the_known_ones(client: TestClient, sort: str) -> None:
    answer = client.get(f"{NETFLIX}/levels", params={"sort": sort})
    assert problem(answer) == (422, "invalid-parameter", "The query parameter 'sort' has an unknown name.")
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == "sort"
    assert fault["detail"].endswith("Known names: position, slug, title, effective_rank.")


def test_fields_returns_the_named_and_the_required_fields(client: TestClient) -> None:
    body = client.get(f"{NETFLIX}/levels/l5?fields=code,summary").json()
    required = {"slug", "track", "title", "uuid", "effective_rank"}
    assert set(body) == ENVELOPE | required | {"code", "summary"}


def test_fields_that_are_left_out_do_not_appear_as_empty_lists(client: TestClient) -> None:
    (item,) = client.get(f"{NETFLIX}/levels?fields=code").json()["items"]
    assert set(item) == {"slug", "track", "title", "uuid", "effective_rank", "code", "links"}


def test_fields_can_name_required_fields(client: TestClient) -> None:
    body = client.get(f"{NETFLIX}/levels/l5?fields=slug,title").json()
    assert set(body) == ENVELOPE | {"slug", "track", "title", "uuid", "effective_rank"}


@pytest.mark.parametrize(
    "path",
    [NETFLIX, f"{NETFLIX}/document", "/v1/ladders", f"{NETFLIX}/releases", f"{NETFLIX}/releases/1.0.0"]
    + [f"{NETFLIX}/{collection}" for collection in COLLECTIONS],
)
def test_every_read_accepts_fields_and_rejects_unknown_names(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?fields=nonsense")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    (fault,) = answer.json()["errors"]
    known = fault["detail"].partition("Known names: ")[2].rstrip(".").split(", ")
    answers = client.get(path), client.get(f"{path}?fields={known[0]}")
    assert [answer.status_code for answer in answers] == [200, 200]
    whole, least = (answer.json() for answer in answers)
    assert set(least) <= set(whole)
    assert client.get(f"{path}?fields={','.join(known)}").json() | {"links": 0} == whole | {"links": 0}


def test_expand_includes_related_entities_once(client: TestClient) -> None:
    path = f"{EXAMPLE}/competencies/system-design-mastery"
    body = client.get(f"{path}?expand=facets,expectations").json()
    included = body.pop("included")
    assert list(included) == ["facets", "expectations"]
    facets = client.get(f"{EXAMPLE}/facets?competency=system-design-mastery&limit=500").json()["items"]
    assert included["facets"] == facets
    asked = client.get(f"{EXAMPLE}/expectations?competency=system-design-mastery&limit=500").json()["items"]
    assert included["expectations"] == asked
    assert body | {"links": 0} == client.get(path).json() | {"links": 0}


def test_expand_on_a_list_covers_the_items_of_the_page(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/facets?limit=1&expand=competencies").json()
    assert [one["slug"] for one in body["included"]["competencies"]] == [body["items"][0]["competency"]]


def test_a_ladder_expands_to_its_lists(client: TestClient) -> None:
    names = "tracks,levels,scales,competencies,facets,faqs,tips,pages"
    included = client.get(f"{EXAMPLE}?expand={names}").json()["included"]
    for name in names.split(","):
        assert included[name] == client.get(f"{EXAMPLE}/{name}?limit=500").json()["items"]


@pytest.mark.parametrize(
    "path", ["levels", "levels?track=individual-contributor", "levels?external_id=no:one"]
)
def test_an_unknown_expand_is_rejected_even_on_empty_lists(client: TestClient, path: str) -> None:
    answer = client.get(f"{NETFLIX}/{path}{'&' if '?' in path else '?'}expand=scales")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {
            "parameter": "expand",
            "detail": "Unknown name 'scales'. Known names: tracks, expectations, examples, faqs, tips, pages.",
        }
    ]


@pytest.mark.parametrize("query", ["fields=", "expand=", "sort=", "fields=,", "expand=facets,,examples"])
def test_empty_names_are_rejected(client: TestClient, query: str) -> None:
    assert problem(client.get(f"{NETFLIX}/competencies?{query}"))[:2] == (422, "invalid-parameter")
