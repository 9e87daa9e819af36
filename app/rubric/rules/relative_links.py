"""Relative links in the Markdown of a ladder: to its other texts, and to the headings of a text.

Handbooks write them in the ways of their tools: `other.md`, `../rules/`, `/rules`, `#a-heading`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

_OURS: Final = ("/ladders/", "/v1/")
"""The beginnings of paths on this server."""
_SUFFIX: Final = re.compile(r"\.(?:md|markdown|html?)$", re.IGNORECASE)
_INDEX: Final = frozenset({"index", "readme"})
"""Names of the text of a whole folder."""
_FENCED: Final = re.compile(r"^( {0,3})(```|~~~).*?^\1\2", re.DOTALL | re.MULTILINE)
_INLINE_CODE: Final = re.compile(r"(?<!`)(`+)(?!`)[^`]+\1(?!`)")
_TARGET: Final = re.compile(r"(?<!\\)\]\(\s*<?([^\s()<>]+)|^ {0,3}\[[^\]\n]+\]:\s*<?([^\s<>]+)", re.MULTILINE)
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+)$|^ {0,3}(\S.*)\n {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_NOT_IN_ANCHOR: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class RelativeLink:
    """The destination of a relative link."""

    page: str | None
    """The slug of a text of the ladder; None for the text that has the link."""
    fragment: str


def relative_link(url: str) -> RelativeLink | None:
    """Return where a relative URL leads; None for a URL of another site or another part of this server."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(_OURS) or parts.path == "/":
        return None
    if not parts.path:
        return RelativeLink(None, unquote(parts.fragment)) if parts.fragment else None
    names = [_SUFFIX.sub("", one).lower() for one in unquote(parts.path).split("/") if one.strip(".")]
    while len(names) > 1 and names[-1] in _INDEX:
        names.pop()
    return RelativeLink(names[-1] if names else "", unquote(parts.fragment))


def relative_links(text: str) -> Iterator[tuple[str, RelativeLink]]:
    """Yield the relative URLs that a Markdown text links to, and where each leads. Code has no links."""
    if "](" not in text and "]:" not in text:
        return
    for found in _TARGET.finditer(_INLINE_CODE.sub("", _FENCED.sub("", text))):
        url = found[1] or found[2]
        link = relative_link(url)
        if link is not None:
            yield url, link


def anchor_of(heading: str) -> str:
    """Return the fragment of a heading as most tools write it: lower case, hyphens for spaces, no punctuation."""
    words = _LINK.sub(r"\1", heading).rstrip(" \t#").strip().lower()
    return _NOT_IN_ANCHOR.sub("", words).replace(" ", "-")


def anchors_of(text: str) -> frozenset[str]:
    """Return the fragments of the headings of a Markdown text."""
    return frozenset(anchor_of(found[1] or found[2]) for found in _HEADING.finditer(_FENCED.sub("", text)))
