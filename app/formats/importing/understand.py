"""An import in one call: sheets in; a ladder, findings and the mapping that was used out."""

from collections.abc import Sequence
from typing import Final, Literal

from app.formats.importing.arrange import Part, arrange, is_generic, title_of
from app.formats.importing.assembling.accounting import missing
from app.formats.importing.assembling.assemble import Head, assemble
from app.formats.importing.findings import ImportFinding, Spot, finding
from app.formats.importing.mapping import ImportMapping, SheetMapping
from app.formats.importing.readers.facts import Facts, LevelFact, PageFact
from app.formats.importing.readers.read import read
from app.formats.importing.recognising.outline_roles import recognise_outline
from app.formats.importing.recognising.recognise import Recognised, recognise
from app.formats.importing.recognising.refit import refit, saved_for
from app.formats.importing.sheets import Sheet, spots_of
from app.formats.importing.sources.outline import Outline
from app.formats.importing.table import Table
from app.formats.importing.understood import (
    Understood,
    UnderstoodColumn,
    UnderstoodSheet,
    all_facts,
    describe,
)
from app.formats.importing.words.language import guess_language
from app.formats.importing.words.level_names import several_levels
from app.formats.importing.words.slugs import slug_of
from app.formats.sheets.grid import Grid

__all__ = ["Understood", "UnderstoodColumn", "UnderstoodSheet", "understand"]

_UNSURE: Final = {
    "levels-or-steps": (
        "the columns were read as the steps of a scale. If they are career levels, write `axis: levels` in the "
        "mapping."
    ),
    "rows-or-columns": (
        "no name of a level is known here, so the layout is a guess: {layout}. If it is wrong, correct `layout` in "
        "the mapping."
    ),
}
_LONGEST_TITLE: Final = 80


def understand(sheets: Sequence[Sheet], mapping: ImportMapping | None = None, *, name: str) -> Understood:
    """Return the ladder in sheets of any layout.

    Args:
        sheets: The sheets of one or several files, in order.
        mapping: The mapping of an earlier import, perhaps corrected. Without one, layouts are recognised.
        name: The name of the import, such as the name of the file without its extension: it becomes the slug, and the
            title unless the sheets have one.
    """
    whole = mapping or ImportMapping()
    findings: list[ImportFinding] = []
    parts: list[tuple[Sheet, Part]] = []
    for sheet in sheets:
        found, more = _parts(sheet, sheets, mapping, whole)
        parts += [(sheet, part) for part in found]
        findings += more
    findings += _unknown_sheets(sheets, whole)
    mappings, unsure = arrange([part for _, part in parts])
    findings += unsure
    facts = [
        part.facts if one == part.mapping else read(sheet, part.table, one, whole)
        for (sheet, part), one in zip(parts, mappings, strict=True)
    ]
    joined = all_facts(facts)
    head, used = _head(whole, mappings, [part for _, part in parts], joined, name)
    made = assemble(joined.facts, head, used)
    findings += [*_two_levels(joined, whole), *joined.findings, *made.findings]
    findings += missing(sheets, made.ladder, findings, joined.used)
    tables = tuple(
        describe(part.file, one, found) for (_, part), one, found in zip(parts, mappings, facts, strict=True)
    )
    return Understood(made.ladder, tuple(findings), used, tables)


def _unknown_sheets(sheets: Sequence[Sheet], whole: ImportMapping) -> list[ImportFinding]:
    """Return a question if the mapping names sheets that the import does not have."""
    used = {id(one) for sheet in sheets for one in saved_for(sheet, sheets, whole)}
    names = [f'"{one.sheet}"' for one in whole.sheets if id(one) not in used]
    text = f"the mapping names sheets that are not there: {', '.join(names)}. Correct the mapping."
    return [finding("mapping-without-match", (), text)] if names else []


def _parts(
    sheet: Sheet, sheets: Sequence[Sheet], mapping: ImportMapping | None, whole: ImportMapping
) -> tuple[list[Part], list[ImportFinding]]:
    """Return the tables of a sheet, each with its mapping and what it gives alone."""
    saved = saved_for(sheet, sheets, mapping)
    alone = len(sheets) == 1
    if isinstance(sheet.content, Outline):
        used, unsure = (
            (saved[0], "")
            if saved
            else recognise_outline(sheet.content, sheet.name, alone=_alone(sheet, sheets))
        )
        used = used.model_copy(update={"sheet": sheet.name})
        part = Part(sheet.file, sheet.name, None, used, read(sheet, None, used, whole), fixed=bool(saved))
        return [part], _unsure(sheet, unsure, used)
    found, findings = _tables(sheet, sheet.content, saved, alone=alone)
    for one in found:
        findings += _unsure(sheet, one.unsure, one.mapping)
    return [
        Part(
            sheet.file,
            sheet.name,
            one.table,
            one.mapping,
            read(sheet, one.table, one.mapping, whole),
            fixed=bool(saved),
        )
        for one in found
    ], findings


def _tables(
    sheet: Sheet, grid: Grid, saved: Sequence[SheetMapping], *, alone: bool
) -> tuple[list[Recognised], list[ImportFinding]]:
    """Return the layouts of the tables of a sheet: as saved, or as recognised."""
    table = Table.of(sheet, grid)
    findings = _hidden(table, grid)
    if saved:
        fitted = [refit(sheet, one) for one in saved]
        return [one for one, _ in fitted], [*findings, *(more for _, found in fitted for more in found)]
    if grid.hidden:
        return [Recognised(table, SheetMapping(sheet=sheet.name, layout="ignored"))], findings
    return recognise(table, alone=alone), findings


def _hidden(table: Table, grid: Grid) -> list[ImportFinding]:
    """Return a question about hidden rows and columns, which are read like all others."""
    spots = table.spots(
        place for place in table.cells if place[0] in grid.hidden_rows or place[1] in grid.hidden_columns
    )
    if not spots or grid.hidden:
        return []
    text = "these cells are hidden in the spreadsheet program and were read like all others."
    return [finding("hidden-row", spots, text)]


def _alone(sheet: Sheet, sheets: Sequence[Sheet]) -> Literal["yes", "no", "with tables"]:
    """Return whether a text is the only one of an import, and whether its file has tables beside it."""
    if any(isinstance(one.content, Grid) and one.file == sheet.file for one in sheets):
        return "with tables"
    return "yes" if len(sheets) == 1 else "no"


def _unsure(sheet: Sheet, code: str, mapping: SheetMapping) -> list[ImportFinding]:
    if not code:
        return []
    rows = {row - 1 for row in mapping.headers}
    spots = [spot for spot in spots_of(sheet) if spot.row in rows] or list(spots_of(sheet)[:1])
    return [finding(code, spots, _UNSURE[code].format(layout=mapping.layout))]


def _head(
    whole: ImportMapping,
    mappings: Sequence[SheetMapping],
    parts: Sequence[Part],
    facts: Facts,
    name: str,
) -> tuple[Head, ImportMapping]:
    """Return the properties of the ladder, and the mapping that the next import needs to do the same."""
    title = (
        whole.title or next(iter(facts.titles), None) or _title(parts) or " ".join(name.split()) or "Ladder"
    )
    slug = whole.slug or slug_of(name) or slug_of(title) or "ladder"
    texts = [text for fact in facts.facts for text in [getattr(fact, "text", "")] if text]
    language = whole.language or guess_language(texts)
    with_levels = [part for part in parts if part.levels]
    track = title
    only = with_levels[0] if len(with_levels) == 1 else None
    if (
        only is not None
        and only.name != only.file
        and only.mapping.rows is None
        and not is_generic(only.name)
    ):
        track = title_of(only)
    used = whole.model_copy(
        update={"title": title, "slug": slug, "language": language, "sheets": tuple(mappings)}
    )
    return Head(slug, title, language, track), used


def _title(parts: Sequence[Part]) -> str | None:
    """Return the text above the first table, if it is short enough for a title."""
    for part in parts[:1]:
        first = next(iter(part.facts.facts), None)
        top = min((row - 1 for row in part.mapping.headers), default=0)
        pages = [fact for fact in part.facts.facts if isinstance(fact, PageFact)]
        above = [fact for fact in pages if fact.spots[0].row < top]
        several = part.mapping.rows is not None
        if (
            first is not None
            and above
            and not several
            and len(above[0].text) <= _LONGEST_TITLE
            and "|" not in above[0].text
        ):
            return " ".join(above[0].text.split())
    return None


def _two_levels(facts: Facts, whole: ImportMapping) -> list[ImportFinding]:
    """Return a question for each header that names several levels and was read as one."""
    spots: dict[str, list[Spot]] = {}
    for fact in facts.facts:
        if isinstance(fact, LevelFact) and fact.part == "title" and several_levels(fact.level.name):
            known = spots.setdefault(" ".join(fact.level.name.split()), [])
            known += [spot for spot in fact.spots if spot not in known]
    found: list[ImportFinding] = []
    for name, places in spots.items():
        names = several_levels(name)
        if names and name not in whole.levels:
            listed = ", ".join(f'"{one}"' for one in names)
            text = (
                f'"{name}" names {len(names)} levels and was read as one. For {len(names)} levels with the same '
                f'texts, write `levels: {{"{name}": [{listed}]}}` in the mapping; for one, '
                f'`levels: {{"{name}": ["{name}"]}}`.'
            )
            found.append(finding("two-levels", places, text))
    return found
