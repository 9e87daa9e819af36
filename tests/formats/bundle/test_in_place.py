"""A ladder goes into the files of its author: what did not change stays as it was written, to the byte."""

import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.errors import Conflict
from app.formats.bundle.in_place import update_files
from app.formats.bundle.reader import read_bundle
from app.formats.bundle.writer import export_yaml
from app.packaged_files import folder
from app.rubric.ladder import Expectation, Facet, Ladder, Level, Tip
from app.rubric.parts import Statement

WRITTEN: Final = """\
# Ours
slug: small   # keep
title: 'Small ladder'

# Who is who
tracks:
- slug: engineers
  title: Engineers   # all of them
  levels:
  # The first
  - slug: l1
    title: Engineer
    rank: 1.0
    expectations:
    - competency: craft
      summary: >-
        Writes code
        that works.
      statements:
      - One thing.   # why
      # What follows is new
      - text: Other thing.

  # The second
  - slug: l2
    title: Senior
    expectations:
    - facet: code
      applicability: required

# What is looked at
competencies:
- {slug: craft, title: Craft}

facets:
- slug: code
  competency: craft
  title: "Code"
  proficiencies: []
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(WRITTEN, "utf-8")
    return file


def _updated(path: Path, **update: object) -> str:
    """Return the text of the file once the ladder has these properties; the file gives that very ladder."""
    ladder = read_bundle(path).ladder.model_copy(update=update)
    assert update_files(path, ladder) is True
    assert read_bundle(path).ladder == Ladder.model_validate(ladder.model_dump())
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return path.read_text("utf-8")


def test_what_is_the_same_is_not_written(path: Path) -> None:
    before = path.stat()
    assert update_files(path, read_bundle(path).ladder) is False
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.read_text("utf-8") == WRITTEN


def test_a_changed_text_changes_its_line_alone(path: Path) -> None:
    levels = _levels(path)
    changed = levels[0].model_copy(update={"title": "Engineer: I"})
    assert _updated(path, levels=(changed, levels[1])) == WRITTEN.replace(
        "title: Engineer\n", "title: 'Engineer: I'\n"
    )


def test_a_new_item_goes_next_to_its_siblings_and_under_no_other_comment(path: Path) -> None:
    levels = _levels(path)
    text = _updated(
        path,
        levels=(
            levels[0].model_copy(update={"summary": "One.\nTwo.\n"}),
            *levels[1:],
            Level(slug="l3", track="engineers", title="Staff"),
        ),
        expectations=(
            *read_bundle(path).ladder.expectations,
            Expectation(level="l3", competency="craft", facet="code"),
        ),
    )
    new_level = "\n  - slug: l3\n    title: Staff\n    expectations:\n    - facet: code\n"
    summary = "    summary: |\n      One.\n      Two.\n"
    expected = WRITTEN.replace(
        "      - text: Other thing.\n", "      - text: Other thing.\n" + summary
    ).replace("      applicability: required\n", "      applicability: required" + new_level)
    assert text == expected


def test_what_is_gone_takes_the_comment_above_it_along(path: Path) -> None:
    ladder = read_bundle(path).ladder
    text = _updated(path, levels=ladder.levels[:1], expectations=ladder.expectations[:1])
    start, end = WRITTEN.index("\n  # The second"), WRITTEN.index("\n# What is looked at")
    assert text == WRITTEN[:start] + WRITTEN[end:]


def test_siblings_change_places_with_their_comments(path: Path) -> None:
    ladder = read_bundle(path).ladder
    text = _updated(
        path,
        levels=tuple(reversed(ladder.levels)),
        expectations=tuple(reversed(ladder.expectations)),
    )
    assert text.index("# The second") < text.index("slug: l2") < text.index("slug: l1")


def test_a_renamed_level_keeps_all_that_was_written_about_it(path: Path) -> None:
    ladder = read_bundle(path).ladder
    text = _updated(
        path,
        levels=(ladder.levels[0].model_copy(update={"slug": "e1", "formerly": ("l1",)}), ladder.levels[1]),
        expectations=(ladder.expectations[0].model_copy(update={"level": "e1"}), ladder.expectations[1]),
    )
    expected = WRITTEN.replace("slug: l1\n", "slug: e1\n").replace(
        "      - text: Other thing.\n", "      - text: Other thing.\n    formerly:\n    - l1\n"
    )
    assert text == expected


def test_a_statement_keeps_its_comment_while_others_come_and_go(path: Path) -> None:
    ladder = read_bundle(path).ladder
    first = ladder.expectations[0]
    lines = (Statement(text="A new one."), first.statements[1])
    changed = first.model_copy(update={"statements": lines})
    text = _updated(path, expectations=(changed, ladder.expectations[1]))
    assert (
        "      statements:\n      - A new one.\n      # What follows is new\n      - text: Other thing.\n"
        in text
    )


def test_lists_that_were_not_there_and_properties_of_the_ladder_are_added(path: Path) -> None:
    text = _updated(path, summary="Short.", tips=(Tip(slug="slow", title="Slowly", text="Slow."),))
    assert text.endswith("# the end\nsummary: Short.\ntips:\n- slug: slow\n  title: Slowly\n  text: Slow.\n")


def test_defaults_that_the_author_did_not_write_stay_unwritten(path: Path) -> None:
    text = _updated(path, title="Other")
    assert text == WRITTEN.replace("Small ladder", "Other")


def test_a_folder_stays_spread_over_its_files(tmp_path: Path) -> None:
    place = tmp_path / "small"
    (place / "levels").mkdir(parents=True)
    (place / "ladder.yaml").write_text("slug: small\ntitle: Small\ntracks:\n  - slug: t\n    title: T\n")
    (place / "levels" / "l1.yaml").write_text("# One\nlevels:\n  - slug: l1\n    track: t\n    title: L1\n")
    (place / "levels" / "l2.yaml").write_text("# Two\nlevels:\n  - slug: l2\n    track: t\n    title: L2\n")
    ladder = read_bundle(place).ladder
    first = ladder.levels[0].model_copy(update={"title": "First"})
    new = Level(slug="l3", track="t", title="L3")
    assert update_files(place, ladder.model_copy(update={"levels": (first, ladder.levels[1], new)})) is True
    assert {file.name: file.read_text() for file in place.rglob("*.yaml")} == {
        "ladder.yaml": "slug: small\ntitle: Small\ntracks:\n  - slug: t\n    title: T\n",
        "l1.yaml": "# One\nlevels:\n  - slug: l1\n    track: t\n    title: First\n",
        "l2.yaml": "# Two\nlevels:\n  - slug: l2\n    track: t\n    title: L2\n"
        "  - slug: l3\n    track: t\n    title: L3\n",
    }


def test_json_files_are_brought_up_to_date_too(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    document = {"title": "Small", "slug": "small", "competencies": [{"title": "Craft", "slug": "craft"}]}
    file.write_text(json.dumps(document), "utf-8")
    ladder = read_bundle(file).ladder
    facet = Facet(slug="code", competency="craft", title="Code")
    update_files(file, ladder.model_copy(update={"title": "Smaller", "facets": (facet,)}))
    document["title"] = "Smaller"
    document["competencies"] = [
        {"title": "Craft", "slug": "craft", "facets": [{"slug": "code", "title": "Code"}]}
    ]
    assert file.read_text("utf-8") == json.dumps(document, indent=2) + "\n"


def test_the_release_block_is_not_touched(path: Path) -> None:
    block = "release:\n  version: 1.0.0   # the first\n"
    path.write_text(block + WRITTEN, "utf-8")
    assert _updated(path, title="Other").startswith(block)


def test_line_ends_stay_those_of_the_file(path: Path) -> None:
    path.write_bytes(WRITTEN.replace("\n", "\r\n").encode())
    ladder = read_bundle(path).ladder
    update_files(path, ladder.model_copy(update={"title": "Other"}))
    assert path.read_bytes() == WRITTEN.replace("Small ladder", "Other").replace("\n", "\r\n").encode()


def test_an_order_that_files_cannot_give_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    (place / "a.yaml").write_text("slug: small\ntitle: Small\ntips:\n  - {slug: a, title: A, text: A}\n")
    (place / "b.yaml").write_text("tips:\n  - {slug: b, title: B, text: B}\n")
    before = {file.name: file.read_bytes() for file in place.iterdir()}
    ladder = read_bundle(place).ladder
    with pytest.raises(
        Conflict, match=r"these files cannot hold the draft exactly. Use --output to write it to a new file"
    ):
        update_files(place, ladder.model_copy(update={"tips": tuple(reversed(ladder.tips))}))
    assert {file.name: file.read_bytes() for file in place.iterdir()} == before


def _seeds() -> list[Path]:
    return sorted(path for ladder in folder("seed").iterdir() if ladder.is_dir() for path in ladder.iterdir())


@pytest.mark.parametrize("path", _seeds(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_bundled_ladder_can_take_the_place_of_a_sketch_of_it(path: Path, tmp_path: Path) -> None:
    """From files with a few of its entities to all of it, and back."""
    ladder = read_bundle(path).ladder
    sketch = Ladder(slug=ladder.slug, title="Sketch", tracks=ladder.tracks[:1])
    file = tmp_path / "ladder.yaml"
    file.write_text("# Mine\n" + export_yaml(sketch, None), "utf-8")
    assert update_files(file, ladder) is True
    assert read_bundle(file).ladder == ladder
    assert update_files(file, sketch) is True
    assert read_bundle(file).ladder == sketch
    assert file.read_text("utf-8").startswith("# Mine\n")


_WORDS = some.text("aZ09 :#-'\"\n\té…|>*&!%@`{}[],?~", min_size=1, max_size=30).filter(
    lambda text: text.strip()
)


@given(_WORDS, _WORDS)
def test_any_text_reads_as_it_was_pulled(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    file = tmp_path_factory.mktemp("text") / "small.yaml"
    file.write_text(WRITTEN, "utf-8")
    ladder = read_bundle(file).ladder
    level = ladder.levels[0].model_copy(update={"summary": one, "scope": other})
    asked = ladder.expectations[0].model_copy(update={"summary": other})
    changed = ladder.model_copy(
        update={
            "title": one.strip().replace("\n", " "),
            "levels": (level, *ladder.levels[1:]),
            "expectations": (asked, *ladder.expectations[1:]),
        }
    )
    assert update_files(file, changed) is True
    assert read_bundle(file).ladder == changed


def _levels(path: Path) -> tuple[Level, ...]:
    return read_bundle(path).ladder.levels
