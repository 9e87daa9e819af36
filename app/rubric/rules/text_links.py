"""Rules of relative links in texts: each leads to a text of the ladder, or to a heading."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from app.errors import shortened
from app.rubric.index import Index
from app.rubric.ladder import Page
from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.rules.relative_links import RelativeLink, anchors_of, relative_links
from app.rubric.shape import written


def text_links(context: RuleContext) -> Iterator[Finding]:
    """Find relative links in Markdown that lead to nothing."""
    anchors = cache(anchors_of)
    for node in context.index.nodes:
        for text in written(node.entity):
            own = node.entity if isinstance(node.entity, Page) else None
            for url, link in relative_links(text.text):
                if not _leads_somewhere(context.index, own, link, anchors):
                    message = (
                        f"{shortened(url)!r} leads to no text or heading of this ladder; write the slug of a text, "
                        "or a whole URL such as 'https://example.com/page'"
                    )
                    yield Finding(f"{node.pointer}/{text.pointer}", "dead-link", message)


def _leads_somewhere(
    index: Index, own: Page | None, link: RelativeLink, anchors: Callable[[str], frozenset[str]]
) -> bool:
    page = own if link.page is None else index.pages.get(link.page)
    if link.page is None and index.find_target(link.fragment) is not None:
        return True
    return page is not None and (not link.fragment or link.fragment.lower() in anchors(page.text))


RULES: Final[tuple[Rule, ...]] = (text_links,)
"""The rules of this module."""
