"""What a comparison of two levels looks like: its bodies."""

from typing import Annotated

from pydantic import Field

from app.api.reading.bodies import Body, ListItemLinks, Path
from app.api.views.cell_bodies import CellLinks, InPlace
from app.rubric.compare.comparison import CellChange
from app.rubric.compare.counterparts import By
from app.rubric.compare.pairs import TextChange
from app.rubric.compare.texts import Part
from app.rubric.diff.changes import Edit
from app.rubric.ladder import Applicability
from app.rubric.parts import Match
from app.rubric.steps import StepChange
from app.rubric.text import Line, Number, Slug, Text
from app.rubric.views.effective import State


class LevelLinks(Body):
    """Where one of the two levels lives."""

    self_: Annotated[Path, Field(alias="self")]
    """The level."""
    effective: Path
    """All that is in force at it."""
    ladder: Path
    """Its ladder, in the release that was read."""
    release: Path
    """What is known about that release; for a draft, the releases of its ladder."""


class ComparedLevel(Body):
    """One of the two levels."""

    ladder: Slug
    """Slug of its ladder."""
    release: str
    """Number of the release it was read from, or `draft`."""
    level: Slug
    """Slug of the level."""
    title: Line
    """Its title."""
    code: Line | None = None
    """What people call it; need not be unique."""
    track: Slug
    """Slug of its track."""
    effective_rank: Number
    """The rank written, or else the level's place in its track from 1."""
    links: LevelLinks


class ComparedSideLinks(CellLinks):
    """Where more about one side of a cell is."""

    effective: Path
    """All that is in force at the level in this competency and its facets."""


class ComparedSide(InPlace):
    """What one of the two levels asks in one competency or facet."""

    state: State
    """Said by the level (`own`), by it in place of what it would inherit (`overridden`), taken over (`inherited`),
    said to ask nothing (`not-in-use`), or never spoken of (`absent`)."""
    applicability: Applicability | None = None
    """Whether it is asked; left out where the cell is absent."""
    step: Slug | None = None
    """The highest step in force."""
    step_title: Line | None = None
    """What that step is called here."""
    links: ComparedSideLinks


class SaidLinks(Body):
    """Where a text is."""

    expectation: Path
    """The expectation that says it."""


class SaidText(Body):
    """A text in force at one of the levels."""

    text: Text
    """The text, as written."""
    kind: Slug | None = None
    """Kind of the statement; unset means core."""
    links: SaidLinks


class TextItem(Body):
    """A summary or statement of either side."""

    part: Part
    """Whether it is a summary or a statement."""
    change: TextChange
    """Asked after only (`new`), on both sides in other words (`changed`), on both as it is (`same`), or before only
    (`dropped`)."""
    before: SaidText | None = None
    """The text before; left out where it is new."""
    after: SaidText | None = None
    """The text after; left out where it is dropped."""
    words: tuple[Edit, ...] = ()
    """The way from one text to the other, word by word, where it changed; empty otherwise."""


class CompareItem(Body):
    """One competency as a whole, or one facet, in which either level says anything."""

    change: CellChange
    """Asked after only (`new`); asks more (`raised`): a higher step, required where it was optional, or more texts
    and no other difference; asks something else (`changed`); no difference (`same`); asks less (`lowered`); asked
    before only (`dropped`)."""
    matched_by: By | None = None
    """How the two sides were found to be the same thing: by their UUID (`identity`), by what an author says
    (`alignment`), by `slug` or by `title`. Left out for what only one ladder has."""
    match: Match | None = None
    """How near they are, where an alignment says so, read from before to after."""
    before: ComparedSide | None = None
    """What the level before asks; left out where its ladder has no such competency or facet."""
    after: ComparedSide | None = None
    """What the level after asks; left out where its ladder has no such competency or facet."""
    step_change: StepChange | None = None
    """What became of the step, by place in its scale; `unlike` where no scale holds both. Left out where neither
    names one."""
    texts: tuple[TextItem, ...] = ()
    """Summaries, then statements: those in force after, in their order, then those that are dropped."""


class CompareCounts(Body):
    """How many competencies and facets there are of each change, on all pages, whatever the filters say."""

    new: int
    raised: int
    changed: int
    same: int
    lowered: int
    dropped: int


class CompareLinks(ListItemLinks):
    """Where the comparison lives, in which forms, and where it goes on."""

    current: Path
    """The same in the release in force of the ladder that the path names."""
    pinned: Path
    """The same levels of these releases; never changes, unless one of them is a draft."""
    markdown: Path
    """The whole comparison for people, in Markdown."""
    csv: Path
    """The whole comparison as a table, a row for each summary and statement."""
    radar: Path | None = None
    """How much both levels ask in each competency, one laid over the other, as an SVG; left out where they are not of
    one release or draft."""


class CompareList(Body):
    """Two levels side by side, a page of competencies and facets at a time."""

    ladder: Slug
    """Slug of the ladder that the path names."""
    release: str
    """Number of the release that the path means, or `draft`."""
    from_: Annotated[ComparedLevel, Field(alias="from")]
    """The level before."""
    to: ComparedLevel
    """The level after."""
    counts: CompareCounts
    items: tuple[CompareItem, ...]
    """The competencies on this page, in the order of the ladder after, each followed by its facets."""
    links: CompareLinks
