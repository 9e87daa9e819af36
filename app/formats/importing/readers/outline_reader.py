"""Outlines read: headings that name levels and competencies, with lists, paragraphs and quotations below them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from app.formats.importing.findings import Spot, finding
from app.formats.importing.mapping import ImportMapping, SheetMapping
from app.formats.importing.readers.facts import (
    CellFact,
    Facts,
    LevelFact,
    LevelKey,
    LevelPart,
    PageFact,
    SkillFact,
    SkillKey,
    SkillPart,
)
from app.formats.importing.recognising.outline_roles import MOST, bare, is_level
from app.formats.importing.sheets import Sheet
from app.formats.importing.sources.outline import Block, Outline
from app.formats.importing.table import stem
from app.formats.importing.words.vocabulary import meaning_of_header

_LABEL: Final = re.compile(r"[*_]*([^:*\n]{2,40}?)[*_]*\s*:[*_]*\s+(\S.*)", re.DOTALL)
_PARTS: Final[Mapping[str, LevelPart]] = {
    "summary": "summary",
    "description": "summary",
    "scope": "scope",
    "years": "years",
}
_ABOUT_HEADINGS: Final = frozenset({"summary", "description", "scope", "years", "attribute"})
_WRAPPERS: Final = frozenset({"responsibility", "text", "competency"})
"""Headings that only announce the competencies below them."""
_ABOUT_LEVELS: Final = frozenset({"scope", "years", "attribute"})
_MOST_WORDS: Final = 6
_UNNAMED: Final = "Expectations"
"""The competency of texts about a level that name none."""
_ENDS: Final = (".", "!", "?", ";")
_KNOWN_FRONT: Final = frozenset(
    {"title", "level", "competency", "skill", "track", "category", "code", "language", "slug"}
)


@dataclass(frozen=True, slots=True)
class _Context:
    """The names that hold below a heading."""

    track: str = ""
    category: str = ""
    competency: str = ""
    facet: str = ""
    level: str = ""
    page: str = ""
    label: str = ""
    """The heading above texts that describe the level."""


def read_outline(sheet: Sheet, outline: Outline, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a text."""
    return _Outline(sheet, outline, mapping, whole).read()


class _Outline:
    """One text that is being read."""

    def __init__(self, sheet: Sheet, outline: Outline, mapping: SheetMapping, whole: ImportMapping) -> None:
        self.sheet, self.outline, self.mapping, self.whole = sheet, outline, mapping, whole
        self.out = Facts()
        self.heads: list[Spot] = []
        """Headings and labels that a role explains."""
        depths = sorted({block.depth for block in outline.blocks if block.kind == "heading"})
        roles = dict(zip(depths, mapping.headings, strict=False))
        self.roles = {depth: roles.get(depth, "page") for depth in depths}
        texts = [b.text for b in outline.blocks if b.kind == "heading" and self.roles[b.depth] == "level"]
        headings = [block for block in outline.blocks if block.kind == "heading"]
        self.parents = {one.line for one, below in pairwise(headings) if below.depth > one.depth}
        """Lines of headings that have others below them."""
        self.known_levels = sum(map(is_level, texts)) >= MOST * len(texts)
        """True if a heading in the place of a level is a page when it names no level."""

    def read(self) -> Facts:
        """Return the facts."""
        self._front()
        if self.mapping.layout == "ignored":
            spots = [self._spot(block) for block in self.outline.blocks]
            self.out.findings.append(finding("left-out-by-mapping", spots, "left out, as the mapping says."))
            return self.out
        for context, blocks in self._sections():
            self._section(context, blocks)
        if self.heads:
            self.out.findings.append(
                finding("headers", self.heads, "read as headings, or as properties of a level.")
            )
        return self.out

    def _front(self) -> None:
        """Take the properties at the top of the file: a code or years of the level, or a text about it."""
        for key, (value, line) in self.outline.front.items():
            spot = Spot(self.sheet.file, self.sheet.name, line, None)
            if key == "title" and not self.mapping.level:
                self.out.titles.append(value)
                self.out.headings.append((value, spot))
            if key in _KNOWN_FRONT and key != "code":
                self.heads += [spot] if key != "title" else []
                continue
            levels = self._levels(self._base()) if self.mapping.level else []
            meaning = meaning_of_header(key)
            if meaning == "people":
                text = f'the property "{key}" is left out, because it is about people.'
                self.out.findings.append(finding("people", [spot], text))
                continue
            self.heads.append(spot)
            if not levels:
                self.out.facts.append(PageFact(stem(self.sheet.name), f"{key}: {value}", (spot,)))
            for level in levels:
                part = "code" if key == "code" else _PARTS.get(meaning or "", "attribute")
                self.out.facts.append(LevelFact(level, part, value, (spot,), key))

    def _base(self) -> _Context:
        one = self.mapping
        return _Context(one.track or "", one.category or "", one.competency or "", "", one.level or "")

    def _sections(self) -> Iterator[tuple[_Context, list[Block]]]:
        """Yield what stands below each heading, with the names that hold there."""
        opened: dict[int, _Context] = {}
        context = self._base()
        blocks: list[Block] = []
        if self.mapping.level:
            self._name_level(context, ())
        for block in self.outline.blocks:
            if block.kind != "heading" or self.mapping.layout == "page":
                heading = block.kind == "heading"
                if heading and block.line == self.outline.blocks[0].line:
                    self.out.titles.append(bare(block.text))
                blocks.append(replace(block, text=f"## {block.text}") if heading else block)
                continue
            yield context, blocks
            blocks = []
            opened = {depth: one for depth, one in opened.items() if depth < block.depth}
            outer = opened[max(opened)] if opened else self._base()
            context = self._below(outer, block)
            opened[block.depth] = context
        yield context, blocks

    def _below(self, outer: _Context, block: Block) -> _Context:
        """Return the names that hold below a heading, and take what the heading says."""
        role, text, spot = self.roles[block.depth], bare(block.text), self._spot(block)
        if role == "level" and self.known_levels and not is_level(block.text):
            role = "page"
        if outer.page or role == "page":
            self.out.headings.append((text, spot))
            return replace(outer, page=text if not outer.page else f"{outer.page}: {text}")
        if role in {"title", "track", "category"}:
            if role == "title":
                self.out.titles.append(text)
                self.out.facts.append(PageFact(stem(self.sheet.name), f"# {text}", (spot,)))
                return outer
            self.out.headings.append((text, spot))
            return replace(outer, **{role: text})
        meaning = meaning_of_header(text)
        if role in {"competency", "facet"} and outer.level and meaning in _ABOUT_HEADINGS:
            self.heads.append(spot)
            return replace(outer, label=text)
        if role == "competency" and meaning in _WRAPPERS and block.line in self.parents:
            self.out.headings.append((text, spot))
            self.heads.append(spot)
            return replace(outer, category=text)
        if role == "facet" and not outer.competency:
            role = "competency"
        context = replace(outer, **{role: text} | ({"facet": ""} if role == "competency" else {}))
        if role == "level":
            self.heads.append(spot)
            self._name_level(context, (spot,))
        else:
            self.out.facts.append(SkillFact(self._skill(context), "title", text, (spot,)))
        return context

    def _name_level(self, context: _Context, spots: tuple[Spot, ...]) -> None:
        self.out.facts += [LevelFact(key, "title", key.name, spots) for key in self._levels(context)]

    def _levels(self, context: _Context) -> list[LevelKey]:
        names = self.whole.levels.get(context.level) or (context.level,)
        return [LevelKey(context.track, name) for name in names]

    def _skill(self, context: _Context) -> SkillKey:
        competency = context.competency or self.mapping.competency or _UNNAMED
        return SkillKey(context.category, competency, context.facet)

    def _spot(self, block: Block) -> Spot:
        return Spot(self.sheet.file, self.sheet.name, block.line, None)

    def _section(self, context: _Context, blocks: Sequence[Block]) -> None:
        if context.page or not (context.level or context.competency or context.facet):
            for block in blocks:
                text = f"{'  ' * (block.depth - 1)}- {block.text}" if block.kind == "item" else block.text
                title = context.page or stem(self.sheet.name)
                self.out.facts.append(PageFact(title, text, (self._spot(block),)))
        elif context.label and context.level:
            part = _PARTS.get(meaning_of_header(context.label) or "", "attribute")
            for block in blocks:
                for level in self._levels(context):
                    fact = LevelFact(level, part, block.text, (self._spot(block),), context.label)
                    self.out.facts.append(fact)
        elif not context.level:
            self._about_competency(context, blocks)
        elif context.competency or context.facet or self.mapping.competency:
            self._cell(context, blocks)
        else:
            self._about_level(context, blocks)

    def _about_competency(self, context: _Context, blocks: Sequence[Block]) -> None:
        for block in blocks:
            text = f"{'  ' * (block.depth - 1)}- {block.text}" if block.kind == "item" else block.text
            part: SkillPart = "summary" if block.kind == "quote" else "description"
            self.out.facts.append(SkillFact(self._skill(context), part, text, (self._spot(block),)))

    def _cell(self, context: _Context, blocks: Sequence[Block], base: int = 1) -> None:
        """Take the texts about a level and a competency."""
        skill = self._skill(context)
        nested = 0
        for at, block in enumerate(blocks):
            if nested:
                nested -= 1
                continue
            followed = any(one.kind == "item" for one in blocks[at + 1 :])
            first = not any(one.kind != "quote" for one in blocks[:at])
            summary = block.kind == "quote" or (block.kind == "paragraph" and followed and first)
            inner = _below(blocks, at, base)
            nested = len(inner)
            spots = tuple(self._spot(one) for one in (block, *inner))
            examples = tuple(one.text for one in inner)
            for level in self._levels(context):
                self.out.facts.append(
                    CellFact(
                        level, skill, "text", block.text, spots, "", examples, whole=True, summary=summary
                    )
                )

    def _about_level(self, context: _Context, blocks: Sequence[Block]) -> None:
        """Take the texts about a level: lists of competencies, properties, a summary, or expectations."""
        nested = _names_competencies(blocks)
        rest: list[Block] = []
        at = 0
        while at < len(blocks):
            block = blocks[at]
            inner = _below(blocks, at, 1)
            if nested and block.kind == "item" and block.depth == 1 and inner:
                named = replace(context, competency=bare(block.text))
                self.out.facts.append(
                    SkillFact(self._skill(named), "title", bare(block.text), (self._spot(block),))
                )
                self._cell(named, inner, 2)
                at += len(inner)
            elif not self._property(context, block):
                if block.kind == "item":
                    rest.append(block)
                else:
                    for level in self._levels(context):
                        self.out.facts.append(LevelFact(level, "summary", block.text, (self._spot(block),)))
            at += 1
        if rest:
            self._cell(context, rest)

    def _property(self, context: _Context, block: Block) -> bool:
        """Take a line such as `Scope: the team`, if it is one."""
        found = _LABEL.fullmatch(block.text)
        meaning = meaning_of_header(found[1]) if found else None
        if found is None or meaning is None or meaning not in _ABOUT_LEVELS or block.depth > 1:
            return False
        part = _PARTS.get(meaning, "attribute")
        self.heads.append(self._spot(block))
        for level in self._levels(context):
            self.out.facts.append(LevelFact(level, part, found[2], (self._spot(block),), found[1].strip()))
        return True


def _below(blocks: Sequence[Block], at: int, base: int) -> list[Block]:
    """Return the items right below an item that are nested in it."""
    if blocks[at].kind != "item" or blocks[at].depth != base:
        return []
    inner: list[Block] = []
    for block in blocks[at + 1 :]:
        if block.kind != "item" or block.depth <= base:
            break
        inner.append(block)
    return inner


def _names_competencies(blocks: Sequence[Block]) -> bool:
    """Return whether the outermost items are names, with the texts nested in them."""
    outer = [(at, block) for at, block in enumerate(blocks) if block.kind == "item" and block.depth == 1]
    named = [
        block
        for at, block in outer
        if _below(blocks, at, 1) and len(block.text.split()) <= _MOST_WORDS and not block.text.endswith(_ENDS)
    ]
    return len(outer) > 1 and len(named) > MOST * len(outer)
