"""Bringing a ladder in with a real browser: upload, look, confirm; import again; discard."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.store.access.keys import create_key
from app.store.engine import writing
from tests.api.process import Server, running
from tests.browser.barriers import barriers
from tests.browser.conftest import Watched
from tests.databases import SqliteDatabases, opened

pytestmark = pytest.mark.browser

WIDTHS: Final = (390, 1440)
TABLE: Final = """Category,Competency,L1 Junior,L2 Senior,Comments,Shade
Craft,Coding,"• Writes tests
• Asks early",• Reviews others,Anna: talk in May,blue
Team,Mentoring,n/a,"• Helps others to decide
• same as L1",,red
"""
CHANGED: Final = TABLE.replace("Reviews others", "Reviews the work of others").replace(
    "Mentoring", "Coaching"
)


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """Serve the bundled ladders. Yields the server and the key of an author."""
    now = datetime.now(UTC)
    with sqlite_databases.fresh("seeded") as url, opened(url) as engine:
        with writing(engine) as connection:
            key, _ = create_key(
                connection, "Ada Lovelace", ["write", "review", "publish"], now - timedelta(days=1)
            )
        with running(Path(tmp_path_factory.mktemp("importing")), url) as server:
            yield server, key


def check(page: Page, name: str) -> None:
    """Assert that a page is accessible and fits a phone and a desktop."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert barriers(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def upload(page: Page, name: str, text: str) -> None:
    """Choose a file and send the form."""
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()


def test_an_author_brings_a_spreadsheet_in_and_imports_it_again(
    watched: Watched, served: tuple[Server, str]
) -> None:
    server, key = served
    page = watched.page
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("My work")
    check(page, "empty-work")
    page.get_by_role("link", name="New ladder").click()
    check(page, "new")
    page.get_by_role("link", name="Choose a ladder to copy").click()
    check(page, "choose")
    page.get_by_role("link", name="Example Engineering").click()
    check(page, "copy")
    page.goto(f"{server.url}/new/file")
    upload(page, "a.pdf", "%PDF")
    expect(page.get_by_role("alert")).to_contain_text("cannot be imported")
    check(page, "file")
    upload(page, "people team.csv", TABLE)
    expect(page.locator("h1")).to_have_text("Is this your ladder?")
    check(page, "understood")
    page.get_by_label("Title").fill("People team")
    page.get_by_role("button", name="Create the ladder").click()
    expect(page.locator("h1")).to_have_text("People team")
    page.goto(f"{page.url}/import")
    check(page, "import")
    upload(page, "people.csv", CHANGED)
    expect(page.locator("h1")).to_have_text("Check the import")
    check(page, "preview")
    page.get_by_role("link", name="Replace").click()
    check(page, "replace")
    page.get_by_role("button", name="Replace the draft").click()
    expect(page.locator("main")).to_contain_text("Coaching")
    page.goto(f"{server.url}/work")
    check(page, "work")
    page.get_by_role("link", name="Discard").click()
    check(page, "discard")
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("main")).to_contain_text("There are no drafts.")
