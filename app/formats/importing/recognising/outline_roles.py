"""Outlines recognised: what the headings of a text name, from the outermost to the innermost."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

from app.formats.importing.mapping import SheetMapping
from app.formats.importing.sources.outline import Block, Outline
from app.formats.importing.table import stem
from app.formats.importing.words.level_names import level_likeness

HeadingRole = Literal["title", "track", "category", "competency", "facet", "level", "page"]

Company = Literal["yes", "no", "with tables"]
"""The company of a text: the only one of an import, one of several, or next to tables in its file."""

MOST: Final = 0.6
"""Share of headings of one depth that must name levels."""
_LEVEL: Final = 0.5
_REPEATED: Final = 0.7
_FEW: Final = 2
_MARKS: Final = re.compile(r"^[\s*_`#]+|[\s*_`:]+$")


def recognise_outline(outline: Outline, name: str, *, alone: Company) -> tuple[SheetMapping, str]:
    """Return the mapping of a text, and what is not certain about it: a code of a finding, or nothing."""
    headings = [block for block in outline.blocks if block.kind == "heading"]
    if alone == "with tables" and not any(block.kind == "item" for block in outline.blocks):
        return SheetMapping(sheet=name, layout="page"), ""
    depths = sorted({block.depth for block in headings})
    level = _level_depth(headings, depths)
    front = {key: value for key, (value, _) in outline.front.items()}
    mapping = SheetMapping(
        sheet=name,
        layout="outline",
        level=front.get("level") or None,
        competency=front.get("competency") or front.get("skill") or None,
        track=front.get("track") or None,
        category=front.get("category") or None,
    )
    if level is not None:
        return mapping.model_copy(
            update={"headings": _around(headings, depths, level, alone=alone != "no")}
        ), ""
    return _without_levels(mapping, outline, headings, depths, front, alone=alone != "no")


def bare(text: str) -> str:
    """Return a text without the marks of Markdown around it and a colon at its end."""
    return " ".join(_MARKS.sub("", text).split()) or text.strip()


def is_level(text: str) -> bool:
    """Return whether a heading names a level."""
    return level_likeness(bare(text)) >= _LEVEL


def _level_depth(headings: Sequence[Block], depths: Sequence[int]) -> int | None:
    """Return the depth of headings that name levels; the outermost if several do."""
    for depth in depths:
        texts = [block.text for block in headings if block.depth == depth]
        likely = sum(map(is_level, texts))
        if likely >= MOST * len(texts) and (likely >= _FEW or (len(texts) == 1 and depth == depths[0])):
            return depth
    return None


def _around(
    headings: Sequence[Block], depths: Sequence[int], level: int, *, alone: bool
) -> tuple[HeadingRole, ...]:
    """Return the roles of all depths, around the depth of the levels."""
    outer = [depth for depth in depths if depth < level]
    inner = [depth for depth in depths if depth > level]
    single = bool(outer) and sum(block.depth == outer[0] for block in headings) == 1
    roles: dict[int, HeadingRole] = {level: "level"}
    roles |= dict(zip(inner, _inner(len(inner)), strict=True))
    if single and (alone or inner or len(outer) > 1):
        roles[outer[0]] = "title"
        outer = outer[1:]
    names: list[HeadingRole] = ["track", "category"] if inner else ["competency", "category", "track"]
    for at, depth in enumerate(reversed(outer)):
        roles[depth] = names[at] if at < len(names) else "page"
    return tuple(roles[depth] for depth in depths)


def _inner(count: int) -> list[HeadingRole]:
    """Return the roles of the headings below the levels."""
    if count > _FEW:
        return ["category", "competency", "facet", *(["page"] * (count - 3))]  # type: ignore[list-item]
    return ["competency", "facet"][:count]  # type: ignore[return-value]


def _without_levels(
    mapping: SheetMapping,
    outline: Outline,
    headings: Sequence[Block],
    depths: Sequence[int],
    front: dict[str, str],
    *,
    alone: bool,
) -> tuple[SheetMapping, str]:
    """Return the mapping of a text whose headings name no known level."""
    counts = {depth: sum(block.depth == depth for block in headings) for depth in depths}
    single = bool(depths) and counts[depths[0]] == 1
    rest = list(depths[1:] if single else depths)
    top = next((bare(block.text) for block in headings if block.depth == depths[0]), "") if single else ""
    named = mapping.level or front.get("title") or top or stem(mapping.sheet)
    about_level = (
        mapping.level or level_likeness(named) >= _LEVEL or level_likeness(stem(mapping.sheet)) >= _LEVEL
    )
    lead: tuple[HeadingRole, ...] = ("title",) if single else ()
    if about_level:
        roles: tuple[HeadingRole, ...] = (*lead, *_inner(len(rest)))
        level = mapping.level or (named if level_likeness(named) >= _LEVEL else stem(mapping.sheet))
        return mapping.model_copy(update={"headings": roles, "level": level}), ""
    inner = [bare(block.text) for block in headings if len(rest) > 1 and block.depth == rest[1]]
    repeated = len(inner) >= 2 * _FEW and len(Counter(inner)) <= _REPEATED * len(inner)
    if repeated and alone:
        more = _inner(len(rest) - 1)
        return mapping.model_copy(update={"headings": (*lead, "level", *more)}), "rows-or-columns"
    if mapping.competency is not None and rest:
        return mapping.model_copy(update={"headings": (*lead, "level", *_inner(len(rest) - 1))}), ""
    items = any(block.kind == "item" for block in outline.blocks)
    if not alone and items and rest:
        return mapping.model_copy(
            update={"headings": (*lead, *_inner(len(rest))), "level": named}
        ), "rows-or-columns"
    return SheetMapping(sheet=mapping.sheet, layout="page"), ""
