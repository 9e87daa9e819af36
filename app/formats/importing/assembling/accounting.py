"""The account of an import: every text of the sheets is in the ladder or in a finding that names its place."""

import json
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from app.formats.importing.findings import ImportFinding, Spot, by_sheet, finding
from app.formats.importing.sheets import Sheet, spots_of
from app.formats.importing.sources.outline import Outline
from app.formats.importing.words.bullets import split_cell
from app.rubric.ladder import Ladder

_WORD: Final = re.compile(r"[^\W_]+")


def missing(
    sheets: Sequence[Sheet], ladder: Ladder, findings: Iterable[ImportFinding], used: AbstractSet[Spot]
) -> list[ImportFinding]:
    """Return findings about texts that are neither in the ladder nor in another finding.

    Args:
        sheets: The sheets of the import.
        ladder: The ladder that was made of them.
        findings: The findings about them.
        used: The cells that gave a fact, or the name of a category or track.
    """
    reported = {spot for one in findings for spot in one.spots}
    known = Known(ladder)
    lost = [
        spot
        for sheet in sheets
        for spot, text in texts_of(sheet)
        if spot not in reported and not (spot in used and known.has(text))
    ]
    return [finding("left-out", spots, "this text was not used. Check it.") for spots in by_sheet(lost)]


def texts_of(sheet: Sheet) -> list[tuple[Spot, str]]:
    """Return every text of a sheet with its place."""
    spots = spots_of(sheet)
    content = sheet.content
    if isinstance(content, Outline):
        texts = [value for value, _ in content.front.values()] + [block.text for block in content.blocks]
        return list(zip(spots, texts, strict=True))
    return [(spot, content.cells[spot.row][spot.column or 0]) for spot in spots]


class Known:
    """The texts of a ladder, compared by their words."""

    def __init__(self, ladder: Ladder) -> None:
        texts: list[str] = []
        _collect(json.loads(ladder.model_dump_json(exclude_defaults=True)), texts)
        lines = [line for text in texts for line in [text, *text.split("\n")]]
        self._whole = {words(line) for line in lines}
        self._blob = "\n".join(f" {words(text)} " for text in texts)

    def has(self, text: str) -> bool:
        """Return whether every line of a text is in the ladder: the words of each, in their order."""
        lines = [words(line) for line in text.split("\n")]
        if all(self._line(line) for line in lines):
            return True
        cut = split_cell(text)
        parts = [cut.lead or "", *(one for line in cut.lines for one in (line.text, *line.examples))]
        return all(self._line(words(line)) for part in parts for line in part.split("\n"))

    def _line(self, line: str) -> bool:
        return not line or line in self._whole or f" {line} " in self._blob


def words(text: str) -> str:
    """Return the words of a text, without case and signs."""
    return " ".join(_WORD.findall(text.casefold()))


def _collect(value: object, texts: list[str]) -> None:
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, list):
        for one in value:
            _collect(one, texts)
    elif isinstance(value, dict):
        for one in value.values():
            _collect(one, texts)
    elif isinstance(value, int | float):
        texts.append(str(value))
