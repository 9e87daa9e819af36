"""The first rule of `demands.py`: the expectations of a level in one place, its own and inherited ones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Applicability, Expectation, Extending, Step
from app.rubric.parts import Example
from app.rubric.text import Slug
from app.rubric.views.lines import Line, Lines, LinesOf, Source

Origin = Literal["own", "extended", "cumulated", "step"]
"""The origin of a line, the nearest first: the level itself, a track that its own extends, a rung below, the text of
the step."""
State = Literal["own", "added", "overridden", "inherited", "not-in-use", "absent"]
"""The origin of a level's demands in a place. Own: its own expectation alone. Added: its own adds to what it inherits
through `extends`. Overridden: its own replaces that. Inherited: it has none of its own. Not in use: the ladder states
that nothing is asked. Absent: nothing is stated, here or at any level that it would inherit from."""
Place = tuple[Slug, Slug | None]
"""Slugs of a competency and a facet; the facet is None for the competency as a whole."""


class Entry(NamedTuple):
    """The contribution of one source to a place. A tuple, because levels hold very many."""

    origin: Origin
    source: Source
    """An expectation; for a step, the proficiency that describes it, or the step itself."""
    said: Lines
    """The lines of the source that no other source says more strongly, or from nearer."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in order: the summary, then the statements."""
        return self.said.lines

    @property
    def summary(self) -> str | None:
        """The summary, if it is one of the lines."""
        return self.said.summary

    def with_lines(self, lines: tuple[Line, ...]) -> "Entry":
        """Return the entry with some of its lines."""
        return self if len(lines) == len(self.lines) else self._replace(said=Lines.of(self.source, lines))

    @property
    def statements(self) -> tuple[Line, ...]:
        """The lines that are statements."""
        return tuple(line for line in self.lines if line.statement is not None)

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples of the source."""
        return () if isinstance(self.source, Step) else self.source.examples

    @property
    def step(self) -> Slug | None:
        """The step that the source names, describes or is."""
        return self.source.slug if isinstance(self.source, Step) else self.source.step


@dataclass(frozen=True, slots=True)
class Holding:
    """The expectations that hold at one level in one place by rule 1."""

    entries: tuple[Entry, ...]
    """The nearest first, as `own` and `extended`."""
    cumulated: tuple[Entry, ...]
    """The same, as the levels above have it."""
    steps: list[Slug]
    """The steps that they name."""
    applicability: Applicability
    state: State
    hidden: tuple[Expectation, ...]


class Holdings:
    """The expectations that hold at each level of one ladder, a place at a time."""

    def __init__(self, index: Index) -> None:
        """Take the ladder."""
        self.index, self.inheritance = index, Inheritance(index)
        self.lines_of = index.once(LinesOf)
        self._known: dict[Place, PlaceHoldings] = {}

    def of(self, place: Place) -> "PlaceHoldings":
        """Return what holds in a place, by level."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = PlaceHoldings(self, self.said.get(place, {}))
        return known

    def reach(
        self, level: Slug, said: Mapping[Slug, Expectation]
    ) -> tuple[Sequence[Expectation], Sequence[Expectation]]:
        """Return the expectations that hold at a level, the nearest first, and those they hide."""
        return self._split([said[source] for source in self.inheritance.sources(level) if source in said])

    def levels(self, said: Iterable[Slug]) -> Iterable[Slug]:
        """Return the levels with expectations and those that take theirs from them."""
        return dict.fromkeys(level for slug in said for level in (slug, *self.inheritance.heirs(slug)))

    def _split(self, found: Sequence[Expectation]) -> tuple[Sequence[Expectation], Sequence[Expectation]]:
        """Split the expectations of a level and its parents, the nearest first, into those that hold and the rest."""
        for number, one in enumerate(found):
            if number and one.applicability == "not-in-use":
                return found[:number], ()
            if one.applicability == "not-in-use" or self._extending(one) == "replaces":
                return found[: number + 1], found[number + 1 :]
        return found, ()

    def _extending(self, expectation: Expectation) -> Extending:
        if expectation.extending is not None:
            return expectation.extending
        level = self.index.levels.get(expectation.level)
        track = None if level is None else self.index.tracks.get(level.track)
        return (None if track is None else track.extending) or "replaces"

    @cached_property
    def said(self) -> Mapping[Place, Mapping[Slug, Expectation]]:
        """The expectations of each place, by level."""
        found: dict[Place, dict[Slug, Expectation]] = defaultdict(dict)
        for one in self.index.ladder.expectations:
            found[one.competency, one.facet].setdefault(one.level, one)
        return dict(found)


class PlaceHoldings:
    """The expectations that hold in one place, by level. Each level's are found when they are first asked for."""

    def __init__(self, holdings: Holdings, said: Mapping[Slug, Expectation]) -> None:
        """Take the expectations of the place, by level."""
        self.said = said
        self._holdings = holdings
        self._known: dict[Slug, Holding | None] = {}

    def get(self, level: Slug) -> Holding | None:
        """Return what holds at a level; None if nothing is said there."""
        try:
            return self._known[level]
        except KeyError:
            found = self._known[level] = self._holding(level) if self.said else None
            return found

    def _holding(self, level: Slug) -> Holding | None:
        holding, hidden = self._holdings.reach(level, self.said)
        if not holding:
            return None
        unused = holding[0].applicability == "not-in-use"
        required = any(one.applicability == "required" for one in holding)
        pairs = [(one, Lines.of(one, ()) if unused else self._holdings.lines_of(one)) for one in holding]
        return Holding(
            tuple([Entry("own" if one.level == level else "extended", one, said) for one, said in pairs]),
            tuple([Entry("cumulated", one, said) for one, said in pairs]),
            [one.step for one in holding if one.step is not None],
            "not-in-use" if unused else "required" if required else "optional",
            _state(level, holding, hidden),
            tuple(hidden),
        )


def _state(level: Slug, holding: Sequence[Expectation], hidden: Sequence[Expectation]) -> State:
    if holding[0].applicability == "not-in-use":
        return "not-in-use"
    if holding[0].level != level:
        return "inherited"
    if len(holding) > 1:
        return "added"
    return "overridden" if hidden else "own"
