"""Settings of a ladder over HTTP: reading and patching them, and their effects."""

from collections.abc import Mapping

import pytest

from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, Json, begun, logged, sha
from tests.api.serving import NOW, Api, Clock, problem, serve

SETTINGS = f"{ACME}/settings"
DEFAULTS = {
    "ladder": "acme",
    "visibility": "public",
    "review_required": False,
    "review_required_by": "service",
    "allow_lower_version": True,
    "links": {"self": SETTINGS},
}


@pytest.fixture
def admin(empty_api: Api) -> dict[str, str]:
    """The header of an administrator of a service with one ladder."""
    empty_api.publish(BASE, "1.0.0", NOW)
    return empty_api.key("root", "admin")


def _patch(api: Api, admin: Mapping[str, str], patch: Json, **headers: str) -> Json:
    tag = api.client.get(SETTINGS, headers=admin).headers["etag"]
    asked = {"content-type": "application/merge-patch+json", "if-match": tag, **headers}
    return api.client.patch(SETTINGS, json=patch, headers={**admin, **asked})


def test_a_ladder_has_the_defaults_at_first(empty_api: Api, admin: dict[str, str]) -> None:
    answer = empty_api.client.get(SETTINGS, headers=admin)
    assert (answer.json(), answer.headers["cache-control"]) == (DEFAULTS, "no-store")


def test_a_patch_changes_the_named_settings_and_is_logged(empty_api: Api, admin: dict[str, str]) -> None:
    first = _patch(empty_api, admin, {"require_review": True})
    required = {"require_review": True, "review_required": True, "review_required_by": "ladder"}
    assert (first.status_code, first.json()) == (200, DEFAULTS | required)
    second = _patch(empty_api, admin, {"visibility": "internal"})
    assert second.json() == DEFAULTS | required | {"visibility": "internal"}
    read = empty_api.client.get(SETTINGS, headers=admin)
    assert (read.json(), read.headers["etag"]) == (second.json(), second.headers["etag"])
    third = _patch(empty_api, admin, {"visibility": None, "require_review": None})
    assert third.json() == DEFAULTS
    columns = ("who", "action", "ladder", "detail")
    assert [row for row in logged(empty_api, *columns) if row[1] == "settings.change"][:1] == [
        (
            "root",
            "settings.change",
            "acme",
            (
                '{"after": {"allow_lower_version": true, "require_review": true, "visibility": "public"}, '
                '"before": {"allow_lower_version": true, "require_review": null, "visibility": "public"}}'
            ),
        )
    ]


def test_an_unchanged_setting_is_not_logged(empty_api: Api, admin: dict[str, str]) -> None:
    for patch in ({}, {"visibility": "public"}, {"require_review": None}, {"allow_lower_version": True}):
        assert _patch(empty_api, admin, patch).status_code == 200
    assert logged(empty_api, "action") == []


def test_a_setting_of_the_server_is_marked_as_such(database_url: str) -> None:
    with serve(database_url, Clock(), require_review=True) as api:
        api.publish(BASE, "1.0.0", NOW)
        body = api.client.get(SETTINGS, headers=api.key("root", "admin")).json()
        assert body == DEFAULTS | {"review_required": True}


def test_the_setting_of_a_ladder_overrides_the_server(database_url: str) -> None:
    with serve(database_url, Clock(), require_review=True) as api:
        begun(api, CLEARER)
        admin = api.key("root", "admin")
        assert _patch(api, admin, {"require_review": False}).json()["review_required"] is False
        answer = api.client.post(f"{ACME}/releases", json={"content_sha256": sha(CLEARER)}, headers=admin)
        assert answer.status_code == 201


def test_a_required_review_applies_to_the_next_publish(empty_api: Api, admin: dict[str, str]) -> None:
    write_draft(empty_api, CLEARER, "ada")
    _patch(empty_api, admin, {"require_review": True})
    answer = empty_api.client.post(f"{ACME}/releases", json={"content_sha256": sha(CLEARER)}, headers=admin)
    assert problem(answer)[:2] == (409, "conflict")


def test_an_internal_ladder_disappears_for_others_at_once(empty_api: Api, admin: dict[str, str]) -> None:
    assert empty_api.client.get(ACME).status_code == 200
    _patch(empty_api, admin, {"visibility": "internal"})
    empty_api.refresh()
    assert empty_api.client.get(ACME).status_code == 404
    assert empty_api.client.get(ACME, headers=admin).status_code == 200


def test_an_unpublished_ladder_has_settings(empty_api: Api) -> None:
    write_draft(empty_api, BASE, "ada")
    admin = empty_api.key("root", "admin")
    assert _patch(empty_api, admin, {"visibility": "internal"}).status_code == 200
    assert empty_api.client.get(SETTINGS, headers=admin).json()["visibility"] == "internal"


def test_fields_returns_the_named_and_required_fields(empty_api: Api, admin: dict[str, str]) -> None:
    _patch(empty_api, admin, {"require_review": True})
    body = empty_api.client.get(f"{SETTINGS}?fields=visibility", headers=admin).json()
    required = {"ladder", "visibility", "review_required", "review_required_by", "allow_lower_version"}
    assert set(body) == {*required, "links"}


def test_a_change_needs_preconditions(empty_api: Api, admin: dict[str, str]) -> None:
    kind = {"content-type": "application/merge-patch+json"}
    bare = empty_api.client.patch(SETTINGS, json={"visibility": "internal"}, headers=admin | kind)
    assert problem(bare)[:2] == (428, "precondition-required")
    stale = _patch(empty_api, admin, {"visibility": "internal"}, **{"if-match": '"0"'})
    assert problem(stale)[:2] == (412, "precondition-failed")
    assert empty_api.client.get(SETTINGS, headers=admin).json() == DEFAULTS


def test_settings_are_revalidated_with_a_304(empty_api: Api, admin: dict[str, str]) -> None:
    tag = empty_api.client.get(SETTINGS, headers=admin).headers["etag"]
    again = empty_api.client.get(SETTINGS, headers=admin | {"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"visibility": "secret"}, "/visibility"),
        ({"require_review": "yes"}, "/require_review"),
        ({"ladder": "other"}, "/ladder"),
        ([], ""),
    ],
)
def test_an_invalid_patch_is_refused_with_a_pointer(
    empty_api: Api, admin: dict[str, str], patch: Json, pointer: str
) -> None:
    answer = _patch(empty_api, admin, patch)
    assert problem(answer)[:2] == (422, "invalid")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_settings_need_the_admin_scope(empty_api: Api, admin: dict[str, str]) -> None:
    del admin
    everything_else = empty_api.key("x", "read", "write", "review", "publish")
    assert problem(empty_api.client.get(SETTINGS, headers=everything_else))[:2] == (403, "forbidden")


def test_an_unknown_ladder_has_no_settings(empty_api: Api, admin: dict[str, str]) -> None:
    answer = empty_api.client.get("/v1/ladders/acne/settings", headers=admin)
    assert problem(answer) == (404, "not-found", "There is no ladder 'acne'. Did you mean 'acme'?")
