"""Signing in and out with a key: forms, sessions, redirects, and attacks on them."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import text

from app.main import create_api
from app.serving.route_table import RouteTable
from app.settings import Settings
from app.store.access.keys import create_key, revoke_key
from app.store.engine import reading, writing
from app.web.layout.forms import safe_next
from app.web.pages.site.https_check import INSECURE
from tests.api.serving import EXAMPLE, Api, Clock, serve
from tests.databases import SqliteDatabases
from tests.serving.hiding import hide
from tests.web.signing import FORM, HTML, SESSION, Browser, form_of, key_of

ROUTES: Final[RouteTable] = create_api(Settings()).state.routes
PAGE: Final = "/ladders/example-engineering"
PRIVATE: Final = "private, no-store"
EVIL: Final = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(sqlite_databases: SqliteDatabases, clock: Clock) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url, clock) as served:
        yield served


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


def rows(api: Api) -> int:
    with reading(api.application.serving.engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM session")).scalar_one())


def audited(api: Api) -> list[tuple[str, str, str]]:
    query = "SELECT action, who, via FROM audit WHERE action LIKE 'session.%' ORDER BY id"
    with reading(api.application.serving.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_holder_of_a_key_can_sign_in_read_and_sign_out(api: Api, browser: Browser) -> None:
    key = key_of(api.key("Ada", "write", "review", ladders=("example-engineering",)))
    answer = browser.sign_in(key)
    assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/work", b"")
    assert answer.headers["cache-control"] == PRIVATE
    assert list(browser.cookies) == [SESSION]
    for path in (
        "/",
        PAGE,
        f"{PAGE}/levels/l5",
        f"{PAGE}/releases",
        f"{PAGE}/diff",
        "/search?q=l5",
        "/sign-in",
    ):
        page = browser.get(path)
        assert (page.status_code, page.headers["cache-control"]) == (200, PRIVATE), path
        assert "Signed in as Ada <small>(write, review on example-engineering)</small>" in page.text
        assert "etag" not in page.headers
    answer = browser.sign_out()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert SESSION not in browser.cookies
    assert "Signed in as" not in browser.get("/").text
    assert rows(api) == 0
    number = key[:14]
    assert audited(api) == [("session.begin", "Ada", number), ("session.end", "Ada", number)]


def test_a_public_page_links_to_sign_in_and_may_be_cached(browser: Browser) -> None:
    for _ in range(2):
        answer = browser.get(f"{PAGE}/diff?from=1.0.0&to=1.1.0")
        link = "/sign-in?next=%2Fladders%2Fexample-engineering%2Fdiff%3Ffrom%3D1.0.0%26to%3D1.1.0"
        assert f'href="{link}"' in answer.text
        assert "cookie" in answer.headers["vary"]
        assert "etag" in answer.headers
        assert "max-age=10" in answer.headers["cache-control"]


def test_signing_in_leads_back_to_the_page_before(api: Api, browser: Browser) -> None:
    key = key_of(api.key("Ada", "read"))
    there = f"{PAGE}/diff?from=1.0.0&to=1.1.0"
    link = unescape(browser.get(there).text.split('class="account" href="')[1].split('"')[0])
    answer = browser.sign_in(key, link)
    assert answer.headers["location"] == there


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example"),
        *(
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "evil",
            "",
            "/ /x",
        ),
        *("/v1/audit", "/docs", "/sign-out", "/sign-in", "/.well-known/api-catalog", "/assets/page.js"),
        *("/ladders/../docs", "/ladders/%2e%2e/docs", "/ladders/..%2fx", "/ladders\\..\\x", "/ladders/%5cx"),
        *(
            f"/ladders/{'x' * 3000}",
            "/ladders/ü",
            "/ladders/x\r\nset-cookie: a=b",
            "/ladders/x#y",
            "//",
            "/\\",
        ),
    ],
    ids=lambda wanted: ascii(wanted)[:30],
)
def test_signing_in_never_leads_to_another_site_or_the_api(api: Api, browser: Browser, wanted: str) -> None:
    assert safe_next(ROUTES, "", wanted) == "/"
    assert safe_next(ROUTES, "/career", wanted) == "/career/"
    assert safe_next(ROUTES, "/career", f"/career{wanted}") in {"/career/", f"/career{wanted}"}
    browser.get("/sign-in")
    _, token = form_of(browser.get("/sign-in").text, "sign-in")
    key = key_of(api.key("Ada", "read"))
    answer = browser.post(f"/sign-in?{urlencode({'next': wanted})}", {"token": token, "key": key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "wanted", ["/career//evil.example", "/career/..//evil", "/careerx/ladders", "/ladders", "/career"]
)
def test_behind_a_prefix_signing_in_stays_below_it(wanted: str) -> None:
    assert safe_next(ROUTES, "/career", wanted) == "/career/"


@pytest.mark.parametrize("wanted", ["/", "/?cursor=x", "/ladders/a@draft/levels/l5?x=%22", "/search?q=a%20b"])
def test_signing_in_leads_to_a_page_of_the_explorer(wanted: str) -> None:
    assert safe_next(ROUTES, "", wanted) == wanted
    assert safe_next(ROUTES, "/career", f"/career{wanted}") == f"/career{wanted}"


def test_the_next_parameter_cannot_inject_markup(browser: Browser) -> None:
    for path in (
        f"/sign-in?next={quote(EVIL)}",
        f"/ladders/x@draft/{quote(EVIL)}",
        f"/?cursor={quote(EVIL)}",
    ):
        page = browser.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_a_wrong_key_is_refused_and_never_repeated_or_logged(
    api: Api, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = key_of(api.key("Ada", "read"))
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), "nonsense", "", "clk_x", "ü" * 50, "eyJ.a.b"):
        answer = browser.sign_in(wrong, f"/sign-in?next={PAGE}")
        assert (answer.status_code, answer.headers["cache-control"]) == (401, PRIVATE)
        assert "This key is not valid: it is unknown, expired or revoked." in answer.text
        assert len(wrong) < 6 or wrong not in answer.text
        assert len(wrong) < 6 or wrong not in caplog.text
        assert SESSION not in browser.cookies
        action, _ = form_of(answer.text, "sign-in")
        assert action == f"/sign-in?next={PAGE.replace('/', '%2F')}"
    assert rows(api) == 0
    assert audited(api) == []
    assert browser.sign_in(key).status_code == 303
    assert key not in caplog.text


def test_a_revoked_or_expired_key_cannot_sign_in(api: Api, browser: Browser, clock: Clock) -> None:
    with writing(api.application.serving.engine) as connection:
        revoked, made = create_key(connection, "Ada", ["admin"], clock.moment)
        revoke_key(connection, made.id, clock.moment)
        expiring, _ = create_key(
            connection, "Ada", ["admin"], clock.moment, expires_at=clock.moment + timedelta(hours=1)
        )
    api.refresh()
    assert browser.sign_in(revoked).status_code == 401
    assert browser.sign_in(expiring).status_code == 303
    clock.moment += timedelta(hours=1)
    assert browser.sign_in(expiring).status_code == 401
    assert "Signed in as" not in browser.get("/").text


def test_a_session_ends_after_the_configured_time_or_with_its_key(
    sqlite_databases: SqliteDatabases, clock: Clock
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, clock, session_hours=2) as api:
        with writing(api.application.serving.engine) as connection:
            ends = clock.moment + timedelta(minutes=90)
            short, _ = create_key(connection, "Ada", ["read"], clock.moment, expires_at=ends)
        long = key_of(api.key("Ben", "read"))
        ada, ben = Browser(api), Browser(api)
        assert "Max-Age=5400" in ada.sign_in(short).headers.get_list("set-cookie")[0]
        assert "Max-Age=7200" in ben.sign_in(long).headers.get_list("set-cookie")[0]
        clock.moment += timedelta(minutes=89)  # reading on does not make it longer
        assert ["Signed in" in one.get("/").text for one in (ada, ben)] == [True, True]
        clock.moment += timedelta(minutes=1)
        assert ["Signed in" in one.get("/").text for one in (ada, ben)] == [False, True]
        clock.moment += timedelta(minutes=30)
        answer = ben.get("/")
        assert "Signed in" not in answer.text
        assert ben.cookies == {}


def test_signing_in_always_creates_a_new_session_id(api: Api, browser: Browser) -> None:
    """An id that an attacker planted never becomes a session (session fixation)."""
    key = key_of(api.key("Ada", "read"))
    planted = "A" * 43
    browser.cookies[SESSION] = planted
    browser.sign_in(key)
    first = browser.cookies[SESSION]
    assert first != planted
    browser.sign_in(key)
    second = browser.cookies[SESSION]
    assert second not in {planted, first}
    assert rows(api) == 1
    assert "Signed in" not in Browser(api, {SESSION: first}).get("/").text
    assert "Signed in" in browser.get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "", "origin": "https://evil.example"},
        {"sec_fetch_site": "", "origin": "null"},
        {"sec_fetch_site": "", "origin": "http://testserver.evil.example"},
        {"sec_fetch_site": "", "origin": "http://testserver:81"},
    ],
    ids=str,
)
def test_a_form_sent_by_another_site_is_refused(api: Api, browser: Browser, headers: dict[str, str]) -> None:
    key = key_of(api.key("Ada", "read"))
    answer = browser.sign_in(key, **headers)
    assert (answer.status_code, rows(api)) == (403, 0)
    assert "was sent from another site" in answer.text
    browser.sign_in(key)
    assert browser.sign_out(**headers).status_code == 403
    assert "Signed in" in browser.get("/").text


def test_a_browser_without_fetch_metadata_needs_the_form_token(api: Api, browser: Browser) -> None:
    key = key_of(api.key("Ada", "read"))
    assert browser.sign_in(key, sec_fetch_site="", origin="").status_code == 303
    assert browser.sign_out(sec_fetch_site="").status_code == 303


def test_a_form_needs_the_token_of_the_same_browser(api: Api, browser: Browser) -> None:
    key = key_of(api.key("Ada", "read"))
    attacker = Browser(api)
    action, theirs = form_of(attacker.get("/sign-in").text, "sign-in")
    browser.get("/sign-in")
    for token in (theirs, "", "0" * 64, "ü"):
        answer = browser.post(action, {"token": token, "key": key})
        assert (answer.status_code, rows(api)) == (403, 0)
        assert "has expired" in answer.text
    assert browser.post(action, {"key": key}).status_code == 403
    browser.sign_in(key)
    attacker.sign_in(key)
    _, of_theirs = form_of(attacker.get("/").text, "account")
    for token in (of_theirs, theirs, ""):
        assert browser.post("/sign-out", {"token": token}).status_code == 403
    assert "Signed in" in browser.get("/").text


def test_a_browser_without_cookies_learns_why_signing_in_fails(api: Api, browser: Browser) -> None:
    key = key_of(api.key("Ada", "read"))
    action, token = form_of(browser.get("/sign-in").text, "sign-in")
    browser.cookies.clear()
    answer = browser.post(action, {"token": token, "key": key})
    assert (answer.status_code, rows(api)) == (403, 0)
    assert "Your browser sent no cookie with this form." in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "ladder.example",
        "192.168.1.5:8000",
        "10.0.0.1",
        "[fe80::1]:8000",
        "localhost.example",
        "127.0.0.1.example",
    ],
)
def test_over_plain_http_the_page_explains_and_takes_no_key(api: Api, browser: Browser, host: str) -> None:
    key = key_of(api.key("Ada", "read"))
    _, token = form_of(browser.get("/sign-in").text, "sign-in")
    plain = {"accept": HTML["accept"], "host": host}
    for path in ("/sign-in", f"{PAGE}@draft"):
        page = api.client.get(path, headers=plain)
        assert INSECURE in page.text
        assert '<form class="sign-in"' not in page.text
        assert 'type="password"' not in page.text
    answer = api.client.post(
        "/sign-in",
        content=urlencode({"token": token, "key": key}),
        headers={
            **plain,
            "content-type": "application/x-www-form-urlencoded",
            "cookie": f"{FORM}={browser.cookies[FORM]}",
        },
    )
    assert (answer.status_code, rows(api)) == (403, 0)
    assert INSECURE in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost:8000"},
        {"host": "app.localhost"},
        {"host": "127.0.0.1:8000"},
        {"host": "127.1.2.3"},
        {"host": "[::1]:8000"},
        {"host": "ladder.example", "x-forwarded-proto": "https"},
        {"host": "ladder.example", "x-forwarded-proto": "HTTPS, http"},
        {"host": "ladder.example", "forwarded": 'for=1.2.3.4; proto="https", for=10.0.0.1;proto=http'},
        {"host": "ladder.example", "sec-fetch-site": "none"},
    ],
    ids=str,
)
def test_over_https_and_at_localhost_the_page_has_a_form(api: Api, headers: dict[str, str]) -> None:
    page = api.client.get("/sign-in", headers={"accept": HTML["accept"], **headers})
    assert '<form class="sign-in"' in page.text
    assert INSECURE not in page.text


def test_two_forms_open_in_one_browser_are_both_valid(browser: Browser) -> None:
    first = form_of(browser.get("/sign-in").text, "sign-in")
    assert form_of(browser.get(f"{PAGE}@draft").text, "sign-in")[1] == first[1]
    browser.cookies[FORM] = "not ours"
    assert form_of(browser.get("/sign-in").text, "sign-in")[1] != first[1]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"content-type": "application/json"}, 415),
        (b"key=%ff", {}, 400),
        (b"key=\xff", {}, 400),
        (b"&".join(b"a=b" for _ in range(11)), {}, 400),
        (b"key=" + b"x" * 20_000, {}, 413),
        (b"", {}, 403),
    ],
    ids=["json", "escape", "byte", "fields", "long", "empty"],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_a_body_that_is_not_a_form_is_refused(
    api: Api, browser: Browser, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    browser.sign_in(key_of(api.key("Ada", "read")))
    sent = {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        "cookie": f"{SESSION}={browser.cookies[SESSION]}; {FORM}={'A' * 43}",
        **HTML,
        **headers,
    }
    answer = api.client.post(path, content=body, headers=sent)
    assert (answer.status_code, answer.headers["cache-control"]) == (status, PRIVATE)


@pytest.mark.parametrize(
    ("path", "allowed"), [("/sign-in", "GET, HEAD, OPTIONS, POST"), ("/sign-out", "OPTIONS, POST")]
)
def test_the_sign_in_pages_list_their_methods(api: Api, path: str, allowed: str) -> None:
    assert api.client.options(path).headers["allow"] == allowed
    answer = api.client.put(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_wrong_keys_are_limited_by_address_but_a_right_key_still_works(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=2) as api:
        browser, key = Browser(api), key_of(api.key("Ada", "read"))
        answers = [browser.sign_in("clk_wrong") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        sent = api.client.get(EXAMPLE, headers={"authorization": "Bearer clk_wrong"})
        assert sent.status_code == 429  # one count for forms and headers
        assert browser.sign_in(key).status_code == 303


def test_false_cookies_from_an_address_lock_nobody_out(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=2) as api:
        browser, key = Browser(api), key_of(api.key("Ada", "write", ladders=("example-engineering",)))
        for letter in "ABCD":
            other = Browser(api, {SESSION: letter * 43})
            assert other.get(PAGE).status_code == 200
        assert browser.sign_in("clk_wrong").status_code == 429
        answer = browser.sign_in(key, f"/sign-in?next={quote(PAGE)}")
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
        for path in (PAGE, "/", "/sign-in", f"{PAGE}/levels/l5"):
            page = browser.get(path)
            assert (page.status_code, "Signed in as Ada" in page.text) == (200, True), path
        assert browser.sign_out().status_code == 303
        assert (rows(api), SESSION in browser.cookies) == (0, False)


def test_signing_out_without_a_session_leads_to_the_start_page(api: Api, browser: Browser) -> None:
    assert browser.post("/sign-out", {}).headers["location"] == "/"
    browser.sign_in(key_of(api.key("Ada", "read")))
    token, cookie = form_of(browser.get("/").text, "account")[1], dict(browser.cookies)
    browser.sign_out()
    browser.cookies = cookie
    answer = browser.post("/sign-out", {"token": token})
    assert (answer.status_code, browser.cookies) == (303, {})
    assert [action for action, _, _ in audited(api)] == ["session.begin", "session.end"]


def test_without_the_database_signing_in_and_out_fail_with_a_message(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        browser, key = Browser(api), key_of(api.key("Ada", "admin"))
        browser.sign_in(key)
        token = form_of(browser.get("/").text, "account")[1]
        cookies = dict(browser.cookies)
        file = Path(url.removeprefix("sqlite:///"))
        file.rename(file.with_suffix(".away"))
        api.refresh()
        page = browser.get("/")
        assert (page.status_code, page.headers["cache-control"]) == (200, PRIVATE)
        assert "We can't check your sign-in right now" in page.text
        assert "Signed in as" not in page.text
        assert browser.get(f"{PAGE}@draft").status_code == 401
        assert browser.post("/sign-out", {"token": token}).status_code == 503
        assert {name: browser.cookies[name] for name in cookies} == cookies
        assert browser.sign_in(key).status_code == 503
        file.with_suffix(".away").rename(file)
        api.refresh()
        assert "Signed in as" in browser.get("/").text


def test_without_any_key_the_page_says_how_to_create_one(api: Api, browser: Browser) -> None:
    assert "ladder keys create" in browser.get("/sign-in").text
    api.key("Ada", "read")
    assert "ladder keys create" not in browser.get("/sign-in").text


def test_the_owner_of_a_key_cannot_inject_markup(api: Api, browser: Browser) -> None:
    browser.sign_in(key_of(api.key(EVIL, "read")))
    for path in ("/", PAGE, "/sign-in", "/ladders/none"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "Signed in as &#34;&gt;&lt;script&gt;" in page


def test_only_a_session_with_rights_sees_an_internal_ladder(api: Api) -> None:
    hide(api.application.serving.engine, "example-engineering")
    api.refresh()
    may, may_not, nobody = Browser(api), Browser(api), Browser(api)
    may.sign_in(key_of(api.key("Ada", "read", ladders=("example-engineering",))))
    may_not.sign_in(key_of(api.key("Ben", "admin", ladders=("netflix-engineering",))))
    for path in (PAGE, f"{PAGE}/levels/l5", f"{PAGE}@1.0.0", f"{PAGE}/releases", f"{PAGE}/diff"):
        assert [one.get(path).status_code for one in (may, may_not, nobody, may)] == [200, 404, 404, 200], (
            path
        )
    assert [PAGE in one.get("/").text for one in (may, may_not, nobody)] == [True, False, False]
    for one in (may_not, nobody):
        hidden, never = (
            one.get(f"/ladders/{slug}").text.replace(slug, "x")
            for slug in ("example-engineering", "example-engineerinx")
        )
        assert hidden.partition("Request ")[0] == never.partition("Request ")[0]


def test_if_reading_needs_a_key_only_sessions_see_ladders(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, read_access="key") as api:
        some, nobody = Browser(api), Browser(api)
        some.sign_in(key_of(api.key("Ada", "read", ladders=("netflix-engineering",))))
        assert "netflix-engineering" in some.get("/").text
        assert "example-engineering" not in some.get("/").text
        assert "netflix-engineering" not in nobody.get("/").text
        assert [one.get("/ladders/netflix-engineering").status_code for one in (some, nobody)] == [200, 404]


def test_the_audit_log_records_sessions(api: Api, browser: Browser) -> None:
    admin = api.key("Root", "admin")
    browser.sign_in(key_of(api.key("Ada", "read")))
    items = api.client.get("/v1/audit?action=session.begin", headers=admin).json()["items"]
    assert [(item["who"], item["action"]) for item in items] == [("Ada", "session.begin")]
    assert browser.cookies[SESSION] not in str(items)
