"""The public URL of the service: it makes URLs absolute that others read without knowing where they came from."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from app.settings import Settings, SettingsError
from tests.api.serving import EXAMPLE, Api, serve
from tests.databases import SqliteDatabases

PUBLIC: Final = "https://ladders.example.org"
CASES: Final = {
    "without a public URL": ({}, ""),
    "with a public URL": ({"public_url": PUBLIC}, PUBLIC),
    "with a public URL and a prefix": ({"public_url": PUBLIC, "root_path": "/hr"}, f"{PUBLIC}/hr"),
    "with a public URL that has the prefix": (
        {"public_url": f"{PUBLIC}/hr", "root_path": "/hr"},
        f"{PUBLIC}/hr",
    ),
    "with a prefix only": ({"root_path": "/hr"}, "/hr"),
}


@pytest.fixture(scope="module", params=CASES.values(), ids=list(CASES))
def served(request: pytest.FixtureRequest, sqlite_databases: SqliteDatabases) -> Iterator[tuple[Api, str]]:
    """A service, and the start that its absolute URLs have."""
    settings, start = request.param
    with sqlite_databases.fresh("seeded") as url, serve(url, **settings) as api:
        yield api, start


def canonical(link: str) -> str:
    found = re.search(r'<([^>]*)>; rel="canonical"', link)
    assert found is not None, link
    return found[1]


def test_the_openapi_document_names_the_server(served: tuple[Api, str]) -> None:
    api, start = served
    assert api.json("/openapi.json")["servers"] == [{"url": start or "/"}]


def test_the_api_catalog_has_absolute_links(served: tuple[Api, str]) -> None:
    api, start = served
    (linkset,) = api.json("/.well-known/api-catalog")["linkset"]
    assert linkset["anchor"] == f"{start}/v1"
    assert linkset["service-desc"][0]["href"] == f"{start}/openapi.json"


def test_problem_types_are_absolute(served: tuple[Api, str]) -> None:
    api, start = served
    for path in ("/v1/ladders/never-was", "/v1/nowhere", f"{EXAMPLE}/levels?limit=0"):
        body = api.client.get(path).json()
        assert body["type"] == f"{start}/problems/{body['code']}"


def test_canonical_links_are_absolute_and_links_in_bodies_are_paths(served: tuple[Api, str]) -> None:
    api, start = served
    prefix = start.removeprefix(PUBLIC)
    for below in ("/levels/l5", "/compare?from=l4&to=l5", "/levels?limit=1"):
        answer = api.client.get(f"{EXAMPLE}@1.0.0{below}")
        assert canonical(answer.headers["link"]).startswith(f"{start}/v1/ladders/example-engineering@1.0.0/")
        assert answer.json()["links"]["self"].startswith(f"{prefix}/v1/")
    for path in (f"{EXAMPLE}/releases/1.0.0/content", f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0"):
        assert canonical(api.client.get(path).headers["link"]).startswith(f"{start}/v1/ladders/example-")


def test_pages_have_absolute_canonical_urls_and_preview_pictures(served: tuple[Api, str]) -> None:
    api, start = served
    page = "/ladders/example-engineering"
    for path in (f"{page}/levels/l5", page, f"{page}/releases", "/", "/search"):
        html = api.client.get(path).text
        assert f'<link rel="canonical" href="{start}{path}">' in html
    html = api.client.get(f"{page}/levels/l5").text
    assert re.search(rf'<meta property="og:image" content="{re.escape(start)}/v1/ladders/[^"]*\.png">', html)


def test_the_host_header_changes_nothing(served: tuple[Api, str]) -> None:
    api, _ = served
    for path in ("/openapi.json", "/.well-known/api-catalog", "/ladders/example-engineering"):
        assert "evil.example" not in api.client.get(path, headers={"host": "evil.example"}).text


@pytest.mark.parametrize(
    "url", ["ladders.example.org", "ftp://x.org", "https://x.org/", "https://a@x.org", "https://x.org?a", " "]
)
def test_a_wrong_public_url_is_refused_in_words(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_PUBLIC_URL", url)
    with pytest.raises(SettingsError) as refused:
        Settings.read()
    assert str(refused.value) == (
        "LADDER_PUBLIC_URL must be the URL under which clients reach the service, such as "
        "https://ladders.example.org, without a user, `?`, `#` or a slash at the end."
    )


def test_a_public_url_with_another_path_than_the_prefix_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_PUBLIC_URL", f"{PUBLIC}/hr")
    with pytest.raises(SettingsError, match="LADDER_PUBLIC_URL must have no path, or the path in"):
        Settings.read()
