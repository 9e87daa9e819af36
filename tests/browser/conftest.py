"""A real browser and a real server: Chromium from the system, which can reach this machine only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.api.process import running
from tests.databases import SqliteDatabases

CHROMIUM: Final = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
_HERE: Final = ("127.0.0.1", "localhost")
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND" + "".join(f", EXCLUDE {host}" for host in _HERE),
)
"""The last two block all other hosts, also by address, for pages and the browser itself."""
_PATIENCE: Final = 60_000
"""Milliseconds to wait for anything. It is generous, because machines can be busy."""
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_SIZE: Final[ViewportSize] = {"width": 1280, "height": 900}
_MISSING: Final = (
    f"{CHROMIUM} is missing. Debian, Ubuntu: apt install chromium; elsewhere set CHROMIUM to its path."
)

expect.set_options(timeout=_PATIENCE)


@dataclass
class Watched:
    """A page with a record of everything that our pages must not do."""

    page: Page
    outside: list[str] = field(default_factory=list)
    """Requested URLs on other hosts. All were blocked."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, violations of the policy included, and uncaught exceptions."""
    failed: list[str] = field(default_factory=list)
    """Responses of 400 and above, and requests without a response."""
    answers: list[Response] = field(default_factory=list)

    def assert_clean(self) -> None:
        """Assert that the page did nothing that our pages must not do."""
        assert (self.outside, self.complaints, self.failed) == ([], [], [])

    @classmethod
    def new(cls, context: BrowserContext) -> Self:
        """Open a page and record what it does."""
        page = context.new_page()
        found = cls(page)
        context.on("request", found._on_request)
        page.on("console", found._on_message)
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("requestfailed", lambda request: found.failed.append(request.url))
        page.on("response", found._on_answer)
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        return found

    def forget(self) -> None:
        """Reset the page to its first state."""
        page = self.page
        page.goto("about:blank")
        page.set_viewport_size(_SIZE)
        page.emulate_media(color_scheme="light", media="null")
        page.context.clear_cookies()
        page.context.clear_permissions()
        for written in (self.outside, self.complaints, self.failed, self.answers):
            written.clear()

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.hostname not in _HERE:
            self.outside.append(request.url)

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _on_answer(self, answer: Response) -> None:
        self.answers.append(answer)
        if answer.status >= 400:
            self.failed.append(f"{answer.status} {answer.url}")


@contextmanager
def new_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:  # noqa: ANN401 - as Playwright takes
    """Yield a browser context without any data."""
    context = browser.new_context(**options)
    context.set_default_timeout(_PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="session")
def base_url(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        folder = tmp_path_factory.mktemp("browser")
        with running(folder, url) as server:
            yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield Chromium. If it is missing, fail in CI, and skip elsewhere with the way to install it.

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


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Watched]:
    """Yield one page for all tests of a module, because opening a page is slow."""
    with new_context(browser, viewport=_SIZE) as context:
        yield Watched.new(context)


@pytest.fixture
def watched(tab: Watched) -> Iterator[Watched]:
    """Yield an empty page that records requests and messages."""
    yield tab
    tab.forget()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Yield a page without scripts in a browser without any data."""
    with new_context(browser, java_script_enabled=False) as context:
        yield context.new_page()
