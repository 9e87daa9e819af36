"""Signing in in a real browser without scripts: the cookie, its use, and its removal."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.rubric.ladder import Ladder
from app.store.access.keys import create_key
from app.store.drafts import save_draft
from app.store.engine import reading, writing
from app.store.loading import load_content
from app.store.releases import find_releases
from tests.api.process import Server, running
from tests.browser.barriers import barriers
from tests.browser.conftest import Watched, new_context
from tests.databases import SqliteDatabases, opened

pytestmark = pytest.mark.browser

SLUG: Final = "example-engineering"
DRAFT: Final = f"/ladders/{SLUG}@draft"
COOKIE: Final = "__Host-ladder-session"


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """Serve a ladder with a draft. Yields the server and a key that can read the draft."""
    now = datetime.now(UTC)
    with sqlite_databases.fresh("seeded") as url, opened(url) as engine:
        with reading(engine) as connection:
            content = load_content(connection, find_releases(connection, SLUG)[-1])
        lost = {**content.model_dump(mode="json")["expectations"][0], "level": "l99"}
        changed = content.model_dump(mode="json", exclude_none=True) | {"title": "Ladder in the making"}
        changed["expectations"] = [*changed["expectations"], {k: v for k, v in lost.items() if v is not None}]
        with writing(engine) as connection:
            key, _ = create_key(connection, "Ada Lovelace", ["write"], now)
            save_draft(connection, Ladder.model_validate(changed), slug=SLUG, expected=0, by="ada", at=now)
        with running(Path(tmp_path_factory.mktemp("signing")), url) as server:
            yield server, key


def show(html: str, route: Route) -> None:
    """Answer a request with a page of another site."""
    route.fulfill(content_type="text/html", body=html)


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_signing_in_reading_a_draft_and_signing_out_work_without_scripts(
    plain: Page, served: tuple[Server, str], host: str
) -> None:
    server, key = served
    base = f"http://{host}:{server.port}"
    plain.goto(f"{base}/ladders/{SLUG}")  # kept by the browser for some seconds
    plain.goto(base + DRAFT)
    expect(plain.locator("h1")).to_have_text("Sign in")
    sign_in(plain, "clk_wrong")
    expect(plain.get_by_role("alert")).to_contain_text("This key is not valid")
    sign_in(plain, key)
    plain.wait_for_url(base + DRAFT)
    expect(plain.locator("h1")).to_have_text("Ladder in the making")
    expect(plain.locator("aside.draft")).to_contain_text("Not published")
    (cookie,) = (one for one in plain.context.cookies() if one["name"].startswith("__Host-"))
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (
        COOKIE,
        True,
        True,
        "Lax",
    )
    plain.goto(f"{base}/ladders/{SLUG}")
    expect(plain.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
    plain.locator(".bar").get_by_role("link", name="Draft", exact=True).click()
    plain.get_by_role("link", name="1 error").click()
    expect(plain.locator("h1")).to_have_text("Errors and warnings")
    expect(plain.locator("main .findings li").first).to_contain_text("unknown-level")
    plain.locator("main .findings a").first.click()
    expect(plain.locator("aside.draft > details")).to_contain_text("unknown-level")
    plain.get_by_role("link", name="Changes since 1.1.0").click()
    expect(plain.locator("h1")).to_have_text("From 1.1.0 to draft")
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url(f"{base}/")
    expect(plain.get_by_role("link", name="Sign in")).to_be_visible()
    assert [one["name"] for one in plain.context.cookies()] == []
    plain.goto(base + DRAFT)
    expect(plain.locator("h1")).to_have_text("Sign in")
    plain.go_back()
    plain.go_back()
    assert "From 1.1.0 to draft" not in plain.content()


def test_signing_in_or_out_shows_no_cached_page(plain: Page, served: tuple[Server, str]) -> None:
    server, key = served
    base = f"http://127.0.0.1:{server.port}"
    began = time.monotonic()
    plain.goto(f"{base}/")
    plain.get_by_role("link", name="Sign in").click()
    sign_in(plain, key)
    expect(plain.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
    assert plain.url == f"{base}/work"
    plain.goto(f"{base}/")
    expect(plain.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_role("link", name="Sign in")).to_be_visible()
    assert time.monotonic() - began < 9, "too slow to tell: the browser would have asked again anyway"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Yield a browser context without any data."""
    with new_context(browser) as context:
        yield context


def test_another_site_cannot_use_the_session_or_sign_anybody_in_or_out(
    context: BrowserContext, served: tuple[Server, str]
) -> None:
    server, key = served
    ours, theirs = (
        f"http://127.0.0.1:{server.port}",
        f"http://localhost:{server.port}",
    )  # two sites to a browser
    page = context.new_page()
    page.goto(f"{ours}/sign-in")
    sign_in(page, key)
    expect(page.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
    token = page.locator("form.account input[name=token]").get_attribute("value")
    attack = context.new_page()
    for path in ("/sign-out", "/sign-in"):
        form = (
            f'<form method="post" action="{ours}{path}"><input name="token" value="{token}">'
            f'<input name="key" value="{key}"><button>Win a prize</button></form>'
        )
        attack.route(f"{theirs}/evil", partial(show, form))
        attack.goto(f"{theirs}/evil")
        with attack.expect_response(f"{ours}{path}") as answer:
            attack.get_by_role("button").click()
        assert answer.value.status == 403
        expect(attack.get_by_text("was sent from another site")).to_be_visible()
        attack.unroute(f"{theirs}/evil")
    context.route("**/blank", partial(show, "<p>Without a policy</p>"))
    ask = "url => fetch(url, {credentials: 'include'}).then(a => a.status, () => 'refused')"
    attack.goto(f"{theirs}/blank")
    assert attack.evaluate(ask, f"{ours}{DRAFT}") == "refused"
    page.goto(f"{ours}/blank")
    assert page.evaluate("document.cookie") == ""
    assert [page.evaluate(ask, url) for url in (DRAFT, f"/v1{DRAFT}")] == [200, 401]
    page.goto(ours + DRAFT)
    expect(page.locator("h1")).to_have_text("Ladder in the making")


def test_the_sign_in_pages_are_accessible_and_fit_a_phone_and_a_desktop(
    watched: Watched, served: tuple[Server, str]
) -> None:
    server, key = served
    page = watched.page
    page.goto(f"{server.url}{DRAFT}")
    for path in ("/sign-in", DRAFT, f"{DRAFT}/levels/l5", f"{DRAFT}/findings", "/"):
        if path != "/sign-in":
            page.goto(f"{server.url}{path}")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        if path == "/sign-in":
            sign_in(page, key)
            page.wait_for_url("**@draft")
