"""Keys for single ladders, which can neither change nor discover other ladders."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.rubric.ladder import Ladder
from app.store.audit import Actor
from app.store.engine import writing
from app.store.ladder_settings import LadderSettings, change_settings
from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, sha
from tests.api.serving import NOW, Api, Clock, problem, serve

Json = Any
DRAFT: Final = f"{ACME}@draft"
REFUSED: Final = (
    403,
    "forbidden",
    (
        "Your key is for single ladders, and this slug or former slug is not one of them. "
        "Use a key for both slugs or for all ladders."
    ),
)
NAMES: Final = ("secret", "secret-draft", "was-secret", "open", "never-was")
"""An internal ladder, a draft of another author, an internal ladder's former slug, a public ladder, nothing."""


def ladder(slug: str, *formerly: str) -> Ladder:
    """The small ladder under another name."""
    return BASE.model_copy(update={"slug": slug, "formerly": formerly})


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    with serve(database_url, Clock()) as served:
        served.publish(BASE, "1.0.0", NOW)
        served.publish(ladder("open"), "1.0.0", NOW)
        served.publish(ladder("secret", "was-secret"), "1.0.0", NOW)
        write_draft(served, ladder("secret-draft"), "ann")
        with writing(served.application.serving.engine) as connection:
            change_settings(connection, "secret", LadderSettings("internal"), Actor("ann"), NOW)
        served.refresh()
        yield served


@pytest.fixture
def bound(api: Api) -> dict[str, str]:
    return api.key("eve", "write", "publish", ladders=("acme", "mine"))


def tag(api: Api, headers: dict[str, str]) -> dict[str, str]:
    read = api.client.get(f"{DRAFT}/document", headers=headers)
    return headers | {"if-match": read.headers["etag"]}


def answers(api: Api, headers: dict[str, str], name: str) -> list[Any]:
    """Return the response to every write of a ladder's former slugs."""
    client, known = api.client, tag(api, headers)
    root = {"slug": "acme", "title": "ACME", "formerly": [name]}
    whole = client.get(f"{DRAFT}/document", headers=headers).json() | {"formerly": [name]}
    merge = {"formerly": [name]}
    patch = [{"op": "add", "path": "/formerly", "value": [name]}]
    merges = known | {"content-type": "application/merge-patch+json"}
    patches = known | {"content-type": "application/json-patch+json"}
    mine = {"slug": "mine", "title": "Mine", "formerly": [name]}
    fresh = headers | {"if-none-match": "*"}
    return [
        client.put(DRAFT, json=root, headers=known),
        client.put(f"{DRAFT}/document", json=whole, headers=known),
        client.patch(DRAFT, json=merge, headers=merges),
        client.patch(f"{DRAFT}/document", json=merge, headers=merges),
        client.patch(DRAFT, json=patch, headers=patches),
        client.patch(f"{DRAFT}/document", json=patch, headers=patches),
        client.post("/v1/ladders", json=mine, headers=headers),
        client.put("/v1/ladders/mine@draft/document", json={**whole, "slug": "mine"}, headers=fresh),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_key_for_single_ladders_changes_no_earlier_slugs(
    api: Api, bound: dict[str, str], name: str
) -> None:
    for answer in answers(api, bound, name):
        assert problem(answer) == REFUSED, answer.request.url
    assert api.client.get("/v1/ladders/mine@draft", headers=bound).status_code == 404
    assert api.client.get(f"{DRAFT}/document", headers=bound).json().get("formerly", []) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_key_for_single_ladders_publishes_no_new_earlier_slugs(
    api: Api, bound: dict[str, str], name: str
) -> None:
    draft = CLEARER.model_copy(update={"formerly": (name,)})
    write_draft(api, draft, "ann")
    body = {"content_sha256": sha(draft)}
    assert problem(api.client.post(f"{ACME}/releases", json=body, headers=bound)) == REFUSED


def test_a_key_for_single_ladders_keeps_the_earlier_slugs_that_a_ladder_has(api: Api) -> None:
    key = api.key("eve", "write", "publish", ladders=("secret",))
    home = "/v1/ladders/secret"
    known = key | {"if-match": api.client.get(f"{home}@draft/document", headers=key).headers["etag"]}
    merges = known | {"content-type": "application/merge-patch+json"}
    written = api.client.patch(f"{home}@draft", json={"title": "Secrets"}, headers=merges)
    assert written.status_code == 200
    body = {"content_sha256": written.json()["content_sha256"]}
    assert api.client.post(f"{home}/releases", json=body, headers=key).status_code == 201


@pytest.mark.parametrize("name", NAMES)
def test_a_key_for_single_ladders_cannot_create_another_ladder(
    api: Api, bound: dict[str, str], name: str
) -> None:
    said = f"Your key is not for the ladder '{name}'. Ask an administrator for one that is."
    whole = ladder(name).model_dump(mode="json", exclude_none=True)
    home = f"/v1/ladders/{name}@draft"
    for answer in (
        api.client.post("/v1/ladders", json={"slug": name, "title": "X"}, headers=bound),
        api.client.put(f"{home}/document", json=whole, headers=bound | {"if-none-match": "*"}),
        api.client.delete(home, headers=bound | {"if-match": "*"}),
    ):
        assert problem(answer) == (403, "forbidden", said)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_with_the_slug_of_another_ladder_is_refused(
    api: Api, bound: dict[str, str], name: str
) -> None:
    whole = ladder(name).model_dump(mode="json", exclude_none=True)
    answer = api.client.put(f"{DRAFT}/document", json=whole, headers=tag(api, bound))
    assert problem(answer) == REFUSED
    merges = {"content-type": "application/merge-patch+json"}
    for path in (DRAFT, f"{DRAFT}/document"):
        renamed = api.client.patch(path, json={"slug": name}, headers=tag(api, bound) | merges)
        assert problem(renamed) == REFUSED, path
    admin = api.key("ann", "admin")
    for answer in (
        api.client.put(f"{DRAFT}/document", json=whole, headers=tag(api, admin)),
        api.client.patch(f"{DRAFT}/document", json={"slug": name}, headers=tag(api, admin) | merges),
    ):
        said = "To rename the ladder, add its slug 'acme' to `formerly`. Otherwise, set `slug` to 'acme'."
        assert problem(answer) == (422, "invalid", said)


@pytest.mark.parametrize("name", ["secret", "secret-draft", "was-secret", "open"])
@pytest.mark.parametrize("before", [(), ("never-was",)])
def test_a_publish_takes_no_slug_of_another_ladder_or_of_its_draft(
    api: Api, name: str, before: tuple[str, ...]
) -> None:
    admin = api.key("ann", "admin")
    draft = CLEARER.model_copy(update={"slug": "mine", "formerly": (*before, name)})
    write_draft(api, draft, "ann")
    body = {"content_sha256": sha(draft)}
    answer = api.client.post("/v1/ladders/mine/releases", json=body, headers=admin)
    assert problem(answer)[:2] == (409, "conflict"), answer.text
    free = draft.model_copy(update={"formerly": before})
    write_draft(api, free, "ann")
    body = {"content_sha256": sha(free)}
    assert api.client.post("/v1/ladders/mine/releases", json=body, headers=admin).status_code == 201


@pytest.mark.parametrize("name", NAMES)
def test_findings_name_other_ladders_only_to_those_who_see_them(
    api: Api, bound: dict[str, str], name: str
) -> None:
    admin = api.key("ann", "admin")
    merges = tag(api, admin) | {"content-type": "application/merge-patch+json"}
    assert api.client.patch(DRAFT, json={"slug": name}, headers=merges).status_code == 200
    found = {
        who: [one["code"] for one in api.client.get(f"{DRAFT}/findings", headers=headers).json()["items"]]
        for who, headers in (("admin", admin), ("bound", bound))
    }
    assert ("taken-slug" in found["admin"]) == (name != "never-was")
    assert ("taken-slug" in found["bound"]) == (name == "open")
