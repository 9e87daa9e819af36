"""The API reference: a page for each operation of the OpenAPI document, light and without scripts."""

import json
import re
import shlex
from html import unescape
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.web.layout.rendering import POLICY
from app.web.reference.operations import Reference
from app.web.reference.schemas import fields_of, type_of
from tests.api.serving import problem

HTML: Final = {"accept": "text/html"}
MOST_BYTES: Final = 100_000
"""A page with its styles and script, before any coding."""


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, spec) for path, item in document["paths"].items() for method, spec in item.items()]


def test_the_list_has_every_operation_under_each_of_its_topics(
    client: TestClient, document: dict[str, Any]
) -> None:
    text = unescape(client.get("/docs").text)
    for topic in document["tags"]:
        section = text.partition(f'<details class="topic" id="{topic["name"]}">')[2].partition("</details>")[
            0
        ]
        assert topic["description"] in section
        found = set(
            re.findall(r'href="/docs/([^"]+)">([^<]+)</a> <code><b>(\w+)</b> ([^<]+)</code>', section)
        )
        assert found == {
            (spec["operationId"].replace("_", "-"), spec["summary"], method.upper(), path)
            for method, path, spec in operations(document)
            if topic["name"] in spec["tags"]
        }


def test_every_operation_has_a_light_page_with_its_parameters_and_errors(
    client: TestClient, document: dict[str, Any]
) -> None:
    assets = sum(len(client.get(f"/assets/{name}").content) for name in ("page.css", "views.css", "page.js"))
    for method, path, spec in operations(document):
        answer = client.get(f"/docs/{spec['operationId'].replace('_', '-')}")
        text = unescape(answer.text)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == POLICY
        assert len(answer.content) + assets < MOST_BYTES, path
        assert f"<h1>{spec['summary']}</h1>" in text
        assert f"<b>{method.upper()}</b> {path}</code>" in text
        for parameter in spec.get("parameters", ()):
            assert f"<dt><code>{parameter['name']}</code>" in text
        for status in spec["responses"]:
            assert f"<h3>{status}" in text or f"<tr><td>{status}</td>" in text
        ids = re.findall(r' id="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids)), path
        targets = set(re.findall(r'href="#([^"]+)"', answer.text)) - {"content"}
        assert targets <= set(ids), path


def test_every_error_code_on_a_page_is_explained(client: TestClient, document: dict[str, Any]) -> None:
    names = {spec["operationId"].replace("_", "-") for _, _, spec in operations(document)}
    codes = {
        code
        for name in names
        for code in re.findall(r'href="(/problems/[^"]+)"', client.get(f"/docs/{name}").text)
    }
    assert len(codes) > 10
    assert {client.get(code).status_code for code in codes} == {200}


def test_the_example_of_every_read_that_needs_no_key_works(
    client: TestClient, document: dict[str, Any]
) -> None:
    for method, path, spec in operations(document):
        if method != "get" or {} not in spec["security"]:
            continue
        text = unescape(client.get(f"/docs/{spec['operationId'].replace('_', '-')}").text)
        line = re.sub(r"<[^>]*>", "", re.findall(r"<pre><code>(curl .*?)</code></pre>", text)[0])
        command, url, *header = shlex.split(line)
        assert command == "curl"
        assert not header or "@draft" in url
        if header or "/acme-engineering" in url:  # a ladder that only the recorded examples have
            continue
        answer = client.get(url.removeprefix("https://this-server"), follow_redirects=True)
        assert answer.status_code == 200, (path, answer.text)


def test_an_example_with_a_body_can_be_pasted_into_a_shell(client: TestClient) -> None:
    text = unescape(re.sub(r"</?span[^>]*>", "", client.get("/docs/replace-level").text))
    words = shlex.split(re.findall(r"<pre><code>(curl .*?)</code></pre>", text, re.DOTALL)[0])
    assert words[:3] == ["curl", "--request", "PUT"]
    assert words[3].startswith("https://this-server/v1/ladders/")
    assert words[4:8] == [
        "--header",
        "Authorization: Bearer $LADDER_KEY",
        "--header",
        "Content-Type: application/json",
    ]
    assert words[8] == "--data"
    assert isinstance(json.loads(words[9]), dict)


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("ladder=example-engineering&level=l4", "/v1/ladders/example-engineering/levels/l4"),
        (
            "ladder=example-engineering@1.0.0&level=l4&fields=title&expand=&other=x",
            "/v1/ladders/example-engineering@1.0.0/levels/l4?fields=title",
        ),
        ("ladder=//evil.example/x&level=%23", "/v1/ladders/%2F%2Fevil.example%2Fx/levels/%23"),
        ("ladder=a&level=b&fields=a%26b", "/v1/ladders/a/levels/b?fields=a%26b"),
    ],
)
def test_the_form_of_a_read_leads_to_the_url_of_the_api(client: TestClient, query: str, url: str) -> None:
    answer = client.get(f"/docs/read-level/try?{query}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, url)


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/nothing/try", "/docs/replace-level/try"])
def test_an_operation_that_does_not_exist_is_not_found(client: TestClient, path: str) -> None:
    assert problem(client.get(path))[:2] == (404, "not-found")
    assert "<h1>Not found</h1>" in client.get(path, headers=HTML).text


def test_the_earlier_reference_page_leads_to_the_new_one(client: TestClient) -> None:
    answer = client.get("/redoc", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/docs")


def test_a_schema_that_contains_itself_is_listed_once() -> None:
    node = {
        "title": "Node",
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 9},
            "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    }
    document = {"components": {"schemas": {"Node": node}}}
    (root,) = fields_of(document, {"properties": {"root": node}}, set())
    assert (root.name, root.type, root.required) == ("root", "Node", False)
    name, nodes = root.fields
    assert (name.type, name.required) == ("string, at most 9 characters", True)
    assert (nodes.type, nodes.object, nodes.fields) == ("list of Node", "Node", ())


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string"),
        ({"enum": ["a", None, 1]}, 'one of "a", 1'),
        ({"const": "x"}, '"x"'),
        ({"type": "integer", "minimum": 1, "maximum": 5000}, "integer, at least 1, at most 5,000"),
        ({"type": "string", "format": "date-time"}, "date and time"),
        ({"type": ["string", "null"]}, "string"),
        ({}, "any value"),
    ],
)
def test_a_type_is_described_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_of({}, schema) == words


def test_behind_a_prefix_every_link_has_it(document: dict[str, Any]) -> None:
    reference = Reference(document, "/career")
    page = reference.find("read-level")
    assert page is not None
    assert page.curl.startswith("curl 'https://this-server/career/v1/ladders/")
    url = reference.example_url("read-level", {"ladder": "a", "level": "b"})
    assert url == "/career/v1/ladders/a/levels/b"
