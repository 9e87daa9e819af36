"""HTML read as an outline and tables: text only. Scripts, styles and other elements are removed first."""

from html.parser import HTMLParser
from pathlib import PurePath
from typing import Final

import nh3

from app.formats.importing.sources.html_table import HtmlTable
from app.formats.importing.sources.outline import Block, Outline
from app.formats.sheets.encodings import decode_text
from app.formats.sheets.grid import MAX_CELLS, MAX_PACKED, Grid, refusal, too_many_cells

_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS: Final = frozenset({"ul", "ol"})
_CELLS: Final = frozenset({"td", "th"})
_BLOCKS: Final = frozenset({*_HEADINGS, "p", "div", "li", "blockquote", "pre", "dt", "dd", "caption"})
_KEPT: Final = frozenset({*_BLOCKS, *_LISTS, *_CELLS, "table", "tr", "br", "a"})
_DROPPED: Final = frozenset({"script", "style", "title", "noscript", "template"})
_ATTRIBUTES: Final = {"td": {"rowspan", "colspan"}, "th": {"rowspan", "colspan"}, "a": {"href"}}


def read_html(data: bytes, file: str) -> list[tuple[str, Outline | Grid]]:
    """Return the outline of an HTML file, and its tables as grids, each with a name.

    A table is named after its caption, or after the heading above it.
    """
    if len(data) > MAX_PACKED:
        raise refusal(f"{file}: {len(data):,} bytes. A file may have at most {MAX_PACKED:,}; split it.")
    text, _ = decode_text(data, file)
    clean = nh3.clean(
        text,
        tags=set(_KEPT),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        link_rel=None,
    )
    walk = _Walk(PurePath(file).stem, file)
    walk.feed(clean)
    walk.close()
    walk.flush()
    outline = Outline(tuple(walk.blocks))
    return [*([(file, outline)] if outline.blocks else []), *walk.tables]


class _Walk(HTMLParser):
    """One walk over HTML that is well formed and has known elements only."""

    def __init__(self, stem: str, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.tables: list[tuple[str, Grid]] = []
        self._stem, self._file = stem, file
        self._text: list[str] = []
        self._open: list[str] = []
        self._lists = 0
        self._quotes = 0
        self._heading = ""
        self._table: list[HtmlTable] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._text.append("\n")
        elif tag == "a":
            self._link = values.get("href", "")
            self._text.append("\x01")
        elif tag == "table":
            self.flush()
            self._table.append(HtmlTable(self._file))
        elif tag == "tr" and self._table:
            self._table[-1].start_row()
        elif tag in _CELLS and self._table:
            self._table[-1].start_cell(values.get("rowspan", ""), values.get("colspan", ""))
        else:
            self._start_block(tag)

    def _start_block(self, tag: str) -> None:
        if tag not in _BLOCKS | _LISTS:
            return
        self.flush()
        self._open.append(tag)
        self._lists += tag in _LISTS
        self._quotes += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in _CELLS and self._table:
            self.flush()
            self._table[-1].end_cell()
        elif tag == "table" and self._table:
            self._end_table()
        elif tag in _BLOCKS | _LISTS and tag in self._open:
            self.flush()
            while self._open.pop() != tag:
                pass
            self._lists -= tag in _LISTS
            self._quotes -= tag == "blockquote"

    def handle_data(self, data: str) -> None:
        self._text.append(data.replace("\x01", "") if "pre" in self._open else _spaced(data))

    def _end_link(self) -> None:
        """Write a link as Markdown does, unless its text is the address."""
        joined = "".join(self._text)
        before, _, text = joined.rpartition("\x01")
        if self._link.startswith(("http://", "https://")) and text.strip() and text.strip() != self._link:
            text = f"[{text.strip()}]({self._link})"
        self._text = [before, text]
        self._link = ""

    def flush(self) -> None:
        """End the text that is being read."""
        lines = (
            " ".join(line.split(" ")).strip(" ")
            for line in "".join(self._text).replace("\x01", "").split("\n")
        )
        text = "\n".join(lines).strip("\n")
        self._text = []
        if not text.strip():
            return
        item = "li" in self._open and self._lists > 0
        if self._table and self._table[-1].in_cell:
            self._table[-1].add(f"{'  ' * (self._lists - 1)}• {text}" if item else text)
        elif self._table and self._open and self._open[-1] == "caption":
            self._table[-1].caption = text
        else:
            self._block(text, item=item)
        if len(self.blocks) > MAX_CELLS:
            raise too_many_cells(self._file)

    def _block(self, text: str, *, item: bool) -> None:
        line = self.getpos()[0] - 1
        heading = next((_HEADINGS[tag] for tag in reversed(self._open) if tag in _HEADINGS), 0)
        if heading:
            self._heading = text
            self.blocks.append(Block("heading", heading, text, line))
        elif item:
            self.blocks.append(Block("item", self._lists, text, line))
        else:
            self.blocks.append(Block("quote" if self._quotes else "paragraph", 0, text, line))

    def _end_table(self) -> None:
        table = self._table.pop()
        self.flush()
        if self._table:
            for text in table.texts():
                self._table[-1].add(text)
            return
        name = table.caption or self._heading or self._stem
        same = sum(1 for known, _ in self.tables if known == name or known.startswith(f"{name} ("))
        self.tables.append((f"{name} ({same + 1})" if same else name, table.grid(name)))


def _spaced(text: str) -> str:
    """Return a text with runs of white space as one space, as browsers show it. No-break spaces stay."""
    kept = text.replace("\x01", "")
    for space in "\t\n\r\f":
        kept = kept.replace(space, " ")
    while "  " in kept:
        kept = kept.replace("  ", " ")
    return kept
