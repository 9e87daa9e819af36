"""Real layouts: what each fixture becomes, and what holds for all of them."""

import os

import pytest
from ruamel.yaml import YAML

from app.formats.importing.mapping import ImportMapping
from app.formats.importing.understand import understand
from app.formats.syntax.yaml_writer import to_yaml
from app.rubric.rules import check
from tests.formats.importing.accounts import lost
from tests.formats.importing.fixtures import EXPECTED, NAMES, imported, sheets_of, shown


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_becomes_the_ladder_that_its_author_meant(name: str) -> None:
    """Compare the whole result with the file of the same name; `WRITE_EXPECTED=1` writes the files anew."""
    found = shown(imported(name))
    path = EXPECTED / f"{name}.yaml"
    if os.environ.get("WRITE_EXPECTED"):
        path.write_text(to_yaml(found), "utf-8")
    assert found == YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_in_the_ladder_or_in_a_finding_that_names_its_cell(name: str) -> None:
    assert lost(sheets_of(name), imported(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_fixture_is_left_over(name: str) -> None:
    assert {one.code for one in imported(name).findings} & {"left-out", "rule"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_ladder_passes_the_rules_without_errors(name: str) -> None:
    assert [one for one in check(imported(name).ladder) if one.severity == "error"] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_saved_mapping_makes_the_next_import_do_the_same(name: str) -> None:
    first = imported(name)
    saved = ImportMapping.from_yaml(first.mapping.to_yaml())
    assert saved == first.mapping
    second = understand(sheets_of(name), saved, name="another-name")
    assert second.ladder == first.ladder
    assert second.mapping == first.mapping


def test_there_are_at_least_24_fixtures_in_five_languages() -> None:
    assert len(NAMES) >= 24
    assert {name[:2] for name in NAMES} == {"en", "de", "fr", "ko", "ar"}
