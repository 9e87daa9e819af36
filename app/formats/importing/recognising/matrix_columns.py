"""Columns of a matrix: which of them describe competencies, and which belong to a level."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Part, Role
from app.formats.importing.recognising.signs import LEVEL, average
from app.formats.importing.table import Table
from app.formats.importing.words.level_names import level_likeness
from app.formats.importing.words.vocabulary import PERSONS, meaning_of_header, plain
from app.formats.sheets.grid import column_name

PARTS: Final[Mapping[str, Part]] = {
    "text": "text",
    "description": "text",
    "summary": "text",
    "competency": "text",
    "responsibility": "text",
    "step": "step",
    "score": "step",
    "level": "step",
    "example": "example",
    "people": "nothing",
    "applicability": "nothing",
}
"""What a column of a level holds, by the meaning of its own header."""
ABOUT_PEOPLE: Final = "about people"
NUMBERING: Final = "numbers its rows"
NOT_UNDERSTOOD: Final = "not understood"
PERHAPS_PEOPLE: Final = "perhaps about people"
FORMULAS: Final = "computed by formulas"
_LEADING: Final[Mapping[str, Role]] = {
    "category": "category",
    "subcategory": "facet",
    "competency": "competency",
    "description": "description",
    "summary": "summary",
    "example": "example",
    "text": "description",
    "track": "track",
}
"""What a column before the levels becomes, by the meaning of its header."""
_SPLIT: Final = re.compile(r"\s*[-\u2013\u2014:|/\n(\[]\s*|\s+")
_LONG_TEXT: Final = 60
_TWICE: Final = 2


@dataclass(frozen=True)
class Header:
    """The rows that hold the headers of a matrix."""

    levels: int
    """The row that names the levels."""
    titles: int | None = None
    """A row below it with more of their names."""
    parts: int | None = None
    """A row below that says what each column of a level holds."""
    tracks: int | None = None
    """A row above that names the tracks of the levels."""

    @property
    def last(self) -> int:
        """The last row of headers."""
        return max(row for row in (self.levels, self.titles, self.parts) if row is not None)


def matrix_columns(table: Table, header: Header, level_columns: Sequence[int]) -> list[ColumnMapping]:
    """Return what each column of a matrix becomes."""
    first = min(level_columns)
    leading = [column for column in table.columns if column < first]
    found = dict(zip(leading, _leading_roles(table, header, leading), strict=True))
    tracks = _spans(table, header.tracks, first)
    owners = _owners(table, header, level_columns)
    for column in (column for column in table.columns if column >= first):
        found[column] = _level_column(table, header, column, owners, tracks)
    return [found[column] for column in table.columns]


def header_text(table: Table, header: Header, column: int) -> str:
    """Return the header of a column, from all rows of headers."""
    rows = (header.levels, header.titles, header.parts)
    texts = [table.at(row, column).strip() for row in rows if row is not None]
    if header.parts is not None and table.at(header.parts, column) and not texts[0]:
        return table.at(header.parts, column).strip()
    return "\n".join(text for text in texts if text)


def _owners(table: Table, header: Header, level_columns: Sequence[int]) -> dict[int, tuple[str, Part]]:
    """Return the level of each column and what it holds of the level."""
    named = {column: _name(table, header, column) for column in level_columns}
    cut = {column: cut_part(text) for column, text in named.items()}
    shared = Counter(level for level, part in cut.values() if part is not None)
    whole = {text for column, text in named.items() if cut[column][1] is None}
    owners: dict[int, tuple[str, Part]] = {}
    for column, text in named.items():
        level, part = cut[column]
        all_cut = part != "nothing" and len(shared) == len(named)
        several = part is not None and (shared[level] >= _TWICE or level in whole or all_cut)
        owners[column] = (level, part or "text") if several else (text, "text")
    last = max(level_columns)
    repeated = _repeated(table, header, [column for column in table.columns if column > min(level_columns)])
    for column in table.columns:
        before = [one for one in level_columns if one <= column]
        if not before:
            continue
        nearest = before[-1]
        inside = (
            column < last
            or column < nearest + table.width(header.levels, nearest)
            or repeated.get(column, False)
        )
        sub = table.at(header.parts, column) if header.parts is not None else ""
        text = sub or ("" if column in owners else table.at(header.levels, column))
        meaning = meaning_of_header(text) if text else None
        if column in owners and not sub:
            continue
        if (inside or header.parts is not None) and (part := PARTS.get(meaning or "")) is not None:
            owners[column] = (owners[nearest][0], part)
    return owners


def _name(table: Table, header: Header, column: int) -> str:
    texts = [table.at(row, column).strip() for row in (header.levels, header.titles) if row is not None]
    return "\n".join(text for text in texts if text)


def cut_part(text: str) -> tuple[str, Part | None]:
    """Return a header without the word that says what its column holds, and what that is."""
    for found in list(_SPLIT.finditer(text)):
        level, word = text[: found.start()].strip(), text[found.end() :].strip(" )]\n")
        part = PARTS.get(meaning_of_header(word) or "") if word else None
        if part is not None and level_likeness(level) >= LEVEL and level_likeness(word) < LEVEL:
            return level, part
    return text, None


def _repeated(table: Table, header: Header, columns: Sequence[int]) -> dict[int, bool]:
    texts = {column: table.at(header.levels, column).strip().casefold() for column in columns}
    counts = Counter(text for text in texts.values() if text)
    return {column: counts[text] >= _TWICE for column, text in texts.items()}


def _level_column(
    table: Table,
    header: Header,
    column: int,
    owners: Mapping[int, tuple[str, Part]],
    tracks: Mapping[int, str],
) -> ColumnMapping:
    text = header_text(table, header, column)
    letters = column_name(column)
    meaning = meaning_of_header(text.split("\n")[-1]) if text else None
    if column in owners and owners[column][1] != "nothing":
        level, part = owners[column]
        if _computed(table, header.last, column):
            return left_out(column, text, FORMULAS)
        return ColumnMapping(
            column=letters,
            header=text,
            becomes="level",
            level=level,
            track=tracks.get(column),
            part=None if part == "text" else part,
        )
    if meaning in {"people", "score", "applicability"} or column in owners:
        return left_out(column, text, ABOUT_PEOPLE)
    if meaning is not None and meaning in {"description", "example", "summary"}:
        return ColumnMapping(column=letters, header=text, becomes=_LEADING[meaning])
    return left_out(column, text, FORMULAS if _computed(table, header.last, column) else NOT_UNDERSTOOD)


def left_out(column: int, header: str, why: str) -> ColumnMapping:
    """Return the mapping of a column that is left out."""
    return ColumnMapping(column=column_name(column), header=header, becomes="nothing", why=why)


def _computed(table: Table, row: int, column: int) -> bool:
    """Return whether most cells of a column are computed and hold no text."""
    cells = table.below(column, row)
    computed = [
        text for one, text in cells if (one, column) in table.formulas or text.lstrip().startswith("=")
    ]
    return len(computed) * 2 > len(cells) and average(computed) < _LONG_TEXT


def _spans(table: Table, row: int | None, first: int) -> dict[int, str]:
    """Return the text above each column: a text goes on to the right until the next."""
    spans: dict[int, str] = {}
    if row is None:
        return spans
    last = ""
    for column in range(first, max(table.columns) + 1):
        last = table.at(row, column).strip() or last
        if last:
            spans[column] = last
    return spans


def _leading_roles(table: Table, header: Header, leading: Sequence[int]) -> list[ColumnMapping]:
    headers = {column: header_text(table, header, column) for column in leading}
    meanings = {column: meaning_of_header(headers[column]) for column in leading}
    roles: dict[int, Role] = {}
    why: dict[int, str] = {}
    spanned = _spanned(table, header, leading)
    names = (
        [] if "competency" in meanings.values() else [c for c in leading if plain(headers[c]) in PERSONS][:1]
    )
    for column in leading:
        texts = [text for _, text in table.below(column, header.last)]
        meaning = meanings[column]
        if meaning == "numbering" or (texts and all(text.strip(" .").isdigit() for text in texts)):
            roles[column], why[column] = "nothing", NUMBERING
        elif meaning in {"people", "score"} and column not in names:
            roles[column], why[column] = "nothing", ABOUT_PEOPLE
        elif column in names:
            roles[column] = "competency"
        elif _computed(table, header.last, column):
            roles[column], why[column] = "nothing", FORMULAS
        elif column in spanned:
            roles[column] = spanned[column]
        elif meaning is not None and meaning in _LEADING:
            roles[column] = _LEADING[meaning]
        elif average(texts) > _LONG_TEXT:
            roles[column] = "description"
    _describe(table, header, leading, roles)
    _name_the_rest(leading, roles)
    return [
        ColumnMapping(
            column=column_name(column), header=headers[column], becomes=roles[column], why=why.get(column)
        )
        for column in leading
    ]


def _spanned(table: Table, header: Header, leading: Sequence[int]) -> dict[int, Role]:
    """Return the roles of columns below one merged header: categories, and at last competencies."""
    found: dict[int, Role] = {}
    for column in leading:
        covered = [one for one in leading if column <= one < column + table.width(header.levels, column)]
        if len(covered) > 1 and meaning_of_header(table.at(header.levels, column)) == "competency":
            for one in covered:
                found[one] = "competency" if one == covered[-1] else "category"
    return found


def _describe(table: Table, header: Header, leading: Sequence[int], roles: dict[int, Role]) -> None:
    """Let a column after the competencies describe them, unless it names several facets of each."""
    named = [column for column in leading if roles.get(column) == "competency"]
    for column in leading:
        if named and column > named[-1] and column not in roles:
            own = len({text for _, text in table.below(named[-1], header.last)})
            if own >= len(table.below(column, header.last)):
                roles[column] = "description"


def _name_the_rest(leading: Sequence[int], roles: dict[int, Role]) -> None:
    """Give the columns that name competencies their roles, from the outermost to the innermost."""
    naming = [column for column in leading if roles.get(column) in {None, "category", "competency", "facet"}]
    if not naming:
        described = [column for column in leading if roles[column] in {"description", "summary"}]
        if described:
            roles[described[0]] = "competency"
        return
    known = [column for column in naming if roles.get(column) == "competency"]
    competency = known[-1] if known else naming[-1]
    after = [column for column in naming if column > competency and roles.get(column) != "category"]
    before = [column for column in naming if column < competency]
    if (not known and len(before) > 1) or (
        not after and len(before) > 1 and any(roles.get(column) == "facet" for column in before[1:])
    ):
        after, competency, before = [competency], before[-1], before[:-1]
    roles[competency] = "competency"
    for column in before:
        roles[column] = "category"
    for column in after:
        roles[column] = "facet"
