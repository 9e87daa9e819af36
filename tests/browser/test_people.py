"""The pages for admins in a real browser: without barriers, on every width, light and dark, and without scripts."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from app.store.access.granting import add_person
from app.store.access.keys import create_key
from app.store.access.people import PersonGrant
from app.store.access.person_checks import NewPerson
from app.store.audit import Actor
from app.store.engine import writing
from tests.api.process import Server, running
from tests.browser.barriers import barriers
from tests.browser.conftest import SCHEMES, Watched, new_context
from tests.databases import SqliteDatabases, opened
from tests.serving.issuers import issuing

pytestmark = pytest.mark.browser

SLUG: Final = "example-engineering"
SHOTS: Final = os.environ.get("SCREENSHOTS")
"""A folder for pictures of the pages; empty for none."""


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str, str]]:
    """Serve the seeds with a person. Yields the server, the key of an admin, and the path of the person."""
    now, root = datetime.now(UTC), Actor("Root")
    with issuing() as issuer, sqlite_databases.fresh("seeded") as url:
        with opened(url) as engine, writing(engine) as connection:
            key, _ = create_key(connection, "Grace Hopper", ["admin"], now)
            create_key(connection, "Nightly export", ["read"], now, ladders=[SLUG], by=root)
            grants = (PersonGrant(None, ("read",)), PersonGrant(SLUG, ("write", "review")))
            new = NewPerson(issuer.url, grants, email="ada@example.org", name="Ada Lovelace")
            person = add_person(connection, new, root, now)
        settings = {"LADDER_OIDC_ISSUER": issuer.url, "LADDER_OIDC_AUDIENCE": "career-ladder"}
        with running(Path(tmp_path_factory.mktemp("people")), url, **settings) as server:
            yield server, key, f"/people/{person.id}"


def sign_in(page: Page, served: tuple[Server, str, str]) -> str:
    server, key, _ = served
    page.goto(f"{server.url}/sign-in?next=/people")
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/people")
    return server.url


def test_the_pages_have_no_barriers_and_fit_every_width(
    browser: Browser, served: tuple[Server, str, str]
) -> None:
    with new_context(browser) as context:
        watched = Watched.new(context)
        page = watched.page
        base, person = sign_in(page, served), served[2]
        key = page.request.get(f"{base}/people/keys").text().partition('href="/people/keys/clk_')[2][:10]
        one = f"/people/keys/clk_{key}"
        paths = ("/people", "/people/new", person, f"{person}?on={SLUG}", f"{person}/remove")
        for path in (*paths, "/people/keys", "/people/keys/new", one, f"{one}/rotate", f"{one}/revoke"):
            page.goto(base + path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert barriers(page) == [], (path, scheme)
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                if SHOTS:
                    name = path.strip("/").replace("/", "-").replace("?", "-")
                    page.emulate_media(color_scheme=SCHEMES[width == 390])
                    page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        watched.assert_clean()


def test_an_admin_gives_rights_and_makes_a_key_without_scripts(
    plain: Page, served: tuple[Server, str, str]
) -> None:
    sign_in(plain, served)
    plain.get_by_role("link", name="Add a person").click()
    plain.get_by_label("Email address").fill("eve@example.org")
    plain.get_by_label("On", exact=True).select_option(SLUG)
    plain.get_by_role("button", name="Add").click()
    expect(plain.get_by_role("alert")).to_contain_text("Name a right")
    plain.locator("#review").check()
    plain.get_by_role("button", name="Add").click()
    expect(plain.locator("h1")).to_have_text("Rights of eve@example.org")
    plain.goto(plain.url.partition("/people")[0] + "/people/keys/new")
    plain.get_by_label("Name of the program").fill("Report")
    plain.get_by_label("On", exact=True).select_option("*")
    plain.locator("#read").check()
    plain.get_by_role("button", name="Create the key").click()
    expect(plain.locator("main pre")).to_contain_text("clk_")
