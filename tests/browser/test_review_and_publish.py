"""Reviewing and publishing in a real browser, on a phone without scripts, and by keyboard on a desk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from app.store.access.keys import create_key
from app.store.drafts import save_draft
from app.store.engine import reading, writing
from app.store.loading import load_content
from app.store.releases import find_releases
from tests.api.process import Server, running
from tests.browser.barriers import barriers
from tests.browser.conftest import new_context
from tests.databases import SqliteDatabases, opened

pytestmark = pytest.mark.browser

SLUG: Final = "example-engineering"
LADDER: Final = f"/ladders/{SLUG}"
PEOPLE: Final = {"Ada": ["write"], "Bob": ["review", "publish"]}


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, dict[str, str]]]:
    """Serve a ladder that Ada has edited. Yields the server and everybody's keys."""
    now = datetime.now(UTC)
    with sqlite_databases.fresh("seeded") as url, opened(url) as engine:
        with reading(engine) as connection:
            content = load_content(connection, find_releases(connection, SLUG)[-1])
        level = content.levels[0].model_copy(update={"title": "Newcomer"})
        changed = content.model_copy(update={"levels": (level, *content.levels[1:])})
        with writing(engine) as connection:
            keys = {who: create_key(connection, who, rights, now)[0] for who, rights in PEOPLE.items()}
            save_draft(connection, changed, slug=SLUG, expected=0, by="Ada", at=now)
        with running(Path(tmp_path_factory.mktemp("publishing")), url) as server:
            yield server, keys


def sign_in(page: Page, url: str, key: str) -> None:
    page.goto(url)
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(url)


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


def test_two_people_review_and_publish_for_a_date(
    browser: Browser, served: tuple[Server, dict[str, str]]
) -> None:
    server, keys = served
    base = server.url
    phone = {"width": 390, "height": 844}
    with new_context(browser, java_script_enabled=False, viewport=phone) as context:
        ada = context.new_page()
        sign_in(ada, f"{base}{LADDER}/reviews", keys["Ada"])
        ada.get_by_role("link", name="Ask for a review").click()
        ada.get_by_label("What is it about?").fill("A new title")
        press(ada, "Ask for a review")
        expect(ada.locator("h1")).to_contain_text("A new title")
        expect(ada.get_by_text("Nobody has approved this content yet.")).to_be_visible()
        review = ada.url
    desk = {"width": 1440, "height": 900}
    with new_context(browser, viewport=desk) as context:
        bob = context.new_page()
        complaints: list[str] = []
        sign_in(bob, review, keys["Bob"])
        bob.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        bob.get_by_text("Comment", exact=True).first.click()
        bob.get_by_label("Your comment").first.fill("Clearer than before.")
        press(bob, "Send the comment")
        expect(bob.locator("blockquote.comment")).to_contain_text("Clearer than before.")
        assert barriers(bob) == []
        bob.get_by_label("Why? (optional)").fill("Good.")
        press(bob, "Approve")
        expect(bob.get_by_text("Approved by Bob")).to_be_visible()
        bob.get_by_role("link", name="Publish", exact=True).click()
        expect(bob.get_by_text("Approved by Bob")).to_be_visible()
        assert barriers(bob) == []
        date = (datetime.now(UTC) + timedelta(days=40)).date()
        bob.get_by_label("On a date").check()
        bob.get_by_label("Date", exact=True).fill(date.isoformat())
        press(bob, "Continue")
        expect(bob.locator("h1")).to_have_text("Schedule 1.2.0?")
        assert barriers(bob) == []
        press(bob, "Schedule 1.2.0")
        expect(bob.locator("ol.line > li").first).to_contain_text(f"{date.day} {date:%B %Y}")
        bob.get_by_role("link", name="Withdraw", exact=True).first.click()
        expect(bob.get_by_text("1.2.0 does not come into force")).to_be_visible()
        assert barriers(bob) == []
        assert not [one for one in complaints if one.startswith(("error", "warning"))]
