"""The dashboard of the docs, served from another origin than the API, in a browser."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser
DOCS = Path(__file__).parents[2] / "docs/tutorials"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - whatever the base class logs
        """Log nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Serve the docs from another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=DOCS)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def opened(watched: Watched, elsewhere: str, base_url: str, **more: str) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in {"api": base_url, **more}.items())
    watched.page.goto(f"{elsewhere}/dashboard.html?{asked}", wait_until="load")
    return watched.page


def test_the_dashboard_shows_the_matrix_and_a_comparison_across_origins(
    watched: Watched, elsewhere: str, base_url: str
) -> None:
    page = opened(watched, elsewhere, base_url)
    expect(page.locator("#comparison section").first).to_be_visible()
    matrix = page.request.get(f"{base_url}/v1/ladders/example-engineering/matrix").json()
    expect(page.locator("#matrix thead th")).to_have_count(len(matrix["columns"]) + 1)
    expect(page.locator("#matrix tbody tr")).to_have_count(len(matrix["items"]))
    cell = matrix["items"][0]["cells"][2]
    expect(page.locator("#matrix tbody tr").first.locator("td").nth(2)).to_contain_text(cell["summary"])
    page.locator("select[name=from]").select_option("l4")
    page.locator("select[name=to]").select_option("l5")
    compared = page.request.get(
        f"{base_url}/v1/ladders/example-engineering/compare?from=l4&to=l5&limit=500"
    ).json()
    changed = [item for item in compared["items"] if item["change"] != "same"]
    expect(page.locator("#comparison section")).to_have_count(len(changed))
    expect(page.locator("#comparison ins").first).to_be_visible()
    watched.assert_clean()


def test_the_dashboard_revalidates_by_etag(watched: Watched, elsewhere: str, base_url: str) -> None:
    page = opened(watched, elsewhere, base_url, seconds="0.2")
    expect(page.locator("#state")).to_contain_text("not modified")
    assert ("GET", 304) in [(answer.request.method, answer.status) for answer in watched.answers]
    watched.assert_clean()


def test_the_dashboard_shows_errors(watched: Watched, elsewhere: str, base_url: str) -> None:
    page = opened(watched, elsewhere, base_url, ladder="exampel-engineering")
    expect(page.get_by_role("alert")).to_contain_text("Did you mean 'example-engineering'?")
    assert watched.outside == []
