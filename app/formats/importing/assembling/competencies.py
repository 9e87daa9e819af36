"""Competencies and facets put together from what sheets say about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.formats.importing.assembling.steps import Steps
from app.formats.importing.readers.facts import SkillFact, SkillKey, StepFact
from app.formats.importing.words.bullets import Split, split_cell
from app.formats.importing.words.slugs import Slugs
from app.rubric.ladder import Competency, Facet
from app.rubric.parts import Example, Proficiency, Statement
from app.rubric.text import folded


@dataclass
class Skill:
    """One competency or facet that is being put together."""

    title: str
    category: str = ""
    slug: str = ""
    owner: "Skill | None" = None
    summary: list[str] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    scale: str | None = None
    proficiencies: dict[str, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    leads: dict[str, str] = field(default_factory=dict)


class Skills:
    """The competencies and facets of an import, in the order of the sheets."""

    def __init__(self, keys: Iterable[SkillKey]) -> None:
        self.competencies: list[Skill] = []
        self.facets: list[Skill] = []
        self._of: dict[SkillKey, Skill] = {}
        keys = list(dict.fromkeys(keys))
        categories: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            if key.category:
                categories[folded(key.competency)].add(folded(key.category))
        known: dict[tuple[str, ...], Skill] = {}
        for key in keys:
            title, category = folded(key.competency), folded(key.category)
            of_title = categories[title]
            category = category or (next(iter(of_title)) if len(of_title) == 1 else "")
            owner = known.get((category, title))
            if owner is None:
                owner = known[category, title] = Skill(key.competency.strip(), key.category.strip())
                self.competencies.append(owner)
            owner.category = owner.category or key.category.strip()
            self._of[SkillKey(key.category, key.competency)] = owner
            if key.facet:
                place = (category, title, folded(key.facet))
                if place not in known:
                    known[place] = Skill(key.facet.strip(), owner=owner)
                    self.facets.append(known[place])
                self._of[key] = known[place]
        self._name()

    def _name(self) -> None:
        competencies, facets = Slugs(), Slugs()
        for at, one in enumerate(self.competencies, 1):
            one.slug = competencies.take(one.title, f"competency-{at}", one.category)
        for at, one in enumerate(self.facets, 1):
            one.slug = facets.take(one.title, f"facet-{at}", one.owner.title if one.owner else "")

    def find(self, key: SkillKey) -> Skill:
        """Return the competency or facet that a key names."""
        return self._of[key]

    def take(self, facts: Iterable[SkillFact]) -> None:
        """Take what sheets say about competencies."""
        for fact in facts:
            skill = self.find(fact.skill)
            if fact.part == "example":
                cut = split_cell(fact.text)
                for text in [*([cut.lead] if cut.lead else []), *(line.text for line in cut.lines)]:
                    skill.examples.append(text)
                skill.examples += [text for line in cut.lines for text in line.examples]
            elif fact.part != "title":
                texts = skill.summary if fact.part == "summary" else skill.description
                text = fact.text.strip("\n")
                if text not in texts:
                    texts.append(text)

    def take_steps(self, facts: Iterable[StepFact], steps: Steps, split: Split) -> None:
        """Take what sheets say about competencies at a step."""
        for fact in facts:
            skill = self.find(fact.skill)
            found = steps.find(fact.step)
            if found is None:
                continue
            skill.scale, step = found
            cut = split_cell(fact.text, split)
            if cut.lead is not None and step not in skill.leads:
                skill.leads[step] = cut.lead
            elif cut.lead is not None:
                skill.proficiencies[step].append(Statement(text=cut.lead))
            skill.proficiencies[step] += [
                Statement(text=line.text, examples=tuple(Example(text=one) for one in line.examples))
                for line in cut.lines
            ]

    def made(self) -> tuple[tuple[Competency, ...], tuple[Facet, ...]]:
        """Return the competencies and the facets."""
        competencies = tuple(
            Competency(
                slug=one.slug,
                title=one.title,
                category=one.category or None,
                summary="\n\n".join(one.summary) or None,
                description="\n\n".join(one.description) or None,
                scale=one.scale,
                proficiencies=_proficiencies(one),
                examples=tuple(Example(text=text) for text in one.examples),
            )
            for one in self.competencies
        )
        facets = tuple(
            Facet(
                slug=one.slug,
                competency=one.owner.slug,
                title=one.title,
                summary="\n\n".join(one.summary) or None,
                description="\n\n".join(one.description) or None,
                scale=one.scale,
                proficiencies=_proficiencies(one),
                examples=tuple(Example(text=text) for text in one.examples),
            )
            for one in self.facets
            if one.owner is not None
        )
        return competencies, facets


def _proficiencies(skill: Skill) -> tuple[Proficiency, ...]:
    names = dict.fromkeys([*skill.leads, *skill.proficiencies])
    return tuple(
        Proficiency(
            step=step, summary=skill.leads.get(step), statements=tuple(skill.proficiencies.get(step, ()))
        )
        for step in names
    )
