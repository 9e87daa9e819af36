"""The project's Markdown pages as the tests read them: blocks of code, headings, links, tables."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(
    sorted(
        page
        for page in ROOT.rglob("*.md")
        if not any(part.startswith(".") or part in {"dist", "var"} for part in page.relative_to(ROOT).parts)
    )
)
"""Every page in the checkout."""

_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE: Final = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    language: str
    text: str


def text_of(name: str) -> str:
    """The text of a page, by its path in the checkout."""
    return (ROOT / name).read_text("utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(language, inner) for language, inner in _BLOCK.findall(text)]


def prose(text: str) -> str:
    """A page without its fenced blocks."""
    return _BLOCK.sub("", text)


def links(text: str) -> list[str]:
    """The targets of a page's links and pictures that stay within the checkout."""
    return [target for target in _LINK.findall(prose(text)) if ":" not in target]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(prose(text)))
    return {heading.replace(" ", "-") for heading in kept}


def code(text: str) -> list[str]:
    """Return the code of a page: words between backticks, and the lines of its shell blocks."""
    lines = (block.text.splitlines() for block in blocks(text) if block.language == "sh")
    return [*_CODE.findall(prose(text)), *(line for several in lines for line in several)]


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of a page's tables, cell by cell, without backticks; headings and rulers included."""
    lines = re.findall(r"^\|(.+)\|$", text, re.MULTILINE)
    return [tuple(cell.strip().replace("`", "") for cell in line.split("|")) for line in lines]
