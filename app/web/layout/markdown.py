"""Markdown of the content as HTML that can do no harm: no script, no style, nothing loaded from elsewhere.

The text is CommonMark with tables and strikethrough. HTML in it is shown as it was written; a picture becomes a
link to it. What comes out is cleaned once more by a list of what is allowed.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

_SCHEMES: Final = {"http", "https", "mailto"}
_TAGS: Final = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_LINK: Final = "noopener noreferrer nofollow"
_MEANT: Final = re.compile(r"[\\`*_\[\]<>&~|\n]|^\s*(?:[-+#]|\d+[.)]|={3})|^\s{4}")
"""What may mean something in Markdown; a text without it is one paragraph as it stands."""
_LOWEST: Final = 6


def markdown(text: str, top: int = 3) -> Markup:
    """A text as blocks; its highest heading becomes a heading of level `top`."""
    if not _MEANT.search(text):
        return Markup(f"<p>{escape(text, quote=False)}</p>")  # noqa: S704 - escaped in the same line
    parser = _parser()
    tokens = parser.parse(text)
    _shift(tokens, top)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def line(text: str) -> Markup:
    """A text that stands within a line, such as a statement; as blocks where it has several lines."""
    if "\n" in text.strip():
        return markdown(text)
    if not _MEANT.search(text):
        return Markup(escape(text, quote=False))  # noqa: S704 - escaped in the same line
    return _clean(_parser().renderInline(text))


def plain(text: str) -> str:
    """A text without its marks, on one line, for titles and previews."""
    if not _MEANT.search(text):
        return text
    tokens = _parser().parse(text)
    inner = (child for token in tokens for child in token.children or ())
    return " ".join(" ".join(child.content for child in inner if child.content).split())


def safe_url(url: str) -> str | None:
    """A URL that a page may link to; None for one whose scheme could run something."""
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
    """Give every heading the level that fits the page."""
    headings = [token for token in tokens if token.tag and token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=top)
    for token in headings:
        token.tag = f"h{min(_LOWEST, int(token.tag[1]) - highest + top)}"


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to load, and needed only once a page is asked for

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture)
    return parser


def _picture(_: "RendererHTML", tokens: Sequence["Token"], place: int, *__: Any) -> str:  # noqa: ANN401 - as the parser calls it
    """A picture is not loaded: it may be anywhere, and tell who reads this."""
    source, title = str(tokens[place].attrGet("src") or ""), tokens[place].content or "picture"
    return f'<a href="{escape(source)}">{escape(title)}</a>'
