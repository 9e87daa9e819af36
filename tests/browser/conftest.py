"""A real browser before a real server: Chromium from the system, cut off from everything but this machine."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from tests.api.process import running
from tests.databases import SqliteDatabases

CHROMIUM: Final = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_MISSING: Final = (
    f"{CHROMIUM} is missing. Debian, Ubuntu: apt install chromium; elsewhere set CHROMIUM to its path."
)


@dataclass
class Watched:
    """A page, and all that it did which no page of ours may do."""

    page: Page
    outside: list[str] = field(default_factory=list)
    """URLs asked for on other hosts; none of them left this machine."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, violations of the policy included, and uncaught exceptions."""
    failed: list[str] = field(default_factory=list)
    """Answers of 400 and above, and requests that got none."""

    def assert_clean(self) -> None:
        """It did none of that."""
        assert (self.outside, self.complaints, self.failed) == ([], [], [])


@pytest.fixture(scope="session")
def base_url(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        folder = tmp_path_factory.mktemp("browser")
        with running(folder, url) as server:
            yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Where it is missing: a failure in CI, elsewhere a skip that says how to install it.

    One for each module: as long as Playwright runs, no test in the same process can run an event loop of its own.
    """
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A new page whose requests and complaints are written down."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    found = Watched(page)

    def pass_on(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("data", "blob") or url.hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            found.outside.append(route.request.url)
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.complaints.append(message.text)

    context.route("**/*", pass_on)
    page.on("console", listen)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("requestfailed", lambda request: found.failed.append(request.url))
    page.on("response", lambda r: found.failed.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    yield found
    context.close()
