"""No answer differs between the first read of a URL and a hot one, in anything but Date and X-Request-ID."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.main import create_api
from app.settings import Settings
from tests.api.serving import EXAMPLE, NETFLIX, every_url, serve
from tests.databases import Databases, PostgresDatabases, SqliteDatabases

ASKED: Final[tuple[dict[str, str], ...]] = (
    {},
    {"accept-encoding": "identity"},
    {"accept-encoding": "gzip"},
    {"accept-encoding": "zstd"},
    {"accept-encoding": "identity;q=0"},
    {"accept": "text/csv"},
    {"if-none-match": "*"},
    {"if-none-match": '"nothing"'},
    {"range": "bytes=0-9"},
)
REFERENCES = (
    "netflix-engineering",
    "netflix-engineering@latest",
    "netflix-engineering@1.0.0",
    "example-engineering",
    "example-engineering@1.0.0",
    "example-engineering@1.1.0",
)


def told(client: TestClient, path: str, headers: dict[str, str], method: str = "GET") -> Any:  # noqa: ANN401 - a key
    answer = client.request(method, path, headers={**headers, "x-request-id": "same"})
    return answer.status_code, sorted(answer.headers.multi_items()), answer.content


@pytest.fixture(scope="module")
def unread(sqlite_databases: SqliteDatabases) -> Iterator[TestClient]:
    """A client of an application over all seeds, of which nobody else reads."""
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        yield api.client


@pytest.fixture(scope="module")
def on_postgresql(postgresql_databases: PostgresDatabases) -> Iterator[TestClient]:
    """The same on the other engine."""
    with postgresql_databases.fresh("seeded") as url, serve(url) as api:
        yield api.client


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_url_of_a_release_answers_the_same_again(unread: TestClient, reference: str) -> None:
    for path in every_url(unread, reference):
        first = told(unread, path, {})
        assert first[0] == 200, path
        assert told(unread, path, {}) == first


@pytest.mark.parametrize(
    "reference", ["netflix-engineering@1.0.0", "example-engineering", "example-engineering@1.0.0"]
)
def test_every_url_of_a_release_answers_the_same_on_both_engines(
    unread: TestClient, on_postgresql: TestClient, reference: str
) -> None:
    for path in every_url(unread, reference):
        assert told(on_postgresql, path, {}) == told(unread, path, {}), path


def operations() -> tuple[str, ...]:
    """A URL for each operation, from its own examples, with every parameter that has one."""
    found = []
    paths = create_api(Settings()).openapi()["paths"]
    for path, item in ((path, item) for path, item in paths.items() if "get" in item):
        given = {one["name"]: one for one in item["get"].get("parameters", ()) if "example" in one}
        if path.endswith(".png"):
            given["scale"] = {"name": "scale", "in": "query", "example": 1}  # the quickest to draw
        url = path.format(**{name: one["example"] for name, one in given.items() if one["in"] == "path"})
        query = [f"{name}={one['example']}" for name, one in given.items() if one["in"] == "query"]
        found.append(f"{url}?{'&'.join(query)}" if query else url)
    return tuple(found)


@pytest.mark.parametrize("headers", ASKED, ids=str)
def test_first_and_hot_agree_whatever_is_asked_of_an_operation(
    sqlite_databases: Databases, headers: dict[str, str]
) -> None:
    urls = (*operations(), "/", "/docs", "/docs/read-level", "/openapi.json", "/problems", "/assets/page.css")
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        first = {path: told(api.client, path, headers) for path in urls}
        for path in urls:
            api.client.get(path)  # keeps it, where the first read was refused
        again = {path: told(api.client, path, headers) for path in urls}
    assert again == first


def test_every_operation_answers_the_same_on_both_engines(
    unread: TestClient, on_postgresql: TestClient
) -> None:
    for path in operations():
        if path != "/v1/audit":
            assert told(on_postgresql, path, {}) == told(unread, path, {}), path


@pytest.mark.parametrize(
    "lookalike",
    [
        f"{NETFLIX}/levels%3Flimit=1",
        f"{NETFLIX}/levels%3flimit=1",
        f"{NETFLIX}/levels/l5%23",
        f"{NETFLIX}/levels/l5%20",
        f"{NETFLIX}/levels//l5",
        f"{NETFLIX}%401.0.0/levels?limit=1&limit=1",
        f"{NETFLIX}/levels?limit=1%26",
        f"{NETFLIX}/levels?limit=1%23",
        f"{NETFLIX}/levels?Limit=1",
    ],
)
def test_no_lookalike_is_answered_from_what_was_kept(client: TestClient, lookalike: str) -> None:
    for path in (f"{NETFLIX}/levels?limit=1", f"{NETFLIX}/levels/l5", f"{NETFLIX}@1.0.0/levels?limit=1"):
        assert client.get(path).status_code == 200
    assert client.get(lookalike).status_code in (404, 422)


@pytest.mark.parametrize(
    ("spelled", "plain"),
    [
        (f"{NETFLIX}/levels/%6c5", f"{NETFLIX}/levels/l5"),
        ("/v1/ladders/netflix%2Dengineering", NETFLIX),
        ("/v1/ladders/netflix-engineering%401.0.0", f"{NETFLIX}@1.0.0"),
        (f"{NETFLIX}/levels?limit=%31", f"{NETFLIX}/levels?limit=1"),
        (f"{EXAMPLE}/facets?&limit=2&fields=summary&", f"{EXAMPLE}/facets?fields=summary&limit=2"),
    ],
)
def test_other_spellings_of_a_url_are_the_same_url(client: TestClient, spelled: str, plain: str) -> None:
    assert told(client, spelled, {}) == told(client, plain, {})
