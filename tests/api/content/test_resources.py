"""Lists and single entities: whole bodies, compared with bodies that the test builds from the bundled files."""

import json
from functools import cache
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.formats.bundle.reader import read_bundle
from app.packaged_files import folder
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.related import KIND_OF
from tests.api.serving import COLLECTIONS, COMMON_HEADERS, NETFLIX, UNPINNED

Json = Any
PINNED_HOME = f"{NETFLIX}@1.0.0"
TABLES = ("statements", "levels", "competencies", "faqs", "expectations")
VIEWS = {"effective": "/effective", "next_levels": "/next", "radar": "/radar.svg"}


@cache
def written() -> Index:
    """Return the first ladder, parsed from its file."""
    (path,) = (folder("seed") / "netflix-engineering").iterdir()
    return Index.of(read_bundle(path).ladder)


def filled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value without the empty lists inside it."""
    if isinstance(value, dict):
        return {name: filled(held) for name, held in value.items() if held != []}
    return [filled(one) for one in value] if isinstance(value, list) else value


def item_of(collection: str, node: Node) -> Json:
    index = written()
    item: Json = filled(json.loads(node.entity.model_dump_json(exclude_none=True)))
    item["changed_in"] = "1.0.0"
    if node.uuid is not None:
        item["uuid"] = str(node.uuid)
    if collection == "levels":
        item["effective_rank"] = index.ranks[node.address]
    elif collection == "expectations":
        item["slug"] = node.address
    elif collection == "examples":
        assert node.owner is not None
        relation = index.relation(node)
        ours = {"level": relation.level, "competency": relation.competency, "facet": relation.facet}
        item |= {name: slug for name, slug in ours.items() if slug is not None}
        item |= {"address": node.address, "of": node.owner.target}
    return item


def nodes(collection: str) -> tuple[Node, ...]:
    return tuple(written().of_kind(KIND_OF[collection]))


def links(path: str) -> Json:
    return {
        "self": NETFLIX + path,
        "current": NETFLIX + path,
        "pinned": PINNED_HOME + path,
        "release": f"{NETFLIX}/releases/1.0.0",
    }


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_list_has_every_entity_of_the_file_in_order(each_client: TestClient, collection: str) -> None:
    answer = each_client.get(f"{NETFLIX}/{collection}?limit=500")
    expected = {
        "ladder": "netflix-engineering",
        "release": "1.0.0",
        "links": links(f"/{collection}?limit=500"),
        "items": [
            item_of(collection, node) | {"links": {"self": f"{PINNED_HOME}/{collection}/{node.address}"}}
            for node in nodes(collection)
        ],
    }
    assert answer.json() == expected


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_entity_of_the_file_can_be_read(each_client: TestClient, collection: str) -> None:
    for node in nodes(collection):
        path = f"/{collection}/{node.address}"
        views = VIEWS if collection == "levels" else {}
        led = links(path) | {name: f"{PINNED_HOME}{path}{view}" for name, view in views.items()}
        envelope = {"ladder": "netflix-engineering", "release": "1.0.0", "links": led}
        assert each_client.get(NETFLIX + path).json() == item_of(collection, node) | envelope


def test_the_document_has_the_whole_ladder(each_client: TestClient) -> None:
    body = each_client.get(f"{NETFLIX}/document").json()
    ladder = filled(json.loads(written().ladder.model_dump_json(exclude_none=True)))
    in_document = [collection for collection in COLLECTIONS if collection != "examples"]
    entries = {name: [item_of(name, node) for node in nodes(name)] for name in in_document}
    envelope = {
        "ladder": "netflix-engineering",
        "release": "1.0.0",
        "uuid": str(written().nodes[0].uuid),
        "links": links("/document"),
    }
    assert body == filled(ladder | entries) | envelope


def test_a_ladder_has_its_own_fields_and_links_to_its_collections(each_client: TestClient) -> None:
    body = each_client.get(NETFLIX).json()
    ladder = filled(json.loads(written().ladder.model_dump_json(exclude_none=True)))
    own = {name: ladder[name] for name in ladder if name not in (*COLLECTIONS, "removals", "translations")}
    lists = {name: f"{PINNED_HOME}/{name}" for name in (*COLLECTIONS, "document")}
    views = {"matrix": f"{PINNED_HOME}/matrix", "map": f"{PINNED_HOME}/map.svg"}
    tables = {f"{name}_{form}": f"{PINNED_HOME}/{name}.{form}" for name in TABLES for form in ("csv", "json")}
    tables["workbook"] = f"{PINNED_HOME}/workbook.xlsx"
    assert body == own | {
        "ladder": "netflix-engineering",
        "release": "1.0.0",
        "uuid": str(written().nodes[0].uuid),
        "counts": {f"{KIND_OF[name]}_count": len(nodes(name)) for name in COLLECTIONS},
        "content_sha256": "e92b0429371f7040eb3945f7f286ba6b8cca2b92f6daa494aee27f64000853d5",
        "links": links("") | lists | views | tables | {"releases": f"{NETFLIX}/releases"},
    }


def test_the_seed_ladder_has_the_promised_content(client: TestClient) -> None:
    counts = client.get(NETFLIX).json()["counts"]
    assert counts.pop("example_count") >= 26
    assert counts.pop("expectation_count") >= 24
    assert counts.pop("page_count") >= 4
    assert counts == {
        "track_count": 1,
        "level_count": 1,
        "scale_count": 0,
        "competency_count": 7,
        "facet_count": 24,
        "faq_count": 6,
        "tip_count": 7,
    }


def test_level_five_in_one_request(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/levels/l5", headers={"accept-encoding": "identity"})
    body = answer.json()
    assert (body["slug"], body["code"], body["title"]) == ("l5", "L5", "Senior individual contributor")
    assert dict(answer.headers) == COMMON_HEADERS | {
        "content-type": "application/json",
        "content-length": str(len(answer.content)),
        "etag": answer.headers["etag"],
        "cache-control": UNPINNED,
        "vary": "accept-encoding",
        "x-request-id": answer.headers["x-request-id"],
    }


def test_all_ladders_are_listed_by_slug(each_client: TestClient) -> None:
    body = each_client.get("/v1/ladders").json()
    summary = {item["slug"]: item.pop("summary") for item in body["items"]}
    assert all(summary.values())
    assert body == {
        "items": [
            {
                "slug": "example-engineering",
                "title": "Example engineering ladder (illustrative)",
                "language": "en",
                "in_force": "1.1.0",
                "latest": "1.1.0",
                "links": {"self": "/v1/ladders/example-engineering"},
            },
            {
                "slug": "netflix-engineering",
                "title": body["items"][1]["title"],
                "language": "en",
                "in_force": "1.0.0",
                "latest": "1.0.0",
                "links": {"self": "/v1/ladders/netflix-engineering"},
            },
        ],
        "links": {"self": "/v1/ladders"},
    }


def test_the_root_links_to_all_entry_points(client: TestClient) -> None:
    body = client.get("/v1").json()
    assert body["links"] == {
        "self": "/v1",
        "ladders": "/v1/ladders",
        "ladder": "/v1/ladders/{ladder}",
        "entity": "/v1/entities/{uuid}",
        "schema": "/v1/schemas/ladder.json",
        "openapi": "/openapi.json",
        "docs": "/docs",
    }


def test_no_body_has_a_null(client: TestClient) -> None:
    for collection in COLLECTIONS:
        assert b"null" not in client.get(f"{NETFLIX}/{collection}?limit=500").content
