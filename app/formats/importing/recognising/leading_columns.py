"""Columns before the levels of a matrix: they name and describe competencies."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.formats.importing.mapping import ColumnMapping, Role
from app.formats.importing.recognising.columns import (
    ABOUT_PEOPLE,
    FORMULAS,
    NUMBERING,
    Header,
    header_text,
    is_computed,
)
from app.formats.importing.recognising.signs import average
from app.formats.importing.table import Table
from app.formats.importing.words.vocabulary import PERSONS, meaning_of_header, plain
from app.formats.sheets.grid import column_name

LEADING: Final[Mapping[str, Role]] = {
    "category": "category",
    "subcategory": "facet",
    "competency": "competency",
    "description": "description",
    "summary": "summary",
    "example": "example",
    "text": "description",
    "track": "category",
}
"""The role of a column before the levels, by the meaning of its header."""
_LONG_TEXT: Final = 60


def leading_columns(table: Table, header: Header, leading: Sequence[int]) -> list[ColumnMapping]:
    """Return what each column before the levels becomes."""
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
        elif is_computed(table, header.last, column):
            roles[column], why[column] = "nothing", FORMULAS
        elif column in spanned:
            roles[column] = spanned[column]
        elif meaning is not None and meaning in LEADING:
            roles[column] = LEADING[meaning]
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
