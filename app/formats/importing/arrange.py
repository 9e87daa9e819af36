"""Decisions that need all sheets: which levels are one track, and which names of sheets are tracks or categories."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.importing.findings import ImportFinding, Spot, finding
from app.formats.importing.mapping import SheetMapping
from app.formats.importing.readers.facts import CellFact, Facts, LevelFact
from app.formats.importing.table import Table, stem
from app.formats.importing.words.level_names import level_likeness, parse_level
from app.formats.importing.words.numbers import leading_number
from app.rubric.text import folded

_GENERIC: Final = re.compile(
    r"(?:sheet|tabelle|blatt|feuil|feuille|hoja|foglio|planilha|시트|ورقة|シート|лист|table|matrix|untitled|"
    r"levels?|competenc(?:y|ies)|skills?|ladder|framework|assessment|self-assessment|evaluation|template)\s*\d*",
    re.IGNORECASE,
)
_SHARE: Final = 0.5
_FEW: Final = 2


@dataclass(frozen=True)
class Part:
    """One table of an import with its mapping, and what it gave when it was read alone."""

    file: str
    name: str
    table: Table | None
    mapping: SheetMapping
    facts: Facts
    fixed: bool = False
    """True if an author's mapping says how it is read."""

    @property
    def levels(self) -> set[str]:
        """The names of its levels."""
        return {
            _identity(fact.level.name, fact.level.code)
            for fact in self.facts.facts
            if isinstance(fact, LevelFact)
        }

    @property
    def cells(self) -> set[tuple[str, str, str]]:
        """The cells that it fills, by level, competency and facet."""
        return {
            (
                _identity(fact.level.name, fact.level.code),
                folded(fact.skill.competency),
                folded(fact.skill.facet),
            )
            for fact in self.facts.facts
            if isinstance(fact, CellFact)
        }


def _identity(name: str, code: str) -> str:
    return folded(code or parse_level(name).code or name)


def arrange(parts: Sequence[Part]) -> tuple[list[SheetMapping], list[ImportFinding]]:
    """Return the mappings with tracks and categories that the names of sheets give, and what is not certain."""
    mappings = [part.mapping for part in parts]
    findings: list[ImportFinding] = []
    for at in _described_steps(parts):
        mappings[at] = mappings[at].model_copy(update={"axis": "steps"})
        findings.append(_steps_question(parts[at]))
    groups = _groups(parts)
    for group in groups:
        clashing = [
            at for at in group if any(parts[at].cells & parts[other].cells for other in group if other != at)
        ]
        tracks = len(clashing) >= _FEW and not any(parts[at].mapping.level for at in group)
        lead = next((at for at in group if parts[at].mapping.layout == "matrix"), group[0])
        for at in group:
            part, mapping = parts[at], mappings[at]
            if part.fixed:
                continue
            if tracks and at in clashing:
                mappings[at] = mapping.model_copy(update={"track": mapping.track or title_of(part)})
            elif len(groups) > 1:
                mappings[at] = mapping.model_copy(update={"track": mapping.track or title_of(parts[lead])})
        if tracks:
            findings.append(_question(parts, clashing, "tracks"))
        elif named := _as_categories(parts, mappings, group):
            findings.append(_question(parts, named, "categories"))
    return mappings, findings


def _described_steps(parts: Sequence[Part]) -> list[int]:
    """Return the matrices whose columns are steps: other sheets ask for their numbers in the same competencies."""
    found: list[int] = []
    for at, part in enumerate(parts):
        if part.fixed or part.mapping.layout != "matrix" or part.mapping.axis is not None:
            continue
        heights = {
            parse_level(one.level or "").height for one in part.mapping.columns if one.becomes == "level"
        }
        skills = {skill for _, skill, _ in part.cells}
        if None in heights:
            continue
        for other in parts:
            asked = [
                fact
                for fact in other.facts.facts
                if isinstance(fact, CellFact) and folded(fact.skill.competency) in skills
            ]
            numbers = [leading_number(fact.text) for fact in asked]
            if (
                other is not part
                and len(numbers) > 1
                and set(numbers) <= heights | {0.0}
                and not part.levels & other.levels
            ):
                found.append(at)
                break
    return found


def _steps_question(part: Part) -> ImportFinding:
    facts = [fact for fact in part.facts.facts if isinstance(fact, LevelFact) and fact.part == "title"]
    spots = dict.fromkeys(spot for fact in facts for spot in fact.spots)
    text = (
        "these columns were read as the steps of a scale, because another sheet asks for their numbers. If they are "
        "career levels, write `axis: levels` in the mapping."
    )
    return finding("levels-or-steps", spots, text)


def _groups(parts: Sequence[Part]) -> list[list[int]]:
    """Return the tables in groups of those that share levels. Sheets of one level each are one group."""
    groups: list[list[int]] = []
    sets: list[set[str]] = []
    single: int | None = None
    for at, part in enumerate(parts):
        levels = part.levels
        if not levels:
            continue
        if part.mapping.level and single is not None:
            groups[single].append(at)
            sets[single] |= levels
            continue
        near = next(
            (
                k
                for k, known in enumerate(sets)
                if len(known & levels) >= _SHARE * min(len(known), len(levels))
            ),
            None,
        )
        if near is None or len(sets[near] & levels) == 0:
            groups.append([at])
            sets.append(set(levels))
            near = len(groups) - 1
        else:
            groups[near].append(at)
            sets[near] |= levels
        if part.mapping.level:
            single = near
    return groups


def _as_categories(parts: Sequence[Part], mappings: list[SheetMapping], group: Sequence[int]) -> list[int]:
    """Let the names of several matrices of one track be categories, if they have none; return which."""
    found = [
        at
        for at in group
        if parts[at].mapping.layout in {"matrix", "transposed"}
        and not parts[at].fixed
        and parts[at].cells
        and not any(fact.skill.category for fact in parts[at].facts.facts if isinstance(fact, CellFact))
    ]
    if len(found) < _FEW:
        return []
    for at in found:
        if not mappings[at].category:
            mappings[at] = mappings[at].model_copy(update={"category": title_of(parts[at])})
    return found


def title_of(part: Part) -> str:
    """Return a title for what a table is about: the name of its sheet, unless that says nothing."""
    if part.mapping.rows is not None:
        first = next((one for one in part.mapping.special_rows if one.becomes == "page"), None)
        if first is not None and first.header:
            return first.header
        return f"{part.name}, rows {part.mapping.rows[0]}-{part.mapping.rows[1]}"
    name = stem(part.name)
    return stem(part.file) if _GENERIC.fullmatch(name.strip()) and level_likeness(name) == 0 else name


def is_generic(name: str) -> bool:
    """Return whether the name of a sheet says nothing about what it holds."""
    return bool(_GENERIC.fullmatch(stem(name).strip()))


def _question(parts: Sequence[Part], chosen: Sequence[int], what: str) -> ImportFinding:
    spots: list[Spot] = []
    for at in chosen:
        spots += next((list(fact.spots[:1]) for fact in parts[at].facts.facts if fact.spots), [])
    names = ", ".join(f'"{title_of(parts[at])}"' for at in chosen)
    other = "category" if what == "tracks" else "track"
    text = f"the names {names} were read as {what}. If they are not, write `{other}` in the mapping of these sheets."
    return finding("tracks-or-categories", spots, text)
