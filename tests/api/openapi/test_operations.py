"""The operations of the OpenAPI document, as generators of clients read them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator

from app.main import create_api
from app.settings import Settings
from tools.schema_diff import resolve

Json = dict[str, Any]
_WITHOUT_RELEASE: Final = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
_NUMBERS: Final = {"number", "position", "rise", "row", "status"}
"""Whole numbers that count nothing."""


@cache
def document() -> Json:
    found: Json = json.loads(json.dumps(create_api(Settings()).openapi()))
    return found


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def fits(value: Any, schema: Json) -> bool:  # noqa: ANN401 - any JSON
    return Draft202012Validator({**schema, "components": document()["components"]}).is_valid(value)


def contents(operation: Json) -> Iterator[Json]:
    """Yield the media types of a request and its responses."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for named in operation["responses"].values():
        yield from resolve(document(), named).get("content", {}).values()


def test_every_example_has_the_type_that_its_schema_says() -> None:
    for path, method, operation in operations():
        for one in operation.get("parameters", ()):
            assert "example" not in one or fits(one["example"], one["schema"]), (path, method, one["name"])
        for content in contents(operation):
            shown = [content["example"]] if "example" in content else []
            named = [resolve(document(), one) for one in content.get("examples", {}).values()]
            for example in shown + [one["value"] for one in named]:
                assert fits(example, content.get("schema", {})), (path, method)


def test_a_parameter_never_takes_null() -> None:
    for path, _, operation in operations():
        for one in operation.get("parameters", ()):
            assert not fits(None, one["schema"]), (path, one["name"])


def test_response_headers_have_their_usual_case() -> None:
    named = document()["components"]["headers"]
    words = {word for name in named for word in name.split("-")}
    assert all(word[0].isupper() for word in words)
    for path, _, operation in operations():
        for response in operation["responses"].values():
            assert resolve(document(), response).get("headers", {}).keys() <= named.keys(), path


def test_a_path_with_a_ladder_documents_the_redirect_from_a_former_slug_and_what_follows() -> None:
    for path, method, operation in operations():
        responses = operation["responses"]
        if "{ladder}" in path:
            assert "307" in responses, (path, method)
        if "307" in responses:
            redirect = resolve(document(), responses["307"])
            assert "Location" in redirect["headers"], (path, method)
            assert redirect.get("content", {}).keys() <= {"application/problem+json"}
            assert responses.keys() & {"200", "201", "204"}, (path, method)


def test_only_a_draft_can_be_written_and_the_ladder_of_a_write_says_so() -> None:
    """Releases, reviews and settings belong to the ladder as a whole."""
    for path, method, operation in operations():
        if "{ladder}" not in path or method not in {"put", "patch", "delete"}:
            continue
        ladder = operation["parameters"][0]
        assert ladder["name"] == "ladder"
        pattern = ladder["schema"]["pattern"]
        assert pattern.endswith("@draft$") or pattern == _WITHOUT_RELEASE, (path, method)
        assert pattern == _WITHOUT_RELEASE or "@draft" in ladder["description"]
        assert not re.search(pattern, "acme@1.0.0")
        assert not re.search(pattern, "acme@latest")


def test_a_number_of_things_ends_in_count() -> None:
    for name, schema in document()["components"]["schemas"].items():
        for field, part in schema.get("properties", {}).items():
            if part.get("type") == "integer":
                assert field.endswith("_count") or field in _NUMBERS, (name, field)
            if field.endswith("_count"):
                assert part["type"] in ("integer", ["number", "null"]), (name, field)


def test_names_end_in_no_number() -> None:
    """Generators number the schemas and operations that have no name of their own."""
    names = [*document()["components"]["schemas"], *(one["operationId"] for _, _, one in operations())]
    assert not [name for name in names if re.search(r"\d$|__", name)]
