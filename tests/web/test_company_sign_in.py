"""Signing in with the company account at a real issuer: the flow, rights, attacks on it, and signing out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from app.settings import Settings
from app.store.engine import reading
from tests.api.serving import Api, serve
from tests.databases import Databases
from tests.web.company import PUBLIC, SETTINGS, Company, below, company
from tests.web.signing import HTML, SESSION, Browser

PAGE: Final = "/ladders/example-engineering"
STATE: Final = "__Host-ladder-sign-in"
EXPIRED: Final = "This sign-in has expired or was begun in another browser. Start again."


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
def browser(api: Api) -> Browser:
    return Browser(api)


def started(browser: Browser, next_url: str = "/") -> str:
    """Return the address at the issuer that the sign-in link leads to."""
    answer = browser.get(f"/sign-in/start?next={quote(next_url)}")
    assert answer.status_code == 303
    return answer.headers["location"]


def sign_in(browser: Browser, issuer: Company, name: str, next_url: str = "/") -> str:
    """Sign in, and return the page that the person comes back to."""
    answer = browser.get(below(issuer.sign_in(started(browser, next_url), name)))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def stored(api: Api, query: str) -> list[tuple[object, ...]]:
    with reading(api.application.serving.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_person_signs_in_with_the_company_account_and_comes_back(
    api: Api, browser: Browser, issuer: Company
) -> None:
    page = browser.get("/sign-in").text
    assert ">Sign in with Acme</a>" in page
    assert "For operators" in page
    wanted = f"{PAGE}/levels/l5"
    assert sign_in(browser, issuer, "ada", wanted) == wanted
    assert "Signed in as Ada Lovelace <small>(read, write, review)</small>" in browser.get(wanted).text
    assert STATE not in browser.cookies
    rows = stored(api, "SELECT key_id, person, shown_name FROM session")
    assert rows == [(None, "ada", "Ada Lovelace")]
    events = stored(api, "SELECT action, who, via FROM audit WHERE action = 'session.begin'")
    assert events == [("session.begin", "ada", None)]


def test_the_request_to_the_issuer_uses_pkce_state_and_nonce(browser: Browser) -> None:
    first, second = (parse_qs(urlsplit(started(browser)).query) for _ in range(2))
    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    assert first["redirect_uri"] == [f"{PUBLIC}/sign-in/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_an_answer_for_another_browser_or_sign_in_is_refused(
    browser: Browser, api: Api, issuer: Company
) -> None:
    back = below(issuer.sign_in(started(browser), "ada"))
    assert EXPIRED in Browser(api).get(back).text
    other = Browser(api)
    started(other)
    assert other.get(back).status_code == 400
    changed = back.replace("state=", "state=x")
    assert browser.get(changed).status_code == 400
    assert SESSION not in browser.cookies
    assert browser.get(back).status_code == 303
    assert SESSION in browser.cookies


def test_a_code_is_used_once(browser: Browser, issuer: Company) -> None:
    start = started(browser)
    carried = browser.cookies[STATE]
    back = below(issuer.sign_in(start, "ada"))
    assert browser.get(back).status_code == 303
    browser.cookies = {STATE: carried}
    assert browser.get(back).status_code == 400
    assert SESSION not in browser.cookies


def test_an_answer_of_another_issuer_is_refused(browser: Browser, issuer: Company) -> None:
    back = below(issuer.sign_in(started(browser), "ada"))
    forged = back.replace(quote(issuer.url, safe=""), quote("https://evil.example", safe=""))
    assert forged != back
    answer = browser.get(forged)
    assert (answer.status_code, SESSION in browser.cookies) == (400, False)


@pytest.mark.parametrize("value", ["", "x", "e30", "W10", "bnVsbA", "a" * 5_000, "eyJzdGF0ZSI6MX0"])
def test_a_damaged_cookie_of_a_sign_in_is_refused(browser: Browser, value: str) -> None:
    browser.cookies[STATE] = value
    assert browser.get("/sign-in/callback?code=x&state=y").status_code == 400


def test_a_person_who_cancels_is_told_how_to_go_on(browser: Browser, issuer: Company) -> None:
    answer = browser.get(below(issuer.cancel(started(browser))))
    assert answer.status_code == 403
    assert SESSION not in browser.cookies


def test_a_session_id_set_by_somebody_else_does_not_survive_signing_in(
    browser: Browser, issuer: Company
) -> None:
    browser.cookies[SESSION] = "A" * 43
    sign_in(browser, issuer, "ada")
    assert browser.cookies[SESSION] != "A" * 43


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "/v1/ladders"]
)
def test_signing_in_leads_to_pages_of_this_site_only(browser: Browser, issuer: Company, evil: str) -> None:
    assert sign_in(browser, issuer, "ada", evil) == "/work"


def test_a_person_without_groups_can_read_and_learns_whom_to_ask(browser: Browser, issuer: Company) -> None:
    sign_in(browser, issuer, "nobody")
    assert "Signed in as Nobody Important <small>(read only)</small>" in browser.get(PAGE).text
    answer = browser.get(f"{PAGE}@draft")
    assert answer.status_code == 403
    assert "ask people-ops@acme.example" in answer.text


def test_signing_out_ends_the_session_here_and_at_the_issuer(
    api: Api, browser: Browser, issuer: Company
) -> None:
    sign_in(browser, issuer, "ada")
    answer = browser.sign_out()
    assert answer.headers["location"] == "/signed-out"
    assert SESSION not in browser.cookies
    assert stored(api, "SELECT count(*) FROM session") == [(0,)]
    page = browser.get("/signed-out").text
    assert f'content="0; url={issuer.url}/session/end?client_id=pages&amp;post_logout_redirect_uri=' in page


def test_over_plain_http_nobody_is_sent_to_the_issuer(api: Api) -> None:
    headers = {"accept": HTML["accept"], "host": "ladders.example"}
    assert api.client.get("/sign-in/start", headers=headers).status_code == 403


def test_without_a_client_there_is_no_sign_in_at_an_issuer(databases: Databases) -> None:
    with databases.fresh("seeded") as url, serve(url) as api:
        for path in ("/sign-in/start", "/sign-in/callback", "/signed-out"):
            assert api.client.get(path, headers=HTML).status_code == 404
        assert "For operators" not in api.client.get("/sign-in", headers=HTML).text


@pytest.mark.parametrize("missing", ["oidc_issuer", "public_url"])
def test_a_client_needs_an_issuer_and_a_public_url(missing: str) -> None:
    given = {**SETTINGS, "oidc_issuer": "https://login.acme.example", missing: ""}
    with pytest.raises(ValidationError, match=f"LADDER_{missing.upper()} must be set"):
        Settings(**given)  # type: ignore[arg-type]
