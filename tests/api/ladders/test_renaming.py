"""Renaming a ladder: each release keeps the slug of its time, and every slug leads to the ladder forever."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from app.rubric.canonical import plain
from app.rubric.releases import Event
from app.store.engine import open_engine, reading
from app.store.ladder_names import find_names
from app.store.maintenance.copying import backup
from app.store.maintenance.doctor import verify
from app.store.releases import find_releases
from tests.api.publishing import BASE, CLEARER
from tests.api.serving import NOW, PINNED, Api, Clock, problem, serve

Json = Any
DAY: Final = timedelta(days=1)
SCHED: Final = BASE.model_copy(update={"slug": "sched"})
PLANNED: Final = CLEARER.model_copy(update={"slug": "planned", "formerly": ("sched",)})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(database_url: str, clock: Clock) -> Iterator[Api]:
    """A service with the release 1.0.0 of the ladder `sched`."""
    with serve(database_url, clock) as served:
        served.publish(SCHED, "1.0.0", NOW - DAY)
        yield served


@pytest.fixture
def renamed(api: Api) -> Api:
    """The same after 2.0.0, in which the ladder is called `planned`."""
    api.publish(PLANNED, "2.0.0", NOW)
    return api


def location(api: Api, path: str, **headers: str) -> str:
    """Return where a path redirects to, once the redirect is checked."""
    answer = api.client.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (307, "renamed"), (path, answer.text)
    target: str = answer.headers["location"]
    return target


@pytest.mark.parametrize(
    ("below", "fields"),
    [("", ""), ("/levels", "?limit=1"), ("/levels/l4", ""), ("/matrix", "?level=l4"), ("/document", "")],
)
def test_an_unpinned_url_leads_to_the_present_slug(renamed: Api, below: str, fields: str) -> None:
    for selector in ("", "@latest"):
        old, new = (f"/v1/ladders/{slug}{selector}{below}{fields}" for slug in ("sched", "planned"))
        assert location(renamed, old) == new
        body = renamed.json(new)
        assert (body["ladder"], body["release"], body["links"]["self"]) == ("planned", "2.0.0", new)


def test_a_pinned_url_has_the_slug_of_its_release(renamed: Api) -> None:
    for below in ("", "/levels/l4", "/document", "/matrix"):
        kept = renamed.client.get(f"/v1/ladders/sched@1.0.0{below}")
        assert (kept.status_code, kept.headers["cache-control"]) == (200, PINNED)
        assert (kept.json()["ladder"], kept.json()["release"]) == ("sched", "1.0.0")
        assert location(renamed, f"/v1/ladders/planned@1.0.0{below}") == f"/v1/ladders/sched@1.0.0{below}"
        assert location(renamed, f"/v1/ladders/sched@2.0.0{below}") == f"/v1/ladders/planned@2.0.0{below}"


def test_a_pinned_body_is_the_same_before_and_after_a_renaming(api: Api) -> None:
    paths = (
        "",
        "/levels/l4/effective",
        "/document",
        "/search?q=craft",
        "/levels.csv",
        "/releases/1.0.0/content",
    )
    urls = [f"/v1/ladders/sched{'' if 'releases' in path else '@1.0.0'}{path}" for path in paths]
    before = [api.client.get(url).content for url in urls]
    api.publish(PLANNED, "2.0.0", NOW)
    assert [api.client.get(url).content for url in urls] == before


def test_the_metadata_of_a_release_has_its_slug(renamed: Api) -> None:
    assert renamed.json("/v1/ladders/sched/releases/1.0.0")["ladder"] == "sched"
    assert renamed.json("/v1/ladders/planned/releases/2.0.0")["ladder"] == "planned"
    for old, new in (
        ("planned/releases/1.0.0", "sched/releases/1.0.0"),
        ("sched/releases", "planned/releases"),
    ):
        assert location(renamed, f"/v1/ladders/{old}") == f"/v1/ladders/{new}"
    listed = renamed.json("/v1/ladders/planned/releases")
    assert [(one["ladder"], one["version"]) for one in listed["items"]] == [
        ("planned", "2.0.0"),
        ("sched", "1.0.0"),
    ]
    links = listed["items"][0]["links"]
    assert links["predecessor"] == "/v1/ladders/sched/releases/1.0.0"


def test_a_diff_has_the_slug_of_its_newer_side(renamed: Api) -> None:
    query = "/diff?from=1.0.0&to=2.0.0"
    assert location(renamed, f"/v1/ladders/sched{query}") == f"/v1/ladders/planned{query}"
    body = renamed.json(f"/v1/ladders/planned{query}")
    assert "ladder:planned" in [change["target"] for change in body["items"]]


def test_lists_name_a_ladder_once_by_its_present_slug(renamed: Api) -> None:
    assert [one["slug"] for one in renamed.json("/v1/ladders")["items"]] == ["planned"]
    found = renamed.json("/v1/search?q=craft&ladder=sched")["items"]
    assert {one["ladder"] for one in found} <= {"planned"}


def test_an_entity_keeps_its_uuid_and_leads_to_the_present_slug(api: Api) -> None:
    uuid, own = api.json("/v1/ladders/sched/levels/l4")["uuid"], api.json("/v1/ladders/sched")["uuid"]
    api.publish(PLANNED, "2.0.0", NOW)
    assert api.json("/v1/ladders/planned/levels/l4")["uuid"] == uuid
    assert api.client.get(f"/v1/entities/{uuid}").headers["location"] == "/v1/ladders/planned/levels/l4"
    assert api.client.get(f"/v1/entities/{own}").headers["location"] == "/v1/ladders/planned"


def test_pages_redirect_too(renamed: Api) -> None:
    for old, new in (
        ("sched", "planned"),
        ("sched/levels/l4", "planned/levels/l4"),
        ("planned@1.0.0/matrix", "sched@1.0.0/matrix"),
        ("sched/releases", "planned/releases"),
    ):
        answer = renamed.client.get(f"/ladders/{old}")
        assert (answer.status_code, answer.headers["location"]) == (307, f"/ladders/{new}")
        assert renamed.client.get(f"/ladders/{new}").status_code == 200


def test_a_redirect_is_cached_as_long_as_it_holds(renamed: Api) -> None:
    assert renamed.client.get("/v1/ladders/sched/levels").headers["cache-control"] == "no-store"


def test_a_scheduled_renaming_takes_effect_with_its_release(api: Api, clock: Clock) -> None:
    api.publish(PLANNED, "2.0.0", NOW, NOW + 2 * DAY)
    assert location(api, "/v1/ladders/planned") == "/v1/ladders/sched"
    assert api.json("/v1/ladders/sched")["release"] == "1.0.0"
    assert api.json("/v1/ladders/sched@latest")["release"] == "2.0.0"
    assert api.json("/v1/ladders/planned@2.0.0")["ladder"] == "planned"
    clock.moment = NOW + 3 * DAY
    api.refresh()
    assert location(api, "/v1/ladders/sched") == "/v1/ladders/planned"
    assert location(api, "/v1/ladders/sched@latest") == "/v1/ladders/planned@latest"
    assert api.json("/v1/ladders/planned")["release"] == "2.0.0"


def test_a_withdrawn_renaming_gives_the_former_slug_back(renamed: Api, clock: Clock) -> None:
    assert renamed.json("/v1/ladders/planned")["release"] == "2.0.0"
    clock.moment = NOW + DAY
    renamed.say("planned", "2.0.0", Event("withdrawn", NOW + DAY, "Too early."))
    assert location(renamed, "/v1/ladders/planned") == "/v1/ladders/sched"
    assert renamed.json("/v1/ladders/sched")["release"] == "1.0.0"
    assert renamed.json("/v1/ladders/planned@2.0.0")["release"] == "2.0.0"


def test_a_ladder_can_be_renamed_again_and_back(renamed: Api) -> None:
    third = SCHED.model_copy(update={"slug": "third", "formerly": ("sched", "planned")})
    renamed.publish(third, "3.0.0", NOW)
    for slug in ("sched", "planned"):
        assert location(renamed, f"/v1/ladders/{slug}") == "/v1/ladders/third"
    back = CLEARER.model_copy(update={"slug": "sched", "formerly": ("sched", "planned", "third")})
    renamed.publish(back, "4.0.0", NOW)
    for slug in ("third", "planned"):
        assert location(renamed, f"/v1/ladders/{slug}") == "/v1/ladders/sched"
    for slug, number in (("sched", 1), ("planned", 2), ("third", 3), ("sched", 4)):
        assert renamed.json(f"/v1/ladders/{slug}@{number}.0.0")["ladder"] == slug
    assert (
        len({renamed.json(f"/v1/ladders/{s}@{n}.0.0")["uuid"] for s, n in (("sched", 1), ("third", 3))}) == 1
    )


# Writing


def tagged(api: Api, key: dict[str, str], path: str) -> dict[str, str]:
    return key | {"if-match": api.client.get(path, headers=key).headers["etag"]}


def publish(api: Api, key: dict[str, str], slug: str, **options: Json) -> Any:  # noqa: ANN401 - a response
    """Publish the draft of a ladder over HTTP."""
    digest = api.client.get(f"/v1/ladders/{slug}@draft", headers=key).json()["content_sha256"]
    return api.client.post(
        f"/v1/ladders/{slug}/releases", json={"content_sha256": digest, **options}, headers=key
    )


def rename(api: Api, key: dict[str, str], slug: str, new: str) -> Any:  # noqa: ANN401 - a response
    """Give the ladder another slug in its draft."""
    path = f"/v1/ladders/{slug}@draft"
    merge = tagged(api, key, path) | {"content-type": "application/merge-patch+json"}
    return api.client.patch(path, json={"slug": new}, headers=merge)


def test_another_slug_in_the_draft_renames_the_ladder_when_it_is_published(api: Api) -> None:
    key = api.key("pat", "admin")
    written = rename(api, key, "sched", "planned")
    assert written.status_code == 200, written.text
    body = written.json()
    assert (body["ladder"], body["slug"], body["formerly"]) == ("sched", "planned", ["sched"])
    assert body["links"]["self"] == "/v1/ladders/sched@draft"
    findings = api.client.get("/v1/ladders/sched@draft/findings", headers=key).json()
    assert findings["counts"]["error_count"] == 0, findings
    assert api.client.get("/v1/ladders/planned").status_code == 404
    made = publish(api, key, "sched")
    assert made.status_code == 201, made.text
    assert (made.json()["ladder"], made.json()["links"]["self"]) == (
        "planned",
        f"/v1/ladders/planned/releases/{made.json()['version']}",
    )
    assert location(api, "/v1/ladders/sched") == "/v1/ladders/planned"
    assert location(api, "/v1/ladders/sched@draft", **key) == "/v1/ladders/planned@draft"
    again = rename(api, key, "planned", "sched")
    assert (again.status_code, again.json()["formerly"]) == (200, ["sched", "planned"])
    assert publish(api, key, "planned").status_code == 201
    assert api.json("/v1/ladders/sched")["formerly"] == ["sched", "planned"]


def test_a_document_with_another_slug_must_say_which_ladder_it_is(api: Api) -> None:
    key = api.key("pat", "admin")
    path = "/v1/ladders/sched@draft/document"
    whole = plain(PLANNED)
    lost = api.client.put(path, json=whole | {"formerly": []}, headers=tagged(api, key, path))
    assert problem(lost) == (
        422,
        "invalid",
        "To rename the ladder, add its slug 'sched' to `formerly`. Otherwise, set `slug` to 'sched'.",
    )
    assert lost.json()["errors"][0]["pointer"] == "/slug"
    kept = api.client.put(path, json=whole, headers=tagged(api, key, path))
    assert kept.status_code == 200, kept.text
    assert publish(api, key, "sched").status_code == 201


def test_a_write_under_a_former_slug_is_redirected(renamed: Api) -> None:
    key = renamed.key("pat", "admin")
    merge = key | {"content-type": "application/merge-patch+json", "if-match": '"x"'}
    for method, path, body in (
        ("PATCH", "sched@draft/levels/l4", {"title": "X"}),
        ("PATCH", "sched/settings", {"require_review": True}),
        ("POST", "sched/reviews", {"title": "X"}),
        ("DELETE", "sched@draft", None),
    ):
        answer = renamed.client.request(method, f"/v1/ladders/{path}", json=body, headers=merge)
        assert answer.status_code == 307, answer.text
        assert answer.headers["location"] == f"/v1/ladders/{path.replace('sched', 'planned')}"


def test_settings_reviews_and_the_log_follow_the_ladder(api: Api) -> None:
    key, ben = api.key("pat", "admin"), api.key("ben", "admin")
    settings = "/v1/ladders/sched/settings"
    merge = tagged(api, key, settings) | {"content-type": "application/merge-patch+json"}
    assert api.client.patch(settings, json={"require_review": True}, headers=merge).status_code == 200
    rename(api, key, "sched", "planned")
    assert publish(api, key, "sched").status_code == 409
    opened = api.client.post("/v1/ladders/sched/reviews", json={"title": "New name"}, headers=key)
    assert opened.status_code == 201, opened.text
    digest = api.client.get("/v1/ladders/sched@draft", headers=key).json()["content_sha256"]
    said = {"decision": "approve", "content_sha256": digest}
    decided = api.client.post("/v1/ladders/sched/reviews/1/decisions", json=said, headers=ben)
    assert decided.status_code == 201, decided.text
    assert publish(api, key, "sched").status_code == 201
    assert api.client.get("/v1/ladders/planned/settings", headers=key).json()["require_review"] is True
    review = api.client.get("/v1/ladders/planned/reviews/1", headers=key).json()
    assert (review["ladder"], review["status"]) == ("planned", "published")
    logs = [api.client.get(f"/v1/audit?ladder={slug}", headers=key).json() for slug in ("sched", "planned")]
    assert logs[0]["items"] == logs[1]["items"]
    assert {one["action"] for one in logs[0]["items"]} >= {
        "settings.change",
        "review.open",
        "release.publish",
    }


def test_an_internal_ladder_stays_hidden_under_all_its_slugs(api: Api) -> None:
    key = api.key("pat", "admin")
    settings = "/v1/ladders/sched/settings"
    merge = tagged(api, key, settings) | {"content-type": "application/merge-patch+json"}
    assert api.client.patch(settings, json={"visibility": "internal"}, headers=merge).status_code == 200
    api.publish(PLANNED, "2.0.0", NOW)
    never = api.client.get("/v1/ladders/never-was")
    for slug in ("sched", "planned", "sched@1.0.0", "planned@2.0.0"):
        hidden = api.client.get(f"/v1/ladders/{slug}")
        assert (hidden.status_code, hidden.headers["vary"]) == (404, never.headers["vary"])
    reader = api.key("ann", "read", ladders=("sched",))
    assert api.client.get("/v1/ladders/planned", headers=reader).status_code == 200
    assert location(api, "/v1/ladders/sched", **reader) == "/v1/ladders/planned"


def test_a_key_for_the_former_slug_is_for_the_ladder(renamed: Api) -> None:
    key = renamed.key("eve", "write", ladders=("sched",))
    assert renamed.client.get("/v1/ladders/planned@draft", headers=key).status_code == 200
    other = renamed.key("eve", "write", ladders=("other",))
    assert renamed.client.get("/v1/ladders/planned@draft", headers=other).status_code == 403


def test_a_key_for_single_ladders_renames_with_a_right_on_both_slugs(api: Api) -> None:
    one = api.key("eve", "write", "publish", ladders=("sched",))
    refused = rename(api, one, "sched", "planned")
    assert problem(refused)[:2] == (403, "forbidden")
    both = api.key("eve", "write", "publish", ladders=("sched", "planned"))
    assert rename(api, both, "sched", "planned").status_code == 200
    assert publish(api, one, "sched").status_code == 403
    assert publish(api, both, "sched").status_code == 201


def test_a_slug_of_another_ladder_is_a_finding_and_its_fix_works(renamed: Api) -> None:
    key = renamed.key("pat", "admin")
    renamed.publish(BASE, "1.0.0", NOW)
    for taken in ("sched", "planned"):
        assert rename(renamed, key, "acme", taken).status_code == 200
        found = renamed.client.get("/v1/ladders/acme@draft/findings", headers=key).json()["items"]
        assert [(one["code"], one["pointer"]) for one in found if one["severity"] == "error"] == [
            ("taken-slug", "/slug")
        ]
        assert publish(renamed, key, "acme").status_code == 409
    assert rename(renamed, key, "acme", "free").status_code == 200
    assert publish(renamed, key, "acme").status_code == 201
    created = renamed.client.post("/v1/ladders", json={"slug": "sched", "title": "New"}, headers=key)
    assert problem(created)[:2] == (409, "conflict")


def test_a_repeated_publish_that_renamed_the_ladder_gets_the_first_answer(api: Api) -> None:
    key = api.key("pat", "admin") | {"idempotency-key": "once"}
    rename(api, {"authorization": key["authorization"]}, "sched", "planned")
    digest = api.client.get("/v1/ladders/sched@draft", headers=key).json()["content_sha256"]
    first = api.client.post("/v1/ladders/sched/releases", json={"content_sha256": digest}, headers=key)
    again = api.client.post("/v1/ladders/sched/releases", json={"content_sha256": digest}, headers=key)
    assert (first.status_code, again.status_code) == (201, 307)
    last = api.client.post(again.headers["location"], json={"content_sha256": digest}, headers=key)
    assert (last.status_code, last.json()) == (201, first.json())


def test_a_level_of_a_renamed_ladder_is_compared_under_any_slug(renamed: Api) -> None:
    path = "/v1/ladders/planned/compare?to=l4&from="
    one, other = (renamed.json(f"{path}{slug}@1.0.0:l4") for slug in ("sched", "planned"))
    assert one["links"]["pinned"] == other["links"]["pinned"]
    assert "sched%401.0.0%3Al4" in one["links"]["pinned"]


def test_mentions_of_a_ladder_by_its_former_slug_follow(api: Api) -> None:
    key = api.key("pat", "admin")
    path = "/v1/ladders/sched@draft/faqs/name"
    faq = {"slug": "name", "question": "Why?", "answer": "So.", "about": ["ladder:sched"]}
    made = api.client.put(path, json=faq, headers=key | {"if-none-match": "*"})
    assert made.status_code == 201, made.text
    rename(api, key, "sched", "planned")
    assert api.client.get(path, headers=key).json()["about"] == ["ladder:planned"]
    rename(api, key, "sched", "third")
    assert api.client.get(path, headers=key).json()["about"] == ["ladder:third"]
    assert publish(api, key, "sched").status_code == 201


def test_a_release_can_be_corrected_while_a_renaming_is_scheduled(api: Api, clock: Clock) -> None:
    key = api.key("pat", "admin")
    api.publish(PLANNED, "2.0.0", NOW, NOW + 2 * DAY)
    fixed = SCHED.model_copy(update={"title": "ACME, inc."})
    body = {"corrects": "1.0.0", "document": plain(fixed)}
    made = api.client.post("/v1/ladders/sched/releases", json=body, headers=key)
    assert made.status_code == 201, made.text
    number = made.json()["version"]
    assert (made.json()["ladder"], api.json("/v1/ladders/sched")["release"]) == ("sched", number)
    clock.moment = NOW + 3 * DAY
    api.refresh()
    assert api.json("/v1/ladders/planned")["release"] == "2.0.0"
    assert api.json(f"/v1/ladders/sched@{number}")["ladder"] == "sched"
    assert location(api, f"/v1/ladders/planned@{number}") == f"/v1/ladders/sched@{number}"


def test_a_renamed_ladder_is_sound_and_can_be_copied(renamed: Api, tmp_path: Path) -> None:
    engine = renamed.application.serving.engine
    with reading(engine) as connection:
        assert list(verify(connection)) == []
        before = find_releases(connection)
    backup(engine, tmp_path / "copy.db")
    copy = open_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    with reading(copy) as connection:
        assert list(verify(connection)) == []
        after = find_releases(connection)
        assert find_names(connection, "planned") == {"sched", "planned"}
    copy.dispose()
    assert [(one.ladder, one.original, one.version) for one in after] == [
        (one.ladder, one.original, one.version) for one in before
    ]
