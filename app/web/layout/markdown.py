"""Rendering of Markdown as safe HTML: no script, no style, nothing loaded from other sites.

The text is CommonMark with tables and strikethrough. HTML in it is shown as text. A picture becomes a link. The
result is cleaned again with a list of allowed elements.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup

from app.rubric.rules.relative_links import anchor_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

_SCHEMES: Final = {"http", "https", "mailto"}
_TAGS: Final = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("ins", "del", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}, **{heading: {"id"} for heading in _HEADINGS}}
ANCHOR: Final = "text-"
"""The beginning of the ids of headings in a text, so that they differ from the other ids of a page."""
Resolve = Callable[[str], str | None]
"""Returns the URL on this server that a relative link means; None if it means none."""
_LINK: Final = "noopener noreferrer nofollow"
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&~|\n]|^\s*(?:[-+#]|\d+[.)]|={3})|^\s{4}")
"""Characters with a meaning in Markdown. A text without any is one plain paragraph."""
_LOWEST: Final = 6
_BEGIN: Final = {"ins": "\ue000", "del": "\ue001"}
_END: Final = {"ins": "\ue002", "del": "\ue003"}
"""Characters for private use that stand for tags until Markdown is rendered."""
_UNMARKED: Final = dict.fromkeys(map(ord, (*_BEGIN.values(), *_END.values())))


def markdown(text: str, top: int = 3, *, resolve: Resolve | None = None, anchors: bool = False) -> Markup:
    """Return a text as HTML blocks.

    Args:
        text: The Markdown.
        top: The level of its highest heading on the page.
        resolve: Resolves relative links.
        anchors: True to give headings ids, for a text that has the page to itself.
    """
    if not _MARKUP.search(text):
        return Markup(f"<p>{escape(text, quote=False)}</p>")  # noqa: S704 - escaped in the same line
    parser = _parser()
    tokens = parser.parse(text)
    _shift(tokens, top)
    _link(tokens, resolve)
    if anchors:
        _anchor(tokens)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def line(text: str, *, resolve: Resolve | None = None) -> Markup:
    """Return a text as inline HTML, for example a statement. A text of several lines becomes blocks."""
    if "\n" in text.strip():
        return markdown(text, resolve=resolve)
    if not _MARKUP.search(text):
        return Markup(escape(text, quote=False))  # noqa: S704 - escaped in the same line
    parser = _parser()
    tokens = parser.parseInline(text)
    _link(tokens, resolve)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def edited(parts: Sequence[tuple[str | None, str]]) -> Markup:
    """Return one paragraph of Markdown with marked edits as HTML.

    Args:
        parts: The text in pieces, each with the element around it: `ins`, `del`, or None.
    """
    marked = "".join(
        text if element is None or not text else f"{_BEGIN[element]}{text}{_END[element]}"
        for element, text in ((element, _unmarked(text)) for element, text in parts)
    )
    parser = _parser()
    html = parser.render(marked)
    for element in _BEGIN:
        html = html.replace(_BEGIN[element], f"<{element}>").replace(_END[element], f"</{element}>")
    return _clean(html)


def _unmarked(text: str) -> str:
    """Return a text without the characters that mark edits."""
    return text.translate(_UNMARKED)


def plain_text(text: str) -> str:
    """Return a text on one line without Markdown, for titles and previews."""
    if not _MARKUP.search(text):
        return text
    tokens = _parser().parse(text)
    inner = (child for token in tokens for child in token.children or ())
    return " ".join(" ".join(child.content for child in inner if child.content).split())


def safe_url(url: str) -> str | None:
    """Return a URL that a page may link to; None if its scheme could run code."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    allowed = scheme in _SCHEMES or (not scheme and url.startswith(("/", "#", "?")))
    return url if allowed else None


def _clean(html: str) -> Markup:
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_LINK)
    return Markup(clean.rstrip())  # noqa: S704 - cleaned in the line before


def _shift(tokens: Sequence["Token"], top: int) -> None:
    """Shift the levels of all headings to fit the page."""
    headings = [token for token in tokens if token.tag and token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=top)
    for token in headings:
        token.tag = f"h{min(_LOWEST, int(token.tag[1]) - highest + top)}"


def _link(tokens: Sequence["Token"], resolve: Resolve | None) -> None:
    """Resolve the relative links of a text."""
    if resolve is None:
        return
    for link in (child for token in tokens for child in token.children or () if child.type == "link_open"):
        url = resolve(str(link.attrGet("href") or ""))
        if url is not None:
            link.attrSet("href", url)


def _anchor(tokens: Sequence["Token"]) -> None:
    """Give each heading an id. Headings with the same words share the id of the first."""
    used = set()
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open" and (anchor := anchor_of(words.content)) not in used:
            used.add(anchor)
            heading.attrSet("id", ANCHOR + anchor)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to import, and only needed once a page is requested

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture)
    return parser


def _picture(_: "RendererHTML", tokens: Sequence["Token"], place: int, *__: Any) -> str:  # noqa: ANN401 - as the parser calls it
    """Render a picture as a link. Loading it could tell another site who reads the page."""
    source, title = str(tokens[place].attrGet("src") or ""), tokens[place].content or "picture"
    return f'<a href="{escape(source)}">{escape(title)}</a>'
