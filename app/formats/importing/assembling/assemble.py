"""A ladder put together from facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.formats.importing.assembling.cells import Cells
from app.formats.importing.assembling.competencies import Skills
from app.formats.importing.assembling.levels import Levels
from app.formats.importing.assembling.steps import Steps, cells_with_steps, make_steps
from app.formats.importing.findings import ImportFinding, Spot, by_sheet, finding
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.readers.facts import (
    CellFact,
    Fact,
    LevelFact,
    PageFact,
    QuestionFact,
    SkillFact,
    SkillKey,
    StepFact,
)
from app.formats.importing.words.slugs import Slugs
from app.rubric.ladder import CountsAs, Faq, Ladder, Page, StatementKind
from app.rubric.rules import check
from app.rubric.statement_kinds import DEFAULTS
from app.rubric.text import folded

_OPTIONAL: Final = frozenset({"optional", "nice-to-have", "complementary", "wunschenswert", "facultatif"})


@dataclass(frozen=True, slots=True)
class Head:
    """The properties of the ladder itself."""

    slug: str
    title: str
    language: str
    track: str
    """Title of the track that no sheet names."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A ladder, and what did not fit into it."""

    ladder: Ladder
    findings: list[ImportFinding]


def assemble(facts: Sequence[Fact], head: Head, whole: ImportMapping) -> Assembled:
    """Return the ladder that facts make."""
    cells = [fact for fact in facts if isinstance(fact, CellFact)]
    described = [fact for fact in facts if isinstance(fact, StepFact)]
    levels = Levels((fact.level for fact in facts if isinstance(fact, LevelFact | CellFact)), head.track)
    skills = Skills(fact.skill for fact in facts if isinstance(fact, SkillFact | CellFact | StepFact))
    levels.take(fact for fact in facts if isinstance(fact, LevelFact))
    skills.take(fact for fact in facts if isinstance(fact, SkillFact))
    tracks, made_levels, findings = levels.arranged(whole.order)
    steps, with_steps = _steps(cells, described, whole)
    skills.take_steps(described, steps, whole.split)
    pages = steps.explain([fact for fact in facts if isinstance(fact, PageFact)])
    expectations = Cells(levels, skills, steps, whole.split)
    expectations.take(cells, with_steps)
    competencies, facets = skills.made()
    made_cells, places = expectations.made()
    ladder = Ladder(
        slug=head.slug,
        title=head.title,
        language=head.language,
        statement_kinds=_kinds(expectations.kinds),
        tracks=tuple(tracks),
        levels=tuple(made_levels),
        scales=tuple(steps.scales),
        competencies=competencies,
        facets=facets,
        expectations=made_cells,
        faqs=_faqs([fact for fact in facts if isinstance(fact, QuestionFact)]),
        pages=_pages(pages, [head.title, *levels.titles, *(one.title for one in competencies)]),
    )
    questions = [_order_question(cells, with_steps, steps)] if steps.unsure else []
    notes = _notes(levels, steps)
    return Assembled(ladder, [*findings, *expectations.findings, *questions, *notes, *_rules(ladder, places)])


def _notes(levels: Levels, steps: Steps) -> list[ImportFinding]:
    """Return notes about texts that became something else: years, and the summaries of steps."""
    years = [finding("years", spots, "read as years of experience.") for spots in by_sheet(levels.counted)]
    explained = "read as the summaries of steps."
    return [*years, *(finding("legend", spots, explained) for spots in by_sheet(steps.explained))]


def _steps(
    cells: Sequence[CellFact], described: Sequence[StepFact], whole: ImportMapping
) -> tuple[Steps, set[int]]:
    with_steps = cells_with_steps(cells)
    chosen = [fact for fact in cells if id(fact) in with_steps]
    rows: dict[SkillKey, list[str]] = {}
    for fact in chosen:
        rows.setdefault(fact.skill, []).append(fact.text)
    return make_steps(chosen, described, whole.steps, rows), with_steps


def _order_question(cells: Sequence[CellFact], with_steps: set[int], steps: Steps) -> ImportFinding:
    spots = [spot for fact in cells if id(fact) in with_steps for spot in fact.spots]
    titles = [step.title for scale in steps.scales for step in scale.steps]
    text = (
        f"the order of the steps is a guess: {', '.join(titles)}. If it is another, write `steps` in the mapping, "
        "lowest first."
    )
    return finding("step-order", spots, text)


def _kinds(titles: dict[str, str]) -> tuple[StatementKind, ...]:
    def counts_as(slug: str) -> CountsAs:
        return "optional" if slug in _OPTIONAL else DEFAULTS.get(slug, "asked")

    return tuple(
        StatementKind(slug=slug, title=title, counts_as=counts_as(slug)) for slug, title in titles.items()
    )


def _faqs(facts: Sequence[QuestionFact]) -> tuple[Faq, ...]:
    slugs = Slugs()
    return tuple(
        Faq(
            slug=slugs.take(fact.question, f"question-{at}"),
            question=fact.question,
            answer=fact.answer,
            group=fact.group or None,
        )
        for at, fact in enumerate(facts, 1)
    )


def _pages(facts: Sequence[PageFact], titles: Sequence[str]) -> tuple[Page, ...]:
    """Return the pages: texts of one title are one page. A text that is a title elsewhere needs none."""
    known = set(map(folded, titles))
    texts: dict[str, list[PageFact]] = {}
    for fact in facts:
        heading = fact.text.lstrip("# ")
        if folded(heading) not in known:
            texts.setdefault(fact.title, []).append(fact)
    slugs = Slugs()
    return tuple(
        Page(slug=slugs.take(name, f"page-{at}"), title=name, text=_joined(found))
        for at, (name, found) in enumerate(texts.items(), 1)
    )


def _joined(facts: Sequence[PageFact]) -> str:
    """Return texts as paragraphs; the items of a list stay together."""
    text = facts[0].text
    for before, fact in pairwise(facts):
        both = before.text.lstrip().startswith("- ") and fact.text.lstrip().startswith("- ")
        text += ("\n" if both else "\n\n") + fact.text
    return text


def _rules(ladder: Ladder, places: Sequence[tuple[Spot, ...]]) -> list[ImportFinding]:
    """Return the errors that the rules find in a ladder, with the cells that they come from if known."""
    found: list[ImportFinding] = []
    for one in check(ladder):
        if one.severity == "error":
            parts = one.path.split("/")
            at = int(parts[2]) if len(parts) > 2 and parts[1] == "expectations" else None  # noqa: PLR2004
            found.append(
                finding("rule", places[at] if at is not None else (), f"{one.message} [{one.code}].")
            )
    return found
