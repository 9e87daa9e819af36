"""Names over several releases: whatever an author writes, every address that was ever published leads on."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rubric.canonical import plain
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules import Finding
from tests.api.publishing import sha
from tests.api.serving import Api, Json, serve
from tests.databases import Databases
from tests.histories import Names, edit, mended
from tests.rubric.drafts import draft

_LISTS: Final = {
    "level": "levels",
    "competency": "competencies",
    "scale": "scales",
    "track": "tracks",
    "expectation": "expectations",
}
_NUMBERS: Final = count()
QUALITY: Final = "/v1/ladders/acme@draft/competencies/delivery"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def each_api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """The application over a database without ladders, on each engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("migrated") as url, serve(url) as served:
        yield served


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_address_leads_on_after_any_history_of_names(each_api: Api, data: st.DataObject) -> None:
    """Check that an author who follows the findings of a draft can publish it."""
    slug, names = f"names-{next(_NUMBERS)}", Names()
    key = each_api.key("pat", "admin")
    published: set[tuple[str, str]] = set()
    for number in range(data.draw(st.integers(2, 4))):
        for _ in range(data.draw(st.integers(1, 3)) if number else 0):
            edit(names, data.draw)
        ladder = mended(names, partial(_findings, each_api, key), str(number), slug)
        body = {"content_sha256": sha(ladder), "version": f"{number + 1}.0.0"}
        answer = each_api.client.post(f"/v1/ladders/{slug}/releases", json=body, headers=key)
        assert answer.status_code == 201, answer.text
        published |= {(node.kind, node.address) for node in Index.of(ladder).nodes if node.kind in _LISTS}
    for kind, address in published:
        assert _ends(each_api, f"/v1/ladders/{slug}/{_LISTS[kind]}/{address}") in {200, 410}


def test_a_removed_competency_that_is_added_again_is_the_same_one(empty_api: Api) -> None:
    key = empty_api.key("pat", "admin")
    base = draft()
    without = draft(
        {
            "/competencies": [plain(base.competencies[0])],
            "/facets": [plain(base.facets[0])],
            "/removals": [{"kind": "competency", "slug": "delivery", "reason": "Unused."}],
        }
    )
    first: Json = None
    for number, ladder in ((1, base), (2, without)):
        _write(empty_api, key, ladder)
        body = {"content_sha256": sha(ladder), "version": f"{number}.0.0"}
        assert empty_api.client.post("/v1/ladders/acme/releases", json=body, headers=key).status_code == 201
        first = first or empty_api.json("/v1/ladders/acme/competencies/delivery")
    again = {"slug": "delivery", "title": "Delivery"}
    answer = empty_api.client.put(QUALITY, json=again, headers=key | {"if-none-match": "*"})
    assert (answer.status_code, answer.json()["uuid"]) == (201, first["uuid"])
    written = empty_api.client.get("/v1/ladders/acme@draft/document", headers=key).json()
    assert "removals" not in written
    found = empty_api.client.get("/v1/ladders/acme@draft/findings", headers=key).json()
    assert found["counts"]["error_count"] == 0
    body = {
        "content_sha256": empty_api.client.get("/v1/ladders/acme@draft", headers=key).json()["content_sha256"]
    }
    assert empty_api.client.post("/v1/ladders/acme/releases", json=body, headers=key).status_code == 201
    assert empty_api.json("/v1/ladders/acme/competencies/delivery")["uuid"] == first["uuid"]


def _write(api: Api, key: dict[str, str], ladder: Ladder) -> None:
    path = f"/v1/ladders/{ladder.slug}@draft/document"
    now = api.client.get(path, headers=key)
    condition = {"if-match": now.headers["etag"]} if now.status_code == 200 else {"if-none-match": "*"}
    answer = api.client.put(path, json=plain(ladder), headers=key | condition)
    assert answer.status_code in {200, 201}, answer.text


def _findings(api: Api, key: dict[str, str], ladder: Ladder) -> tuple[Finding, ...]:
    """Write the draft and return its findings."""
    _write(api, key, ladder)
    answer = api.client.get(f"/v1/ladders/{ladder.slug}@draft/findings?limit=500", headers=key)
    assert answer.status_code == 200, answer.text
    return tuple(Finding(one["pointer"], one["code"], one["message"]) for one in answer.json()["items"])


def _ends(api: Api, path: str) -> int:
    """Return the status at the end of the redirects."""
    answer = api.client.get(path)
    return _ends(api, answer.headers["location"]) if answer.status_code == 307 else answer.status_code
