"""Facts: what a sheet says about levels, competencies and cells, each with its place."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.formats.importing.findings import ImportFinding, Spot

LevelPart = Literal["title", "summary", "scope", "years", "attribute", "code"]
SkillPart = Literal["title", "summary", "description", "example"]
CellPart = Literal["text", "step", "example", "mark"]


class LevelKey(NamedTuple):
    """A level, as the sheets name it."""

    track: str
    name: str
    code: str = ""
    """Its code, if a column of its own gives it."""


class SkillKey(NamedTuple):
    """A competency, or a facet of it, as the sheets name them."""

    category: str
    competency: str
    facet: str = ""


@dataclass(frozen=True, slots=True)
class LevelFact:
    """One text about a level."""

    level: LevelKey
    part: LevelPart
    text: str
    spots: tuple[Spot, ...]
    label: str = ""
    """The header of an attribute."""


@dataclass(frozen=True, slots=True)
class SkillFact:
    """One text about a competency or facet."""

    skill: SkillKey
    part: SkillPart
    text: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class CellFact:
    """One text about a level and a competency: statements, a step, an example or a mark."""

    level: LevelKey
    skill: SkillKey
    part: CellPart
    text: str
    spots: tuple[Spot, ...]
    kind: str = ""
    """The kind of its statements."""
    examples: tuple[str, ...] = ()
    """Illustrations of the statement, if the text is one statement."""
    whole: bool = False
    """True if the text is one statement, which is not split."""
    summary: bool = False
    """True if the text is the summary of the expectation."""


@dataclass(frozen=True, slots=True)
class StepFact:
    """One text about a competency at a step of its scale."""

    skill: SkillKey
    step: str
    text: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class PageFact:
    """Text that fits no cell."""

    title: str
    text: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class QuestionFact:
    """A question and its answer."""

    question: str
    answer: str
    spots: tuple[Spot, ...]
    group: str = ""


Fact = LevelFact | SkillFact | CellFact | StepFact | PageFact | QuestionFact


@dataclass
class Facts:
    """The facts of one sheet, in order, and what was found on the way."""

    facts: list[Fact] = field(default_factory=list)
    findings: list[ImportFinding] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    """Possible titles of the ladder, the likeliest first."""
    headings: list[tuple[str, Spot]] = field(default_factory=list)
    """Names of categories, tracks and groups, which need something that belongs to them."""

    @property
    def used(self) -> frozenset[Spot]:
        """The cells that gave a fact or a name."""
        spots = {spot for fact in self.facts for spot in fact.spots}
        return frozenset(spots | {spot for _, spot in self.headings})
