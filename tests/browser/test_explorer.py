"""The explorer in a browser: complete, accessible, on a phone, without scripts, and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

EXAMPLE = "/ladders/example-engineering"
PAGES = (
    "/",
    EXAMPLE,
    f"{EXAMPLE}@1.0.0/levels/l7",
    f"{EXAMPLE}/competencies/system-design-mastery",
    f"{EXAMPLE}/levels/l5/check",
    f"{EXAMPLE}/levels/l5/history",
    f"{EXAMPLE}/glossary",
    f"{EXAMPLE}/matrix",
    f"{EXAMPLE}/matrix?level=l5&beside=l6",
    f"{EXAMPLE}/compare?from=l4&to=m1",
    f"{EXAMPLE}/search?q=design",
    f"{EXAMPLE}/faqs",
    f"{EXAMPLE}/pages/progression",
    f"{EXAMPLE}/releases",
    f"{EXAMPLE}/diff",
    "/problems",
)
MOST_BYTES = 100_000
"""A page with its style and script, before any coding."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_accessible_in_both_colour_schemes_and_fits_every_width(
    watched: Watched, base_url: str, path: str
) -> None:
    page = watched.page
    page.goto(base_url + path, wait_until="networkidle")
    assert 1_000 < sum(len(answer.body()) for answer in watched.answers) < MOST_BYTES
    assert barriers(page) == []
    for width in (390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    watched.assert_clean()


def test_the_explorer_works_without_scripts(plain: Page, base_url: str) -> None:
    plain.goto(base_url)
    plain.get_by_role("link", name="Example engineering ladder").click()
    plain.get_by_role("link", name="L5 Senior software engineer").click()
    expect(plain.locator("h1")).to_have_text("L5 Senior software engineer")
    plain.locator(".block h3").get_by_role("link", name="System Design Mastery", exact=True).click()
    expect(plain.locator("h1")).to_have_text("System Design Mastery")
    plain.locator("details.switch summary").click()
    plain.locator("details.switch").get_by_role("link", name="1.0.0").click()
    expect(plain.locator(".notice")).to_contain_text("You are reading 1.0.0. 1.1.0 is in force.")
    plain.get_by_role("link", name="Read 1.1.0").click()
    expect(plain.locator("h1")).to_have_text("System Design Mastery")
    plain.get_by_role("link", name="Releases", exact=True).click()
    plain.get_by_role("link", name="What changed from 1.0.0").click()
    plain.get_by_label("From").select_option("1.1.0")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("main")).to_contain_text("Nothing changed.")


def test_the_keyboard_can_skip_to_the_content_and_focus_is_visible(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(base_url + EXAMPLE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert skip.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_release_menu_closes_on_escape_and_on_a_click_elsewhere(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(base_url + EXAMPLE)
    choice, summary = page.locator("details.switch"), page.locator("details.switch summary")
    summary.click()
    expect(choice).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(choice).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(choice).not_to_have_attribute("open", "")
    watched.assert_clean()


def test_a_developer_can_copy_the_url_and_code_for_a_page(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base_url}{EXAMPLE}@1.0.0/faqs")
    page.get_by_role("button", name="Copy").click()
    url = page.evaluate("navigator.clipboard.readText()")
    assert url == f"{base_url}/v1{EXAMPLE}@1.0.0/faqs"
    page.get_by_text("curl, Python, JavaScript").click()
    lines = page.locator(".json pre").all_inner_texts()
    assert len(lines) == 3
    assert all(url in line for line in lines)
    watched.assert_clean()


def test_choosing_an_option_changes_nothing_until_the_form_is_sent(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}{EXAMPLE}/diff")
    choice = page.get_by_label("To")
    choice.focus()
    choice.press("ArrowDown")
    expect(choice).to_be_focused()
    expect(choice).to_have_value("1.0.0")
    assert page.url == f"{base_url}{EXAMPLE}/diff"
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile(r"to=1\.0\.0"))
    expect(page.locator("h1")).to_have_text("From 1.0.0 to 1.0.0")
    watched.assert_clean()


@pytest.mark.parametrize("path", [EXAMPLE, f"{EXAMPLE}/levels/l5", f"{EXAMPLE}/print"])
def test_a_page_can_be_printed(watched: Watched, base_url: str, path: str) -> None:
    page = watched.page
    page.goto(base_url + path)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    page.emulate_media(media="print")
    for hidden in ("header.site", ".switch", ".json", "footer.site"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    watched.assert_clean()


def test_an_error_page_is_accessible(watched: Watched, base_url: str) -> None:
    page = watched.page
    page.goto(f"{base_url}{EXAMPLE}/levels/l9")
    expect(page.locator("h1")).to_have_text("Not found")
    assert barriers(page) == []
    page.get_by_role("link", name="The ladder").click()
    expect(page.locator("h1")).to_contain_text("Example engineering ladder")
