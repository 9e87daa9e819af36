"""Steps: which cells hold one instead of a text, and the scales that they make, in order."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from app.formats.importing.findings import Spot
from app.formats.importing.readers.facts import CellFact, PageFact, SkillKey, StepFact
from app.formats.importing.words.numbers import leading_number, step_number
from app.formats.importing.words.slugs import Slugs
from app.formats.importing.words.vocabulary import step_height
from app.rubric.ladder import Scale, Step
from app.rubric.text import folded

_SHARE: Final = 0.6
"""Share of the cells of a sheet from which on its short words are steps."""
_MOST_STEPS: Final = 8
_LONGEST: Final = 40
_MOST_WORDS: Final = 3
_MOST_NUMBERS: Final = 10
_TWICE: Final = 2
_EXPLAINED: Final = re.compile(r"\s*([^|=:\n]{1,40}?)\s*(?:[|=:]|\s[-\u2013\u2014])\s*(\S[^|]*)", re.DOTALL)
"""A note that explains a step."""


@dataclass
class Steps:
    """The scales of an import."""

    scales: list[Scale] = field(default_factory=list)
    unsure: bool = False
    """True if the sheets do not show the order of the steps."""
    explained: list[Spot] = field(default_factory=list)
    """The cells that explain a step."""
    _by_title: dict[str, tuple[str, str]] = field(default_factory=dict)
    _by_number: dict[float, tuple[str, str]] = field(default_factory=dict)

    def find(self, text: str) -> tuple[str, str] | None:
        """Return the scale and the step with a name, or with the number that a name begins with."""
        number = leading_number(text)
        by_number = None if number is None else self._by_number.get(number)
        return self._by_title.get(folded(text)) or by_number

    def add(self, titles: Sequence[str], slug: str) -> None:
        """Add a scale with steps in order."""
        slugs = Slugs()
        steps = tuple(
            Step(slug=slugs.take(title, f"step-{at}"), title=title) for at, title in enumerate(titles, 1)
        )
        self.scales.append(
            Scale(slug=slug, title="Scale" if slug == "scale" else "Second scale", steps=steps)
        )
        for step in steps:
            self._by_title.setdefault(folded(step.title), (slug, step.slug))
            number = step_number(step.title)
            if number is not None:
                self._by_number.setdefault(number, (slug, step.slug))

    def explain(self, pages: Sequence[PageFact]) -> list[PageFact]:
        """Give steps the summaries that notes have for them, such as `1 = with help`; return the other notes."""
        left: list[PageFact] = []
        for page in pages:
            found = _EXPLAINED.fullmatch(page.text)
            step = self.find(found[1]) if found else None
            if found is None or step is None or not self._summarise(*step, found[2].strip()):
                left.append(page)
            else:
                self.explained += page.spots
        return left

    def _summarise(self, scale: str, step: str, text: str) -> bool:
        for at, one in enumerate(self.scales):
            steps = [
                inner.model_copy(update={"summary": text})
                if inner.slug == step and inner.summary is None
                else inner
                for inner in one.steps
            ]
            if one.slug == scale and tuple(steps) != one.steps:
                self.scales[at] = one.model_copy(update={"steps": tuple(steps)})
                return True
        return False


def cells_with_steps(facts: Iterable[CellFact]) -> set[int]:
    """Return which cells hold a step, by the identity of their facts."""
    by_sheet: dict[tuple[str, str], list[CellFact]] = defaultdict(list)
    by_skill: dict[tuple[tuple[str, str], SkillKey], list[CellFact]] = defaultdict(list)
    found: set[int] = set()
    for fact in facts:
        if fact.part == "step" and len(fact.text) <= _LONGEST and "\n" not in fact.text.strip():
            found.add(id(fact))
        elif fact.part == "text" and not fact.whole and fact.spots:
            sheet = fact.spots[0].file, fact.spots[0].sheet
            by_sheet[sheet].append(fact)
            by_skill[sheet, fact.skill].append(fact)
    for group in by_sheet.values():
        found |= _steps_among(group, _SHARE)
    for row in by_skill.values():
        if len(row) > 1 and all(leading_number(fact.text) is not None for fact in row):
            found |= {id(fact) for fact in row}
    return found


def _steps_among(facts: Sequence[CellFact], share: float) -> set[int]:
    """Return the facts of a sheet that hold a step, if most of its cells do."""
    texts = [folded(fact.text) for fact in facts]
    words = Counter(text for text in texts if _is_short(text))
    repeated = len(words) <= _MOST_STEPS and sum(words.values()) >= _TWICE * len(words) and len(words) > 1
    steps = [
        fact
        for fact, text in zip(facts, texts, strict=True)
        if leading_number(fact.text) is not None
        or (_is_short(text) and (repeated or step_height(text) is not None))
    ]
    return {id(fact) for fact in steps} if len(steps) >= share * len(facts) else set()


def make_steps(
    cells: Sequence[CellFact],
    described: Sequence[StepFact],
    wanted: Sequence[str],
    rows: Mapping[SkillKey, list[str]],
) -> Steps:
    """Return the scales for the steps that cells name.

    Args:
        cells: The cells that hold a step.
        described: Texts about competencies at a step.
        wanted: The names of the steps in order, if the author gave them.
        rows: The names in each competency's cells, in the order of the levels.
    """
    found = Steps()
    names: dict[str, str] = {}
    for text in [*(one.step for one in described), *(" ".join(one.text.split()) for one in cells)]:
        names.setdefault(folded(text), text)
    titles = list(names.values())
    numbers = [title for title in titles if step_number(title) is not None]
    words = [title for title in titles if step_number(title) is None]
    if numbers:
        found.add(_counted(numbers), "scale")
    if words:
        order, unsure = _in_order(words, wanted, rows)
        found.unsure = unsure
        found.add(order, "scale" if not numbers else "second-scale")
    return found


def _is_short(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and not text.endswith((".", "!", "?"))
    )


def _counted(titles: Sequence[str]) -> list[str]:
    """Return numbers in order, those between them included. A number that a longer title begins with is that step."""
    named: dict[float, str] = {}
    for title in sorted(titles, key=len, reverse=True):
        number = step_number(title)
        if number is not None:
            named.setdefault(number, title)
    low, high = min(named), max(named)
    if (
        all(number.is_integer() for number in named)
        and high - low <= _MOST_NUMBERS
        and "%" not in "".join(titles)
    ):
        for number in range(int(low), int(high) + 1):
            named.setdefault(float(number), str(number))
    return [named[number] for number in sorted(named)]


def _in_order(
    words: Sequence[str], wanted: Sequence[str], rows: Mapping[SkillKey, list[str]]
) -> tuple[list[str], bool]:
    """Return names of steps from the lowest to the highest, and whether that is a guess."""
    given = {folded(title): at for at, title in enumerate(wanted)}
    if all(folded(word) in given for word in words):
        return sorted(words, key=lambda word: given[folded(word)]), False
    heights = {word: step_height(word) for word in words}
    if all(height is not None for height in heights.values()) and len(set(heights.values())) == len(words):
        return sorted(words, key=lambda word: heights[word] or 0), False
    return _by_rows(words, rows)


def _by_rows(words: Sequence[str], rows: Mapping[SkillKey, list[str]]) -> tuple[list[str], bool]:
    """Return names in the order in which they rise from level to level, and whether that leaves anything open."""
    position = {folded(word): at for at, word in enumerate(words)}
    above: dict[int, set[int]] = defaultdict(set)
    for row in rows.values():
        known = [position[folded(text)] for text in row if folded(text) in position]
        for low, high in pairwise(known):
            if low != high:
                above[low].add(high)
    left = set(range(len(words)))
    order: list[int] = []
    unsure = False
    while left:
        lowest = sorted(one for one in left if not any(one in above[other] for other in left if other != one))
        unsure = unsure or len(lowest) != 1
        chosen = lowest[0] if lowest else min(left)
        order.append(chosen)
        left.discard(chosen)
    return [words[at] for at in order], unsure
