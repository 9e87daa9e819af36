"""What expectations say, text by text: their summaries and statements as comparisons see them."""

from typing import Literal, NamedTuple

from app.rubric.entities import expectation_slug, first_slug
from app.rubric.index import Index
from app.rubric.ladder import Expectation
from app.rubric.text import Slug
from app.rubric.views.effective import EffectiveCell

Part = Literal["summary", "statement"]


class Said(NamedTuple):
    """A text in force at a level, and where it comes from. A tuple, since it is compared and looked up very often."""

    text: str
    kind: Slug | None
    """Kind of the statement; None for a summary, and where it is not said, which means core."""
    expectation: str
    """Address of the expectation that says it."""
    slug: Slug | None = None
    """The slug that the statement was born with."""


class Saying(NamedTuple):
    """All that one expectation says."""

    address: str
    """Address of the expectation."""
    summary: tuple[Said, ...]
    """Its summary; empty where it has none."""
    statements: tuple[Said, ...]
    names: tuple[str, ...]
    """Its texts and their slugs: whatever another text may be matched with one of them by."""

    def texts(self, part: Part) -> tuple[Said, ...]:
        """Its summary, or its statements."""
        return self.summary if part == "summary" else self.statements

    @classmethod
    def of(cls, expectation: Expectation) -> "Saying":
        """What an expectation says."""
        address, summary = expectation_slug(expectation), expectation.summary
        begins = (Said(summary, None, address),) if summary else ()
        goes_on = tuple(
            Said(
                one.text, one.kind, address, None if one.slug is None else first_slug(one.slug, one.formerly)
            )
            for one in expectation.statements
        )
        names = (name for said in (*begins, *goes_on) for name in (said.text, said.slug) if name is not None)
        return cls(address, begins, goes_on, tuple(names))


class Sayings:
    """What the expectations of one ladder say, each made once: cells of many levels hold the same."""

    def __init__(self, _: Index) -> None:
        self._known: dict[int, Saying] = {}

    def of(self, cell: EffectiveCell | None) -> list[Saying]:
        """What is in force in a cell, the nearest first; nothing where nothing is asked."""
        if cell is None or not cell.asked:
            return []
        return [self._of(one.expectation) for one in cell.held]

    def _of(self, expectation: Expectation) -> Saying:
        key = id(expectation)  # which lives as long as its ladder
        return self._known.get(key) or self._known.setdefault(key, Saying.of(expectation))
