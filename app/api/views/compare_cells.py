"""The cells of a comparison as JSON, made of what either level says, which is written once (see `written.py`)."""

from collections.abc import Collection, Iterator
from typing import Any, Final, get_args

from pydantic_core import to_json

from app.api.reading.bodies import narrowed
from app.api.reading.json_parts import listed, parts_of, shaped, written
from app.api.views.cell_bodies import named, whereabouts
from app.api.views.compare_bodies import ComparedSide, ComparedSideLinks, CompareItem, TextItem
from app.api.views.compare_sides import Compared, Named
from app.rubric.compare.comparison import CellChange, ComparedCell
from app.rubric.compare.counterparts import By
from app.rubric.compare.pairs import ComparedText, Run, RunChange, TextChange
from app.rubric.compare.texts import Part, Said, Saying
from app.rubric.parts import Match
from app.rubric.steps import StepChange
from app.rubric.views.effective import EffectiveCell
from app.rubric.views.effective_text import cell_step_title


class Cells:
    """The cells of one comparison as the API shows them."""

    def __init__(self, both: Compared, fields: Collection[str]) -> None:
        self.before, self.after = _Side(both.before), _Side(both.after)
        self.fields = frozenset(fields)

    def item(self, cell: ComparedCell) -> bytes:
        """A cell."""
        values: dict[str, Any] = {
            "change": _WORDS[cell.change],
            "matched_by": _WORDS.get(cell.by),
            "match": _WORDS.get(cell.match),
            "before": self.before.asks(cell.before),
            "after": self.after.asks(cell.after),
            "step_change": _WORDS.get(cell.step),
        }
        if not self.fields or "texts" in self.fields:
            values["texts"] = listed(self._texts(cell))
        return written(CompareItem, narrowed(CompareItem, values, self.fields))

    def _texts(self, cell: ComparedCell) -> Iterator[bytes]:
        for piece in cell.pieces:
            if isinstance(piece, ComparedText):
                yield self._text(piece)
            elif piece.change == "same" and self.before.home != self.after.home:
                yield from map(self._text, piece.texts())
            else:
                part, change, sayings = piece
                parts = self.before.parts if change == "dropped" else self.after.parts
                for one in sayings:
                    yield parts.get((TextItem, part, change, one.address), self._whole, part, change, one)

    def _whole(self, part: Part, change: RunChange, saying: Saying) -> bytes:
        return b",".join(map(self._text, Run(part, change, [saying]).texts()))

    def _text(self, text: ComparedText) -> bytes:
        before = b"" if text.before is None else b',"before":%b' % self.before.says(text.before)
        after = b"" if text.after is None else b',"after":%b' % self.after.says(text.after)
        words = b"[]"
        if text.change == "changed":
            words = to_json([{"op": op, "text": said} for op, said in text.words])
        begun = _BEGUN[text.part, text.change]
        return b'%b%b%b,"words":%b}' % (begun, before, after, words)


_WORDS: Final[dict[str | None, bytes]] = {
    word: to_json(word) for words in (CellChange, By, Match, StepChange) for word in get_args(words)
}
"""All that is said of a cell, as JSON."""
_BEGUN: Final = {
    (part, change): b'{"part":"%b","change":"%b"' % (part.encode(), change.encode())
    for part in get_args(Part)
    for change in get_args(TextChange)
}
"""How a text begins (see `TextItem`)."""


class _Side:
    """What one of the two levels asks, as the API shows it; written once for all that is compared with it."""

    def __init__(self, one: Named) -> None:
        self.index, self.level, self.home = one.side.index, one.level.slug, one.urls.pinned
        self.parts = parts_of(self.index, self.home)

    def asks(self, cell: EffectiveCell | None) -> bytes | None:
        """What it asks in a cell."""
        if cell is None:
            return None
        key = ComparedSide, self.level, cell.competency, cell.facet
        return self.parts.get(key, self._asks, cell)

    def says(self, said: Said) -> bytes:
        """A text in force at it (see `SaidText`)."""
        links = {"expectation": f"{self.home}/expectations/{said.expectation}"}
        kind = {} if said.kind is None else {"kind": said.kind}
        return to_json({"text": said.text, **kind, "links": links})

    def _asks(self, cell: EffectiveCell) -> bytes:
        place = cell.competency, cell.facet
        effective = f"{self.home}/levels/{self.level}/effective?competency={cell.competency}"
        links = {**whereabouts(self.home, place), "effective": effective}
        values: dict[str, Any] = {
            **named(self.index, place),
            "state": cell.state,
            "applicability": cell.applicability,
            "step": cell.step,
            "step_title": cell_step_title(self.index, cell),
            "links": shaped(ComparedSideLinks, links),
        }
        return written(ComparedSide, values)
