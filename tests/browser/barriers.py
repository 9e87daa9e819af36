"""Accessibility checks of a page with axe."""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import SCHEMES

_RUN: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], selectors: false });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]));
}"""


def barriers(page: Page) -> list[tuple[str, str]]:
    """Return all violations that axe finds, at any severity, in both colour schemes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[tuple[str, str]] = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [(rule, html) for rule, html in page.evaluate(_RUN)]
    return found
