"""The differences between two OpenAPI documents, and those that count as breaking."""

from copy import deepcopy
from typing import Any

import pytest

from tools.openapi_diff import compare
from tools.schema_diff import Change

Document = dict[str, Any]

LEVEL = {
    "type": "object",
    "properties": {
        "slug": {"type": "string"},
        "rank": {"type": "integer"},
        "kind": {"type": "string", "enum": ["core", "growth"]},
        "parent": {"anyOf": [{"$ref": "#/components/schemas/Level"}, {"type": "null"}]},
    },
    "required": ["slug", "rank"],
}
DRAFT = {
    "type": "object",
    "properties": {"title": {"type": "string", "maxLength": 80}, "note": {"type": "string"}},
    "required": ["title"],
}


def document() -> Document:
    """Return a small API: one list with a parameter, one write; the schema of a level refers to itself."""
    level = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Level"}}}}
    limit = {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    return {
        "openapi": "3.1.0",
        "paths": {
            "/v1/levels": {
                "get": {
                    "operationId": "list_levels",
                    "parameters": [
                        {"name": "limit", "in": "query", "schema": limit},
                        {
                            "name": "sort",
                            "in": "query",
                            "schema": {"type": "string", "enum": ["rank", "slug"]},
                        },
                    ],
                    "responses": {"200": {**level, "headers": {"ETag": {}}}, "404": {"description": "No."}},
                },
                "put": {
                    "operationId": "replace_level",
                    "requestBody": {"content": {"application/json": {"schema": deepcopy(DRAFT)}}},
                    "responses": {"200": deepcopy(level)},
                },
            },
        },
        "components": {"schemas": {"Level": deepcopy(LEVEL)}},
    }


GET = "GET /v1/levels"
PUT = "PUT /v1/levels"
LEVEL_READ = "schema Level (response)"
BODY = f"{PUT}, request body, application/json"


def test_a_document_does_not_differ_from_itself() -> None:
    assert compare(document(), document()) == []


def test_texts_are_no_difference() -> None:
    new = document()
    new["info"] = {"title": "Another title"}
    new["paths"]["/v1/levels"]["get"]["description"] = "Other words."
    new["components"]["schemas"]["Level"]["description"] = "Other words."
    assert compare(document(), new) == []


def test_a_removed_operation_breaks() -> None:
    new = document()
    del new["paths"]["/v1/levels"]["put"]
    assert compare(document(), new) == [Change(PUT, "was removed", breaking=True)]


def test_a_removed_path_breaks_by_each_of_its_operations_and_a_new_one_does_not() -> None:
    new = document()
    new["paths"]["/v1/rungs"] = {"get": new["paths"].pop("/v1/levels")["get"]}
    assert compare(document(), new) == [
        Change(GET, "was removed", breaking=True),
        Change("GET /v1/rungs", "was added", breaking=False),
        Change(PUT, "was removed", breaking=True),
    ]


def test_a_renamed_operation_id_breaks_generated_clients() -> None:
    new = document()
    new["paths"]["/v1/levels"]["get"]["operationId"] = "levels"
    assert compare(document(), new) == [Change(GET, "operationId list_levels became levels", breaking=True)]


@pytest.mark.parametrize(("security", "breaking"), [([{"key": []}], True), ([{}, {"key": []}], False)])
def test_a_credential_breaks_where_it_becomes_necessary(
    security: list[dict[str, list[str]]], *, breaking: bool
) -> None:
    new = document()
    new["security"] = security
    expected = [Change(place, "a credential is now needed", breaking=True) for place in (GET, PUT)]
    assert compare(document(), new) == (expected if breaking else [])


@pytest.mark.parametrize(
    ("parameter", "change"),
    [
        ({"name": "q", "in": "query"}, Change(GET, "query parameter q was added", breaking=False)),
        (
            {"name": "q", "in": "query", "required": True},
            Change(GET, "query parameter q was added, and is required", breaking=True),
        ),
    ],
)
def test_a_new_parameter_breaks_only_where_it_is_required(parameter: Document, change: Change) -> None:
    new = document()
    new["paths"]["/v1/levels"]["get"]["parameters"].append(parameter)
    assert compare(document(), new) == [change]


def test_a_removed_parameter_breaks() -> None:
    new = document()
    del new["paths"]["/v1/levels"]["get"]["parameters"][0]
    assert compare(document(), new) == [Change(GET, "query parameter limit was removed", breaking=True)]


def test_a_parameter_that_moves_to_its_path_is_the_same_parameter() -> None:
    new = document()
    item = new["paths"]["/v1/levels"]
    item["parameters"] = item["get"].pop("parameters")
    del item["put"]
    old = document()
    del old["paths"]["/v1/levels"]["put"]
    assert compare(old, new) == []


@pytest.mark.parametrize(
    ("key", "value", "what", "breaking"),
    [
        ("maximum", 100, "maximum 500 became 100", True),
        ("maximum", 1000, "maximum 500 became 1000", False),
        ("minimum", 2, "minimum 1 became 2", True),
        ("minimum", 0, "minimum 1 became 0", False),
        ("multipleOf", 10, "multipleOf None became 10", True),
        ("default", 20, "default 50 became 20", True),
        ("type", "string", "type integer became string", True),
        ("type", ["integer", "null"], "type integer became integer or null", False),
        ("enum", [10, 50], "only 10, 50 is allowed", True),
    ],
)
def test_what_a_request_may_hold_may_only_grow(key: str, value: object, what: str, *, breaking: bool) -> None:
    new = document()
    new["paths"]["/v1/levels"]["get"]["parameters"][0]["schema"][key] = value
    assert compare(document(), new) == [Change(f"{GET}, query parameter limit", what, breaking)]


def test_a_removed_value_breaks_and_a_new_one_does_not() -> None:
    new = document()
    new["paths"]["/v1/levels"]["get"]["parameters"][1]["schema"]["enum"] = ["rank", "title"]
    new["components"]["schemas"]["Level"]["properties"]["kind"]["enum"] = ["growth", "indicator"]
    assert compare(document(), new) == [
        Change(f"{GET}, query parameter sort", "value 'slug' was removed", breaking=True),
        Change(f"{GET}, query parameter sort", "value 'title' was added", breaking=False),
        Change(f"{LEVEL_READ}, property kind", "value 'core' was removed", breaking=True),
        Change(f"{LEVEL_READ}, property kind", "value 'indicator' was added", breaking=False),
    ]


def test_a_property_of_an_answer_breaks_when_it_is_removed_and_not_when_it_is_added() -> None:
    new = document()
    properties = new["components"]["schemas"]["Level"]["properties"]
    properties["code"] = properties.pop("kind")
    assert compare(document(), new) == [
        Change(LEVEL_READ, "property code was added", breaking=False),
        Change(LEVEL_READ, "property kind was removed", breaking=True),
    ]


def test_an_answer_breaks_when_it_promises_less() -> None:
    new = document()
    level = new["components"]["schemas"]["Level"]
    level["required"] = ["slug"]
    level["properties"]["rank"]["type"] = ["integer", "null"]
    level["properties"]["parent"]["anyOf"].append({"type": "string"})
    assert compare(document(), new) == [
        Change(LEVEL_READ, "property rank may now be absent", breaking=True),
        Change(f"{LEVEL_READ}, property parent", "string is a new alternative", breaking=True),
        Change(f"{LEVEL_READ}, property rank", "type integer became integer or null", breaking=True),
    ]


def test_an_answer_may_promise_more() -> None:
    new = document()
    level = new["components"]["schemas"]["Level"]
    level["required"].append("kind")
    level["properties"]["rank"]["minimum"] = 1
    del level["properties"]["parent"]["anyOf"][1]
    assert [change.breaking for change in compare(document(), new)] == [False, False, False]


def test_an_alternative_of_a_body_breaks_when_it_is_refused_and_not_when_it_is_new() -> None:
    old, new = document(), document()
    for one, other in ((old, "integer"), (new, "boolean")):
        body = one["paths"]["/v1/levels"]["put"]["requestBody"]["content"]["application/json"]
        body["schema"] = {"oneOf": [{"type": "string"}, {"type": other}]}
    assert compare(old, new) == [
        Change(BODY, "boolean is a new alternative", breaking=False),
        Change(BODY, "integer is no longer an alternative", breaking=True),
    ]


def test_a_body_breaks_when_it_asks_for_more_or_takes_less() -> None:
    new = document()
    body = new["paths"]["/v1/levels"]["put"]["requestBody"]
    body["required"] = True
    schema = body["content"]["application/json"]["schema"]
    schema["required"].append("note")
    schema["additionalProperties"] = False
    schema["properties"]["title"]["maxLength"] = 40
    assert compare(document(), new) == [
        Change(f"{PUT}, request body", "is now required", breaking=True),
        Change(BODY, "further properties of it are described differently", breaking=True),
        Change(BODY, "property note is now required", breaking=True),
        Change(f"{BODY}, property title", "maxLength 80 became 40", breaking=True),
    ]


def test_a_removed_status_header_or_media_type_breaks_and_a_new_one_does_not() -> None:
    new = document()
    responses = new["paths"]["/v1/levels"]["get"]["responses"]
    responses["410"] = responses.pop("404")
    responses["200"]["headers"] = {"Link": {}}
    responses["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    assert compare(document(), new) == [
        Change(GET, "status 404 was removed", breaking=True),
        Change(GET, "status 410 was added", breaking=False),
        Change(f"{GET}, status 200", "header ETag was removed", breaking=True),
        Change(f"{GET}, status 200", "header Link was added", breaking=False),
        Change(f"{GET}, status 200", "media type application/json was removed", breaking=True),
        Change(f"{GET}, status 200", "media type text/csv was added", breaking=False),
    ]


def test_items_of_a_list_are_compared() -> None:
    old, new = document(), document()
    for one, type_ in ((old, "integer"), (new, "string")):
        one["components"]["schemas"]["Level"]["properties"]["years"] = {
            "type": "array",
            "items": {"type": type_},
        }
    assert compare(old, new) == [
        Change(f"items of {LEVEL_READ}, property years", "type integer became string", breaking=True)
    ]
