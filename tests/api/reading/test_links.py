"""Links: a client that follows them reads one release, and every link works."""

from collections import deque
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE, NETFLIX, Json

LEADS_OUT = {"current", "releases", "release"}
"""Names of links that do not lead to the release of the body."""


def links_of(body: Json) -> Iterator[tuple[str, str]]:
    """Yield every link of a body with its name, nested links included."""
    if isinstance(body, dict):
        links = body.get("links", {})
        yield from links.items()
        for name, part in body.items():
            if name != "links":
                yield from links_of(part)
    elif isinstance(body, list):
        for part in body:
            yield from links_of(part)


def test_every_link_from_the_root_can_be_read(client: TestClient) -> None:
    waiting, seen = deque(["/v1"]), {"/v1", "/openapi.json"}
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        allowed = (
            (200, 307, 410) if "@" not in path else (200,)
        )  # the current resource may be renamed or removed
        assert answer.status_code in allowed, (path, answer.text[:200])
        if not answer.headers["content-type"].startswith("application/json"):
            continue
        for name, target in links_of(answer.json()):
            assert target.startswith("/"), (path, name, target)
            if target not in seen and "{" not in target:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 100


def test_the_links_of_a_pinned_body_stay_in_its_release(client: TestClient) -> None:
    home = f"{EXAMPLE}@1.0.0"
    for path in (
        home,
        f"{home}/levels?limit=2&expand=expectations,tracks",
        f"{home}/levels/l5?expand=examples",
    ):
        for name, target in links_of(client.get(path).json()):
            assert name in LEADS_OUT or target.startswith(home), (path, name, target)


@pytest.mark.parametrize("reference", ["example-engineering", "example-engineering@latest"])
def test_all_links_but_self_and_current_are_pinned(client: TestClient, reference: str) -> None:
    path = f"/v1/ladders/{reference}/facets?limit=2"
    links = list(links_of(client.get(path).json()))
    home = f"{EXAMPLE}@1.1.0/facets"
    assert ("self", path) in links
    assert ("current", f"{EXAMPLE}/facets?limit=2") in links
    assert ("pinned", f"{home}?limit=2") in links
    assert ("release", f"{EXAMPLE}/releases/1.1.0") in links
    others = {target for name, target in links if target != path and name not in LEADS_OUT}
    assert len(others) == 4
    assert all(target.startswith(home) for target in others)


def test_self_is_the_requested_url_with_sorted_parameters(client: TestClient) -> None:
    body = client.get(f"{NETFLIX}/levels?sort=slug&fields=code&limit=3").json()
    assert body["links"]["self"] == f"{NETFLIX}/levels?fields=code&limit=3&sort=slug"


def header_links(client: TestClient, path: str) -> dict[str, str]:
    found = client.get(path).links
    return {str(name): link["url"] for name, link in found.items()}


def test_a_pinned_response_links_to_its_other_versions(client: TestClient) -> None:
    assert header_links(client, f"{EXAMPLE}@1.1.0/levels/l5?fields=code") == {
        "canonical": f"{EXAMPLE}@1.1.0/levels/l5?fields=code",
        "latest-version": f"{EXAMPLE}/levels/l5?fields=code",
        "version-history": f"{EXAMPLE}/releases",
        "predecessor-version": f"{EXAMPLE}@1.0.0/levels/l5?fields=code",
    }


def test_a_first_release_has_no_predecessor(client: TestClient) -> None:
    assert set(header_links(client, f"{EXAMPLE}@1.0.0")) == {"canonical", "latest-version", "version-history"}


@pytest.mark.parametrize("reference", [EXAMPLE, f"{EXAMPLE}@latest"])
def test_an_unpinned_response_has_no_version_links(client: TestClient, reference: str) -> None:
    assert header_links(client, f"{reference}/levels/l5") == {}


def test_only_the_release_resource_links_to_its_successor(client: TestClient) -> None:
    assert header_links(client, f"{EXAMPLE}/releases/1.0.0") == {
        "version-history": f"{EXAMPLE}/releases",
        "successor-version": f"{EXAMPLE}/releases/1.1.0",
    }
    assert header_links(client, f"{EXAMPLE}/releases/1.1.0") == {
        "version-history": f"{EXAMPLE}/releases",
        "predecessor-version": f"{EXAMPLE}/releases/1.0.0",
    }


def test_latest_version_of_a_pinned_page_has_no_cursor(client: TestClient) -> None:
    following = client.get(f"{EXAMPLE}@1.0.0/facets?limit=5").json()["links"]["next"]
    links = header_links(client, following)
    assert links["canonical"] == following
    assert links["latest-version"] == f"{EXAMPLE}/facets"
