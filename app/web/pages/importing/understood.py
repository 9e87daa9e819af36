"""The outcome of an import, in words for people who know their spreadsheet and nothing else."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.formats.importing.findings import SEVERITIES, ImportFinding, ImportSeverity, ranges
from app.formats.importing.understood import UnderstoodSheet
from app.formats.sheets.grid import column_name
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.web.layout.rendering import display_name
from app.web.translation.messages import N_

_LAYOUTS: Final[Mapping[str, str]] = {
    "matrix": N_("A table with a column for each level"),
    "transposed": N_("A table with a row for each level"),
    "list": N_("A list with a row for each level and competency"),
    "blocks": N_("Levels one below the other"),
    "outline": N_("A text with headings"),
    "questions": N_("Questions and answers"),
    "page": N_("A text that belongs to no level"),
    "ignored": N_("Left out"),
    "workbook": N_("A sheet that was downloaded from here"),
    "ladder": N_("A whole ladder"),
}
_TABLE: Final = N_("A table that was downloaded from here")
_BECAME: Final[Mapping[str, str]] = {
    "category": N_("Category"),
    "competency": N_("Competency"),
    "facet": N_("Facet of a competency"),
    "description": N_("Description"),
    "summary": N_("Summary"),
    "track": N_("Track"),
    "level": N_("Level"),
    "code": N_("Code of the level"),
    "scope": N_("Scope"),
    "years": N_("Years of experience"),
    "attribute": N_("Fact about the level"),
    "text": N_("Expectations"),
    "step": N_("Skill level"),
    "example": N_("Example"),
    "kind": N_("Kind of the line"),
    "applicability": N_("Required or optional"),
    "question": N_("Question"),
    "answer": N_("Answer"),
    "group": N_("Group of questions"),
    "headers": N_("Headings"),
    "page": N_("A text that belongs to no level"),
    "nothing": N_("Left out"),
}
_FINDINGS: Final[Mapping[str, str]] = {
    "applied-twice": N_("Merged cells count for everything that they span."),
    "categories": N_("Rows with a single text were read as categories."),
    "column-not-understood": N_(
        "The headings of these columns are not known, so the columns are left out. To use one, change its heading, "
        "for example to Competency, Description or the name of a level, and upload the file again."
    ),
    "computed-column": N_("These columns are calculated from others. A change in them has no effect."),
    "conflict": N_("These texts were changed both in the file and in the draft. The draft keeps its text."),
    "empty-marks": N_("Cells with only a dash or a similar mark were read as empty."),
    "formula": N_("Results of formulas are left out."),
    "headers": N_("These cells were read as headings."),
    "hidden-row": N_("These rows or columns are hidden in the spreadsheet. They were read like all others."),
    "hidden-sheet": N_("This sheet is hidden in the spreadsheet and is left out."),
    "left-out": N_("These texts are left out. Check whether you need them."),
    "legend": N_("These notes were read as explanations of skill levels."),
    "left-out-by-mapping": N_("These cells are left out."),
    "levels-or-steps": N_(
        "These columns were read as skill levels, such as beginner or expert. If they are career levels, change "
        "their headings to the names of the levels, such as L3, and upload the file again."
    ),
    "mapping-without-match": N_("Some columns are no longer in the file."),
    "marks": N_("Marks such as x or n/a say whether something is expected, optional or not in use."),
    "numbering": N_("This column only numbers the rows. It is left out."),
    "order-reversed": N_(
        "The levels were listed from the highest down. They are now in order from the lowest up."
    ),
    "people": N_("These cells are about people, not about levels. They are left out."),
    "perhaps-people": N_("These cells may be about a person. They are left out."),
    "refers-elsewhere": N_("These cells refer to another cell. Write the text that they mean."),
    "row-missing": N_("The file lacks these. They stay in the draft. To remove them, choose Replace."),
    "row-not-used": N_("These rows do not fit the ladder and were not used."),
    "rows-or-columns": N_(
        "The names of the levels are not known here, so the layout is a guess. Check the levels."
    ),
    "rule": N_("These must be fixed before you can publish. You can fix them in the draft."),
    "second-step": N_("These cells have two skill levels. The second one was kept as text."),
    "step-order": N_("The order of the skill levels is a guess. Check it in the draft."),
    "total": N_("Rows with totals are left out."),
    "tracks-or-categories": N_(
        "The names of the sheets were read as tracks or as categories. Check them in the draft."
    ),
    "two-levels": N_(
        "These headings name several levels and were read as one level. If the levels differ, give each one its own "
        "column and upload the file again."
    ),
    "unknown-base": N_(
        "This file was downloaded from a version of the ladder that is not known here. So every difference between "
        "the file and the draft counts as a change."
    ),
    "unread": N_("These sheets or columns are not known and were not used."),
    "years": N_("These cells were read as years of experience."),
}
_ORDER: Final[tuple[ImportSeverity, ...]] = ("error", "question", "note")
_MISSING: Final = re.compile(
    r'"(.+?)": \d+ rows? (?:is|are) missing: (.+?)\. What is missing stays', re.DOTALL
)
"""The message about rows that a file lacks: the name of the sheet, and the rows as `kind:address`."""
_MENTION: Final = re.compile(r"[a-z]+:[a-z0-9-]+")
_MOST_PLACES: Final = 10
"""The most places of a finding that are listed."""
_MOST_COLUMNS: Final = 60
_MOST_SHEETS: Final = 40
_LONGEST: Final = 400
"""Most characters of a message or header."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """The outcome of a column."""

    letters: str
    header: str
    became: str
    level: str
    """The level that its texts belong to; empty if it is not the column of a level."""
    count: int
    """The number of its cells that were used."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """The outcome of a sheet."""

    name: str
    layout: str
    counts: tuple[tuple[int, str], ...]
    columns: tuple[ColumnView, ...]
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """Findings of one kind."""

    severity: ImportSeverity
    text: str
    places: tuple[str, ...]
    """Where they are: places of cells, or messages that name their place."""
    more: int
    """The number of further places."""


def sheet_views(tables: Iterable[UnderstoodSheet]) -> tuple[SheetView, ...]:
    """Return what became of each sheet, as far as a page can list it."""
    return tuple(_sheet(one) for one, _ in zip(tables, range(_MOST_SHEETS), strict=False))


def finding_views(findings: Iterable[ImportFinding], before: Index | None = None) -> tuple[FindingView, ...]:
    """Return the findings by kind, the most important first. `before` is the draft that the file is imported into."""
    groups: dict[str, list[ImportFinding]] = defaultdict(list)
    for one in findings:
        groups[one.code].append(one)
    codes = sorted(groups, key=lambda code: _ORDER.index(SEVERITIES[code]))
    return tuple(_finding(code, groups[code], before) for code in codes)


def size_of(ladder: Ladder) -> tuple[tuple[int, str], ...]:
    """Return what a ladder has, each as its number and the name of the list."""
    names = ("tracks", "levels", "competencies", "facets", "expectations", "faqs", "pages")
    return tuple((len(getattr(ladder, name)), name) for name in names if getattr(ladder, name))


def _sheet(sheet: UnderstoodSheet) -> SheetView:
    layout = _LAYOUTS.get(sheet.layout, _TABLE)
    columns = tuple(
        ColumnView(one.column, one.header[:_LONGEST], *_became(one.became), one.count)
        for one in sheet.columns[:_MOST_COLUMNS]
    )
    counts = tuple((count, name) for name, count in sheet.counts.items())
    return SheetView(sheet.sheet[:_LONGEST], layout, counts, columns, sheet.layout == "ignored")


def _became(words: str) -> tuple[str, str]:
    """Return what a column became, and the level that it belongs to. `words` are those of `UnderstoodColumn`."""
    if words.startswith("level ") and words.endswith(")"):
        level, _, part = words.removeprefix("level ").rpartition(" (")
        return _BECAME.get(part.removesuffix(")"), _BECAME["text"]), level[:_LONGEST]
    return _BECAME.get(words, _BECAME["nothing"]), ""


def _finding(code: str, findings: list[ImportFinding], before: Index | None) -> FindingView:
    places = tuple(dict.fromkeys(place for one in findings for place in _places(one, before)))
    return FindingView(
        SEVERITIES[code],
        _FINDINGS[code],
        places[:_MOST_PLACES],
        max(0, len(places) - _MOST_PLACES),
    )


def _places(finding: ImportFinding, before: Index | None) -> Iterator[str]:
    """Yield the places of a finding: its cells by sheet, else its message, which names the place."""
    missing = _MISSING.search(finding.message) if before is not None else None
    if missing is not None and before is not None:
        yield f"{missing[1]}: {_MENTION.sub(lambda found: _name(found[0], before), missing[2])}"[:_LONGEST]
        return
    if not finding.spots:
        yield finding.message.removesuffix(f" [{finding.code}]")[:_LONGEST]
        return
    by_sheet: dict[tuple[str, str], list[tuple[int, int | None]]] = defaultdict(list)
    for spot in finding.spots:
        by_sheet[spot.file, spot.sheet].append((spot.row, spot.column))
    for (file, sheet), cells in by_sheet.items():
        rows = _listed(ranges(sorted({row for row, _ in cells}), lambda row: str(row + 1)))
        columns = _listed(ranges(sorted({one for _, one in cells if one is not None}), column_name))
        yield _place("" if sheet in ("", file) else sheet[:_LONGEST], rows, columns)


def _name(target: str, index: Index) -> str:
    """Return the name that people use for an entity."""
    node = index.find_target(target)
    return target if node is None else display_name(node)


def _listed(names: list[str]) -> str:
    more = " …" if len(names) > _MOST_PLACES else ""
    return ", ".join(names[:_MOST_PLACES]) + more


def _place(sheet: str, rows: str, columns: str) -> str:
    if sheet and columns:
        return N_("%(sheet)s: row %(rows)s, column %(columns)s", sheet=sheet, rows=rows, columns=columns)
    if columns:
        return N_("Row %(rows)s, column %(columns)s", rows=rows, columns=columns)
    if sheet:
        return N_("%(sheet)s: line %(rows)s", sheet=sheet, rows=rows)
    return N_("Line %(rows)s", rows=rows)
