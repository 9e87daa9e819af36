"""Outlines: the headings, lists and paragraphs of a text, in order, each with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "item", "paragraph", "quote"]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, list item, paragraph or quotation."""

    kind: BlockKind
    depth: int
    """Depth of a heading or list item from 1; 0 for the rest."""
    text: str
    line: int
    """The line that it begins on, from 0."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The blocks of a text."""

    blocks: tuple[Block, ...]
    front: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """The properties at the top of the file (front matter): each value with its line."""
