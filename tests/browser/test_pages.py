"""The pages in a browser with the network closed: they are whole, and ask for nothing outside."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.web.pages.problems import problem_types
from tests.browser.conftest import SCHEMES, Watched

pytestmark = pytest.mark.browser


def test_nothing_leaves_this_machine_and_what_would_is_noticed(watched: Watched, base_url: str) -> None:
    port = urlsplit(base_url).port
    watched.page.goto(f"{base_url}/openapi.json")
    for host in ("elsewhere.localhost", "127.0.0.2", "[::1]"):  # loopback, would the browser look for them
        watched.forget()
        url = f"http://{host}:{port}/"
        with watched.page.expect_event("requestfailed") as failed:
            watched.page.evaluate("url => fetch(url, {mode: 'no-cors'}).catch(() => null)", url)
        assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"
        assert (watched.outside, watched.failed) == ([url], [url])


def test_swagger_ui_shows_all_and_tries_an_operation_out_and_asks_for_nothing_outside(
    watched: Watched, base_url: str
) -> None:
    page = watched.page
    page.goto(f"{base_url}/docs", wait_until="networkidle")
    expect(page.locator("h1, h2.title").first).to_contain_text("Career Ladder API")
    paths = page.request.get(f"{base_url}/openapi.json").json()["paths"]
    shown = sum(len(operation["tags"]) for item in paths.values() for operation in item.values())
    expect(page.locator(".opblock")).to_have_count(shown)

    operation = page.locator("#operations-levels-read_level")
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Execute").click()
    refused = operation.locator("tr.response[data-code='404']")
    expect(refused).to_contain_text("Not found (not-found)")
    expect(page.locator(".errors-wrapper")).to_have_count(0)  # none says that a reference leads nowhere
    answer = operation.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer.locator(".response-col_description")).to_contain_text("Senior individual contributor")
    watched.assert_clean()


def test_redoc_shows_the_api_and_asks_for_nothing_outside(watched: Watched, base_url: str) -> None:
    watched.page.goto(f"{base_url}/redoc", wait_until="networkidle")
    expect(watched.page.locator("h1").first).to_contain_text("Career Ladder API")
    expect(watched.page.get_by_text("Read one level").first).to_be_attached()
    assert watched.outside in (
        [],
        ["https://cdn.redoc.ly/redoc/logo-mini.svg"],
    )  # a call that the policy blocks


def test_the_start_page_leads_on(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(base_url, wait_until="networkidle")
    expect(page.locator("h1")).to_have_text("What does each level expect of people?")
    for link in page.locator("a").all():
        target = link.get_attribute("href")
        assert target is not None
        assert target.startswith(("/", "#content"))
        assert page.request.get(base_url + target).status == 200
    watched.assert_clean()


def test_the_list_of_problems_leads_to_every_one_of_them(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}/problems", wait_until="networkidle")
    expect(page.locator("tbody tr")).to_have_count(len(problem_types()))
    page.get_by_role("link", name="gone", exact=True).click()
    expect(page.locator("h1")).to_have_text("Removed")
    watched.assert_clean()


@pytest.mark.parametrize("path", ["/", "/problems", "/problems/gone"])
def test_a_page_fits_a_telephone_and_follows_the_colour_scheme(
    watched: Watched, base_url: str, path: str
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(base_url + path, wait_until="networkidle")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in re.findall(r"\d+", paper)[:3])
        assert (brightness < 200) == (scheme == "dark")
    watched.assert_clean()
