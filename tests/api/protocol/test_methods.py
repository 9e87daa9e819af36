"""HEAD, OPTIONS and CORS, and unsupported methods."""

import pytest
from starlette.testclient import TestClient

from tests.api.serving import COMMON_HEADERS, EXAMPLE, NETFLIX, every_url, problem

PATHS = (
    "/",
    "/docs",
    "/redoc",
    "/openapi.json",
    "/problems",
    "/problems/gone",
    "/assets/page.css",
    "/healthz",
    "/readyz",
    "/.well-known/api-catalog",
    "/v1",
    "/v1/ladders",
    "/v1/schemas/ladder.json",
    "/v1/entities/00000000-0000-0000-0000-000000000000",
    NETFLIX,
    f"{NETFLIX}@1.0.0/document",
    f"{NETFLIX}/levels",
    f"{NETFLIX}/levels/l5",
    f"{NETFLIX}/releases",
    f"{NETFLIX}/releases/1.0.0",
    f"{NETFLIX}/releases/1.0.0/content",
)
ALLOWED = "GET, HEAD, OPTIONS"
POSTED = {"/v1/ladders", f"{NETFLIX}/releases"}
"""Where something can be made."""


def allowed(path: str) -> str:
    return f"{ALLOWED}, POST" if path in POSTED else ALLOWED


@pytest.mark.parametrize("path", [*PATHS, "/nothing", f"{NETFLIX}/levels/none", f"{NETFLIX}/levels?limit=0"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    same = {"x-request-id": "same"}
    got, head = client.get(path, headers=same), client.head(path, headers=same)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert dict(head.headers) == dict(got.headers)


def test_head_works_before_the_first_get(client: TestClient) -> None:
    for path in every_url(client, "netflix-engineering@latest"):
        head = client.head(path, headers={"x-request-id": "same"})
        assert dict(head.headers) == dict(client.get(path, headers={"x-request-id": "same"}).headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_an_unsupported_method_is_refused_with_the_supported_ones(
    client: TestClient, path: str, method: str
) -> None:
    answer = client.request(method, path)
    if method == "POST" and path in POSTED:
        assert problem(answer)[0] in (401, 403)
        return
    assert problem(answer)[:2] == (405, "method-not-allowed")
    assert answer.headers["allow"] == allowed(path)


def test_a_write_to_a_release_is_pointed_to_the_draft(client: TestClient) -> None:
    answer = client.put(f"{NETFLIX}/levels/l5", json={"slug": "l5"})
    there = f"{NETFLIX}@draft/levels/l5"
    detail = f"This resource does not support PUT. Releases never change. Write to the draft: {there}."
    assert problem(answer) == (405, "method-not-allowed", detail)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_an_unknown_path_supports_no_method(client: TestClient, method: str) -> None:
    for path in ("/nothing", f"{NETFLIX}/nothing", "/v1/", f"{NETFLIX}/levels/l5/"):
        assert problem(client.request(method, path))[:2] == (404, "not-found")


@pytest.mark.parametrize("path", PATHS)
def test_options_is_answered_for_dashboards_of_any_origin(client: TestClient, path: str) -> None:
    asked = {
        "origin": "https://dashboard.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    answer = client.options(path, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert dict(answer.headers) == COMMON_HEADERS | {
        "allow": allowed(path),
        "access-control-allow-methods": allowed(path),
        "access-control-allow-headers": "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key",
        "access-control-max-age": "86400",
        "cache-control": "no-store",
        "x-request-id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize("path", [f"{EXAMPLE}/levels", f"{EXAMPLE}/levels/none", "/healthz", "/v1/nothing"])
def test_the_origin_changes_nothing(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"x-request-id": "same"})
    asked = client.get(path, headers={"x-request-id": "same", "origin": "https://dashboard.example"})
    assert (asked.content, dict(asked.headers)) == (plain.content, dict(plain.headers))
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "origin" not in asked.headers.get("vary", "")


def test_a_large_content_length_is_refused_without_reading(client: TestClient) -> None:
    answer = client.post(f"{NETFLIX}/levels", headers={"content-length": str(50 * 1024 * 1024)}, content=b"")
    assert problem(answer)[:2] == (413, "too-large")


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "0x10", ""])
def test_an_invalid_content_length_is_refused(client: TestClient, length: str) -> None:
    answer = client.post(f"{NETFLIX}/levels", headers={"content-length": length}, content=b"")
    assert answer.status_code in (400, 413)
    assert problem(answer)[0] == answer.status_code
