"""Granted rights and keys in the browser, with a real issuer: invitations, changes, refusals, and attacks on them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any, Final
from urllib.parse import quote

import pytest
from httpx2 import Response
from sqlalchemy import text

from app.store.engine import reading, writing
from tests.api.serving import Api, serve
from tests.databases import Databases
from tests.web.company import SETTINGS, Company, below, company
from tests.web.signing import Browser, key_of

PEOPLE: Final = "/people"
KEYS: Final = "/people/keys"
LADDER: Final = "example-engineering"
EVE: Final = 'eve:{"email": "Eve@Acme.example", "email_verified": true}'
Fields = dict[str, str]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture
def api(databases: Databases, issuer: Company) -> Iterator[Api]:
    settings = {**SETTINGS, "oidc_issuer": issuer.url, "contact": "people-ops@acme.example"}
    with databases.fresh("seeded") as url, serve(url, lambda: datetime.now(UTC), **settings) as served:
        yield served


@pytest.fixture
def admin(api: Api, issuer: Company) -> Browser:
    """An admin by group."""
    return signed_in(api, issuer, "admin")


def signed_in(api: Api, issuer: Company, login: str) -> Browser:
    browser = Browser(api)
    start = browser.get("/sign-in/start").headers["location"]
    answer = browser.get(below(issuer.sign_in(start, login)))
    assert answer.status_code == 303, answer.text
    return browser


def with_key(api: Api, *scopes: str, owner: str = "Key", ladders: tuple[str, ...] | None = None) -> Browser:
    browser = Browser(api)
    assert browser.sign_in(key_of(api.key(owner, *scopes, ladders=ladders))).status_code == 303
    return browser


def hidden(page: str) -> Fields:
    """The hidden fields of the form of a page."""
    form = page[page.index('<form class="edit"') :]
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def send(browser: Browser, path: str, elsewhere: Fields | None = None, /, **fields: str) -> Response:
    """Open a page and send its form."""
    return browser.post(path, {**hidden(browser.get(path).text), **fields}, **(elsewhere or {}))


def invite(browser: Browser, email: str, ladder: str = "*", **rights: str) -> str:
    answer = send(browser, f"{PEOPLE}/new", email=email, ladder=ladder, **(rights or {"write": "1"}))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def rows(api: Api, query: str) -> list[tuple[Any, ...]]:
    with reading(api.application.serving.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def account(browser: Browser) -> str:
    found = re.search(r"Signed in as .*?<small>\((.*?)\)</small>", browser.get("/").text)
    assert found is not None
    return found[1]


def test_an_invited_person_has_the_rights_from_the_first_sign_in_on(
    api: Api, admin: Browser, issuer: Company
) -> None:
    before = signed_in(api, issuer, EVE)
    assert account(before) == "read only"
    person = invite(admin, " eve@acme.example ", LADDER)
    assert "Invited as eve@acme.example." in admin.get(person).text
    assert account(before) == "read only"
    eve = signed_in(api, issuer, EVE)
    assert account(eve) == account(before) == f"write on {LADDER}"
    assert eve.get(f"/ladders/{LADDER}@draft").status_code == 200
    assert rows(api, "SELECT subject, email, name FROM person") == [("eve", "eve@acme.example", "eve")]
    assert rows(api, "SELECT who, action, ladder FROM audit WHERE action = 'person.bind'") == [
        ("eve", "person.bind", LADDER)
    ]


def test_a_right_taken_away_ends_at_once(api: Api, admin: Browser, issuer: Company) -> None:
    person = invite(admin, "eve@acme.example", LADDER)
    eve = signed_in(api, issuer, EVE)
    path = f"{person}?on={LADDER}"
    assert send(admin, path, write="", review="1").headers["location"] == person
    assert account(eve) == f"review on {LADDER}"
    page = admin.get(f"{person}/remove").text
    assert "Take away the rights of eve?" in page
    assert send(admin, f"{person}/remove").headers["location"] == PEOPLE
    assert account(eve) == "read only"
    assert eve.get(f"/ladders/{LADDER}@draft").status_code == 403
    assert admin.get(person).status_code == 404


@pytest.mark.parametrize(
    "claims",
    [
        '{"email": "eve@acme.example"}',
        '{"email": "eve@acme.example", "email_verified": false}',
        '{"email": "eve@acme.example", "email_verified": "true"}',
        '{"email": "\uff45ve@acme.example", "email_verified": true}',
        '{"email": "eve@acme.example.evil.example", "email_verified": true}',
        '{"preferred_username": "eve@acme.example", "email_verified": true}',
        '{"email": ["eve@acme.example"], "email_verified": true}',
    ],
)
def test_an_invitation_is_bound_to_a_verified_address_only(
    api: Api, admin: Browser, issuer: Company, claims: str
) -> None:
    invite(admin, "eve@acme.example", admin="1")
    mallory = signed_in(api, issuer, f"mallory:{claims}")
    assert account(mallory) == "read only"
    assert mallory.get(PEOPLE).status_code == 403
    assert rows(api, "SELECT subject FROM person") == [(None,)]


def test_claims_that_cannot_be_stored_do_not_keep_a_person_from_signing_in(api: Api, issuer: Company) -> None:
    claims = r'{"name": "E\u0000ve", "email": "e\u0000ve@acme.example", "email_verified": true}'
    assert account(signed_in(api, issuer, f"eve:{claims}")) == "read only"
    assert rows(api, "SELECT shown_name FROM session") == [("eve",)]


def test_an_invitation_is_used_up_by_one_account_whatever_address_it_has_later(
    api: Api, admin: Browser, issuer: Company
) -> None:
    invite(admin, "eve@acme.example", LADDER)
    signed_in(api, issuer, EVE)
    other = signed_in(api, issuer, EVE.replace("eve:", "new-hire:"))
    assert account(other) == "read only"
    renamed = signed_in(api, issuer, 'eve:{"email": "other@acme.example", "email_verified": true}')
    assert account(renamed) == f"write on {LADDER}"


def test_an_invitation_of_another_issuer_is_not_bound(api: Api, admin: Browser, issuer: Company) -> None:
    invite(admin, "eve@acme.example", LADDER)
    with writing(api.application.serving.engine) as connection:
        connection.execute(text("UPDATE person SET issuer = 'https://former.example'"))
    assert account(signed_in(api, issuer, EVE)) == "read only"


def test_a_second_invitation_adds_to_the_rights_of_a_known_account(
    api: Api, admin: Browser, issuer: Company
) -> None:
    invite(admin, "eve@acme.example", LADDER)
    signed_in(api, issuer, EVE)
    invite(admin, "eve@acme.example", "netflix-engineering", review="1")
    eve = signed_in(api, issuer, EVE)
    assert account(eve) == f"write on {LADDER}; review on netflix-engineering"
    assert len(rows(api, "SELECT id FROM person")) == 1


def test_people_who_signed_in_are_offered_to_admins_of_all_ladders(
    api: Api, admin: Browser, issuer: Company
) -> None:
    nobody = signed_in(api, issuer, "nobody")
    page = admin.get(PEOPLE).text
    assert "Give rights to Nobody Important" in page
    form = admin.get(f"{PEOPLE}/new?subject=nobody&name=Nobody%20Important").text
    assert 'value="nobody"' in form
    fields = {"subject": "nobody", "name": "Nobody Important", "ladder": LADDER, "review": "1"}
    assert send(admin, f"{PEOPLE}/new", **fields).status_code == 303
    assert account(nobody) == f"review on {LADDER}"
    assert "Signed in, not on this list" in admin.get(PEOPLE).text  # the admin by group


def test_missing_groups_are_explained(api: Api, issuer: Company) -> None:
    """Google sends none; Entra omits long lists, and sends GUIDs that nobody has mapped."""
    left_out = "Your company account left out your groups, because you are in very many."
    quirks = {
        "nobody": "Your company account sent no groups, so it gives no rights here.",
        'eve:{"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}': left_out,
        'eve:{"hasgroups": true}': left_out,
        'eve:{"groups": ["4c5f2b1e-7d0a-4c52-9e2e-1f2a3b4c5d6e"]}': "None of your groups gives rights here.",
    }
    for login, why in quirks.items():
        browser = signed_in(api, issuer, login)
        assert f"You can read. To edit, ask people-ops@acme.example. {why}" in browser.get("/").text
        refused = browser.get(PEOPLE)
        assert refused.status_code == 403
        assert "You can read. To edit, ask people-ops@acme.example." in refused.text
        assert f"<p>{why}</p>" in refused.text


def test_groups_of_keycloak_and_guids_of_entra_give_rights(databases: Databases, issuer: Company) -> None:
    guid = "4c5f2b1e-7d0a-4c52-9e2e-1f2a3b4c5d6e"
    quirks = (
        ("realm_access.roles", "hr=write", 'eve:{"realm_access": {"roles": ["hr", "offline_access"]}}'),
        ("groups", f"{guid}=write", f'eve:{{"groups": ["{guid}"]}}'),
    )
    for claim, scopes, login in quirks:
        settings = {
            **SETTINGS,
            "oidc_issuer": issuer.url,
            "oidc_scopes_claim": claim,
            "oidc_scopes": scopes,
        }
        with databases.fresh("migrated") as url, serve(url, lambda: datetime.now(UTC), **settings) as api:
            assert account(signed_in(api, issuer, login)) == "write"


def test_if_reading_needs_rights_a_person_without_any_sees_no_ladder(
    databases: Databases, issuer: Company
) -> None:
    settings = {**SETTINGS, "oidc_issuer": issuer.url, "read_access": "key"}
    with databases.fresh("seeded") as url, serve(url, lambda: datetime.now(UTC), **settings) as api:
        browser = signed_in(api, issuer, "nobody")
        assert (
            "You have no rights here yet, so you see no ladders. Ask an administrator"
            in browser.get("/").text
        )
        assert browser.get(f"/ladders/{LADDER}").status_code == 404
        api.key("x", "read")
        added = {"subject": "nobody", "grants": [{"ladder": LADDER, "rights": ["read"]}]}
        assert api.client.post("/v1/people", json=added, headers=api.key("Root", "admin")).status_code == 201
        assert browser.get(f"/ladders/{LADDER}").status_code == 200
        assert browser.get("/ladders/netflix-engineering").status_code == 404


def test_an_admin_creates_replaces_and_revokes_a_key(api: Api, admin: Browser) -> None:
    page = admin.get(f"{KEYS}/new").text
    fields = {**hidden(page), "owner": "Export", "ladder": LADDER, "read": "1", "expires": "2099-01-01"}
    made = admin.post(f"{KEYS}/new", fields)
    assert (made.status_code, made.headers["cache-control"]) == (200, "private, no-store")
    found = re.search(r"<pre><code>(clk_\w+)</code></pre>", made.text)
    assert found is not None
    key = {"authorization": f"Bearer {found[1]}"}
    assert api.client.get("/v1/ladders", headers=key).status_code == 200
    again = admin.post(f"{KEYS}/new", fields)
    assert "This form was sent before." in again.text
    assert found[1] not in again.text
    assert "Expires" in admin.get(f"{KEYS}/{found[1][:14]}").text
    path = f"{KEYS}/{found[1][:14]}"
    new = send(admin, f"{path}/rotate", grace="0")
    assert re.search(r"<pre><code>clk_\w+</code></pre>", new.text)
    assert api.client.get("/v1/ladders", headers=key).status_code == 401
    (fresh,) = rows(api, "SELECT id FROM api_key WHERE revoked_at IS NULL")
    assert send(admin, f"{KEYS}/{fresh[0]}/revoke").headers["location"] == KEYS
    assert rows(api, "SELECT id FROM api_key WHERE revoked_at IS NULL") == []
    audit = rows(api, "SELECT action FROM audit WHERE action LIKE 'key%' ORDER BY id")
    assert audit == [("key.create",), ("key.rotate",), ("key.revoke",)]


def test_an_admin_of_one_ladder_manages_only_that(api: Api, admin: Browser) -> None:
    mine = with_key(api, "admin", owner="Ada", ladders=(LADDER,))
    elsewhere = invite(admin, "x@acme.example", "netflix-engineering")
    assert "x@acme.example" not in mine.get(PEOPLE).text
    for path in (elsewhere, f"{elsewhere}/remove", f"{elsewhere}?on=netflix-engineering"):
        assert mine.get(path).status_code == 404
    page = mine.get(f"{PEOPLE}/new").text
    assert "All ladders, also future ones" not in page
    assert "Netflix" not in page
    for ladder in ("*", "netflix-engineering", ""):
        for path in (f"{PEOPLE}/new", f"{KEYS}/new"):
            answer = send(mine, path, email="y@acme.example", owner="y", ladder=ladder, admin="1")
            assert (answer.status_code, "Choose a ladder." in answer.text) == (422, True)
    invite(mine, "y@acme.example", LADDER, admin="1")
    assert "y@acme.example" in admin.get(PEOPLE).text


def test_the_last_admin_stays(api: Api, issuer: Company) -> None:
    root = with_key(api, "admin", owner="Root")
    (number,) = rows(api, "SELECT id FROM api_key")
    answer = send(root, f"{KEYS}/{number[0]}/revoke")
    assert answer.status_code == 409
    assert "This is the last admin of all ladders." in answer.text
    person = invite(root, "eve@acme.example", admin="1")
    assert send(root, f"{KEYS}/{number[0]}/revoke").status_code == 409  # nobody has signed in yet
    eve = signed_in(api, issuer, EVE)
    assert send(root, f"{KEYS}/{number[0]}/revoke").status_code == 303
    for path in (f"{person}/remove", f"{person}?on={quote('*')}"):
        answer = send(eve, path)
        assert answer.status_code == 409
        assert "This is the last admin of all ladders." in answer.text


def test_a_stale_form_is_not_saved_and_shows_what_was_chosen(api: Api, admin: Browser) -> None:
    person = invite(admin, "eve@acme.example", LADDER)
    path = f"{person}?on={LADDER}"
    old = hidden(admin.get(path).text)
    send(admin, path, write="", review="1")
    answer = admin.post(path, {**old, "publish": "1"})
    assert answer.status_code == 412
    assert "Someone else changed these rights after you opened the page." in answer.text
    assert re.search(r'name="publish" value="1" checked', answer.text)
    assert rows(api, "SELECT rights FROM person_grant") == [("review",)]
    assert admin.post(path, {**hidden(answer.text), "publish": "1"}).status_code == 303
    assert rows(api, "SELECT rights FROM person_grant") == [("publish",)]


@pytest.mark.parametrize("role", ["nobody", "read", "write", "review", "publish"])
def test_only_admins_see_and_send_the_forms(api: Api, admin: Browser, role: str) -> None:
    person = invite(admin, "eve@acme.example", LADDER)
    api.key("Export", "read")
    (number,) = rows(api, "SELECT id FROM api_key")
    browser = Browser(api) if role == "nobody" else with_key(api, role)
    status = 401 if role == "nobody" else 403
    one = f"{KEYS}/{number[0]}"
    for path in (PEOPLE, f"{PEOPLE}/new", person, f"{person}/remove", KEYS, f"{KEYS}/new", one):
        assert browser.get(path).status_code == status, path
    for path in (
        f"{PEOPLE}/new",
        person,
        f"{person}/remove",
        f"{KEYS}/new",
        f"{one}/rotate",
        f"{one}/revoke",
    ):
        fields = {"token": "0" * 64, "email": "m@acme.example", "owner": "m", "ladder": "*", "admin": "1"}
        assert browser.post(path, fields).status_code == status, path
    assert "/people" not in browser.get("/").text
    assert rows(api, "SELECT rights FROM person_grant") == [("write",)]


def test_a_form_from_elsewhere_is_refused(api: Api, admin: Browser, issuer: Company) -> None:
    person = invite(admin, "eve@acme.example", LADDER)
    api.key("Export", "read")
    (number,) = rows(api, "SELECT id FROM api_key")
    one = f"{KEYS}/{number[0]}"
    for path in (
        f"{PEOPLE}/new",
        person,
        f"{person}/remove",
        f"{KEYS}/new",
        f"{one}/rotate",
        f"{one}/revoke",
    ):
        fields = {"email": "m@acme.example", "owner": "m", "ladder": "*", "admin": "1", "grace": "0"}
        crossing = send(admin, path, {"sec_fetch_site": "cross-site"}, **fields)
        assert crossing.status_code == 403, path
        assert send(admin, path, **fields, token="0" * 64).status_code == 403, path
        other = hidden(signed_in(api, issuer, "admin").get(path).text)["token"]
        assert send(admin, path, **fields, token=other).status_code == 403, path
    assert rows(api, "SELECT rights FROM person_grant") == [("write",)]
    assert rows(api, "SELECT id FROM api_key WHERE revoked_at IS NULL") == [number]


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        (f"{PEOPLE}/new", {"ladder": "*", "write": "1"}, "Give either"),
        (f"{PEOPLE}/new", {"email": "nobody", "ladder": "*", "write": "1"}, "This is not an email address"),
        (f"{PEOPLE}/new", {"email": "a@b.example", "ladder": "*"}, "Name a right"),
        (f"{PEOPLE}/new", {"email": "a@b.example", "ladder": "nowhere", "write": "1"}, "Choose a ladder."),
        (f"{KEYS}/new", {"owner": "", "ladder": "*", "read": "1"}, "The owner must be the name"),
        (f"{KEYS}/new", {"owner": "x", "ladder": "*"}, "A key needs a scope"),
        (f"{KEYS}/new", {"owner": "x", "ladder": "*", "read": "1", "expires": "soon"}, "Write a date"),
        (f"{KEYS}/new", {"owner": "x", "ladder": "*", "read": "1", "expires": "2001-01-01"}, "in the past"),
    ],
)
def test_what_is_wrong_is_shown_at_its_field(
    api: Api, admin: Browser, path: str, fields: Fields, words: str
) -> None:
    answer = send(admin, path, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert words in unescape(answer.text)
    assert rows(api, "SELECT id FROM person") == rows(api, "SELECT id FROM api_key") == []


def test_pages_stay_light_and_ask_for_a_title_if_there_are_very_many_ladders(
    api: Api, admin: Browser
) -> None:
    many = [f"ladder-{number:03}" for number in range(100)]
    grants = [{"ladder": slug, "rights": ["read", "write", "review", "publish"]} for slug in many]
    root = api.key("Root", "admin", "read")
    people = []
    for number in range(60):
        body = {"subject": f"{'x' * 200}{number}", "name": f"{'N' * 190} {number}", "grants": grants}
        people.append(api.client.post("/v1/people", json=body, headers=root).json()["id"])
    wide = with_key(api, "admin", owner="Wide", ladders=tuple(f"other-{number:03}" for number in range(201)))
    assert "Type the title of the ladder" in wide.get(f"{PEOPLE}/new").text
    assert send(wide, f"{PEOPLE}/new", email="a@b.example", ladder="other-007", read="1").status_code == 303
    for path in (PEOPLE, f"{PEOPLE}/{people[0]}", KEYS):
        assert len(admin.get(path).content) < 90_000, path
    assert "More people" in admin.get(PEOPLE).text
