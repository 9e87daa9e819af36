"""Nodes: the values of a file with their places. Readers produce them, and findings point into them.

A node stores its offset in the text of its file. Line and column are computed on demand.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from app.errors import Fault

MAX_DEPTH: Final = 32
"""The greatest depth of nested lists and mappings in a file; a ladder needs ten."""
MAX_VALUES: Final = 250_000
"""The most values in one file; the largest public ladders have some 30,000."""
MAX_PROPERTIES: Final = 1_000
"""The most properties of one mapping; a ladder's have up to thirty."""
TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels; no ladder needs that: flatten it"
TOO_MANY: Final = f"more than {MAX_VALUES:,} values in one file; split it into several"
TOO_WIDE: Final = f"more than {MAX_PROPERTIES:,} properties in one mapping; no ladder has that: use a list"
_LONGEST_ECHO: Final = 60
_LINE_END: Final = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1, the column in characters (code points)."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, eq=False)
class Source:
    """The text of one file, and the name by which findings call it."""

    name: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def place(self, offset: int) -> Place:
        """Line and column of an offset in characters."""
        line = bisect_right(self._starts, offset)
        return Place(self.name, line, offset - self._starts[line - 1] + 1)

    def fault(self, offset: int, detail: str, pointer: str | None = None) -> Fault:
        """Return a fault whose detail begins with `file:line:column`."""
        return Fault(f"{self.place(offset)}: {detail}", pointer)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value in a file: a mapping, a list or a scalar."""

    value: "dict[str, Node] | list[Node] | str | float | bool | None"
    source: Source
    at: int
    """The position of the value, in characters from the start of the text."""
    key_at: int | None = None
    """The position of the property's name; None if the value is not a property."""

    @property
    def place(self) -> Place:
        """The place where the value begins."""
        return self.source.place(self.at)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong at a place, with its cure."""

    source: Source
    at: int
    detail: str
    name_at: int | None = None
    """The position of the property's name, if the fault is about a property; None if it is about a value."""


def written_twice(name: str, first: Node, at: int) -> Remark:
    """Return the remark on a property whose name at the offset was already used for `first`."""
    place = first.source.place(first.key_at or 0)
    detail = f"`{echo(name)}` is written twice, first at {place}; keep one of them"
    return Remark(first.source, at, detail, first.key_at)


def plain(node: Node) -> object:
    """Return the value without places: dict, list, str, int, float, bool or None."""
    value = node.value
    if isinstance(value, dict):
        return {name: plain(child) for name, child in value.items()}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return value


def pointers(root: Node, at: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node of a file with its JSON Pointer (RFC 6901), owners first."""
    yield at, root
    if isinstance(root.value, dict):
        for name, child in root.value.items():
            yield from pointers(child, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(root.value, list):
        for position, child in enumerate(root.value):
            yield from pointers(child, f"{at}/{position}")


def first_values(root: Node, number: int) -> Node:
    """Return the same tree with its lists cut off after about that many values, in document order."""
    left = number

    def cut(node: Node) -> Node:
        nonlocal left
        left -= 1
        if isinstance(node.value, dict):
            return replace(node, value={name: cut(child) for name, child in node.value.items()})
        if isinstance(node.value, list):
            return replace(node, value=[cut(child) for child in node.value if left > 0])
        return node

    return cut(root)


def echo(value: object) -> str:
    """Return a short form of what was written, safe to show in a message."""
    text = value if isinstance(value, str) else "null" if value is None else str(value)
    if isinstance(value, bool):
        text = text.lower()
    shown = text if len(text) <= _LONGEST_ECHO else text[: _LONGEST_ECHO - 1] + "…"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shown)
