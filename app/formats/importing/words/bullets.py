"""Cells cut into statements: at line breaks and bullets, and at sentences if asked for."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Split = Literal["lines", "sentences"]

_GLYPH: Final = (
    "\u2022\u25cf\u25cb\u25e6\u25aa\u25ab\u25a0\u25a1\u2023\u2043\u2219\u00b7\u2610\u2611\u2612\u2713\u2714"
    "\u27a2\u27a4\u25ba\u25b6\u2756\u25c6\u25c7\uf0b7\uf0a7\u2605\u2606"
)
_ITEM: Final = re.compile(
    rf"^(?P<indent>[\s\u200b]*)(?P<mark>[{_GLYPH}]\ufe0f?|[-\u2013\u2014*+](?=\s)|[-\u2013*](?=[^\W\d_])|"
    r"\[[ xX]?\]|[\u2460-\u2473])\s*(?=\S)"
)
_COUNTED: Final = re.compile(
    r"^(?P<indent>[\s\u200b]*)(?P<mark>\(?\d{1,2}[.)](?=\s|[^\W\d_a-z])|\(?[a-z][.)](?=\s)|o(?=\s))\s*(?=\S)"
)
"""Marks that may also be the beginning of a sentence. They count if a cell has several, or begins with the first."""
_FIRST: Final = frozenset({"1.", "1)", "(1)", "a)", "(a)"})
_INLINE: Final = re.compile(rf"(?<=\S)\s+(?=[{_GLYPH}]\s*\S)")
_NUMBERS: Final = re.compile(r"(?<=\S)\s+(?=\d{1,2}[.)]\s+\S)")
_SENTENCE: Final = re.compile(
    r"(?<=[.!?\u061f\u3002\uff01\uff1f])\s+(?=[^\W\d_])|(?<=[\u3002\uff01\uff1f])(?=\S)"
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b\w|\b(?:e\.g|i\.e|z\.B|d\.h|u\.a|etc|vs|bzw|ggf|p\.ex|cf|approx|Dr|Mr|Ms|Nr|ca|evtl))\.$"
)


@dataclass
class Line:
    """One statement of a cell, with the lines below it that are indented further."""

    text: str
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CellText:
    """The statements of a cell."""

    lines: list[Line]
    lead: str | None = None
    """The line that introduces them, which ends with a colon."""


def split_cell(text: str, how: Split = "lines") -> CellText:
    """Return the statements of a cell."""
    found: list[Line] = []
    lead: str | None = None
    base: int | None = None
    marked = False
    lines = _physical(text)
    counts = [match["mark"] for line in lines if (match := _COUNTED.match(line))]
    counted = len(counts) > 1 or (bool(counts) and counts[0] in _FIRST)
    for raw in lines:
        item = _ITEM.match(raw) or (_COUNTED.match(raw) if counted else None)
        body = (raw[item.end() :] if item else raw).strip()
        if not body:
            continue
        indent = _indent(item["indent"] if item else raw[: len(raw) - len(raw.lstrip())])
        if item:
            base = indent if base is None else base
            if marked and found and indent > base:
                found[-1].examples.append(body)
            else:
                found.append(Line(body))
            marked = True
        elif marked and found and _continues(body, indent, base or 0):
            _append(found[-1], body)
        else:
            found.append(Line(body))
            marked = False
    if len(found) > 1 and found[0].text.endswith((":", "\uff1a")) and not found[0].examples:
        lead = found.pop(0).text
    if how == "sentences":
        found = [
            Line(part, line.examples if not at else [])
            for line in found
            for at, part in enumerate(sentences(line.text))
        ]
    return CellText(found, lead)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text. An abbreviation ends none."""
    parts: list[str] = []
    start = 0
    for found in _SENTENCE.finditer(text):
        if _ABBREVIATION.search(text[start : found.start()]):
            continue
        parts.append(text[start : found.start()].strip())
        start = found.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _physical(text: str) -> list[str]:
    """Return the lines of a cell. Several bullets on one line are lines of their own."""
    lines: list[str] = []
    for line in text.replace("\u2028", "\n").replace("\x0b", "\n").replace("_x000D_", "").split("\n"):
        parts = _INLINE.split(line)
        if len(parts) == 1 and re.match(r"\s*1[.)]\s", line):
            parts = _counted(line)
        lines += parts
    return lines


def _counted(line: str) -> list[str]:
    """Return the parts of a line that counts its items: `1. … 2. … 3. …`."""
    parts: list[str] = []
    wanted = 2
    for part in _NUMBERS.split(line):
        if not parts:
            parts.append(part)
        elif re.match(rf"{wanted}[.)]", part):
            parts.append(part)
            wanted += 1
        else:
            parts[-1] += f" {part}"
    return parts


def _indent(space: str) -> int:
    return len(space.expandtabs(4).replace("\u200b", ""))


def _continues(body: str, indent: int, base: int) -> bool:
    """Return whether a line goes on with the bullet above: it is indented, or begins in lower case."""
    return indent > base or body[0].islower()


def _append(line: Line, text: str) -> None:
    if line.examples:
        line.examples[-1] += f"\n{text}"
    else:
        line.text += f"\n{text}"
