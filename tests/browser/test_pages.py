"""Pages in a browser without a network: complete, and without requests to other hosts."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.web.pages.site.problems import problem_types
from tests.browser.barriers import barriers
from tests.browser.conftest import SCHEMES, Watched

pytestmark = pytest.mark.browser


def test_requests_to_other_hosts_are_blocked_and_noticed(watched: Watched, base_url: str) -> None:
    port = urlsplit(base_url).port
    watched.page.goto(f"{base_url}/openapi.json")
    for host in ("elsewhere.localhost", "127.0.0.2", "[::1]"):  # loopback, would the browser look for them
        watched.forget()
        url = f"http://{host}:{port}/"
        with watched.page.expect_event("requestfailed") as failed:
            watched.page.evaluate("url => fetch(url, {mode: 'no-cors'}).catch(() => null)", url)
        assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"
        assert (watched.outside, watched.failed) == ([url], [url])


def test_the_api_reference_lists_every_operation_and_sends_a_read(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}/docs", wait_until="networkidle")
    expect(page.locator("h1")).to_have_text("API reference")
    paths = page.request.get(f"{base_url}/openapi.json").json()["paths"]
    listed = sum(len(operation["tags"]) for item in paths.values() for operation in item.values())
    expect(page.locator(".operations li")).to_have_count(listed)
    expect(page.locator(".operations li").first).to_be_hidden()
    page.locator("#levels > summary").click()
    page.locator("#levels a[href='/docs/read-level']").click()
    expect(page.locator(".request")).to_have_text("GET /v1/ladders/{ladder}/levels/{level}")
    expect(page.locator("pre").first).to_contain_text(f"curl '{base_url}/v1/ladders/")
    page.get_by_text("Send this request from the browser").click()
    page.get_by_label("fields").fill("title")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/v1/ladders/[^/]+/levels/l5\?fields=title$"))
    watched.assert_clean()


@pytest.mark.parametrize("path", ["/docs", "/docs/read-level", "/docs/replace-level", "/docs/read-matrix"])
def test_the_api_reference_is_accessible_and_fits_every_width(
    watched: Watched, base_url: str, path: str
) -> None:
    page = watched.page
    page.goto(base_url + path, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert barriers(page) == []
    for width in (390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="All ladders", exact=True).click()
    expect(page.locator("h1")).to_contain_text("What does each level")
    watched.assert_clean()


def test_every_link_of_the_start_page_works(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(base_url, wait_until="networkidle")
    expect(page.locator("h1")).to_have_text("What does each level expect of people?")
    for link in page.locator("a").all():
        target = link.get_attribute("href")
        assert target is not None
        assert target.startswith(("/", "#content"))
        assert page.request.get(base_url + target).status == 200
    watched.assert_clean()


def test_the_list_of_errors_links_to_each_of_them(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}/problems", wait_until="networkidle")
    expect(page.locator("tbody tr")).to_have_count(len(problem_types()))
    page.get_by_role("link", name="gone", exact=True).click()
    expect(page.locator("h1")).to_have_text("Removed")
    watched.assert_clean()


@pytest.mark.parametrize("path", ["/", "/problems", "/problems/gone"])
def test_a_page_fits_a_phone_and_follows_the_colour_scheme(
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
