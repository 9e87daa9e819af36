"""Accessibility checks of a page with axe."""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import SCHEMES

_OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]
"""The rules whose results depend on the colour scheme."""
_RUN: Final = """async (rules) => {
  const options = { resultTypes: ["violations"], selectors: false };
  const { violations } = await axe.run(document, rules.length ? { ...options, runOnly: rules } : options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]));
}"""


def barriers(page: Page) -> list[tuple[str, str]]:
    """Return all violations that axe finds, at any severity, and those of colours in both colour schemes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[tuple[str, str]] = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        rules = [] if scheme == SCHEMES[0] else _OF_COLOURS
        found += [(rule, html) for rule, html in page.evaluate(_RUN, rules)]
    return found
