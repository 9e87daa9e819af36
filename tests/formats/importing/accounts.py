"""An account of its own of what happened to each text of a sheet, written without the code under test."""

import json
import re
from collections.abc import Sequence

from app.formats.importing.findings import Spot
from app.formats.importing.sheets import Sheet
from app.formats.importing.understand import Understood
from app.formats.sheets.grid import Grid

_WORDS = re.compile(r"\w+")
_COUNT = re.compile(r"(?:^|\s)\(?(?:\d{1,2}|[a-z])[.)]\s+")


def lost(sheets: Sequence[Sheet], found: Understood) -> list[str]:
    """Return every text that is neither in the ladder nor in a finding that names its sheet, row and column."""
    ladder = " ".join(_words(_strings(json.loads(found.ladder.model_dump_json(exclude_defaults=True)))))
    named = {spot for one in found.findings for spot in one.spots}
    return [
        f"{spot}: {line}"
        for sheet in sheets
        for spot, text in _texts(sheet)
        if spot not in named
        for line in text.split("\n")
        if not any(" ".join(_words(form)) in ladder for form in (line, _COUNT.sub(" ", line)))
    ]


def _texts(sheet: Sheet) -> list[tuple[Spot, str]]:
    content = sheet.content
    if isinstance(content, Grid):
        return [
            (Spot(sheet.file, sheet.name, row, column), text)
            for row, cells in enumerate(content.cells)
            for column, text in enumerate(cells)
            if text.strip()
        ]
    front = [(Spot(sheet.file, sheet.name, line, None), text) for text, line in content.front.values()]
    return front + [(Spot(sheet.file, sheet.name, one.line, None), one.text) for one in content.blocks]


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _strings(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(map(_strings, value.values()))
    if isinstance(value, list):
        return "\n".join(map(_strings, value))
    return str(value)
