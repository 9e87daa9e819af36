"""What the API shows of a possible next level."""

from app.api.reading.bodies import Body, ItemLinks, ListBody, ListLinks, Path
from app.api.views.cell_bodies import CellLinks, InPlace
from app.rubric.ladder import Applicability
from app.rubric.parts import Statement
from app.rubric.text import Line, Number, Slug
from app.rubric.views.effective import How
from app.rubric.views.gap import Change
from app.rubric.views.progression import How as Way
from app.rubric.views.progression import RankStep


class GapPart(Body):
    """What one expectation says that the other level does not."""

    expectation: str
    """Slug of the expectation."""
    level: Slug
    """Slug of the level that says it."""
    how: How
    """How it came to be in force: said by the level itself (`own`), by a track that its own extends (`extended`), or
    by a rung below (`cumulated`)."""
    summary: str | None = None
    """Its summary, where the other level has no such."""
    statements: tuple[Statement, ...] = ()
    """Those of its statements that the other level does not have, without those of kind `growth`."""
    links: ItemLinks


class GapCell(InPlace):
    """A competency as a whole, or a facet, in which the two levels differ."""

    change: Change
    """In which way: not asked here (`new`), a higher step or required instead of optional (`raised`), further text
    (`more`), something further and something else less (`other`), only less (`less`), not asked there (`dropped`)."""
    applicability_here: Applicability | None = None
    """Whether it is asked at the level one is on; left out where nothing is said."""
    applicability: Applicability | None = None
    """Whether it is asked there; left out where nothing is said."""
    step_here: Slug | None = None
    """The step asked for at the level one is on."""
    step_here_title: Line | None = None
    """What that step is called here."""
    step: Slug | None = None
    """The step asked for there."""
    step_title: Line | None = None
    """What that step is called here."""
    rise: int | None = None
    """Steps from the one to the other, negative where it is lower; left out where one of them is not named."""
    added: tuple[GapPart, ...] = ()
    """What has to be added, by the expectation that says it, the nearest first."""
    dropped: tuple[GapPart, ...] = ()
    """What is asked here and not there."""
    growth: tuple[Statement, ...] = ()
    """What the level one is on marks as growth here: what to practise."""
    links: CellLinks


class GapCounts(Body):
    """How many cells differ in which way, and how much is to be added."""

    new: int
    """Cells that are asked there and not here."""
    raised: int
    """Cells with a higher step, or required instead of optional."""
    more: int
    """Cells with further text."""
    other: int
    """Cells that ask something further, and something else less."""
    less: int
    """Cells that ask less."""
    dropped: int
    """Cells that are asked here and not there."""
    statements: int
    """Statements to be added."""
    steps: int
    """Steps to be climbed in all cells together."""


class Mention(Body):
    """A question or a piece of advice about the next level."""

    slug: Slug
    """Slug of the question or tip."""
    title: Line
    """The question, or the advice in a few words."""
    links: ItemLinks


class NextItemLinks(ItemLinks):
    """Where the next level lives, and what it asks."""

    effective: Path
    """All that is in force at it."""
    next: Path
    """What can follow it."""
    compare: Path
    """The level one is on beside it, text by text."""


class NextItem(Body):
    """A possible next level, and what has to be added for it."""

    level: Slug
    """Slug of the next level."""
    code: Line | None = None
    """What people call it."""
    title: Line
    """Its title."""
    track: Slug
    """Slug of its track."""
    track_title: Line | None = None
    """Title of its track."""
    effective_rank: Number
    """Its rank: the one written, or else its place in its track from 1."""
    how: Way
    """The next rung of the same track, or of a track that goes on where this one ends (`promotion`); a rung of
    another track (`switch`)."""
    rank: RankStep
    """Whether it is as high (`equal`), or the next one up (`next`)."""
    counts: GapCounts
    """How far it is."""
    points_here: Number | None = None
    """Points of the steps asked at the level one is on; left out where the ladder counts none."""
    points: Number | None = None
    """Points of the steps asked there."""
    cells: tuple[GapCell, ...] = ()
    """Where the two levels differ, in the order of competencies, each followed by its facets."""
    faqs: tuple[Mention, ...] = ()
    """Questions about it; `expand=faqs` gives them whole."""
    tips: tuple[Mention, ...] = ()
    """Advice about it; `expand=tips` gives it whole."""
    links: NextItemLinks


class NextLinks(ListLinks):
    """Where the view lives, in which forms, and where it goes on."""

    level: Path
    """The level one is on."""
    effective: Path
    """All that is in force at it."""
    markdown: Path
    """The whole view for people, in Markdown."""
    csv: Path
    """The whole view as a table."""


class NextList(ListBody):
    """What can follow a level: promotion first, then other tracks."""

    level: Slug
    """Slug of the level one is on."""
    track: Slug
    """Slug of its track."""
    effective_rank: Number
    """Its rank."""
    items: tuple[NextItem, ...]
    """The possible next levels on this page."""
    note: str | None = None
    """Why there is none, in a sentence; left out where there is one."""
    links: NextLinks
