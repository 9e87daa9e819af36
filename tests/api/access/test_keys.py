"""API keys over HTTP: created once shown, never beyond their creator's rights, rotated, revoked, and logged."""

from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.store.access.api_key import id_of
from app.store.engine import reading
from tests.api.serving import NOW, Api, problem

KEYS: Final = "/v1/keys"
Json = dict[str, Any]
Header = dict[str, str]


@pytest.fixture
def api(empty_api: Api) -> Api:
    return empty_api


@pytest.fixture
def admin(api: Api) -> Header:
    return api.key("Root", "admin")


@pytest.fixture
def of_acme(api: Api) -> Header:
    """An admin of one ladder."""
    return api.key("Ada", "admin", ladders=("acme",))


def created(api: Api, who: Header, **body: Any) -> Json:  # noqa: ANN401 - any JSON
    answer = api.client.post(KEYS, json=body, headers=who)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def bearer(made: Json) -> Header:
    return {"authorization": f"Bearer {made['key']}"}


def stored(api: Api) -> str:
    """Everything in the tables that could hold a key."""
    tables = ("api_key", "idempotency", "audit", "session", "waiting")
    with reading(api.application.serving.engine) as connection:
        return "".join(
            repr([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608 - our tables
            for table in tables
        )


def test_a_key_is_shown_once_and_works_at_once(api: Api, admin: Header) -> None:
    answer = api.client.post(
        KEYS, json={"owner": "Export", "scopes": ["read", "review"], "ladders": ["acme"]}, headers=admin
    )
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    made = answer.json()
    number = id_of(made.pop("key"))
    item = {
        "id": number,
        "owner": "Export",
        "scopes": ["read", "review"],
        "ladders": ["acme"],
        "status": "valid",
        "created_at": "2026-11-22T12:00:00Z",
        "created_by": "Root",
        "links": {"self": f"{KEYS}/{number}", "keys": KEYS},
    }
    assert made == item
    assert answer.headers["location"] == f"{KEYS}/{number}"
    assert api.client.get(f"{KEYS}/{number}", headers=admin).json() == item
    listed = api.client.get(f"{KEYS}?fields=owner", headers=admin).json()
    assert {one["owner"] for one in listed["items"]} == {"Root", "Export"}
    assert api.client.get(f"{KEYS}/{number}", headers=admin).headers["cache-control"] == "no-store"


def test_the_secret_is_stored_nowhere_and_not_repeated(api: Api, admin: Header) -> None:
    once = {**admin, "idempotency-key": "1"}
    body = {"owner": "Export", "scopes": ["read"]}
    first, again = (api.client.post(KEYS, json=body, headers=once) for _ in range(2))
    made = first.json()
    secret = made.pop("key")
    assert (again.status_code, again.json()) == (201, made)
    assert secret.rpartition("_")[2] not in stored(api)
    assert api.client.get("/v1/ladders", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    assert len(api.client.get(KEYS, headers=admin).json()["items"]) == 2


def test_a_key_cannot_exceed_its_creator(api: Api, of_acme: Header) -> None:
    for ladders in (None, ["other"], ["acme", "other"]):
        body = {"owner": "Mallory", "scopes": ["read"], **({"ladders": ladders} if ladders else {})}
        answer = api.client.post(KEYS, json=body, headers=of_acme)
        assert problem(answer) == (
            403,
            "forbidden",
            "You administer single ladders, so you can manage rights and keys for these ladders only: acme.",
        )
    made = created(api, of_acme, owner="Export", scopes=["admin"], ladders=["acme"])
    assert (
        api.client.post(KEYS, json={"owner": "x", "scopes": ["read"]}, headers=bearer(made)).status_code
        == 403
    )


@pytest.mark.parametrize("scope", ["read", "write", "review", "publish"])
def test_only_admins_manage_keys(api: Api, admin: Header, scope: str) -> None:
    other, number = api.key("Ben", scope), api.client.get(KEYS, headers=admin).json()["items"][0]["id"]
    requests: tuple[tuple[str, str, Json | None], ...] = (
        ("GET", KEYS, None),
        ("POST", KEYS, {"owner": "x", "scopes": [scope]}),
        ("GET", f"{KEYS}/{number}", None),
        ("POST", f"{KEYS}/{number}/rotation", {}),
        ("POST", f"{KEYS}/{number}/revocation", None),
    )
    for method, path, body in requests:
        assert api.client.request(method, path, json=body, headers=other).status_code == 403
        assert api.client.request(method, path, json=body).status_code == 401


def test_admins_of_single_ladders_see_and_manage_only_keys_for_these(
    api: Api, admin: Header, of_acme: Header
) -> None:
    mine = created(api, admin, owner="A", scopes=["read"], ladders=["acme"])
    theirs = [
        created(api, admin, owner="B", scopes=["read"], ladders=["acme", "other"]),
        created(api, admin, owner="C", scopes=["read"]),
    ]
    listed = api.client.get(KEYS, headers=of_acme).json()["items"]
    assert {one["owner"] for one in listed} == {"Ada", "A"}
    missing = api.client.get(f"{KEYS}/clk_0000000000", headers=of_acme).json()
    requests: tuple[tuple[str, str, Json | None], ...] = (
        ("GET", "", None),
        ("POST", "/rotation", {}),
        ("POST", "/revocation", None),
    )
    for one in theirs:
        for method, path, body in requests:
            answer = api.client.request(method, f"{KEYS}/{one['id']}{path}", json=body, headers=of_acme)
            assert (answer.status_code, answer.json()["detail"]) == (404, missing["detail"])
    assert api.client.post(f"{KEYS}/{mine['id']}/revocation", headers=of_acme).status_code == 200


def test_a_rotated_key_has_the_same_rights_and_the_old_one_ends(api: Api, admin: Header) -> None:
    old = created(
        api, admin, owner="Export", scopes=["read"], ladders=["acme"], expires_at="2026-12-22T12:00:00Z"
    )
    answer = api.client.post(f"{KEYS}/{old['id']}/rotation", json={}, headers=admin)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    new = answer.json()
    same = ("owner", "scopes", "ladders", "expires_at", "status", "created_by")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert api.client.get("/v1/ladders", headers=bearer(new)).status_code == 200
    assert api.client.get("/v1/ladders", headers=bearer(old)).status_code == 401
    graced = api.client.post(
        f"{KEYS}/{new['id']}/rotation", json={"grace_until": "2026-11-23T12:00:00Z"}, headers=admin
    ).json()
    assert api.client.get("/v1/ladders", headers=bearer(new)).status_code == 200
    until = api.client.get(f"{KEYS}/{new['id']}", headers=admin).json()["expires_at"]
    assert until == (NOW + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert api.client.post(f"{KEYS}/{old['id']}/rotation", json={}, headers=admin).status_code == 409
    assert graced["status"] == "valid"


def test_a_revoked_key_ends_at_once_and_is_logged(api: Api, admin: Header) -> None:
    made = created(api, admin, owner="Export", scopes=["write"], ladders=["acme"])
    answer = api.client.post(f"{KEYS}/{made['id']}/revocation", headers=admin)
    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
    assert api.client.get("/v1/ladders", headers=bearer(made)).status_code == 401
    assert api.client.post(f"{KEYS}/{made['id']}/revocation", headers=admin).status_code == 409
    entries = api.client.get("/v1/audit", headers=admin).json()["items"]
    assert [(one["who"], one["action"], one["ladder"], one["target"]) for one in entries] == [
        ("Root", "key.revoke", "acme", made["id"]),
        ("Root", "key.create", "acme", made["id"]),
    ]


def test_the_last_admin_key_cannot_be_revoked(api: Api, admin: Header, of_acme: Header) -> None:
    (number,) = {
        one["id"] for one in api.client.get(KEYS, headers=admin).json()["items"] if one["owner"] == "Root"
    }
    assert of_acme
    answer = api.client.post(f"{KEYS}/{number}/revocation", headers=admin)
    assert problem(answer)[:2] == (409, "conflict")
    assert "This is the last admin of all ladders." in answer.json()["detail"]
    assert api.client.get(KEYS, headers=admin).status_code == 200
    other = created(api, admin, owner="Grace", scopes=["admin"])
    assert api.client.post(f"{KEYS}/{number}/revocation", headers=bearer(other)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": ["read"]}, "/owner"),
        ({"owner": "cli:root", "scopes": ["read"]}, "/owner"),
        ({"owner": "person:x", "scopes": ["read"]}, "/owner"),
        ({"owner": "x", "scopes": []}, "/scopes"),
        ({"owner": "x", "scopes": ["root"]}, "/scopes/0"),
        ({"owner": "x", "scopes": ["read"], "ladders": []}, "/ladders"),
        ({"owner": "x", "scopes": ["read"], "ladders": ["A b"]}, "/ladders/0"),
        ({"owner": "x", "scopes": ["read"], "expires_at": "2020-01-01"}, "/expires_at"),
        ({"owner": "x", "scopes": ["read"], "creators": []}, "/creators"),
        ({"owner": "x", "scopes": ["read"], "ladders": None}, "/ladders"),
    ],
)
def test_a_wrong_body_is_refused_with_its_place(api: Api, admin: Header, body: Json, pointer: str) -> None:
    answer = api.client.post(KEYS, json=body, headers=admin)
    assert problem(answer)[:2] == (422, "invalid")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_the_list_comes_in_pages(api: Api, admin: Header) -> None:
    for owner in ("A", "B"):
        created(api, admin, owner=owner, scopes=["read"])
    page = api.client.get(f"{KEYS}?limit=2", headers=admin).json()
    rest = api.client.get(page["links"]["next"], headers=admin).json()
    assert len(page["items"]) == 2
    assert {one["owner"] for one in (*page["items"], *rest["items"])} == {"Root", "A", "B"}
    assert "next" not in rest["links"]


def test_a_key_counts_as_everybody_who_created_a_key_for_it(api: Api, admin: Header) -> None:
    first = created(api, admin, owner="Robot", scopes=["admin"])
    second = created(api, bearer(first), owner="Robot's robot", scopes=["write"])
    with reading(api.application.serving.engine) as connection:
        query = text("SELECT creators FROM api_key WHERE id = :id")
        assert connection.execute(query, {"id": second["id"]}).scalar_one() == '["Robot", "Root"]'
    who = first
    for number in range(19):
        who = created(api, bearer(who), owner=f"Robot {number}", scopes=["admin"])
    answer = api.client.post(KEYS, json={"owner": "Too many", "scopes": ["admin"]}, headers=bearer(who))
    assert problem(answer)[:2] == (409, "conflict")


def test_nobody_approves_their_own_work_through_a_key(api: Api, admin: Header) -> None:
    """Root writes the draft. A key that Root created for somebody else cannot approve it; another one can."""
    body = {"slug": "acme", "title": "Acme", "language": "en"}
    assert api.client.post("/v1/ladders", json=body, headers=admin).is_success
    review = "/v1/ladders/acme/reviews"
    assert api.client.post(review, json={"title": "One"}, headers=admin).is_success
    read = api.client.get(f"{review}/1", headers=admin).json()
    decision = {"decision": "approve", "content_sha256": read["content_sha256"]}
    robot = bearer(created(api, admin, owner="Robot", scopes=["review"]))
    answer = api.client.post(f"{review}/1/decisions", json=decision, headers=robot).json()
    assert (answer["status"], answer["entries"][0]["by"], answer["entries"][0]["valid"]) == (
        "open",
        "Robot",
        False,
    )
    assert answer["missing"] == [
        (
            "Robot approved with a key that Root created. A key also counts as its creator, who is an author here. "
            "Someone who has not edited the draft must approve it."
        )
    ]
    other = api.key("Grace", "review")
    answer = api.client.post(f"{review}/1/decisions", json=decision, headers=other).json()
    assert (answer["status"], answer["authors"]) == ("approved", ["Root"])
