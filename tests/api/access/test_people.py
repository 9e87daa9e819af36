"""People over HTTP: granting rights to accounts and addresses, changing them, taking them away, and who may do so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from app.rubric.people import Account
from app.store.access.granting import note_sign_in
from app.store.audit import Actor
from app.store.engine import writing
from tests.api.serving import NOW, Api, Clock, problem, serve
from tests.databases import Databases
from tests.serving.issuers import AUDIENCE, Issuer, issuing

PEOPLE: Final = "/v1/people"
Json = dict[str, Any]
Header = dict[str, str]
WRITE: Final = [{"ladder": "acme", "rights": ["write"]}]
ADMIN: Final = [{"rights": ["admin"]}]


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def api(databases: Databases, issuer: Issuer) -> Iterator[Api]:
    settings = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "rate_failures": 0}
    with databases.fresh("migrated") as url, serve(url, Clock(), **settings) as served:
        yield served


@pytest.fixture
def admin(api: Api) -> Header:
    return api.key("Root", "admin")


@pytest.fixture
def of_acme(api: Api) -> Header:
    return api.key("Ada", "admin", ladders=("acme",))


def added(api: Api, who: Header, **body: Any) -> Json:  # noqa: ANN401 - any JSON
    answer = api.client.post(PEOPLE, json=body, headers=who)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def changed(api: Api, who: Header, number: str, grants: list[Json]) -> Any:  # noqa: ANN401 - a response
    tag = api.client.get(f"{PEOPLE}/{number}", headers=who).headers.get("etag", "*")
    headers = {**who, "if-match": tag, "content-type": "application/merge-patch+json"}
    return api.client.patch(f"{PEOPLE}/{number}", json={"grants": grants}, headers=headers)


def removed(api: Api, who: Header, number: str) -> Any:  # noqa: ANN401 - a response
    tag = api.client.get(f"{PEOPLE}/{number}", headers=who).headers.get("etag", "*")
    return api.client.delete(f"{PEOPLE}/{number}", headers={**who, "if-match": tag})


def may_list_keys(api: Api, token: Header) -> bool:
    return api.client.get("/v1/keys", headers=token).status_code == 200


def test_an_account_gets_rights_on_a_ladder(api: Api, admin: Header, issuer: Issuer) -> None:
    answer = api.client.post(
        PEOPLE, json={"subject": "ada", "name": "Ada Lovelace", "grants": WRITE}, headers=admin
    )
    number = answer.json()["id"]
    item = {
        "id": number,
        "status": "active",
        "issuer": issuer.url,
        "subject": "ada",
        "name": "Ada Lovelace",
        "grants": WRITE,
        "created_by": "Root",
        "created_at": "2026-11-22T12:00:00Z",
        "links": {"self": f"{PEOPLE}/{number}", "people": PEOPLE},
    }
    assert (answer.status_code, answer.json(), answer.headers["location"]) == (
        201,
        item,
        f"{PEOPLE}/{number}",
    )
    read = api.client.get(f"{PEOPLE}/{number}", headers=admin)
    assert (read.json(), read.headers["etag"], read.headers["cache-control"]) == (
        item,
        answer.headers["etag"],
        "no-store",
    )
    assert api.client.get(PEOPLE, headers=admin).json() == {"items": [item], "links": {"self": PEOPLE}}


def test_a_token_has_the_granted_rights_from_the_next_request_on(
    api: Api, admin: Header, issuer: Issuer
) -> None:
    token = issuer.bearer(scope=None)
    assert not may_list_keys(api, token)
    person = added(api, admin, subject="ada", grants=ADMIN)
    assert may_list_keys(api, token)
    assert not may_list_keys(api, issuer.bearer(scope=None, sub="Ada"))
    assert changed(api, admin, person["id"], WRITE).json()["grants"] == WRITE
    assert not may_list_keys(api, token)
    assert api.client.get("/v1/ladders/acme@draft", headers=token).status_code == 404
    assert removed(api, admin, person["id"]).status_code == 204
    assert api.client.get("/v1/ladders/acme@draft", headers=token).status_code == 403
    assert api.client.get(f"{PEOPLE}/{person['id']}", headers=admin).status_code == 404


def test_granted_rights_come_in_addition_to_those_by_group(api: Api, admin: Header, issuer: Issuer) -> None:
    added(api, admin, subject="ada", grants=ADMIN)
    token = issuer.bearer(scope="ladder.write")
    assert api.client.post(
        "/v1/ladders", json={"slug": "x", "title": "X", "language": "en"}, headers=token
    ).is_success
    assert may_list_keys(api, token)


def test_admins_of_single_ladders_grant_and_see_rights_on_these_only(
    api: Api, admin: Header, of_acme: Header
) -> None:
    for grants in (
        ADMIN,
        [{"rights": ["read"]}],
        [{"ladder": "other", "rights": ["read"]}],
        [*WRITE, *ADMIN],
    ):
        answer = api.client.post(PEOPLE, json={"subject": "eve", "grants": grants}, headers=of_acme)
        assert problem(answer)[:2] == (403, "forbidden")
    whole = [*ADMIN, *WRITE, {"ladder": "other", "rights": ["publish"]}]
    ada = added(api, admin, subject="ada", grants=whole)
    hidden = added(api, admin, subject="ben", grants=ADMIN)
    assert api.client.get(PEOPLE, headers=of_acme).json()["items"] == [{**ada, "grants": WRITE}]
    path = f"{PEOPLE}/{hidden['id']}"
    assert api.client.get(path, headers=of_acme).status_code == 404
    assert api.client.delete(path, headers=of_acme).status_code == 404
    assert changed(api, of_acme, hidden["id"], WRITE).status_code == 404
    review = [{"ladder": "acme", "rights": ["review"]}]
    assert changed(api, of_acme, ada["id"], review).json()["grants"] == review
    assert changed(api, of_acme, ada["id"], ADMIN).status_code == 403
    now = api.client.get(f"{PEOPLE}/{ada['id']}", headers=admin).json()["grants"]
    assert now == [whole[0], *review, whole[2]]
    assert removed(api, of_acme, ada["id"]).status_code == 204
    now = api.client.get(f"{PEOPLE}/{ada['id']}", headers=admin).json()["grants"]
    assert now == [whole[0], whole[2]]


def test_a_person_whom_another_admin_added_gets_the_rights_without_a_hint(
    api: Api, admin: Header, of_acme: Header
) -> None:
    ada = added(api, admin, subject="ada", grants=[{"ladder": "other", "rights": ["read"]}])
    mine = added(api, of_acme, subject="ada", grants=WRITE)
    assert mine["grants"] == WRITE
    now = api.client.get(f"{PEOPLE}/{ada['id']}", headers=admin).json()["grants"]
    assert now == [*WRITE, {"ladder": "other", "rights": ["read"]}]
    for who in (admin, of_acme):
        again = api.client.post(PEOPLE, json={"subject": "ada", "grants": WRITE}, headers=who)
        assert problem(again)[:2] == (409, "conflict")


def test_every_change_is_logged_for_the_admins_of_its_ladder(
    api: Api, admin: Header, of_acme: Header
) -> None:
    ada = added(api, admin, subject="ada", grants=[*WRITE, *ADMIN])
    removed(api, admin, ada["id"])
    entries = api.client.get("/v1/audit", headers=admin).json()["items"]
    told = [
        (one["action"], one.get("ladder"), one["details"]["before"], one["details"]["after"])
        for one in entries
    ]
    assert told == [
        ("person.grant", "acme", ["write"], []),
        ("person.grant", None, ["admin"], []),
        ("person.grant", "acme", [], ["write"]),
        ("person.grant", None, [], ["admin"]),
    ]
    seen = api.client.get("/v1/audit", headers=of_acme).json()["items"]
    assert [one["ladder"] for one in seen] == ["acme", "acme"]


def test_the_last_admin_cannot_be_removed(api: Api, admin: Header, issuer: Issuer) -> None:
    """A person who has never signed in does not count: the subject may be a typo."""
    (root,) = api.client.get("/v1/keys", headers=admin).json()["items"]
    ada = added(api, admin, subject="ada", grants=ADMIN)
    revoke = f"/v1/keys/{root['id']}/revocation"
    assert problem(api.client.post(revoke, headers=admin))[:2] == (409, "conflict")
    assert changed(api, admin, ada["id"], WRITE).status_code == 200
    assert not may_list_keys(api, issuer.bearer(scope=None))


def test_two_last_admins_who_remove_each_other_at_once_leave_one(
    api: Api, admin: Header, issuer: Issuer
) -> None:
    (root,) = api.client.get("/v1/keys", headers=admin).json()["items"]
    numbers = {sub: added(api, admin, subject=sub, grants=ADMIN)["id"] for sub in ("ada", "eve")}
    with writing(api.application.serving.engine) as connection:
        for sub in numbers:
            actor = Actor(sub, None, "r", None)
            note_sign_in(connection, Account(issuer.url, sub), sub, None, actor, NOW)
    ada, eve = (issuer.bearer(sub=sub, scope=None) for sub in ("ada", "eve"))
    assert api.client.post(f"/v1/keys/{root['id']}/revocation", headers=ada).status_code == 200
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda one: (
                api.client.delete(
                    f"{PEOPLE}/{numbers[one[0]]}", headers={**one[1], "if-match": "*"}
                ).status_code
            ),
            (("eve", ada), ("ada", eve)),
        )
        first, second = sorted(answers)
    assert (first, second in {403, 409}) == (204, True)
    assert sorted(may_list_keys(api, who) for who in (ada, eve)) == [False, True]


def test_accounts_of_the_same_name_do_not_get_each_others_answers(
    databases: Databases, issuer: Issuer
) -> None:
    named = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "oidc_name_claim": "name"}
    with databases.fresh("migrated") as url, serve(url, Clock(), **named) as api:
        root, numbers = api.key("Root", "admin"), set()
        for sub in ("1", "2"):
            added(api, root, subject=sub, grants=ADMIN)
            who = {**issuer.bearer(sub=sub, name="Ada", scope=None), "idempotency-key": "same"}
            for _ in range(2):
                body = {"owner": "Export", "scopes": ["read"]}
                answer = api.client.post("/v1/keys", json=body, headers=who)
                assert answer.status_code == 201, answer.text
                numbers.add(answer.json()["id"])
        assert len(numbers) == 2


def test_a_change_needs_the_tag_that_was_read(api: Api, admin: Header) -> None:
    ada = added(api, admin, subject="ada", grants=WRITE)
    merge = {**admin, "content-type": "application/merge-patch+json"}
    path = f"{PEOPLE}/{ada['id']}"
    assert api.client.patch(path, json={"grants": []}, headers=merge).status_code == 428
    stale = {**merge, "if-match": '"of-yesterday"'}
    assert api.client.patch(path, json={"grants": []}, headers=stale).status_code == 412
    assert api.client.delete(path, headers=admin).status_code == 428
    assert api.client.delete(path, headers={**admin, "if-match": '"of-yesterday"'}).status_code == 412
    assert api.client.get(path, headers=admin).json()["grants"] == WRITE


@pytest.mark.parametrize("scope", ["read", "write", "review", "publish"])
def test_only_admins_manage_people(api: Api, admin: Header, scope: str) -> None:
    ada, other = added(api, admin, subject="ada", grants=WRITE), api.key("Ben", scope)
    requests: tuple[tuple[str, str, Json | None], ...] = (
        ("GET", PEOPLE, None),
        ("POST", PEOPLE, {"subject": "ben", "grants": ADMIN}),
        ("GET", f"{PEOPLE}/{ada['id']}", None),
        ("PATCH", f"{PEOPLE}/{ada['id']}", {"grants": ADMIN}),
        ("DELETE", f"{PEOPLE}/{ada['id']}", None),
    )
    for method, path, body in requests:
        assert api.client.request(method, path, json=body, headers=other).status_code == 403
        assert api.client.request(method, path, json=body).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"grants": WRITE}, [""]),
        ({"subject": "a", "email": "a@b.example", "grants": WRITE}, [""]),
        ({"subject": "a"}, ["/grants"]),
        ({"subject": "a", "grants": []}, ["/grants"]),
        ({"subject": "a", "grants": [{"rights": []}]}, ["/grants/0/rights"]),
        ({"subject": "a", "grants": [{"rights": ["root"]}]}, ["/grants/0/rights/0"]),
        ({"subject": "a", "grants": [*WRITE, *WRITE]}, ["/grants/1"]),
        ({"subject": "a", "grants": [{"ladder": "A b", "rights": ["read"]}]}, ["/grants/0/ladder"]),
        ({"subject": "a\tb", "grants": WRITE}, ["/subject"]),
        ({"email": "nobody", "grants": WRITE}, ["/email"]),
        ({"email": "a@b c", "grants": WRITE}, ["/email"]),
        ({"subject": "a", "issuer": "https://evil.example", "grants": WRITE}, ["/issuer"]),
        ({"subject": "a", "name": "a\nb", "grants": WRITE}, ["/name"]),
    ],
)
def test_a_wrong_body_is_refused_with_its_place(
    api: Api, admin: Header, body: Json, pointers: list[str]
) -> None:
    answer = api.client.post(PEOPLE, json=body, headers=admin)
    assert problem(answer)[:2] == (422, "invalid")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    assert api.client.get(PEOPLE, headers=admin).json()["items"] == []


def test_without_an_issuer_the_body_must_name_one(empty_api: Api) -> None:
    admin = empty_api.key("Root", "admin")
    body = {"subject": "ada", "grants": WRITE}
    answer = empty_api.client.post(PEOPLE, json=body, headers=admin)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/issuer"]
    named = empty_api.client.post(PEOPLE, json={**body, "issuer": "https://login.example"}, headers=admin)
    assert named.json()["issuer"] == "https://login.example"


def test_missing_groups_give_no_rights_and_say_so(api: Api, issuer: Issuer) -> None:
    claims: tuple[tuple[Json, str], ...] = (
        ({"scope": None}, "The issuer sent no groups for this account."),
        ({"scope": "other"}, "None of this account's groups gives rights here."),
        (
            {"scope": None, "_claim_names": {"scope": "src1"}},
            "The issuer left out the groups of this account, because it is in too many.",
        ),
        (
            {"scope": None, "hasgroups": True},
            "The issuer left out the groups of this account, because it is in too many.",
        ),
    )
    for changed_claims, why in claims:
        answer = api.client.get("/v1/people", headers=issuer.bearer(**changed_claims))
        told = f"Your account lacks the right 'admin'. {why} Ask an administrator for it."
        assert problem(answer) == (403, "forbidden", told)


def test_a_person_by_token_and_by_key_of_that_name_is_one_in_reviews(api: Api, issuer: Issuer) -> None:
    assert datetime(2026, 11, 22, 12, tzinfo=UTC) == NOW
    token = issuer.bearer(scope="ladder.write ladder.review")
    body = {"slug": "acme", "title": "Acme", "language": "en"}
    assert api.client.post("/v1/ladders", json=body, headers=token).is_success
    assert api.client.post("/v1/ladders/acme/reviews", json={"title": "One"}, headers=token).is_success
    review = api.client.get("/v1/ladders/acme/reviews/1", headers=token).json()
    assert review["authors"] == ["ada"]
    decision = {"decision": "approve", "content_sha256": review["content_sha256"]}
    for who in (token, api.key("ADA", "review")):
        answer = api.client.post("/v1/ladders/acme/reviews/1/decisions", json=decision, headers=who)
        assert answer.json()["status"] == "open", answer.text
        assert not answer.json()["entries"][0]["valid"]
