"""The schemas of the OpenAPI document, as generators of clients read them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from app.api.openapi.document import contract
from app.api.openapi.schemas import OPEN, simplify
from app.main import create_api
from app.rubric.related import RELATED
from app.settings import Settings

Json = dict[str, Any]


@cache
def document() -> Json:
    return contract(create_api(Settings()), "")


def schemas() -> Json:
    found: Json = document()["components"]["schemas"]
    return found


def parts(node: Any, place: str = "") -> Iterator[tuple[str, Json]]:  # noqa: ANN401 - any part of a JSON document
    """Yield every object of a document with its place."""
    if isinstance(node, dict):
        yield place, node
        for name, part in node.items():
            if name != "example":
                yield from parts(part, f"{place}/{name}")
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from parts(part, f"{place}/{number}")


@cache
def of_requests() -> frozenset[str]:
    """Return the names of the schemas that requests use."""
    found: set[str] = set()
    left = [
        operation[name]
        for item in document()["paths"].values()
        for operation in item.values()
        for name in ("parameters", "requestBody")
        if name in operation
    ]
    while left:
        for _, part in parts(left.pop()):
            name = str(part.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in schemas() and name not in found:
                found.add(name)
                left.append(schemas()[name])
    return frozenset(found)


def of_responses() -> Json:
    """Return everything that describes responses."""
    bodies = {name: schema for name, schema in schemas().items() if name not in of_requests()}
    answers = [operation["responses"] for item in document()["paths"].values() for operation in item.values()]
    return {"schemas": bodies, "responses": answers}


def test_only_empty_numbers_in_tables_and_settings_that_null_removes_may_be_null() -> None:
    nullable = [
        place
        for place, part in parts(document())
        if part.get("type") == "null" or (isinstance(part.get("type"), list) and "null" in part["type"])
        if "Row/properties/" not in place  # in a flat table, an empty number is null
    ]
    assert {place.rpartition("/properties/")[0] for place in nullable} == {
        "/components/schemas/SettingsPatch"
    }
    assert not [place for place, part in parts(document()) if part.get("default", ...) is None]


def test_a_response_has_no_closed_list_of_values() -> None:
    found = list(parts(of_responses()))
    assert not [place for place, part in found if isinstance(part.get("enum"), list) or "const" in part]
    lists = [(place, part) for place, part in found if OPEN in part]
    assert len(lists) > 40
    for place, part in lists:
        assert part["type"] == "string", place
        assert "may be added" in part["description"], place
        assert all(f"`{value}`" in part["description"] for value in part[OPEN]), place


def test_a_response_has_no_defaults_and_takes_more_fields() -> None:
    for place, part in parts(of_responses()):
        assert "default" not in part or isinstance(part["default"], dict), place
        assert part.get("additionalProperties") is not False, place


def test_an_object_without_known_fields_takes_any() -> None:
    """Otherwise clients that check bodies with zod return an empty object."""
    for place, part in parts(document()):
        if part.get("type") == "object" and "properties" not in part:
            assert part["additionalProperties"] is True or isinstance(part["additionalProperties"], dict), (
                place
            )


def test_every_list_of_values_in_a_request_has_a_name() -> None:
    named = {name for name, schema in schemas().items() if "enum" in schema}
    assert {"Applicability", "Theme", "Measure", "SearchKind", "Bump"} <= named <= of_requests()
    for place, part in parts(document()):
        if isinstance(part.get("enum"), list):
            assert place in {f"/components/schemas/{name}" for name in named}, place


def test_the_constants_of_all_lists_of_values_have_different_names() -> None:
    """A Go client puts all of them into one namespace."""
    lists = [schema for schema in schemas().values() if "enum" in schema]
    names = [name for schema in lists for name in schema["x-enum-varnames"]]
    assert len(names) == len(set(names)) == sum(len(schema["enum"]) for schema in lists)
    assert schemas()["Applicability"]["x-enum-varnames"] == [
        "APPLICABILITY_REQUIRED",
        "APPLICABILITY_OPTIONAL",
        "APPLICABILITY_NOT_IN_USE",
    ]


def test_a_default_of_a_named_list_of_values_is_described_in_words() -> None:
    """Next to a reference, generators lose the type of the parameter, or mistake that of the default."""
    for place, part in parts(document()):
        assert "$ref" not in part or "default" not in part, place
    parameters = document()["paths"]["/v1/ladders/{ladder}/matrix"]["get"]["parameters"]
    (rows,) = [one for one in parameters if one["name"] == "rows"]
    assert rows["schema"] == {"$ref": "#/components/schemas/MatrixRows"}
    assert rows["description"].endswith("Default: `competencies`.")
    applicability = schemas()["ExpectationInput"]["properties"]["applicability"]
    assert applicability["description"].endswith("Default: `required`.")


def test_a_parameter_is_described_once() -> None:
    for place, part in parts(document()):
        if "in" in part and "schema" in part:
            assert part["description"], place
            assert not part["schema"].keys() & {"title", "description"}, place


def test_numbers_have_one_type() -> None:
    for place, part in parts(document()):
        kinds = [one.get("type") for one in part.get("anyOf", ())]
        assert not {"integer", "number"} <= set(kinds), place
    assert schemas()["LevelItem"]["properties"]["rank"]["type"] == "number"


def test_included_has_the_collections_that_expand_takes() -> None:
    for item in document()["paths"].values():
        for operation in item.values():
            if operation["operationId"].startswith(("list_", "read_")):
                _check_included(operation)
    assert "Included" not in schemas()


def _check_included(operation: Json) -> None:
    content = operation["responses"]["200"].get("content", {})
    body = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    included = schemas().get(body, {}).get("properties", {}).get("included")
    expand = [one for one in operation["parameters"] if one["name"] == "expand"]
    assert bool(included) == bool(expand), operation["operationId"]
    if included:
        name = included["$ref"].rpartition("/")[2]
        kind = name.removesuffix("Included").lower()
        assert tuple(schemas()[name]["properties"]) == RELATED[kind]
        assert all(collection in expand[0]["description"] for collection in RELATED[kind])


def test_a_view_has_one_type_of_body_at_each_url() -> None:
    for path, item in document()["paths"].items():
        for operation in item.values():
            success = operation["responses"].get("200", {})
            assert len(success.get("content", {})) <= 1, path
    matrix = document()["paths"]["/v1/ladders/{ladder}/matrix"]["get"]
    assert "add `.csv` or `.md` to the path" in matrix["description"]


def test_every_operation_has_one_tag_and_its_path_parameters_in_order() -> None:
    for path, item in document()["paths"].items():
        for operation in item.values():
            assert len(operation["tags"]) == 1, path
            inner = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
            assert inner == sorted(inner, key=lambda name: path.index(f"{{{name}}}")), path
            assert operation["responses"].keys() & {"200", "201", "204"}, path


def test_headers_have_their_usual_case_and_a_write_that_needs_if_match_requires_it() -> None:
    headers: dict[str, set[bool]] = {}
    for item in document()["paths"].values():
        for operation in item.values():
            given = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "header"}
            for name, one in given.items():
                headers.setdefault(name, set()).add(one["required"])
            if "428" in operation["responses"] and "201" not in operation["responses"]:
                assert given["If-Match"]["required"], operation["operationId"]
                assert given["If-Match"]["schema"]["pattern"]
                assert "If-None-Match" not in given
    assert headers == {"If-Match": {True, False}, "If-None-Match": {False}, "Idempotency-Key": {False}}


def test_scopes_are_no_scopes_of_oauth() -> None:
    for item in document()["paths"].values():
        for operation in item.values():
            assert all(one in ({}, {"bearer": []}) for one in operation["security"])
            if operation["security"] == [{"bearer": []}]:
                assert operation["x-required-scopes"]
                assert "scope" in operation["description"], operation["operationId"]


@pytest.mark.parametrize(
    ("path", "method", "matching", "other"),
    [
        ("/v1/ladders/{ladder}/levels/{level}", "put", "acme@draft", "acme"),
        ("/v1/ladders/{ladder}/levels/{level}", "get", "acme@1.0.0", "acme@1"),
        ("/v1/ladders/{ladder}/releases", "get", "acme", "acme@1.0.0"),
    ],
)
def test_the_pattern_of_a_ladder_says_which_references_it_takes(
    path: str, method: str, matching: str, other: str
) -> None:
    pattern = document()["paths"][path][method]["parameters"][0]["schema"]["pattern"]
    assert re.search(pattern, matching)
    assert not re.search(pattern, other)


def test_a_choice_between_a_type_and_null_is_that_type() -> None:
    schema = {
        "properties": {
            "rank": {
                "anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}],
                "default": None,
                "title": "Rank",
                "description": "Its rank.",
            }
        }
    }
    simplify(schema)
    assert schema == {"properties": {"rank": {"description": "Its rank.", "type": "number"}}}
