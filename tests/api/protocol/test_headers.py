"""Response headers: request ids, the list of allowed headers, caching by kind, and no trace of the host."""

import re

import pytest
from starlette.testclient import TestClient

from tests.api.serving import COMMON_HEADERS, EXAMPLE, FIXED, NETFLIX, PINNED, UNPINNED, every_url, serve
from tests.databases import SqliteDatabases

ON_JSON = {
    "content-type",
    "content-length",
    "content-encoding",
    "etag",
    "cache-control",
    "vary",
    "link",
    "x-content-type-options",
    "x-request-id",
    "access-control-allow-origin",
    "access-control-expose-headers",
}
"""All that a JSON answer may carry: every header costs on the hot path."""


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_json_response_has_only_the_listed_headers(client: TestClient, coding: str) -> None:
    for path in every_url(client, "netflix-engineering@1.0.0")[:40]:
        answer = client.get(path, headers={"accept-encoding": coding})
        assert set(answer.headers) <= ON_JSON
        assert len(answer.headers.multi_items()) == len(answer.headers)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (NETFLIX, UNPINNED),
        (f"{NETFLIX}@latest/levels", UNPINNED),
        (f"{NETFLIX}@1.0.0/levels", PINNED),
        (f"{NETFLIX}/releases/1.0.0/content", PINNED),
        (f"{NETFLIX}/releases/1.0.0", UNPINNED),
        ("/v1/ladders", UNPINNED),
        ("/v1", FIXED),
        ("/openapi.json", FIXED),
        ("/.well-known/api-catalog", FIXED),
        ("/v1/schemas/ladder.json", FIXED),
        ("/docs", FIXED),
        ("/assets/page.css", FIXED),
        ("/healthz", "no-store"),
        ("/readyz", "no-store"),
        (f"{NETFLIX}/levels/none", "no-store"),
        (f"{NETFLIX}@1.0.0/levels/none", "no-store"),
        (f"{EXAMPLE}@1.1.0/faqs/degree-required", "no-store"),
        (f"{EXAMPLE}@1.1.0/tips/keep-a-work-log", "no-store"),
    ],
)
def test_cache_control_depends_on_the_kind_of_response(client: TestClient, path: str, expected: str) -> None:
    for _ in range(2):
        answer = client.get(path)
        assert answer.headers["cache-control"] == expected
        assert ("etag" in answer.headers) == (expected != "no-store")
        assert "last-modified" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/read-level", "/problems", "/problems/gone", "/assets/favicon.svg"]
)
def test_pages_have_a_strict_content_security_policy(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'unsafe-inline'" not in policy


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 64])
@pytest.mark.parametrize(
    "path", [f"{NETFLIX}/levels/l5", f"{NETFLIX}/levels/none", "/healthz", "/v1/nothing"]
)
def test_a_valid_request_id_is_returned(client: TestClient, path: str, given: str) -> None:
    assert client.get(path, headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, '"', "a\tb", "é".encode(), "a,b", "<script>"])
def test_an_invalid_request_id_is_replaced(client: TestClient, given: str | bytes) -> None:
    found = client.get(
        NETFLIX, headers=[(b"x-request-id", given if isinstance(given, bytes) else given.encode())]
    )
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", found.headers["x-request-id"])


def test_every_request_has_its_own_id(client: TestClient) -> None:
    ids = {client.get(NETFLIX).headers["x-request-id"] for _ in range(50)}
    assert len(ids) == 50


@pytest.mark.parametrize("host", ["evil.example", "evil.example/path", "a b", "", "[::1]:1", "x" * 300])
def test_responses_do_not_depend_on_the_host(sqlite_databases: SqliteDatabases, host: str) -> None:
    asked = {
        "host": host,
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil",
        "forwarded": "host=evil.example",
        "x-request-id": "same",
    }
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        for path in (
            "/v1",
            "/v1/ladders",
            f"{NETFLIX}/levels?limit=1",
            "/",
            "/openapi.json",
            f"{NETFLIX}/levels/none",
        ):
            answer = api.client.get(path, headers=asked)
            assert "evil" not in answer.text
            assert "evil" not in str(answer.headers)
            assert "testserver" not in answer.text
            assert answer.content == api.client.get(path, headers={"x-request-id": "same"}).content


def test_unneeded_credentials_change_nothing(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        same = {"x-request-id": "same"}
        plain = api.client.get(NETFLIX, headers=same)
        asked = api.client.get(NETFLIX, headers={**same, **api.key("ada", "admin"), "cookie": "a=b"})
        assert (asked.content, dict(asked.headers)) == (plain.content, dict(plain.headers))


@pytest.mark.parametrize("stripped", [True, False], ids=["the proxy strips it", "the proxy does not"])
def test_links_have_the_prefix_of_the_proxy(sqlite_databases: SqliteDatabases, *, stripped: bool) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, root_path="/career/ladders") as api:
        before = "" if stripped else "/career/ladders"
        body = api.json(f"{before}/v1/ladders/netflix-engineering/levels?limit=1")
        assert body["links"] == {
            "self": f"/career/ladders{NETFLIX}/levels?limit=1",
            "current": f"/career/ladders{NETFLIX}/levels?limit=1",
            "pinned": f"/career/ladders{NETFLIX}@1.0.0/levels?limit=1",
            "release": f"/career/ladders{NETFLIX}/releases/1.0.0",
        }
        pinned = api.client.get(f"{before}{NETFLIX}@1.0.0")
        assert all(link["url"].startswith("/career/ladders/v1/") for link in pinned.links.values())
        renamed = api.client.get(f"{before}{EXAMPLE}/tips/keep-a-work-log")
        assert renamed.headers["location"] == f"/career/ladders{EXAMPLE}/tips/write-a-line-a-week"
        missing = api.client.get(f"{before}{NETFLIX}/levels/none")
        assert missing.json()["type"] == "/career/ladders/problems/not-found"
        refused = api.client.post(f"{before}{NETFLIX}/levels")
        assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
        assert api.client.options(f"{before}{NETFLIX}/levels").status_code == 204
        page = api.client.get(f"{before}/").text
        if not stripped:
            assert api.client.get(before).text == page  # the prefix alone, as people type it
        assert 'href="/career/ladders/docs"' in page
        assert not re.search(r'(href|src)="/(?!career/ladders/)', page)
        assert api.json(f"{before}/openapi.json")["servers"] == [{"url": "/career/ladders"}]
        uuid = api.json(f"{before}{NETFLIX}")["uuid"]
        assert (
            api.client.get(f"{before}/v1/entities/{uuid}").headers["location"] == f"/career/ladders{NETFLIX}"
        )


def test_cors_exposes_the_headers_for_scripts(client: TestClient) -> None:
    for path in (NETFLIX, "/v1/nothing", "/healthz", "/openapi.json"):
        assert COMMON_HEADERS.items() <= dict(client.get(path).headers).items()
