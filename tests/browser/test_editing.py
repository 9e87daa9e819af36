"""Editing a draft in a real browser, with and without scripts, on a phone and by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.process import Server, seeded_server
from tests.browser.barriers import barriers
from tests.browser.conftest import Watched, new_context
from tests.browser.test_sign_in import sign_in
from tests.databases import SqliteDatabases

pytestmark = pytest.mark.browser

LADDER: Final = "/ladders/example-engineering"
DRAFT: Final = f"{LADDER}@draft"
CELL: Final = f"{DRAFT}/levels/l5/in/system-design-mastery/edit"
PAGES: Final = (
    "/edit",
    "/edit?rename=level:l5",
    "/about/edit",
    "/levels/l5/edit",
    "/competencies/system-design-mastery/edit",
    "/scales/proficiency/edit",
    "/translations/edit",
    "/levels/l5/remove",
)


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    folder: Path = tmp_path_factory.mktemp("editing")
    with seeded_server(sqlite_databases, folder, "write") as found:
        yield found


def signed_in(page: Page, served: tuple[Server, str]) -> str:
    server, key = served
    page.goto(f"{server.url}/sign-in?next={LADDER}/levels/l5")
    sign_in(page, key)
    return server.url


def test_an_author_edits_a_cell_on_a_phone_without_scripts(
    browser: Browser, served: tuple[Server, str]
) -> None:
    with new_context(browser, java_script_enabled=False, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        url = signed_in(page, served)
        page.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_role("link", name="System Design Mastery").click()
        expect(page).to_have_url(url + CELL)
        page.locator("[name=step]").nth(4).check()
        page.get_by_label("Statement 5", exact=True).fill("Writes it down.")
        page.get_by_role("button", name="Move 4 up").click()
        expect(page.get_by_label("Statement 5", exact=True)).to_have_value("Writes it down.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Saved in the draft.")
        expect(page.get_by_role("status")).to_contain_text("Expects more: L5, L6 and L7")
        page.get_by_role("link", name="All parts of the draft").click()
        page.get_by_label("Add a track").fill("Research")
        page.get_by_label("Add a track").press("Enter")
        expect(page.locator("h1")).to_contain_text("Research")


def test_forms_are_sent_by_keyboard_and_have_no_barriers(
    watched: Watched, served: tuple[Server, str]
) -> None:
    page = watched.page
    url = signed_in(page, served)
    page.goto(url + CELL)
    page.locator("[name=applicability][value=required]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=applicability][value=optional]")).to_be_checked()
    assert page.url == url + CELL
    page.get_by_label("Summary", exact=True).press("Tab")
    for below in PAGES:
        page.goto(url + DRAFT + below)
        assert barriers(page) == [], below
        for width in (320, 390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (below, width)
    watched.assert_clean()
