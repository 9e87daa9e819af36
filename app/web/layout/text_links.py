"""The URLs of the pages to which relative links in the texts of a ladder lead."""

from urllib.parse import quote

from app.rubric.rules.relative_links import relative_link
from app.web.layout.markdown import ANCHOR
from app.web.navigation.page_reader import Reading


def page_of_link(reading: Reading, url: str) -> str | None:
    """Return the URL of the text, heading or entity that a relative link means; None if it means none."""
    link = relative_link(url)
    if link is None:
        return None
    fragment = f"#{ANCHOR}{quote(link.fragment.lower())}" if link.fragment else ""
    if link.page is None:
        return reading.urls.target(reading.index, link.fragment) or fragment
    node = reading.index.find("page", link.page)
    return None if node is None else reading.urls.of(node) + fragment
