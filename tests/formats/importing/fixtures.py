"""The sheets that imports are tested with: files in many encodings and layouts, and workbooks built by script."""

from pathlib import Path
from typing import Any, Final

from app.formats.importing.sheets import Sheet, read_sheets
from app.formats.importing.understand import Understood, understand
from tests.formats.importing.workbooks import WORKBOOKS

FILES: Final = Path(__file__).with_name("files")
EXPECTED: Final = Path(__file__).with_name("expected")
SEVERAL: Final = {
    "de-two-texts": ("kommunikation.md", "technik.md"),
    "fr-two-texts": ("debutant.md", "confirme.md"),
}
"""Imports of several files at once."""
NAMES: Final = sorted(
    {path.name for path in FILES.iterdir()} - {name for names in SEVERAL.values() for name in names}
    | set(WORKBOOKS)
    | set(SEVERAL)
)
"""The names of all imports."""


def sheets_of(name: str) -> list[Sheet]:
    """Return the sheets of one import."""
    files = SEVERAL.get(name, (name,))
    return [
        sheet
        for file in files
        for sheet in read_sheets(
            WORKBOOKS[file]() if file in WORKBOOKS else (FILES / file).read_bytes(), file
        )
    ]


def imported(name: str) -> Understood:
    """Return what is understood of one import."""
    return understand(sheets_of(name), name=name.partition(".")[0])


def shown(found: Understood) -> dict[str, Any]:
    """Return what is understood as JSON, short enough to be read. Empty parts are left out."""
    tables = [
        {
            "sheet": table.sheet,
            "layout": table.layout,
            "columns": [
                f"{one.column} {' '.join(one.header.split())!r}: {one.became}, {one.count}"
                for one in table.columns
            ],
            "counts": table.counts,
        }
        for table in found.tables
    ]
    whole = {
        "ladder": found.ladder.model_dump(mode="json", exclude_defaults=True),
        "findings": [f"{one.severity} {one.code}: {one.message}" for one in found.findings],
        "tables": [{name: value for name, value in table.items() if value} for table in tables],
    }
    return {name: value for name, value in whole.items() if value}
