"""The result of an import, and what it tells people about each sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.formats.importing.findings import ImportFinding
from app.formats.importing.mapping import ColumnMapping, ImportMapping, SheetMapping
from app.formats.importing.readers.facts import (
    CellFact,
    Facts,
    LevelFact,
    PageFact,
    QuestionFact,
    SkillFact,
    StepFact,
)
from app.formats.importing.table import column_number
from app.rubric.ladder import Ladder


@dataclass(frozen=True, slots=True)
class UnderstoodColumn:
    """The outcome of one column, for people."""

    column: str
    """Its letters."""
    header: str
    became: str
    """Words for people: `level Senior (text)`, `left out: about people`."""
    count: int
    """The number of its cells that were used."""


@dataclass(frozen=True, slots=True)
class UnderstoodSheet:
    """The outcome of one sheet, or of one table of it."""

    file: str
    sheet: str
    layout: str
    columns: tuple[UnderstoodColumn, ...]
    counts: dict[str, int]
    """The numbers of levels, competencies, cells, questions and pages that it gave."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The result of an import."""

    ladder: Ladder
    findings: tuple[ImportFinding, ...]
    mapping: ImportMapping
    """The mapping that was used. Given back, it makes the next import do the same."""
    tables: tuple[UnderstoodSheet, ...]


def describe(file: str, mapping: SheetMapping, facts: Facts) -> UnderstoodSheet:
    """Return what was understood of one sheet or table."""
    used: dict[int, set[int]] = {}
    for fact in facts.facts:
        for spot in fact.spots:
            if spot.column is not None:
                used.setdefault(spot.column, set()).add(spot.row)
    columns = tuple(
        UnderstoodColumn(one.column, one.header, became(one), len(used.get(column_number(one.column), ())))
        for one in mapping.columns
    )
    return UnderstoodSheet(file, mapping.sheet, mapping.layout, columns, _counts(facts))


def became(one: ColumnMapping) -> str:
    """Return what a column became, in words."""
    if one.becomes == "nothing":
        return f"left out: {one.why or 'as the mapping says'}"
    if one.becomes != "level" or one.level is None:
        return one.becomes
    return f"level {' '.join(one.level.split())} ({one.part or 'text'})"


def _counts(facts: Facts) -> dict[str, int]:
    levels = {fact.level for fact in facts.facts if isinstance(fact, LevelFact)}
    skills = {fact.skill for fact in facts.facts if isinstance(fact, SkillFact | CellFact | StepFact)}
    counts: Mapping[str, int] = {
        "levels": len(levels),
        "competencies": len({(one.category, one.competency) for one in skills}),
        "facets": sum(bool(one.facet) for one in skills),
        "cells": sum(isinstance(fact, CellFact | StepFact) for fact in facts.facts),
        "questions": sum(isinstance(fact, QuestionFact) for fact in facts.facts),
        "pages": len({fact.title for fact in facts.facts if isinstance(fact, PageFact)}),
    }
    return {name: count for name, count in counts.items() if count}


def all_facts(parts: Sequence[Facts]) -> Facts:
    """Return the facts and findings of several tables as one."""
    whole = Facts()
    for part in parts:
        whole.facts += part.facts
        whole.findings += part.findings
        whole.headings += part.headings
        whole.titles += part.titles
    return whole
