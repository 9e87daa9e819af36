"""Bodies of a comparison of two levels."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field

from app.api.reading.bodies import Body, ListItemLinks, Path, narrowed
from app.api.reading.json_values import json_object
from app.api.views.cell_bodies import CellBody, CellLinks, cell_links, cell_titles
from app.api.views.compare_sides import Compared, Named
from app.rubric.compare.comparison import CellChange, ComparedCell
from app.rubric.compare.counterparts import By
from app.rubric.compare.pairs import ComparedText, TextChange
from app.rubric.compare.texts import Part, Said
from app.rubric.diff.changes import Edit
from app.rubric.diff.words import Op
from app.rubric.ladder import Applicability
from app.rubric.parts import Match
from app.rubric.steps import StepChange
from app.rubric.text import Line, Number, Slug, Text
from app.rubric.views.effective import EffectiveCell, State
from app.rubric.views.effective_text import cell_step_title


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


class ComparedSide(CellBody):
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


Words = Sequence[tuple[Op, str]]
"""The edits that turn one text into another, word by word."""


class CompareCells:
    """The cells of one comparison as the API shows them."""

    def __init__(self, both: Compared, fields: Collection[str]) -> None:
        """Take the comparison and the cell fields to keep; no fields means all of them."""
        self.before, self.after = _Side(both.before), _Side(both.after)
        self.one_release = self.before.home == self.after.home
        self.fields = frozenset(fields)

    def item(self, cell: ComparedCell) -> dict[str, Any]:
        """Return a cell."""
        values: dict[str, Any] = {
            "change": cell.change,
            "matched_by": cell.by,
            "match": cell.match,
            "before": self.before.cell(cell.before),
            "after": self.after.cell(cell.after),
            "step_change": cell.step,
        }
        if not self.fields or "texts" in self.fields:
            values["texts"] = list(self._texts(cell))
        return json_object(CompareItem, narrowed(CompareItem, values, self.fields))

    def _texts(self, cell: ComparedCell) -> Iterator[dict[str, Any]]:
        for piece in cell.pieces:
            if isinstance(piece, ComparedText):
                yield self._text(piece.part, piece.change, piece.before, piece.after, piece.words)
                continue
            for saying in piece.sayings:
                for said in saying.texts(piece.part):
                    before = None if piece.change == "new" else said
                    after = None if piece.change == "dropped" else said
                    yield self._text(piece.part, piece.change, before, after)

    def _text(
        self, part: Part, change: TextChange, before: Said | None, after: Said | None, words: Words = ()
    ) -> dict[str, Any]:
        """Return one text (see `TextItem`)."""
        values: dict[str, Any] = {"part": part, "change": change}
        if before is not None:
            values["before"] = self.before.text(before)
        if after is before and self.one_release:
            values["after"] = values["before"]
        elif after is not None:
            values["after"] = self.after.text(after)
        values["words"] = [{"op": op, "text": text} for op, text in words]
        return values


class _Side:
    """What one of the two levels asks, as the API shows it."""

    def __init__(self, one: Named) -> None:
        self.index, self.level, self.home = one.side.index, one.level.slug, one.urls.pinned

    def cell(self, cell: EffectiveCell | None) -> dict[str, Any] | None:
        """Return what the level asks in a cell (see `ComparedSide`)."""
        if cell is None:
            return None
        place = cell.competency, cell.facet
        effective = f"{self.home}/levels/{self.level}/effective?competency={cell.competency}"
        values: dict[str, Any] = {
            **cell_titles(self.index, place),
            "state": cell.state,
            "applicability": cell.applicability,
            "step": cell.step,
            "step_title": cell_step_title(self.index, cell),
            "links": {**cell_links(self.home, place), "effective": effective},
        }
        return json_object(ComparedSide, values)

    def text(self, said: Said) -> dict[str, Any]:
        """Return a text that holds at the level (see `SaidText`)."""
        links = {"expectation": f"{self.home}/expectations/{said.expectation}"}
        if said.kind is None:
            return {"text": said.text, "links": links}
        return {"text": said.text, "kind": said.kind, "links": links}
