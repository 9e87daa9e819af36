"""The OpenAPI document: valid, complete, and consistent with responses."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from app.api.openapi.document import contract
from app.api.openapi.packaged import packaged_document
from app.api.openapi.read_examples import ANSWERS, PROBLEMS, REQUESTS, recorded
from app.api.openapi.write_examples import REFUSALS, STORY
from app.main import create_api
from app.packaged_files import file
from app.settings import Settings
from tests.api.serving import EXAMPLE, NETFLIX, every_url
from tests.api.views import toy_words
from tools.samples import record
from tools.schema_diff import resolve

Json = Any
WITHOUT_BODY_SHOWN: Final = {
    "read_ladder_schema",
    "read_release_content",
    "find_entity_by_uuid",
    "draw_level_radar_as_png",
    "draw_matrix",
    "draw_matrix_as_png",
    "draw_ladder_map",
    "draw_ladder_map_as_png",
    "draw_releases_as_png",
}
"""Operations whose response is too long for an example, is not text, or has no body."""


@cache
def document() -> Json:
    return json.loads(json.dumps(create_api(Settings()).openapi()))


def test_concurrent_callers_get_the_same_document() -> None:
    api = create_api(Settings(root_path="/asked-by-two"))
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: api.openapi(), range(2))
    assert first is second
    assert first["paths"] == document()["paths"]


@pytest.mark.parametrize("root_path", ["", "/career/ladders"])
def test_the_packaged_document_is_the_generated_one(root_path: str) -> None:
    api = create_api(Settings(root_path=root_path))
    packaged = packaged_document(api, root_path)
    assert packaged is not None
    assert packaged == json.loads(json.dumps(api.openapi()))


def test_the_committed_contract_has_no_examples() -> None:
    committed = json.loads(file("openapi.json").read_text("utf-8"))
    assert committed == json.loads(json.dumps(contract(create_api(Settings()), "")))
    assert "examples" not in committed["components"]
    assert "docs-example" not in json.dumps(committed)


def test_an_application_with_other_routes_serves_a_generated_document() -> None:
    api = create_api(Settings(), toy_words.router)
    assert packaged_document(api, "") is None
    assert api.state.document() is api.openapi()


def operations() -> list[tuple[str, Json]]:
    return [(path, operation) for path, item in document()["paths"].items() for operation in item.values()]


def reads() -> list[tuple[str, Json]]:
    return [(path, item["get"]) for path, item in document()["paths"].items() if "get" in item]


def test_it_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_it_is_served_with_its_examples(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == document()


def references(node: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a JSON document
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from references(part)


def test_every_reference_can_be_resolved() -> None:
    found = set(references(document()))
    assert "#/components/responses/not-found" in found
    for reference in found:
        assert resolve(document(), {"$ref": reference}) is not None  # the schema of any JSON is empty


def test_every_operation_has_a_unique_id_a_tag_a_summary_and_a_description() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    described = {tag["name"] for tag in document()["tags"] if tag["description"]}
    for _, operation in operations():
        assert operation["tags"][0] in described
        assert 8 <= len(operation["summary"]) <= 60, operation["operationId"]
        assert operation["summary"] != operation["operationId"].replace("_", " ").title()
        assert operation["description"]


def test_every_path_parameter_has_a_description() -> None:
    for path, operation in operations():
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), (path, parameter["name"])


@pytest.mark.parametrize(
    ("path", "method", "beginning"),
    [
        (
            "/v1/ladders/{ladder}/levels/{level}",
            "get",
            "Slug of the ladder, such as `netflix-engineering`, for",
        ),
        ("/v1/ladders/{ladder}/compare", "get", "Slug of the ladder, such as `netflix-engineering`, for"),
        ("/v1/ladders/{ladder}/levels/{level}", "put", "Slug of the ladder with `@draft`"),
        ("/v1/ladders/{ladder}/releases/{version}", "get", "Slug of the ladder, without a release."),
        ("/v1/ladders/{ladder}/releases", "post", "Slug of the ladder, without a release."),
        ("/v1/ladders/{ladder}/diff", "get", "Slug of the ladder, without a release."),
    ],
)
def test_the_ladder_of_a_path_says_whether_it_takes_a_release(path: str, method: str, beginning: str) -> None:
    ladder = document()["paths"][path][method]["parameters"][0]
    assert ladder["name"] == "ladder"
    assert ladder["description"].startswith(beginning)


def test_the_first_sentence_of_a_handler_is_the_summary_and_the_rest_the_description() -> None:
    read = document()["paths"]["/v1/ladders/{ladder}/levels/{level}"]["get"]
    assert read["summary"] == "Read a level"
    assert read["description"].startswith("`expand=expectations` includes")
    tracks = document()["paths"]["/v1/ladders/{ladder}/tracks"]["get"]
    assert (tracks["summary"], tracks["description"]) == ("List tracks", "List tracks.")


def test_no_text_refers_to_a_file_of_the_project() -> None:
    assert "docs/" not in json.dumps(document())


def test_every_tag_is_used() -> None:
    used = {tag for _, operation in operations() for tag in operation["tags"]}
    assert used == {tag["name"] for tag in document()["tags"]}


def test_servers_are_relative() -> None:
    assert document()["servers"] == [{"url": "/"}]


def shown_in(content: Json) -> list[Any]:
    """Return the examples of a media type, the first one first."""
    if "example" in content:
        return [content["example"]]
    return [one["value"] for one in content.get("examples", {}).values()]


def test_every_operation_has_a_real_example() -> None:
    for _, operation in operations():
        name = operation["operationId"]
        if name in WITHOUT_BODY_SHOWN:
            assert name not in ANSWERS
            continue
        for status in operation["responses"].keys() & {"200", "201"}:
            contents = operation["responses"][status]["content"].values()
            shown = [first for content in contents for first in shown_in(content)[:1]]
            assert shown == ([] if name in REQUESTS else [recorded()["answers"][name]]), name
    assert set(ANSWERS) | set(REQUESTS) | dict(STORY).keys() | {"read_ladder_schema"} == {
        operation["operationId"] for _, operation in operations()
    }


def test_every_request_body_has_an_example() -> None:
    for _, operation in operations():
        if "requestBody" in operation:
            contents = operation["requestBody"]["content"].values()
            assert [content for content in contents if shown_in(content)], operation["operationId"]


def test_publishing_has_an_example_of_the_draft_and_one_of_a_correction() -> None:
    (publish,) = [one for _, one in operations() if one["operationId"] == "create_release"]
    asked = publish["requestBody"]["content"]["application/json"]["examples"]
    answered = publish["responses"]["201"]["content"]["application/json"]["examples"]
    assert [one["summary"] for one in asked.values()] == ["The draft", "A correction"]
    assert asked.keys() == answered.keys()
    sent, made = asked["a-correction"]["value"], answered["a-correction"]["value"]
    assert {"corrects", "because", "document"} <= sent.keys()
    for name in ("corrects", "because", "version"):
        assert made[name] == sent[name]
    assert made["minimum_version"] > made["version"]


def test_every_path_parameter_has_an_example() -> None:
    for path, operation in operations():
        for parameter in operation.get("parameters", ()):
            assert parameter["in"] != "path" or "example" in parameter, path


def test_every_error_has_a_real_example() -> None:
    for path, operation in operations():
        for status, named in operation["responses"].items():
            response = resolve(document(), named)
            for media_type, content in response.get("content", {}).items():
                if media_type == "application/problem+json":
                    assert content["examples"], (path, status)
                    shown = {
                        document()["components"]["examples"][code]["value"]["status"]
                        for code in content["examples"]
                    }
                    assert shown == {int(status)}
                    first = next(iter(content["examples"]))
                    assert f"(`{first}`)" in response["description"], (path, status)


def test_the_examples_are_current_responses() -> None:
    assert record() == recorded()


@cache
def components() -> Json:
    """Return the components of the document, in which an optional list cannot be empty: it would be left out."""
    found = json.loads(json.dumps(document()["components"]))
    for schema in found["schemas"].values():
        for name, inner in schema.get("properties", {}).items():
            if inner.get("type") == "array" and name not in schema.get("required", ()):
                inner["minItems"] = 1
    return found


def validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": components()})


def check(path: str, operation: Json, answer: Any) -> None:  # noqa: ANN401 - of either HTTP library
    """Check that a response matches the document: status, media type, headers and body."""
    said = operation["responses"].get(str(answer.status_code))
    assert said is not None, (path, answer.status_code)
    said = resolve(document(), said)
    for header in said.get("headers", {}):
        optional = header in {"Link", "Deprecation", "Sunset"}
        assert optional or header in answer.headers, (path, header)
    if answer.content:
        media_type = answer.headers["content-type"].partition(";")[0]
        validator(said["content"][media_type].get("schema", {})).validate(answer.json())


def operation_of(path: str) -> Json:
    """Return the operation of a URL."""
    parts = path.partition("?")[0].split("/")
    for pattern, operation in reads():
        named = pattern.split("/")
        if len(named) == len(parts) and all(
            n == p or n[:1] == "{" for n, p in zip(named, parts, strict=True)
        ):
            return operation
    raise LookupError(path)


@pytest.mark.parametrize("reference", ["netflix-engineering", "example-engineering@1.1.0"])
def test_every_response_of_a_release_matches_the_document(client: TestClient, reference: str) -> None:
    for path in every_url(client, reference):
        check(path, operation_of(path), client.get(path))


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/ladders",
        "/v1/ladders?limit=1",
        "/v1/ladders?limit=0",
        "/v1/schemas/ladder.json",
        "/.well-known/api-catalog",
        "/healthz",
        "/readyz",
        f"{EXAMPLE}/releases",
        f"{EXAMPLE}/releases/1.0.0",
        f"{EXAMPLE}/releases/1.0.0/content",
        f"{EXAMPLE}/releases/9.9.9",
        f"{EXAMPLE}/levels/none",
        f"{EXAMPLE}/levels?limit=0",
        f"{EXAMPLE}/levels?track=%FF",
        f"{EXAMPLE}/tips/keep-a-work-log",
        f"{EXAMPLE}/faqs/degree-required",
        f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0",
        f"{EXAMPLE}/matrix",
        f"{EXAMPLE}/levels/l5/effective",
        f"{EXAMPLE}/levels/l5/next?expand=lines,faqs,tips,expectations",
        f"{EXAMPLE}/compare?from=l4&to=m1",
        f"{EXAMPLE}/search?q=design",
        f"{EXAMPLE}/findings",
        f"{NETFLIX}?expand=tracks,levels,competencies,facets,faqs,tips,pages",
        f"{NETFLIX}/levels?expand=expectations,examples",
        "/v1/entities/none",
    ],
)
def test_every_other_response_matches_the_document(client: TestClient, path: str) -> None:
    check(path, operation_of(path), client.get(path))


@pytest.mark.parametrize("path", [NETFLIX, "/v1", f"{NETFLIX}/levels/l5", "/v1/ladders"])
def test_a_304_and_a_406_match_the_document(client: TestClient, path: str) -> None:
    for headers, status in (({"if-none-match": "*"}, 304), ({"accept": "text/csv"}, 406)):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        check(path, operation_of(path), answer)


def test_every_problem_has_an_example() -> None:
    assert set(recorded()["problems"]) == {*PROBLEMS, *REFUSALS}
