"""Bodies of a comparison of two levels."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field

from app.api.reading.bodies import Body, ListItemLinks, Path
from app.api.reading.json_values import json_object
from app.api.reading.sparse_fields import select_fields
from app.api.views.cell_bodies import CellBody, cell_titles
from app.api.views.compare_sides import Compared, Named
from app.api.views.next_level_bodies import DescriptionItem
from app.rubric.compare.comparison import CellChange, ComparedCell
from app.rubric.compare.counterparts import By
from app.rubric.compare.demand_texts import Part, Said
from app.rubric.compare.text_pairs import ComparedText, TextChange
from app.rubric.diff.changes import Edit
from app.rubric.diff.word_diff import Op
from app.rubric.ladder import Applicability, CountsAs
from app.rubric.parts import Match
from app.rubric.steps import StepChange
from app.rubric.text import Line, Number, Slug, Target, Text
from app.rubric.views.demands import Demand
from app.rubric.views.effective_text import cell_step_title
from app.rubric.views.holdings import State


class LevelLinks(Body):
    """Links of one of the two levels."""

    self_: Annotated[Path, Field(alias="self")]
    """The level."""
    effective: Path
    """The effective expectations of the level."""
    ladder: Path
    """The ladder, in the release that was read."""
    release: Path
    """Metadata of that release; for a draft, the list of releases."""


class ComparedLevel(Body):
    """One of the two levels."""

    ladder: Slug
    """Slug of the ladder."""
    release: str
    """Number of the release that was read, or `draft`."""
    level: Slug
    """Slug of the level."""
    title: Line
    """Title of the level."""
    code: Line | None = None
    """Code of the level, such as `L5`. Codes need not be unique."""
    track: Slug
    """Slug of the track."""
    effective_rank: Number
    """The rank of the level. If the author set none, its position in the track, starting at 1."""
    links: LevelLinks


class CompareItemLinks(Body):
    """Links of a competency or facet."""

    effective: Path
    """The effective expectations of the `to` level in this competency and its facets; those of the `from` level if
    only its ladder has the competency or facet. For the other level, add `competency` to `from.links.effective`."""


class ComparedSide(CellBody):
    """One level's side of a cell."""

    state: State
    """The origin of the expectations. `own`: from the level alone. `added`: from the level, which adds to inherited
    ones. `overridden`: from the level, which replaces inherited ones. `inherited`: from other levels only.
    `not-in-use`: the level states that nothing is expected. `absent`: nothing is stated."""
    applicability: Applicability | None = None
    """`required`, `optional` or `not-in-use`; left out if the cell is absent."""
    step: Slug | None = None
    """The highest expected step."""
    step_title: Line | None = None
    """Title of that step in this competency or facet."""


class LevelText(Body):
    """A summary or statement as one of the levels has it."""

    text: Text
    """The text, as written."""
    kind: Slug | None = None
    """Kind of the statement; left out if the author set none."""
    counts_as: CountsAs
    """`asked`, `optional`, `ahead` (points beyond the level), `sign` (helps to recognise it) or `unwanted` (a
    counter-example). A summary is asked."""
    of: Target
    """The expectation or proficiency that contains the text, or the step that it describes, as `kind:address`."""


class TextItem(Body):
    """A summary or statement of either level, and how it changed."""

    part: Part
    """`summary` or `statement`."""
    change: TextChange
    """`new`: only `to` has it. `changed`: both have it, in different words. `same`: both have it. `dropped`: only
    `from` has it."""
    before: LevelText | None = None
    """The text of the `from` level; left out if it is new. Also left out if it equals `after`;
    then `change` is `same`."""
    after: LevelText | None = None
    """The text of the `to` level; left out if it is dropped."""
    words: tuple[Edit, ...] = ()
    """The edits that turn the first text into the second, word by word; left out unless the text changed."""


class CompareItem(Body):
    """One competency or facet in which either level states something."""

    change: CellChange
    """The change in what is asked. Lines that are not asked do not count. `new`: only `to` expects it. `raised`: `to`
    expects more (a higher step, required instead of optional, or added texts and no other difference). `changed`:
    `to` expects something else. `same`: no difference. `lowered`: `to` expects less. `dropped`: only `from` expects
    it."""
    matched_by: By | None = None
    """The way in which the two sides were matched: by UUID (`identity`), by an alignment that an author wrote
    (`alignment`), by `slug` or by `title`. Left out if only one ladder has the competency or facet."""
    match: Match | None = None
    """The closeness of the match, read from `from` to `to`; left out unless an alignment states it."""
    before: ComparedSide | None = None
    """The `from` level's side; left out if its ladder has no such competency or facet."""
    after: ComparedSide | None = None
    """The `to` level's side; left out if its ladder has no such competency or facet."""
    step_change: StepChange | None = None
    """The change of the step, by position in its scale; `unlike` if no scale has both steps. Left out if neither
    level has a step."""
    texts: tuple[TextItem, ...] = ()
    """Summaries, then statements. Each group lists the texts of `to` in their order, then the dropped texts."""
    links: CompareItemLinks


class CompareCounts(Body):
    """Number of cells by change, over all pages and without filters."""

    new_count: int
    raised_count: int
    changed_count: int
    same_count: int
    lowered_count: int
    dropped_count: int


class CompareLinks(ListItemLinks):
    """Links: this page, its other formats, the next page."""

    current: Path
    """The same comparison, with the ladder of the URL in its release in force."""
    pinned: Path
    """The same comparison of exactly these releases. It never changes unless one of them is a draft."""
    markdown: Path
    """The whole comparison in Markdown."""
    csv: Path
    """The whole comparison in CSV, with one row per summary and statement."""
    radar: Path | None = None
    """A radar chart of both levels in SVG; left out unless both levels are in the same release or draft."""


class CompareList(Body):
    """One page of a comparison of two levels."""

    ladder: Slug
    """Slug of the ladder in the URL."""
    release: str
    """Number of the release that the URL resolves to, or `draft`."""
    from_: Annotated[ComparedLevel, Field(alias="from")]
    """The first level."""
    to: ComparedLevel
    """The second level."""
    counts: CompareCounts
    level_properties: tuple[DescriptionItem, ...] = ()
    """The levels' own descriptions: summary, scope, attributes line by line, years and points."""
    items: tuple[CompareItem, ...]
    """The competencies on this page, in the order of the ladder of `to`, each followed by its facets."""
    links: CompareLinks


Words = Sequence[tuple[Op, str]]
"""The edits that turn one text into another, word by word."""


class CompareCells:
    """The cells of one comparison as the API shows them."""

    def __init__(self, both: Compared, fields: Collection[str]) -> None:
        """Take the comparison and the cell fields to keep; no fields means all of them."""
        self.before, self.after = _Side(both.before), _Side(both.after)
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
            "links": self._links(cell),
        }
        if not self.fields or "texts" in self.fields:
            values["texts"] = list(self._texts(cell))
        return json_object(CompareItem, select_fields(CompareItem, values, self.fields))

    def _links(self, cell: ComparedCell) -> dict[str, str] | None:
        """Return the links of a cell: to the level of `to`, or of `from` if only its ladder has the cell."""
        side, demand = (self.before, cell.before) if cell.after is None else (self.after, cell.after)
        return None if demand is None else {"effective": side.effective(demand.competency)}

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
        left, right = _level_text(before), _level_text(after)
        if left is not None and left != right:
            values["before"] = left
        if right is not None:
            values["after"] = right
        if words:
            values["words"] = [{"op": op, "text": text} for op, text in words]
        return values


class _Side:
    """One of the two levels, as the API shows it."""

    def __init__(self, one: Named) -> None:
        self.index = one.side.index
        self.home = f"{one.urls.pinned}/levels/{one.level.slug}"

    def cell(self, cell: Demand | None) -> dict[str, Any] | None:
        """Return the level's side of a cell (see `ComparedSide`)."""
        if cell is None:
            return None
        values: dict[str, Any] = {
            **cell_titles(self.index, (cell.competency, cell.facet)),
            "state": cell.state,
            "applicability": cell.applicability,
            "step": cell.step,
            "step_title": cell_step_title(self.index, cell),
        }
        return json_object(ComparedSide, values)

    def effective(self, competency: Slug) -> str:
        """Return the URL of the level's effective expectations in a competency."""
        return f"{self.home}/effective?competency={competency}"


def _level_text(said: Said | None) -> dict[str, Any] | None:
    """Return a text of a level (see `LevelText`)."""
    if said is None:
        return None
    told = {"text": said.text} if said.kind is None else {"text": said.text, "kind": said.kind}
    return {**told, "counts_as": said.counts_as, "of": said.source}
