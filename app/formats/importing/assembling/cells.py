"""Expectations put together from the cells of sheets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.formats.importing.assembling.competencies import Skill, Skills
from app.formats.importing.assembling.levels import Entry, Levels
from app.formats.importing.assembling.steps import Steps
from app.formats.importing.findings import ImportFinding, Spot, finding
from app.formats.importing.readers.facts import CellFact
from app.formats.importing.words.bullets import Split, sentences, split_cell
from app.formats.importing.words.slugs import slug_of
from app.formats.importing.words.vocabulary import meaning_of_cell
from app.rubric.ladder import Applicability, Expectation
from app.rubric.parts import Example, Statement
from app.rubric.statement_kinds import SUMMARY

_RESERVED: Final = f"{SUMMARY}-line"


@dataclass
class Cell:
    """One expectation that is being put together."""

    level: Entry
    skill: Skill
    spots: list[Spot] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    step: str | None = None
    marks: list[str] = field(default_factory=list)

    def expectation(self) -> Expectation:
        """Return the expectation."""
        filled = bool(self.statements or self.step or self.examples)
        unused = [mark for mark in self.marks if meaning_of_cell(mark) == "not-in-use"]
        optional = any(meaning_of_cell(mark) == "optional" for mark in self.marks)
        applicability: Applicability = (
            "not-in-use" if unused and not filled else "optional" if optional else "required"
        )
        summary = [*self.summary, *(unused if not filled else [])]
        owner = self.skill.owner
        return Expectation(
            level=self.level.slug,
            competency=owner.slug if owner else self.skill.slug,
            facet=self.skill.slug if owner else None,
            applicability=applicability,
            step=self.step,
            summary="\n\n".join(summary) or None,
            statements=tuple(self.statements),
            examples=tuple(Example(text=text) for text in self.examples),
        )


class Cells:
    """The expectations of an import, in the order of the sheets."""

    def __init__(self, levels: Levels, skills: Skills, steps: Steps, split: Split) -> None:
        self.levels, self.skills, self.steps, self.split = levels, skills, steps, split
        self.kinds: dict[str, str] = {}
        """The titles of the kinds of statements, by slug."""
        self.findings: list[ImportFinding] = []
        self._cells: dict[tuple[int, int], Cell] = {}

    def take(self, facts: Iterable[CellFact], with_steps: set[int]) -> None:
        """Take the cells of sheets."""
        for fact in facts:
            level, skill = self.levels.find(fact.level), self.skills.find(fact.skill)
            cell = self._cells.setdefault((id(level), id(skill)), Cell(level, skill))
            cell.spots += fact.spots
            if fact.part == "mark":
                cell.marks.append(fact.text)
            elif id(fact) in with_steps:
                self._step(cell, fact)
            elif fact.part == "example":
                self._examples(cell, fact)
            elif fact.whole:
                self._whole(cell, fact)
            else:
                self._text(cell, fact)

    def _step(self, cell: Cell, fact: CellFact) -> None:
        text = " ".join(fact.text.split())
        found = self.steps.find(text)
        scale = cell.skill.scale or (cell.skill.owner.scale if cell.skill.owner else None)
        if found is None or (scale is not None and scale != found[0]) or cell.step not in {None, found[1]}:
            cell.summary.append(text)
            words = (
                f"{text!r} was kept as text, because the cell or its competency has another step or scale."
            )
            self.findings.append(finding("second-step", fact.spots, words))
            return
        cell.skill.scale = found[0]
        cell.step = found[1]

    def _examples(self, cell: Cell, fact: CellFact) -> None:
        cut = split_cell(fact.text)
        lines = [text for line in cut.lines for text in (line.text, *line.examples)]
        cell.examples += [*([cut.lead] if cut.lead else []), *lines]

    def _whole(self, cell: Cell, fact: CellFact) -> None:
        if fact.summary:
            cell.summary.append(fact.text)
            cell.examples += fact.examples
            return
        texts = sentences(fact.text) if self.split == "sentences" else [fact.text]
        for at, text in enumerate(texts):
            examples = fact.examples if at == len(texts) - 1 else ()
            cell.statements.append(
                Statement(text=text, examples=tuple(Example(text=one) for one in examples))
            )

    def _text(self, cell: Cell, fact: CellFact) -> None:
        kind = self._kind(fact.kind)
        cut = split_cell(fact.text, self.split)
        if cut.lead is not None and not cell.summary and not cell.statements:
            cell.summary.append(cut.lead)
        elif cut.lead is not None:
            cell.statements.append(Statement(text=cut.lead, kind=kind))
        cell.statements += [
            Statement(text=line.text, kind=kind, examples=tuple(Example(text=one) for one in line.examples))
            for line in cut.lines
        ]

    def _kind(self, word: str) -> str | None:
        slug = slug_of(word) if word else None
        if slug is None:
            return None
        slug = _RESERVED if slug == SUMMARY else slug
        self.kinds.setdefault(slug, " ".join(word.split()))
        return slug

    def made(self) -> tuple[tuple[Expectation, ...], list[tuple[Spot, ...]]]:
        """Return the expectations, and the places of each."""
        cells = list(self._cells.values())
        return tuple(cell.expectation() for cell in cells), [tuple(cell.spots) for cell in cells]
