"""Markdown read as an outline and tables. Inline marks (bold, links, code) stay as they are written."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.formats.importing.sources.outline import Block, Outline
from app.formats.sheets.encodings import decode_text
from app.formats.sheets.grid import MAX_CELLS, MAX_PACKED, Grid, refusal, too_many_cells

_FRONT: Final = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PROPERTY: Final = re.compile(r"([A-Za-z_][\w -]*):[ \t]*(.*)")
_TASK: Final = re.compile(r"\[[ xX]\][ \t]+")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BOLD: Final = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).)+?)(?<!\s)\1(:?)", re.DOTALL)
_BELOW_ALL: Final = 7
"""Depth of a paragraph in bold, which people use as a heading."""
_LISTS: Final = ("bullet_list", "ordered_list")


def read_markdown(data: bytes, file: str) -> list[tuple[str, Outline | Grid]]:
    """Return the outline of a Markdown file, and its tables as grids, each with a name.

    A table is named after the heading above it.
    """
    if len(data) > MAX_PACKED:
        raise refusal(f"{file}: {len(data):,} bytes. A file may have at most {MAX_PACKED:,}; split it.")
    text = decode_text(data, file)[0].replace("\r\n", "\n").replace("\r", "\n")
    front, text = _front_matter(text)
    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(text)
    walk = _Walk(text.split("\n"), PurePath(file).stem)
    walk.read(tokens)
    if len(walk.blocks) > MAX_CELLS:
        raise too_many_cells(file)
    outline = Outline(tuple(walk.blocks), front)
    return [*([(file, outline)] if outline.blocks or front else []), *walk.tables]


def _front_matter(text: str) -> tuple[dict[str, tuple[str, int]], str]:
    """Return the properties at the top of a file, and the text with blank lines in their place."""
    found = _FRONT.match(text)
    if found is None:
        return {}, text
    front: dict[str, tuple[str, int]] = {}
    last = ""
    for number, line in enumerate(found[1].split("\n"), 1):
        named = _PROPERTY.fullmatch(line.rstrip())
        value = (named[2] if named else line.strip().removeprefix("- ")).strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if named:
            last = named[1].strip().lower()
            front[last] = (value, number)
        elif value and last:
            front[last] = (f"{front[last][0]}\n{value}".strip(), front[last][1])
    return {key: one for key, one in front.items() if one[0]}, "\n" * found[0].count("\n") + text[
        found.end() :
    ]


class _Walk:
    """One walk over the tokens of a text."""

    def __init__(self, lines: Sequence[str], stem: str) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.tables: list[tuple[str, Grid]] = []
        self.stem = stem
        self.depth = 0
        self.quoted = 0
        self.heading = ""
        self._item: int | None = None
        """The index of the open list item's text among the blocks; None once it has some."""

    def read(self, tokens: Sequence[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                end = next(k for k in range(at, len(tokens)) if tokens[k].type == "table_close")
                self._table(tokens[at : end + 1])
                at = end
            else:
                self._one(token, tokens[at - 1] if at else None)
            at += 1

    def _one(self, token: Token, before: Token | None) -> None:
        if token.type.removesuffix("_open") in _LISTS:
            self.depth += 1
        elif token.type.removesuffix("_close") in _LISTS:
            self.depth -= 1
        elif token.type.startswith("blockquote_"):
            self.quoted += token.nesting
        elif token.type == "list_item_open":
            self._item = len(self.blocks)
        elif token.type == "inline" and before is not None and before.map is not None:
            heading = int(before.tag[1:]) if before.type == "heading_open" else 0
            bold = _BOLD.fullmatch(token.content.strip())
            if bold and not self.depth and not self.quoted and "\n" not in bold[2]:
                heading = heading or _BELOW_ALL
            self._add(token.content, before.map[0], heading)
        elif token.type in {"fence", "code_block"} and token.map is not None:
            self._add("\n".join(self.lines[token.map[0] : token.map[1]]).rstrip(), token.map[0], 0)
        elif token.type == "html_block" and token.map is not None:
            self._add(_COMMENT.sub("", token.content).strip(), token.map[0], 0)

    def _add(self, text: str, line: int, heading: int) -> None:
        if not text.strip():
            return
        if heading:
            self.heading = text
            self.blocks.append(Block("heading", heading, text, line))
        elif self.depth and self._item is not None and self._item == len(self.blocks):
            self._item = None
            self.blocks.append(Block("item", self.depth, _TASK.sub("", text, count=1), line))
        elif self.depth and self.blocks and self.blocks[-1].kind == "item":
            last = self.blocks[-1]
            self.blocks[-1] = Block("item", last.depth, f"{last.text}\n\n{text}", last.line)
        else:
            self.blocks.append(Block("quote" if self.quoted else "paragraph", 0, text, line))

    def _table(self, tokens: Sequence[Token]) -> None:
        cells = tuple(tuple(row) for row in _rows(tokens))
        name = self.heading or self.stem
        same = sum(1 for known, _ in self.tables if known == name or known.startswith(f"{name} ("))
        self.tables.append((f"{name} ({same + 1})" if same else name, Grid(name=name, cells=cells)))


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            text = _BREAK.sub("\n", token.content).strip()
            bold = _BOLD.fullmatch(text)
            row.append(bold[2] + bold[3] if bold else text)
        elif token.type == "tr_close":
            yield row
