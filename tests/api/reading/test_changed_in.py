"""`changed_in`: the release in which an entity last changed, in every body that shows the entity."""

from datetime import timedelta

import pytest

from app.rubric.entities import COLLECTIONS
from app.rubric.releases import Event, Version
from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, sha
from tests.api.serving import NOW, Api, Clock, problem
from tests.rubric.drafts import draft

EXAMPLE = {"slug": "outage", "text": "Fixed an outage."}
FIRST = draft({"/levels/0/examples": [EXAMPLE, {"text": "Nameless."}]})
SECOND = draft({"/levels/0/examples": [EXAMPLE, {"text": "Nameless."}], "/levels/1/title": "Senior"})
LATER = timedelta(days=9)


@pytest.fixture
def two(empty_api: Api) -> Api:
    """A service with two releases of a ladder; the second changes the title of one level."""
    empty_api.publish(FIRST, "1.0.0", NOW)
    empty_api.publish(SECOND, "1.1.0", NOW)
    return empty_api


def changes(api: Api, reference: str, **headers: str) -> dict[str, str | None]:
    """Return `changed_in` of every entity in a release's lists, by the entity's path."""
    found = {}
    for collection in [*COLLECTIONS, "examples"]:
        answer = api.client.get(f"/v1/ladders/{reference}/{collection}", headers=headers)
        for item in answer.json()["items"]:
            found[f"{collection}/{item.get('address') or item['slug']}"] = item.get("changed_in")
    return found


def test_every_entity_of_a_first_release_changed_in_it(two: Api) -> None:
    assert set(changes(two, "acme@1.0.0").values()) == {"1.0.0"}


def test_entities_that_stay_the_same_keep_their_release(two: Api) -> None:
    found = changes(two, "acme")
    assert {path for path, version in found.items() if version == "1.1.0"} == {"levels/l5"}
    assert set(found.values()) == {"1.0.0", "1.1.0"}


def test_an_entity_says_the_same_alone_in_lists_in_documents_and_with_others(two: Api) -> None:
    for path, version in changes(two, "acme").items():
        assert two.json(f"{ACME}/{path}")["changed_in"] == version
        assert two.json(f"{ACME}/{path}?fields=changed_in")["changed_in"] == version
        if "title" in two.json(f"{ACME}/{path}"):
            assert "changed_in" not in two.json(f"{ACME}/{path}?fields=title")
    document = two.json(f"{ACME}/document")
    told = {level["slug"]: level["changed_in"] for level in document["levels"]}
    assert told == {"l4": "1.0.0", "l5": "1.1.0"}
    assert all(one["changed_in"] for collection in COLLECTIONS for one in document.get(collection, ()))
    included = two.json(f"{ACME}/expectations/l5--quality?expand=levels")["included"]["levels"]
    assert [level["changed_in"] for level in included] == ["1.1.0"]


def test_a_release_says_the_same_after_it_was_withdrawn_and_its_successor_follows_its_base(
    two: Api, clock: Clock
) -> None:
    """1.2.0 builds on 1.0.0, because 1.1.0 was withdrawn: what is as in 1.0.0 has not changed since."""
    two.say("acme", "1.1.0", Event("withdrawn", NOW, "Wrong.", Version(1, 0, 0)))
    clock.moment = NOW + LATER
    tip = {"slug": "slow", "title": "Slow", "text": "Wait."}
    third = draft({"/levels/0/examples": [EXAMPLE, {"text": "Nameless."}], "/tips": [tip]})
    two.publish(third, "1.2.0", NOW + LATER)
    assert changes(two, "acme@1.1.0")["levels/l5"] == "1.1.0"
    found = changes(two, "acme")
    assert found.pop("tips/slow") == "1.2.0"
    assert set(found.values()) == {"1.0.0"}


def test_a_scheduled_release_counts_before_it_is_in_force(two: Api) -> None:
    two.publish(draft(), "2.0.0", NOW, NOW + LATER)
    assert changes(two, "acme@2.0.0")["levels/l4"] == "2.0.0"
    assert changes(two, "acme")["levels/l4"] == "1.0.0"


def test_a_draft_says_nothing_of_what_changed_in_it(two: Api) -> None:
    key = two.key("ada", "write", "publish")
    assert changes(two, "acme@draft", **key) == changes(two, "acme")
    edited = draft({"/levels/0/title": "Programmer", "/levels/1/title": "Senior"})
    write_draft(two, edited, "ada")
    found = changes(two, "acme@draft", **key)
    assert (found["levels/l4"], found["levels/l5"]) == (None, "1.1.0")
    body = two.client.get(f"{ACME}@draft/levels/l4", headers=key)
    assert "changed_in" not in body.json()
    again = {**key, "if-none-match": body.headers["etag"]}
    assert two.client.get(f"{ACME}@draft/levels/l4", headers=again).status_code == 304
    published = two.client.post(f"{ACME}/releases", json={"content_sha256": sha(edited)}, headers=key)
    assert published.json()["version"] == "1.2.0"
    read = two.client.get(f"{ACME}@draft/levels/l4", headers=again)
    assert (read.status_code, read.json()["changed_in"]) == (200, "1.2.0")


def test_a_body_with_changed_in_can_be_sent_back_with_the_tag_of_an_earlier_base(two: Api) -> None:
    key = two.key("ada", "write", "publish")
    read = two.client.get(f"{ACME}@draft/levels/l5", headers=key)
    tidier = SECOND.model_copy(update={"title": "ACME"})
    write_draft(two, tidier, "bob")
    published = two.client.post(f"{ACME}/releases", json={"content_sha256": sha(tidier)}, headers=key)
    assert published.json()["version"] == "1.1.1"
    body = {**read.json(), "title": "Senior engineer"}
    held = {**key, "if-match": read.headers["etag"]}
    answer = two.client.put(f"{ACME}@draft/levels/l5", json=body, headers=held)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["title"], answer.json().get("changed_in")) == ("Senior engineer", None)
    stale = two.client.put(f"{ACME}@draft/levels/l5", json=body, headers=held)
    assert problem(stale)[:2] == (412, "precondition-failed")


def test_a_draft_of_an_unpublished_ladder_says_nothing(empty_api: Api) -> None:
    write_draft(empty_api, BASE, "ada")
    key = empty_api.key("ada", "write")
    assert set(changes(empty_api, "acme@draft", **key).values()) == {None}
