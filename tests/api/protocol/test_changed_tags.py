"""Requests as proxies and tools change them: other entity tags, and other media types in Accept."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.api.serving import EXAMPLE, Api, problem, serve
from tests.databases import SqliteDatabases

JSON_PATHS: Final = (
    "/v1",
    "/v1/ladders",
    EXAMPLE,
    f"{EXAMPLE}@1.0.0",
    f"{EXAMPLE}/document",
    f"{EXAMPLE}/levels",
    f"{EXAMPLE}/levels/l5",
    f"{EXAMPLE}/levels/l5/effective",
    f"{EXAMPLE}/matrix",
    f"{EXAMPLE}/compare?from=l4&to=l5",
    f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0",
    f"{EXAMPLE}/search?q=scal",
    f"{EXAMPLE}/releases",
    f"{EXAMPLE}/releases/1.0.0",
    f"{EXAMPLE}/releases/1.0.0/content",
    "/v1/search?q=scal",
    "/openapi.json",
    "/.well-known/api-catalog",
)
FILES: Final = (
    f"{EXAMPLE}/levels.json",
    f"{EXAMPLE}/statements.csv",
    f"{EXAMPLE}/workbook.xlsx",
    f"{EXAMPLE}/matrix.csv",
    f"{EXAMPLE}/levels/l5/effective.md",
    f"{EXAMPLE}/map.svg",
    f"{EXAMPLE}/matrix.png",
    "/v1/schemas/ladder.json",
    "/robots.txt",
    "/assets/page.js",
)
PAGES: Final = ("/", "/docs", "/ladders/example-engineering", "/ladders/example-engineering/levels/l5")
CHANGES: Final = ('"{}-gzip"', '"{};gzip"', '"{}--gzip"', '"{}:gzip"', '"{}-br"', 'W/"{}"', 'W/"{}-gzip"')


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        yield served


@pytest.mark.parametrize("path", [*JSON_PATHS, *FILES, *PAGES])
def test_a_tag_that_a_proxy_changed_is_still_the_tag(api: Api, path: str) -> None:
    for _ in ("the first read", "from memory"):
        tag = api.client.get(path).headers["etag"].strip('"')
        for change in CHANGES:
            sent = f'"other", {change.format(tag)}'
            for known in (change.format(tag), sent):
                answer = api.client.get(path, headers={"if-none-match": known})
                assert (answer.status_code, answer.content) == (304, b""), known
                assert answer.headers["etag"] == f'"{tag}"'
        for other in (f'"{tag[1:]}"', f'"{tag}x-gzip"', '"-gzip"'):
            assert api.client.get(path, headers={"if-none-match": other}).status_code == 200


@pytest.mark.parametrize("path", JSON_PATHS)
@pytest.mark.parametrize("accept", ["application/problem+json", "application/json", "application/*", "*/*"])
def test_json_is_given_to_whoever_asks_for_json_of_any_kind(api: Api, path: str, accept: str) -> None:
    answer = api.client.get(path, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0].endswith("json")


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/webp,*/*;q=0", "text/csv"])
def test_the_extension_of_a_url_decides_whatever_accept_says(api: Api, path: str, accept: str) -> None:
    without = api.client.get(path)
    for _ in ("the first read", "from memory"):
        answer = api.client.get(path, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, without.headers["content-type"])
        assert "accept" not in answer.headers.get("vary", "").lower().replace("accept-encoding", "").split(
            ", "
        )


def test_what_the_api_catalog_announces_can_be_asked_for(api: Api) -> None:
    (linkset,) = api.json("/.well-known/api-catalog")["linkset"]
    announced = [target for name, targets in linkset.items() if name != "anchor" for target in targets]
    assert len(announced) == 3
    for target in announced:
        answer = api.client.get(target["href"], headers={"accept": target["type"]})
        assert answer.status_code == 200, target
    for accept in (
        "application/linkset+json",
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
    ):
        answer = api.client.get("/.well-known/api-catalog", headers={"accept": accept})
        assert answer.status_code == 200


def test_the_api_catalog_has_its_link_header(api: Api) -> None:
    expected = (
        '</.well-known/api-catalog>; rel="api-catalog", </openapi.json>; rel="service-desc", '
        '</docs>; rel="service-doc", </readyz>; rel="status"'
    )
    for method in ("HEAD", "GET", "HEAD"):
        answer = api.client.request(method, "/.well-known/api-catalog")
        assert (answer.status_code, answer.headers["link"]) == (200, expected)


def test_a_weak_tag_in_if_match_is_refused_with_the_reason(api: Api) -> None:
    key = api.key("ann", "admin")
    draft = f"{EXAMPLE}@draft"
    merge = {"content-type": "application/merge-patch+json"}
    for method, path, body in (
        ("PATCH", draft, {"title": "X"}),
        ("PUT", f"{draft}/document", {}),
        ("PATCH", f"{draft}/levels/l5", {"title": "X"}),
        ("PUT", f"{draft}/levels/l5", {"slug": "l5", "title": "X"}),
        ("DELETE", f"{draft}/levels/l5", None),
        ("PATCH", f"{EXAMPLE}/settings", {"require_review": True}),
    ):
        tag = api.client.get(path, headers=key).headers["etag"]
        media = merge if method == "PATCH" else {}
        whole = api.client.get(path, headers=key).json() if method == "PUT" else body
        answer = api.client.request(method, path, json=whole, headers=key | media | {"if-match": f"W/{tag}"})
        status, code, detail = problem(answer)
        assert (status, code) == (412, "precondition-failed"), (path, detail)
        assert detail.startswith("If-Match has only weak tags (`W/…`), and a weak tag never matches.")
        assert answer.headers["etag"] == tag
