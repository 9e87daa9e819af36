"""The whole way in a browser: from a spreadsheet to a release in force, by two people with a company account."""

import json
import os
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect
from xlsxwriter import Workbook

from app.main import create_app
from app.serving.connection.protocol import http_protocol
from app.serving.connection.time_limits import Limits
from app.settings import Settings
from tests.browser.barriers import barriers
from tests.browser.conftest import Watched, new_context
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.databases import SqliteDatabases
from tests.web.company import SETTINGS, company

pytestmark = pytest.mark.browser

SHOTS: Final = os.environ.get("SCREENSHOTS")
"""A folder for pictures of every step; empty for none."""
SHEET: Final = (
    ("Category", "Competency", "L1 Associate", "L2 Partner"),
    ("Craft", "Listening", "Asks before advising", "• Hears what is not said\n• Sums up for both sides"),
    ("Craft", "Law", "Knows whom to ask", "Explains the rules to managers"),
    ("Team", "Mentoring", "n/a", "Helps others to decide"),
)
SENTENCE: Final = "Explains new rules before they apply"
HR: Final = {"name": "Ada Lovelace", "groups": ["hr"]}
ISSUERS_FONT: Final = "https://fonts.googleapis.com/"
COLLEAGUE: Final = {"name": "Eve Curie", "groups": ["reviewers"]}


@dataclass
class Site:
    """The pages on a real server, with the server's clock."""

    url: str
    ahead: timedelta = timedelta(0)
    """How far the clock of the server is ahead."""

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[Site]:
    """Serve a database, with an issuer for the accounts of the company."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with company(folder, site.url) as issuer:
            settings = {
                **SETTINGS,
                "oidc_issuer": issuer.url,
                "oidc_name_claim": "name",
                "oidc_scopes": "hr=read+write+review+publish reviewers=read+review",
                "public_url": site.url,
                "contact": "people-ops@acme.example",
            }
            chosen = Settings(database_url=database_url, log_level="error", revision_interval=0.1, **settings)  # type: ignore[arg-type]
            application = create_app(chosen, site.now)
            config = uvicorn.Config(
                application,
                http=http_protocol(Limits()),
                log_config=None,
                access_log=False,
                proxy_headers=False,
            )
            server = uvicorn.Server(config)
            thread = Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                while not server.started:
                    assert thread.is_alive(), "the server did not start"
                    time.sleep(0.01)
                yield site
            finally:
                server.should_exit = True
                thread.join(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the issuer's packages, and a spreadsheet."""
    folder = tmp_path_factory.mktemp("whole-way")
    with Workbook(folder / "hr-partners.xlsx") as book:
        sheet = book.add_worksheet("Ladder")
        for number, row in enumerate(SHEET):
            sheet.write_row(number, 0, row)
    return folder


@dataclass
class Person:
    """Somebody at a browser."""

    page: Page
    hands: Hands
    site: Site
    called: str
    """The start of the names of pictures."""
    looks: int = 0

    def look(self, name: str) -> None:
        """Assert that the page fits, and is accessible; take a picture if pictures are wanted."""
        page = self.page
        self.looks += 1
        if SHOTS:
            file = Path(SHOTS) / f"{self.called}-{self.looks:02}-{name}.png"
            page.screenshot(path=file, full_page=True)
        size = page.viewport_size
        assert size is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        if isinstance(self.hands, Mouse):  # axe is a script
            assert barriers(page) == [], name

    def link(self, name: str) -> None:
        with self.page.expect_navigation():
            self.hands.press(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        with self.page.expect_navigation():
            self.hands.press(self.page.get_by_role("button", name=name, exact=True))

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def title(self, words: str) -> None:
        """Assert that the browser shows a page, by its heading, and look at it."""
        expect(self.page.locator("h1")).to_have_text(words)
        self.look(re.sub(r"\W+", "-", words))

    def sign_in(self, sub: str, claims: Mapping[str, object]) -> None:
        """Sign in with the account of the company, and agree there to come back."""
        self.link("Sign in")
        self.title("Sign in")
        self.link("Sign in with Acme")
        page = self.page
        self.hands.write(page.locator("input[name=login]"), f"{sub}:{json.dumps(claims)}")
        self.hands.write(page.locator("input[name=password]"), "any")
        self.button("Sign-in")
        self.button("Continue")


@contextmanager
def person(browser: Browser, site: Site, name: str, *, script: bool, width: int) -> Iterator[Person]:
    """Open a browser without any data at the start page."""
    size = {"width": width, "height": 844}
    with new_context(browser, java_script_enabled=script, viewport=size) as context:
        context.route(f"{ISSUERS_FONT}**", lambda route: route.fulfill(content_type="text/css", body=""))
        watched = Watched.new(context)
        page = watched.page
        page.goto(site.url)
        yield Person(page, Mouse() if script else Keyboard(page), site, f"{width}-{name}")
        assert watched.complaints == []
        assert [url for url in watched.outside if not url.startswith(ISSUERS_FONT)] == []


@pytest.mark.parametrize(("script", "width"), [(False, 390), (True, 1440)])
def test_two_people_bring_a_spreadsheet_into_force(
    browser: Browser, sqlite_databases: SqliteDatabases, folder: Path, *, script: bool, width: int
) -> None:
    at = partial(person, browser, script=script, width=width)
    with (
        sqlite_databases.fresh("migrated") as url,
        serving(url, folder) as site,
        at(site, "ada") as ada,
        at(site, "eve") as eve,
    ):
        ada.look("start")
        ada.sign_in("ada", HR)
        bring_the_spreadsheet_in(ada, folder / "hr-partners.xlsx")
        edit_a_cell(ada)
        ask_for_a_review(ada)
        approve(eve)
        date = publish(ada)
        with at(site, "before") as reader:
            expect(reader.page.get_by_text("1.0.0 not yet in force")).to_be_visible()
        site.ahead = date - datetime.now(UTC)
        with at(site, "after") as reader:
            read(reader)


def bring_the_spreadsheet_in(ada: Person, file: Path) -> None:
    ada.title("My work")
    ada.link("New ladder")
    ada.title("New ladder")
    ada.link("Upload a file")
    ada.title("New ladder from a file")
    ada.hands.upload(ada.field("File"), file)
    ada.button("Upload")
    ada.title("Is this your ladder?")
    ada.hands.write(ada.field("Title"), "HR partners")
    ada.button("Create the ladder")
    ada.title("HR partners")


def edit_a_cell(ada: Person) -> None:
    """Write what a level expects in a competency."""
    ada.link("Edit")
    ada.title("Edit: HR partners")
    ada.link("L2 Partner")
    expect(ada.page.locator("h1")).to_contain_text("L2 Partner")
    ada.look("level")
    ada.link("Law")
    ada.look("cell")
    ada.hands.write(ada.field("Summary"), SENTENCE)
    ada.button("Save")
    expect(ada.page.get_by_role("status").first).to_contain_text("Saved")
    ada.look("saved")


def ask_for_a_review(ada: Person) -> None:
    ada.link("Reviews")
    ada.title("Reviews")
    ada.link("Ask for a review")
    ada.look("ask")
    ada.hands.write(ada.field("What is it about?"), "A ladder for HR partners")
    ada.button("Ask for a review")
    ada.look("review")


def approve(eve: Person) -> None:
    """Find the review that waits, read it, and approve."""
    eve.sign_in("eve", COLLEAGUE)
    eve.title("My work")
    eve.link("A ladder for HR partners")
    expect(eve.page.locator("main")).to_contain_text(SENTENCE)
    eve.look("review")
    eve.button("Approve")
    expect(eve.page.get_by_text("Approved by Eve Curie")).to_be_visible()
    eve.look("approved")


def publish(ada: Person) -> datetime:
    """Publish for the first of next month, and return the moment when the release comes into force."""
    with ada.page.expect_navigation():
        ada.page.reload()
    ada.look("approved")
    ada.link("Publish the draft")
    ada.title("Publish the draft")
    month = ada.site.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=31)
    date = month.replace(day=1)
    ada.hands.pick(ada.field("On a date"))
    ada.hands.write(ada.field("Date"), f"{date:%Y-%m-%d}")
    ada.button("Continue")
    ada.title("Schedule 1.0.0?")
    ada.button("Schedule 1.0.0")
    ada.title("Releases")
    ada.link("My work")
    expect(ada.page.get_by_role("link", name="HR partners 1.0.0")).to_be_visible()
    ada.look("scheduled")
    return date


def read(reader: Person) -> None:
    """Read the text when it is in force, without an account."""
    reader.look("in-force")
    expect(reader.page.get_by_text("1.0.0 in force")).to_be_visible()
    reader.link("HR partners")
    reader.title("HR partners")
    reader.link("L2 Partner")
    expect(reader.page.locator("main")).to_contain_text(SENTENCE)
    reader.look("level")
