"""Translations in files: what `ladder validate` finds, and what an export writes."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from tests.cli.shell import ladder

FILE = """\
slug: small
title: Small ladder
tracks:
  - slug: engineers
    title: Engineers
    levels:
      - slug: l1
        title: Engineer
        expectations:
          - competency: craft
            statements:
              - Writes tests.
              - Reads logs.
competencies:
  - slug: craft
    title: Craft
translations:
  - entity: statement:expectation--l1--craft--statement-1
    field: text
    language: de
    text: Schreibt Tests.
    source: Writes tests.
  - entity: statement:expectation--l1--craft--statement-2
    field: text
    language: de
    text: Liest Protokolle.
"""


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    """A ladder in a file with two translations, the second without a source."""
    path = tmp_path / "small.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def _findings(path: Path, old: str, new: str) -> list[str]:
    """Return the findings in a file after an edit, without the path."""
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    ended = ladder("validate", path)
    assert ended.code == 0, ended
    lines = (ended.out + ended.err).splitlines()
    return [line.removeprefix(f"{path}:") for line in lines if "translation" in line]


def test_a_changed_text_makes_its_translation_stale(translated: Path) -> None:
    (found,) = _findings(translated, "- Writes tests.", "- Writes tests first.")
    assert found.startswith(
        "22:13: warning: `text` of statement:expectation--l1--craft--statement-1 has changed"
    )
    assert found.endswith("[stale-translation]")


def test_an_inserted_line_makes_the_translations_after_it_misplaced(translated: Path) -> None:
    (found,) = _findings(translated, "- Writes tests.", "- Asks.\n              - Writes tests.")
    assert found.endswith("[misplaced-translation]")
    assert "now `text` of statement:expectation--l1--craft--statement-2" in found


def test_nothing_is_said_of_a_translation_without_a_source(translated: Path) -> None:
    assert _findings(translated, "- Reads logs.", "- Reads no logs.") == []


@pytest.mark.parametrize("format_", ["yaml", "json"])
@pytest.mark.usefixtures("database")
def test_an_export_writes_the_source_only_where_it_is_stored(
    translated: Path, tmp_path: Path, format_: str
) -> None:
    assert ladder("publish", translated).code == 0
    out = tmp_path / f"out.{format_}"
    ladder("export", "small", "--format", format_, "-o", out)
    assert out.read_text("utf-8").count("source") == 1
    assert read_bundle(out).ladder == read_bundle(translated).ladder
