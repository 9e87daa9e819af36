"""The reference of imports names every layout, role, property of a mapping and finding."""

import re
from pathlib import Path
from typing import get_args

from app.formats.importing.findings import SEVERITIES
from app.formats.importing.mapping import (
    ColumnMapping,
    ImportMapping,
    Layout,
    Part,
    Role,
    RowMapping,
    SheetMapping,
)

PAGE = Path(__file__).parents[2].joinpath("docs/reference/import.md").read_text("utf-8")
CODES = set(re.findall(r"`([\w-]+)`", PAGE))


def test_the_findings_of_an_import_are_documented_with_their_severity() -> None:
    table = dict(re.findall(r"^\| `([\w-]+)` \| (error|question|note) \|", PAGE, re.MULTILINE))
    assert table == SEVERITIES


def test_the_layouts_roles_and_parts_are_documented() -> None:
    assert {*get_args(Layout), *get_args(Role), *get_args(Part)} <= CODES


def test_the_properties_of_a_mapping_are_documented() -> None:
    models = (ImportMapping, SheetMapping, ColumnMapping, RowMapping)
    assert {name for model in models for name in model.model_fields} <= CODES
